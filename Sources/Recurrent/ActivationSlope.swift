#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Activation {
  /// The derivative at x, where the function gives y; at a corner that from the right of it or the
  /// left, as PyTorch has it. What needs only y does not look at x.
  public func slope(at x: Float, giving y: Float) -> Float {
    switch self {
    case .sigmoid: y * (1 - y)
    case .tanh: 1 - y * y
    case .relu: y > 0 ? 1 : 0
    case .hardSigmoid(let alpha, _): y > 0 && y < 1 ? alpha : 0
    case .leakyRelu(let alpha): x > 0 ? 1 : alpha
    case .elu(let alpha): x > 0 ? 1 : y + alpha
    case .softsign: (1 - abs(y)) * (1 - abs(y))
    case .softplus: -expm1f(-y)
    case .affine(let alpha, _): alpha
    case .scaledTanh(let alpha, let beta): alpha == 0 ? 0 : beta * (alpha - y * (y / alpha))
    case .thresholdedRelu(let alpha): x > alpha ? 1 : 0
    case .linear: 1
    }
  }

  /// Whether `slope` needs no more than y, which is what a trace holds.
  public var tellsItsSlope: Bool {
    switch self {
    case .sigmoid, .tanh, .relu, .hardSigmoid, .softsign, .softplus, .affine, .scaledTanh, .linear:
      true
    case .leakyRelu, .elu, .thresholdedRelu: false
    }
  }
}
