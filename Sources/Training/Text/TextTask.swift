import Recurrent

/// Predict the next character of a text: anybody's, Shakespeare's plays, or poems of the Tang.
///
/// The text is read as one ring. Every sequence of a batch starts at a place of its own and goes on
/// where it stopped, with the state that it carries (truncated backpropagation through time,
/// Williams & Peng 1990), so that after one round each has come to where the next one started.
///
/// A person's text begins with nothing before it, which a network that has only ever carried its
/// state has not met: it may fall into a state that it never leaves. So now and then a sequence
/// goes on from zeros, wherever it is, and an eighth of the sequences begin anew in every batch
/// where something begins: a scene, a speech, a paragraph.
///
/// Poems are short, so there all sequences begin anew in every batch: half at the line break before
/// a poem, as the network does when it writes, and half at its first character or anywhere.
public struct TextTask: TrainingTask {
  public let kind: TextKind
  public let corpus: Corpus
  public let shape: TaskShape
  /// Where something begins in the training part, and in the last tenth.
  private let beginnings: [Int]
  private let validationBeginnings: [Int]

  /// Steps of a batch.
  private static let length = 100
  /// One of so many sequences begins anew in every batch.
  private static let beginningShare = 8
  /// How probable it is that another goes on from zeros: once in a thousand characters.
  private static let restart = 0.1

  public init(_ kind: TextKind, corpus: Corpus) {
    self.kind = kind
    self.corpus = corpus
    shape = TaskShape(symbols: corpus.vocabulary.symbols)
    let places = { (tokens: ArraySlice<Int32>) in
      Beginnings.places(in: tokens, corpus.vocabulary, isLineEach: kind == .tang)
    }
    beginnings = places(corpus.tokens[..<corpus.trainingCount])
    validationBeginnings = places(corpus.validation)
  }

  public var name: String { kind.rawValue }
  public var title: String { kind.title }
  public var carriesState: Bool { kind != .tang }
  public var evaluationCount: Int { corpus.validation.count }
  public var dataFingerprint: UInt64 { corpus.fingerprint }

  public var defaults: TrainingOptions {
    var options = TrainingOptions(
      plan: NetworkPlan(units: kind.units, embeddingSize: 64), maximumSteps: kind.steps,
      learningRate: LearningRate(3e-3, end: 3e-5, decay: .cosine))
    options.dropout = kind.dropout
    options.weightDecay = kind.weightDecay
    // A small text is soon known by heart, and then the best network was an early one.
    options.minimumSteps = kind == .text ? 0 : options.maximumSteps
    options.validationInterval = 250
    options.validationCount = 20_000
    return options
  }

  public func makeBatch(
    _ random: inout RandomSource, size: Int, step: Int
  ) -> TrainingBatch {
    let length = Self.length
    let count = corpus.trainingCount
    let carrying = carriesState ? size - size / Self.beginningShare : 0
    var input = [Int32](repeating: 0, count: length * size)
    var targets = input
    var beginning: Set<Int> = []
    corpus.tokens.withUnsafeBufferPointer { tokens in
      for b in 0..<size {
        var place: Int
        if b < carrying {
          place = (b * (count / size) + step * length) % count
          if random.chance(Self.restart) { beginning.insert(b) }
        } else {
          place = start(&random)
          beginning.insert(b)
        }
        for t in 0..<length {
          input[t * size + b] = tokens[place]
          place = place + 1 == count ? 0 : place + 1
          targets[t * size + b] = tokens[place]
        }
      }
    }
    return TrainingBatch(
      steps: length, sequences: size, input: .tokens(input), targets: .classes(targets),
      beginning: beginning)
  }

  /// Where a sequence starts that has nothing before it.
  private func start(_ random: inout RandomSource) -> Int {
    guard !beginnings.isEmpty else { return random.integer(below: corpus.trainingCount) }
    switch kind {
    case .text, .shakespeare: return random.choice(beginnings)
    case .tang:
      if random.chance() { return random.choice(beginnings) - 1 }
      return random.chance()
        ? random.choice(beginnings) : random.integer(below: corpus.trainingCount)
    }
  }

  /// The loss on the last tenth of the text: all of it in order where `count` is that long, and
  /// else the beginnings of pieces, side by side. Then that from a state of zeros.
  public func evaluate(
    _ pass: BackwardPass, random: inout RandomSource, count: Int
  ) throws -> [Figure] {
    let whole = corpus.validation
    let loss =
      count >= whole.count
      ? try CharacterLoss.nats(pass, of: whole)
      : try CharacterLoss.nats(pass, of: whole, pieces: Self.pieces, count: count)
    var figure = Figure(
      "nats a character on the last 10 %", loss, goal: kind.goal, isShare: false)
    figure.isLowerBetter = true
    switch kind {
    case .text, .shakespeare: return [figure] + (try fromZeros(pass, &random, count: count))
    case .tang:
      let form = try PoemForm.figures(pass, corpus.vocabulary, random: &random)
      return [figure] + (try fromZeros(pass, &random, count: count)) + form
    }
  }

  /// The loss over windows of the last tenth, each from a state of zeros: at random places, and where
  /// something begins.
  private func fromZeros(
    _ pass: BackwardPass, _ random: inout RandomSource, count: Int
  ) throws -> [Figure] {
    let text = corpus.validation
    let length = min(ZeroStart.length, text.count - 1)
    let windows =
      count >= text.count
      ? ZeroStart.windows : max(1, min(ZeroStart.windows, count / length))
    let starts = (0..<windows).map { _ in
      text.startIndex + random.integer(below: text.count - length)
    }
    var figures = try figures(
      ZeroStart(pass, of: text, at: starts, length: length),
      "\(starts.count) windows of \(length) characters from zeros")
    figures[0].isError = true
    var openings = validationBeginnings.filter { $0 + length < text.endIndex }
    guard !openings.isEmpty else { return figures }
    random.shuffle(&openings)
    openings = Array(openings.prefix(windows))
    return figures
      + (try self.figures(
        ZeroStart(pass, of: text, at: openings, length: length),
        "\(openings.count) where \(kind.beginning) begins"))
  }

  private func figures(_ loss: ZeroStart, _ name: String) -> [Figure] {
    var figures = [Figure(name, loss.whole, goal: kind.zeroStartGoals.whole, isShare: false)]
    if let rest = loss.rest {
      figures.append(
        Figure(
          "their first \(ZeroStart.left) left out", rest, goal: kind.zeroStartGoals.rest,
          isShare: false))
    }
    for index in figures.indices { figures[index].isLowerBetter = true }
    return figures
  }

  /// Pieces of a quick look.
  private static let pieces = 32
}
