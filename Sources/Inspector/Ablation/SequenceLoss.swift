import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How wrong outputs are over a sequence, added up step by step: the mean of -ln p in nats where a class
/// is due, the root of the mean squared error where numbers are.
public struct SequenceLoss: Sendable {
  /// What should come out at each step.
  public enum Due: Sendable, Hashable {
    /// An output's number, nil where none is due.
    case outputs([Int?])
    /// (T, outputs), NaN where none is due.
    case numbers([Float])

    /// The next token, or the next step's numbers, where the network gives what it reads; nil where it
    /// gives something else.
    public init?(next input: InputSequence, of network: Network) {
      guard let readout = network.readout else { return nil }
      switch (input, readout.activation) {
      case (.tokens(let tokens), .softmax):
        guard readout.outputSize == network.tokenCount else { return nil }
        self = .outputs(tokens.dropFirst().map(Optional.some) + [nil])
      case (.features(let values, let width), .linear),
        (.features(let values, let width), .sigmoid):
        guard readout.outputSize == width else { return nil }
        self = .numbers(
          values.dropFirst(width) + Array(repeating: .nan, count: min(width, values.count)))
      case (.tokens, .linear), (.tokens, .sigmoid), (.features, .softmax): return nil
      }
    }

    /// Whether there is a step at which something is due.
    public var isAny: Bool {
      switch self {
      case .outputs(let outputs): outputs.contains { $0 != nil }
      case .numbers(let values): values.contains { !$0.isNaN }
      }
    }
  }

  private let due: Due
  private var sum = 0.0
  private var count = 0

  public init(_ due: Due) { self.due = due }

  /// Whether anything is due at a step.
  func isDue(at step: Int, outputs: Int) -> Bool {
    switch due {
    case .outputs(let due): due[step] != nil
    case .numbers(let values):
      values[step * outputs..<(step + 1) * outputs].contains { !$0.isNaN }
    }
  }

  /// - Parameter sums: V h + b of the step, before the readout's activation.
  mutating func add(_ sums: UnsafeBufferPointer<Double>, of readout: Readout, at step: Int) {
    switch due {
    case .outputs(let due):
      guard let output = due[step], sums.indices.contains(output) else { return }
      let largest = sums.max() ?? 0
      let total = sums.reduce(0) { $0 + exp($1 - largest) }
      sum += largest + log(total) - sums[output]
      count += 1
    case .numbers(let values):
      for (output, value) in readout.activated(Array(sums)).enumerated() {
        let target = values[step * sums.count + output]
        guard !target.isNaN else { continue }
        sum += (Double(value) - Double(target)) * (Double(value) - Double(target))
        count += 1
      }
    }
  }

  /// NaN where nothing was due.
  public var value: Double {
    switch due {
    case .outputs: sum / Double(count)
    case .numbers: (sum / Double(count)).squareRoot()
    }
  }
}
