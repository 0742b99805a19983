import Inspector
import ModelFiles
import Recurrent

/// What the view `flow` has found. Like a trace it is held by reference and only grows; the workbench
/// fills it between frames.
public final class FlowBoard {
  /// The networks beside the session's own; nil before they were opened.
  private(set) var beside: [FlowNetwork]?
  /// Why one of them is not there, a line each.
  private(set) var problems: [String] = []
  private var answers: [(question: FlowQuestion, answer: FlowAnswer)] = []
  private var paces: [Int: PaceStudy] = [:]  // by track
  /// What somebody did not wait for.
  private var left: FlowQuestion?
  /// Seconds that training on recall took, by cell, as the demo's files say.
  private(set) var recallSeconds: [CellKind: Double] = [:]

  /// Answers that are kept.
  private static let mostAnswers = 24
  /// Multiplications between two looks at the clock.
  private static let slice = 100_000

  init() {}

  func answer(to question: FlowQuestion) -> FlowAnswer? {
    answers.first { $0.question == question }?.answer
  }

  func pace(of track: Int) -> PaceReport? { paces[track]?.report }

  /// Whether there is nothing left to do, or nobody waits for it.
  func isSettled(_ question: FlowQuestion, _ session: Session) -> Bool {
    left == question || isComplete(question, session)
  }

  private func isComplete(_ question: FlowQuestion, _ session: Session) -> Bool {
    pace(of: question.track) != nil
      && (!session.hasFlow || answer(to: question)?.isComplete == true)
  }

  /// Whether somebody stopped it before its end.
  func isLeft(_ question: FlowQuestion) -> Bool { left == question }

  /// Somebody does not wait for the rest.
  func leave(_ question: FlowQuestion) { left = question }

  /// Somebody asks anew.
  func resume() { left = nil }

  /// How much of it is done, 0…1.
  func progress(_ question: FlowQuestion) -> Double {
    let pace = paces[question.track]?.progress ?? 0
    return 0.2 * pace + 0.8 * (answer(to: question)?.progress ?? 0)
  }

  /// Works until a time, or until all is done.
  ///
  /// - Parameter isOver: whether the frame's time is.
  func work(
    on question: FlowQuestion, _ session: Session, _ opener: OtherRunOpener, isOver: () -> Bool
  ) {
    open(session, opener)
    repeat {
      guard !isComplete(question, session) else { return }
      let pace = paces[question.track] ?? PaceStudy(of: session.trace, track: question.track)
      paces[question.track] = pace
      guard pace.advance(budget: Self.slice) else { continue }
      guard session.hasFlow, let model = session.model else { return }
      let answer =
        answer(to: question)
        ?? FlowAnswer(
          question, networks: [FlowNetwork(model, session.trace)] + (beside ?? []))
      if self.answer(to: question) == nil {
        answers.append((question, answer))
        if answers.count > Self.mostAnswers { answers.removeFirst() }
      }
      answer.advance(budget: Self.slice)
    } while !isOver()
  }

  /// The demo's other models, once.
  private func open(_ session: Session, _ opener: OtherRunOpener) {
    guard beside == nil else { return }
    beside = []
    guard session.model != nil else { return }
    for name in session.variants.keys.sorted() {
      do {
        let run = try opener.open(.variant(name))
        beside?.append(FlowNetwork(run, name: name))
      } catch {
        problems.append("\(error)")
      }
    }
    recallSeconds = session.recallSeconds()
  }
}

/// One of the networks that are looked at.
struct FlowNetwork {
  /// "lstm", "gru": what its curve is called.
  let name: String
  let network: Network
  let symbols: [String]?
  let trace: Trace
  /// Nil where the trace is recorded by others.
  let recorder: TraceRecorder?

  /// The session's own.
  init(_ model: TrainedModel, _ trace: Trace) {
    network = model.network
    symbols = model.vocabulary?.symbols
    self.trace = trace
    recorder = nil
    name = network.layers[0].shape.cell.rawValue
  }

  init(_ run: OtherRun, name: String) {
    self.name = name
    network = run.model.network
    symbols = run.model.vocabulary?.symbols
    trace = run.trace
    recorder = run.recorder
  }

  /// The token of a symbol that another network's token stands for.
  func token(as token: Int, of other: FlowNetwork) -> Int? {
    guard let symbols, let others = other.symbols, symbols != others else { return token }
    return others.indices.contains(token) ? symbols.firstIndex(of: others[token]) : nil
  }
}
