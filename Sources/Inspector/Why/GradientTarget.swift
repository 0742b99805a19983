import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is differentiated: what the readout says of one output at one step. Log p of a softmax's
/// class, log y of a sigmoid's output, y itself of a linear one.
public struct GradientTarget: Sendable, Hashable {
  public var step: Int
  public var output: Int

  public init(step: Int, output: Int) {
    self.step = step
    self.output = output
  }

  /// Its value and its slope with respect to what the readout reads, in Float64.
  func look(_ readout: Readout, _ hidden: [Float]) -> (value: Double, slope: [Double]) {
    var sums = [Double](repeating: 0, count: readout.outputSize)
    hidden.withUnsafeBufferPointer { hidden in
      sums.withUnsafeMutableBufferPointer { readout.add(hidden, into: $0.baseAddress!) }
    }
    let own = sums[output]
    var factors = [Double](repeating: 0, count: readout.outputSize)
    let value: Double
    switch readout.activation {
    case .softmax:
      let (shares, logTotal) = Readout.shares(of: sums)
      for index in shares.indices { factors[index] = -shares[index] }
      factors[output] += 1
      value = own - logTotal
    case .sigmoid:
      // log σ(s) = -log(1 + e^-s), without a large power.
      value = min(own, 0) - log1p(exp(-abs(own)))
      factors[output] = 1 / (1 + exp(own))
    case .linear:
      factors[output] = 1
      value = own
    }
    var slope = [Double](repeating: 0, count: readout.inputSize)
    for (index, factor) in factors.enumerated() where factor != 0 {
      for column in slope.indices {
        slope[column] += factor * Double(readout.weights[index * readout.inputSize + column])
      }
    }
    return (value, slope)
  }
}

/// What a prediction rested on: the gradient of a `GradientTarget` with respect to every state and
/// input of some steps, found by backpropagation through time (Werbos 1990).
///
/// ∂/∂h_s and ∂/∂c_s are whole: by every way on which the state works on the target.
public struct TraceGradients: Sendable {
  public struct Track: Sendable {
    /// P, or H.
    public let hiddenSize: Int
    /// H; 0 where the cell has no c.
    public let cellSize: Int
    /// ∂/∂h: (steps, P), row-major.
    public let hidden: [Float]
    /// ∂/∂c: (steps, H), row-major; empty where the cell has none.
    public let cell: [Float]
  }

  public let target: GradientTarget
  /// What the target is.
  public let value: Double
  public let steps: Range<Int>
  /// As the trace's.
  public let tracks: [Track]
  /// I, the length of x.
  public let inputSize: Int
  /// ∂/∂x: (steps, I), row-major; nil where that would be too large.
  public let input: [Float]?
  /// x · ∂/∂x, a step an entry.
  public let inputTimesGradient: [Double]

  /// ∂/∂h or ∂/∂c of a unit at a step.
  public func gradient(track: Int, signal: Signal, step: Int, unit: Int) -> Float {
    let row = step - steps.lowerBound
    let track = tracks[track]
    return signal == .c
      ? track.cell[row * track.cellSize + unit] : track.hidden[row * track.hiddenSize + unit]
  }
}
