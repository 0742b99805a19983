import Inspector
import Recurrent

/// What a person asks of the value in hand, and the way on which they came.
public struct WhyState {
  /// What is asked.
  public enum Mode: String, Sendable, CaseIterable {
    /// Where the slow state comes from.
    case write
    /// Who opened a gate.
    case gate
    /// What the unit does downstream.
    case out
    /// What the prediction rested on, to first order.
    case gradient
    /// The same, from no input at all to what it was.
    case integrated

    /// Whether it is of what the network says, rather than of a signal.
    public var isOfPrediction: Bool {
      switch self {
      case .gradient, .integrated: true
      case .write, .gate, .out: false
      }
    }
  }

  public var mode = Mode.write
  /// Where the chosen cause stands among the ranked ones, of the question for which it was chosen.
  var chosen: (question: WhyQuestion, row: Int)?
  /// The questions that led here, by following their causes.
  var trail: [WhyQuestion] = []
  /// Answers that took long, for the places they were asked at.
  var kept: [PredictionQuestion: PredictionAnswer] = [:]
  /// What is being found, in slices.
  var search: PredictionSearch?
  /// A search that was stopped is not begun again by itself.
  var stopped: PredictionQuestion?

  /// Answers that are kept at most: gradients of 10,000 steps of 256 units take 30 MB.
  private static let mostKept = 4

  mutating func keep(_ answer: PredictionAnswer, for question: PredictionQuestion) {
    if kept.count >= Self.mostKept, let other = kept.keys.first { kept[other] = nil }
    kept[question] = answer
  }
}

/// A question with the place it is asked at.
struct WhyQuestion: Equatable {
  var mode: WhyState.Mode
  var track: Int
  var signal: Signal
  var unit: Int
  var step: Int
  /// The output that was chosen; nil where the sequence chooses.
  var output: Int?
}

/// What a prediction rested on, as a key of kept answers.
struct PredictionQuestion: Hashable {
  let target: GradientTarget
  let isIntegrated: Bool
}

/// What is known of a prediction.
struct PredictionAnswer {
  let gradients: TraceGradients
  /// Nil where only the slope was asked for.
  let integrated: IntegratedGradients.Answer?

  /// The steps of `parts`.
  var steps: Range<Int> { integrated?.steps ?? gradients.steps }
  /// What each step's input gave.
  var parts: [Double] { integrated?.parts ?? gradients.inputTimesGradient }
}

/// Finds an answer in slices. Held by reference: it only goes on.
final class PredictionSearch {
  let question: PredictionQuestion
  private let pass: GradientPass
  private let integration: IntegratedGradients?
  private var gradients: TraceGradients?

  /// Steps that the slope goes back, at most.
  static let window = 10_000
  /// Multiplications of a slice: some milliseconds.
  private static let slice = 40_000_000

  init(_ question: PredictionQuestion, _ network: Network, _ trace: Trace) throws(WhyError) {
    self.question = question
    pass = try GradientPass(network, trace, target: question.target, window: Self.window)
    integration =
      question.isIntegrated
      ? try IntegratedGradients(network, trace, target: question.target) : nil
  }

  var progress: Double {
    guard let integration else { return pass.progress }
    return gradients == nil ? 0 : integration.progress
  }

  func advance() -> PredictionAnswer? {
    if gradients == nil { gradients = pass.advance(products: Self.slice) }
    guard let gradients else { return nil }
    guard let integration else { return PredictionAnswer(gradients: gradients, integrated: nil) }
    return integration.advance(products: Self.slice).map {
      PredictionAnswer(gradients: gradients, integrated: $0)
    }
  }
}
