import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Activation {
  /// The function of one number, in Float64.
  func value(_ x: Double) -> Double {
    switch self {
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: Self.tangent(x)
    case .relu: x < 0 ? 0 : x
    case .hardSigmoid(let alpha, let beta): min(max(Double(alpha) * x + Double(beta), 0), 1)
    case .leakyRelu(let alpha): x < 0 ? Double(alpha) * x : x
    case .elu(let alpha): x < 0 ? Double(alpha) * expm1(x) : x
    case .softsign: x / (1 + abs(x))
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    case .affine(let alpha, let beta): Double(alpha) * x + Double(beta)
    case .scaledTanh(let alpha, let beta): Double(alpha) * Self.tangent(Double(beta) * x)
    case .thresholdedRelu(let alpha): x <= Double(alpha) ? 0 : x
    case .linear: x
    }
  }

  /// Its derivative. Of the sum rather than of the value, which near the ends of a sigmoid has no
  /// digits left for it. At a corner that of the flat side, as PyTorch has it.
  func slope(_ x: Double) -> Double {
    switch self {
    case .sigmoid: return Self.sigmoidSlope(x)
    case .tanh: return Self.tangentSlope(x)
    case .relu: return x > 0 ? 1 : 0
    case .hardSigmoid(let alpha, let beta):
      let line = Double(alpha) * x + Double(beta)
      return line > 0 && line < 1 ? Double(alpha) : 0
    case .leakyRelu(let alpha): return x > 0 ? 1 : Double(alpha)
    case .elu(let alpha): return x > 0 ? 1 : Double(alpha) * exp(x)
    case .softsign: return 1 / ((1 + abs(x)) * (1 + abs(x)))
    case .softplus: return 1 / (1 + exp(-x))
    case .affine(let alpha, _): return Double(alpha)
    case .scaledTanh(let alpha, let beta):
      return Double(alpha) * Double(beta) * Self.tangentSlope(Double(beta) * x)
    case .thresholdedRelu(let alpha): return x > Double(alpha) ? 1 : 0
    case .linear: return 1
    }
  }

  /// Inside a case called `tanh` the function of that name is hidden.
  private static func tangent(_ x: Double) -> Double { 1 - 2 / (exp(2 * x) + 1) }

  /// σ(x) σ(-x), which keeps its digits on both sides.
  private static func sigmoidSlope(_ x: Double) -> Double {
    let small = exp(-abs(x))
    return small / ((1 + small) * (1 + small))
  }

  /// 1 - tanh² x = 4 σ'(2x).
  private static func tangentSlope(_ x: Double) -> Double { 4 * sigmoidSlope(2 * x) }
}
