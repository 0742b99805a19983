/// Sequences that are trained on together, time-major: entry t * sequences + b is step t of
/// sequence b.
///
/// Shorter sequences end in steps of weight 0. That is sound where no layer reads backwards; with
/// one that does, give sequences of equal length, since it would read the padding first.
public struct TrainingBatch: Sendable, Equatable {
  /// What enters at every step.
  public enum Input: Sendable, Equatable {
    /// (T, B) token numbers.
    case tokens([Int32])
    /// (T, B, width) numbers.
    case features([Float], width: Int)
  }

  /// What the readout should give.
  public enum Targets: Sendable, Equatable {
    /// (T, B) class numbers, for a softmax readout. Where the weight is 0 any number will do.
    case classes([Int32])
    /// (T, B, width) numbers, for a sigmoid (0…1) or linear readout.
    case values([Float], width: Int)
  }

  /// T.
  public var steps: Int
  /// B.
  public var sequences: Int
  public var input: Input
  public var targets: Targets
  /// (T, B): how much each step counts; 0 for none. The loss is the weighted mean.
  public var weights: [Float]
  /// The sequences that begin here: they start from zeros, whatever state is given.
  public var beginning: Set<Int>

  public init(
    steps: Int, sequences: Int, input: Input, targets: Targets, weights: [Float]? = nil,
    beginning: Set<Int> = []
  ) {
    self.steps = steps
    self.sequences = sequences
    self.input = input
    self.targets = targets
    self.weights = weights ?? Array(repeating: 1, count: max(steps * sequences, 0))
    self.beginning = beginning
  }
}

extension Network {
  /// Proves that a batch can be trained on: sizes, token and class numbers, the kind of target.
  ///
  /// - Throws: `BatchError`.
  func validate(_ batch: TrainingBatch) throws(BatchError) {
    guard let readout else { throw .noReadout }
    guard batch.steps > 0, batch.sequences > 0 else { throw .empty }
    let (entries, overflow) = batch.steps.multipliedReportingOverflow(by: batch.sequences)
    guard !overflow else { throw .empty }
    try expectEntries("weights", batch.weights.count, entries, 1)
    guard batch.weights.allSatisfy({ $0 >= 0 && $0.isFinite }),
      batch.weights.contains(where: { $0 > 0 })
    else { throw .badWeights }
    if let bad = batch.beginning.first(where: { !(0..<batch.sequences).contains($0) }) {
      throw .noSuchSequence(bad, count: batch.sequences)
    }
    switch batch.input {
    case .tokens(let tokens):
      try expectEntries("input tokens", tokens.count, entries, 1)
      let count = tokenCount
      if let bad = tokens.first(where: { $0 < 0 || Int($0) >= count }) {
        throw .tokenOutOfRange(what: "input token", token: Int(bad), count: count)
      }
    case .features(let values, let width):
      guard let expected = featureCount else { throw .needsTokens }
      guard width == expected else {
        throw .wrongSize(what: "features a step", expected: expected, found: width)
      }
      try expectEntries("features", values.count, entries, width)
    }
    switch (batch.targets, readout.activation) {
    case (.classes(let classes), .softmax):
      try expectEntries("target classes", classes.count, entries, 1)
      for (entry, target) in classes.enumerated() where batch.weights[entry] != 0 {
        guard target >= 0, Int(target) < readout.outputSize else {
          throw .tokenOutOfRange(
            what: "target class", token: Int(target), count: readout.outputSize)
        }
      }
    case (.values(let values, let width), .sigmoid), (.values(let values, let width), .linear):
      guard width == readout.outputSize else {
        throw .wrongSize(what: "target values a step", expected: readout.outputSize, found: width)
      }
      try expectEntries("target values", values.count, entries, width)
    case (.classes, .sigmoid), (.classes, .linear), (.values, .softmax):
      throw .wrongTargets(readout.activation)
    }
  }
}

private func expectEntries(_ what: String, _ found: Int, _ entries: Int, _ width: Int)
  throws(BatchError)
{
  let (expected, overflow) = entries.multipliedReportingOverflow(by: width)
  guard !overflow, found == expected else {
    throw .wrongSize(what: what, expected: expected, found: found)
  }
}

/// Why a network cannot be trained on a batch.
public enum BatchError: Error, Equatable, Sendable {
  case empty
  case noReadout
  /// OpenBLAS, which multiplies the matrices, cannot be opened.
  case noLibrary
  /// What the backward pass does not differentiate.
  case cannotTrain(layer: Int)
  case badWeights
  case needsTokens
  case wrongSize(what: String, expected: Int, found: Int)
  case tokenOutOfRange(what: String, token: Int, count: Int)
  case wrongTargets(Readout.Activation)
  case wrongState(expected: Int, found: Int)
  case noSuchSequence(Int, count: Int)
}

extension BatchError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty: "the batch is empty; give at least one step of one sequence"
    case .noReadout: "the network has no readout, so there is nothing to compare with a target"
    case .noLibrary: "training needs OpenBLAS, which is not installed"
    case .cannotTrain(let layer):
      "layer \(layer) can be stepped but not trained: only plain LSTM, GRU and tanh RNN layers that "
        + "read forwards or both ways side by side can"
    case .badWeights: "target weights must be finite, not negative, and not all 0"
    case .needsTokens: "the network starts with an embedding, which takes tokens, not numbers"
    case .wrongSize(let what, let expected, let found):
      "\(what): expected \(expected), found \(found)"
    case .tokenOutOfRange(let what, let token, let count):
      "\(what) \(token) is not one of \(count) (0 to \(count - 1))"
    case .wrongTargets(let activation):
      "a \(activation.rawValue) readout takes "
        + (activation == .softmax ? "classes" : "values") + " as targets"
    case .wrongState(let expected, let found):
      "the carried state has \(found) numbers, but the batch needs \(expected)"
    case .noSuchSequence(let sequence, let count):
      "sequence \(sequence) is to begin, but there are only \(count) (0 to \(count - 1))"
    }
  }
}
