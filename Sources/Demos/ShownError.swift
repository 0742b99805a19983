import Inspector
import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How wrong a network is on a sequence as it is shown, from the state in which it starts there, in
/// the unit of `gatescope evaluate`: the mean of -ln p in nats where a symbol or an answer is due,
/// the root of the mean squared error where numbers are.
public enum ShownError {
  /// A network stands for what it shows where it errs at most so many times as much as on fresh
  /// sequences.
  public static let bound = 1.25

  /// Nil where the network has no readout, or nothing is due.
  ///
  /// - Parameters:
  ///   - trace: recorded over the whole sequence.
  ///   - expected: the output due at each step, nil where none is; without it and without `targets`
  ///     it is the next token.
  ///   - targets: (T, outputs), NaN where nothing is due.
  public static func value(
    of network: Network, over trace: Trace, expected: [Int?]? = nil, targets: [Float]? = nil
  ) -> Double? {
    guard let readout = network.readout else { return nil }
    var sum = 0.0
    var count = 0
    for step in 0..<trace.length {
      switch readout.activation {
      case .softmax:
        let next = step + 1 < trace.length ? trace.token(at: step + 1) : nil
        guard let due = expected.map({ $0[step] }) ?? next, due < readout.outputSize else {
          continue
        }
        let p = readout(trace.topHidden(at: step))[due]
        sum -= Double(log(max(p, .leastNormalMagnitude)))
        count += 1
      case .sigmoid, .linear:
        guard let targets else { return nil }
        let y = readout(trace.topHidden(at: step))
        for (output, value) in y.enumerated() {
          let target = targets[step * readout.outputSize + output]
          guard !target.isNaN else { continue }
          sum += Double(value - target) * Double(value - target)
          count += 1
        }
      }
    }
    guard count > 0 else { return nil }
    let mean = sum / Double(count)
    return readout.activation == .softmax ? mean : mean.squareRoot()
  }
}
