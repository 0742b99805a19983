import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a readout makes of a recorded h. It is computed when somebody looks, so that recording costs
/// no more with a readout than without, and is the same to the bit every time.
struct ComputedReadout {
  let readout: Readout
  /// Whether output k stands for token k, and a step's y for the token that comes next.
  let predictsNext: Bool

  /// - Precondition: the steps are recorded.
  func block(_ steps: Range<Int>, of trace: Trace) -> ReadoutBlock {
    let outputs = readout.outputSize
    var block = ReadoutBlock(steps: steps, outputs: outputs)
    let hidden = trace.topHidden(steps: steps)
    var sums = [Double](repeating: 0, count: outputs)
    for (row, step) in steps.enumerated() {
      hidden.withUnsafeBufferPointer { hidden in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let base = sums.baseAddress else { return }
          let size = readout.inputSize
          readout.add(
            UnsafeBufferPointer(rebasing: hidden[row * size..<(row + 1) * size]), into: base)
        }
      }
      set(step, sums, of: trace, in: &block)
    }
    return block
  }

  private func set(_ step: Int, _ sums: [Double], of trace: Trace, in block: inout ReadoutBlock) {
    switch readout.activation {
    case .linear, .sigmoid: block.set(step: step, y: readout.activated(sums))
    case .softmax:
      let (shares, logTotal) = Readout.shares(of: sums)
      // H = ln Σe^s - Σ p s, from the sums: nothing is lost where a probability is too small.
      let entropy = zip(shares, sums).reduce(logTotal) { $0 - ($1.0 > 0 ? $1.0 * $1.1 : 0) }
      let following =
        predictsNext && step + 1 < trace.length
        ? trace.token(at: step + 1).map { logTotal - sums[$0] } : nil
      block.set(
        step: step, y: shares.map { Float($0) },
        top: sums.indices.max { sums[$0] < sums[$1] },
        next: following.map { Float(exp(-$0)) } ?? .nan,
        loss: following.map { Float(max(0, $0)) } ?? .nan, entropy: Float(max(0, entropy)))
    }
  }
}
