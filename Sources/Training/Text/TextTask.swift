import Recurrent

/// Predict the next character of a text: anybody's, Shakespeare's plays, or poems of the Tang.
///
/// The text is read as one ring. Every sequence of a batch starts at a place of its own and goes on
/// where it stopped, with the state that it carries (truncated backpropagation through time,
/// Williams & Peng 1990), so that after one round each has come to where the next one started.
///
/// Poems are another thing: each batch begins with the line breaks before poems drawn at random, in
/// a state of zeros, so that the network can begin with nothing before it, as it does when it writes.
public struct TextTask: TrainingTask {
  public let kind: TextKind
  public let corpus: Corpus
  public let shape: TaskShape
  /// Where a line of the training part ends, for a kind that begins there; at least one.
  private let lineEnds: [Int]

  /// Steps of a batch.
  private static let length = 100

  public init(_ kind: TextKind, corpus: Corpus) {
    self.kind = kind
    self.corpus = corpus
    shape = TaskShape(symbols: corpus.vocabulary.symbols)
    let newline = corpus.vocabulary.symbols.firstIndex(of: "\n").map { Int32($0) }
    let ends = corpus.tokens[..<corpus.trainingCount].indices.filter {
      corpus.tokens[$0] == newline
    }
    lineEnds = ends.isEmpty ? [0] : ends
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
    var input = [Int32](repeating: 0, count: length * size)
    var targets = input
    corpus.tokens.withUnsafeBufferPointer { tokens in
      for b in 0..<size {
        var place =
          carriesState
          ? (b * (count / size) + step * length) % count : random.choice(lineEnds)
        for t in 0..<length {
          input[t * size + b] = tokens[place]
          place = place + 1 == count ? 0 : place + 1
          targets[t * size + b] = tokens[place]
        }
      }
    }
    return TrainingBatch(
      steps: length, sequences: size, input: .tokens(input), targets: .classes(targets))
  }

  /// The loss on the last tenth of the text: all of it in order where `count` is that long, and
  /// else the beginnings of pieces, side by side.
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
    case .text, .shakespeare: return [figure]
    case .tang:
      return [figure] + (try PoemForm.figures(pass, corpus.vocabulary, random: &random))
    }
  }

  /// Pieces of a quick look.
  private static let pieces = 32
}

/// Whose text a `TextTask` learns.
public enum TextKind: String, Sendable, CaseIterable {
  case text
  case shakespeare
  case tang

  public var title: String {
    switch self {
    case .text: "Any text of your own: predict the next character"
    case .shakespeare: "Shakespeare's plays: predict the next character"
    case .tang: "Poems of the Tang: predict the next character"
    }
  }

  var goal: Figure.Goal {
    switch self {
    case .text, .tang: .none
    case .shakespeare: .atMost(1.5)
    }
  }

  var steps: Int {
    switch self {
    case .text, .shakespeare: 4000
    case .tang: 3000
    }
  }

  /// Few units show the rhythm of the poems more clearly, and write in it as well.
  var units: Int {
    switch self {
    case .text: 256
    case .shakespeare: 384
    case .tang: 128
    }
  }

  /// A poem's beat is exact; a network that is often disturbed miscounts it.
  var dropout: Float {
    switch self {
    case .text: 0.2
    case .shakespeare: 0.35
    case .tang: 0.1
    }
  }

  var weightDecay: Float {
    switch self {
    case .text, .shakespeare: 0.1
    case .tang: 0
    }
  }
}
