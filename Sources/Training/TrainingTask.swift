import Recurrent

/// What enters and leaves a network that learns a task.
public struct TaskShape: Sendable, Equatable {
  public enum Input: Sendable, Hashable {
    case tokens(count: Int)
    case features(width: Int)
  }

  public var input: Input
  public var outputSize: Int
  public var activation: Readout.Activation
  /// The symbols of the tokens; nil where numbers enter.
  public var vocabulary: Vocabulary?
  /// What each number of a numeric input is.
  public var featureNames: [String]
  /// What each output of the readout stands for; nil where it is the next token, or has no name.
  public var outputNames: [String]?

  /// Symbols in, the next symbol out.
  public init(symbols: [String]) {
    input = .tokens(count: symbols.count)
    outputSize = symbols.count
    activation = .softmax
    vocabulary = Vocabulary(symbols)
    featureNames = []
    outputNames = nil
  }

  public init(
    input: Input, outputSize: Int, activation: Readout.Activation, vocabulary: Vocabulary? = nil,
    featureNames: [String] = [], outputNames: [String]? = nil
  ) {
    self.input = input
    self.outputSize = outputSize
    self.activation = activation
    self.vocabulary = vocabulary
    self.featureNames = featureNames
    self.outputNames = outputNames
  }
}

/// How well a network does something, and how well it should.
public struct Figure: Sendable, Hashable {
  public enum Goal: Sendable, Hashable {
    case atLeast(Double)
    case atMost(Double)
    /// Reported, not required.
    case none
  }

  /// "remembered symbol right".
  public var name: String
  public var value: Double
  public var goal: Goal
  /// Whether the value is a share of 1, to be shown in per cent.
  public var isShare: Bool
  /// For a figure without a goal; a goal says it itself.
  public var isLowerBetter = false
  /// Whether it is the mean error from a state of zeros on, which a demo's own sequence is held
  /// against.
  public var isError = false

  public init(_ name: String, _ value: Double, goal: Goal = .none, isShare: Bool = true) {
    self.name = name
    self.value = value
    self.goal = goal
    self.isShare = isShare
  }

  public var isReached: Bool {
    switch goal {
    case .atLeast(let bound): value >= bound
    case .atMost(let bound): value <= bound
    case .none: true
    }
  }

  /// Whether this is as good as `other` or better, by the direction of its goal.
  func isAsGood(as other: Figure) -> Bool {
    switch goal {
    case .atLeast: value >= other.value
    case .none: isLowerBetter ? value <= other.value : value >= other.value
    case .atMost: value <= other.value
    }
  }
}

/// Something that a network can be trained to do. One file a task.
public protocol TrainingTask: Sendable {
  /// What the command line calls it.
  var name: String { get }
  /// A line for a list.
  var title: String { get }
  var shape: TaskShape { get }
  /// With these the task's figures are reached.
  var defaults: TrainingOptions { get }
  /// Whether a batch goes on where the one before ended, sequence by sequence (text).
  var carriesState: Bool { get }
  /// How many sequences an evaluation counts.
  var evaluationCount: Int { get }
  /// Tells data that come from a file from others; 0 where a task makes its own.
  var dataFingerprint: UInt64 { get }

  /// A batch of `size` sequences, the number `step` of the training.
  func makeBatch(_ random: inout RandomSource, size: Int, step: Int) -> TrainingBatch

  /// How well the network of `pass` does, on `count` fresh sequences. The first figure is the one
  /// by which the best network is kept.
  func evaluate(_ pass: BackwardPass, random: inout RandomSource, count: Int) throws -> [Figure]
}

extension TrainingTask {
  public var carriesState: Bool { false }
  public var evaluationCount: Int { 10_000 }
  public var dataFingerprint: UInt64 { 0 }

  /// How well a network does, on as many fresh sequences as the task counts; one of the figures is
  /// its mean error.
  public func evaluate(_ network: Network, seed: UInt64) throws -> [Figure] {
    var random = RandomSource(seed: seed)
    let pass = try BackwardPass(network)
    let figures = try evaluate(pass, random: &random, count: evaluationCount)
    if figures.contains(where: \.isError) { return figures }
    return figures + [try error(pass, random: &random, count: evaluationCount)]
  }
}
