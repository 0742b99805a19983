#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A number that a described cell computes with.
public protocol CellNumber: BinaryFloatingPoint, Sendable {
  static func exponential(_ value: Self) -> Self
  static func logarithmOfOnePlus(_ value: Self) -> Self
  static func hyperbolicTangent(_ value: Self) -> Self
  static func errorFunction(_ value: Self) -> Self
}

extension Float: CellNumber {
  public static func exponential(_ value: Float) -> Float { expf(value) }
  public static func logarithmOfOnePlus(_ value: Float) -> Float { log1pf(value) }
  public static func hyperbolicTangent(_ value: Float) -> Float { tanhf(value) }
  public static func errorFunction(_ value: Float) -> Float { erff(value) }
}

extension Double: CellNumber {
  public static func exponential(_ value: Double) -> Double { exp(value) }
  public static func logarithmOfOnePlus(_ value: Double) -> Double { log1p(value) }
  public static func hyperbolicTangent(_ value: Double) -> Double { tanh(value) }
  public static func errorFunction(_ value: Double) -> Double { erf(value) }
}

extension CellNumber {
  /// 1 / (1 + e^-x).
  public static func sigmoid(_ value: Self) -> Self {
    // e to a positive number may be infinite, and one over that is 0, as it should be.
    1 / (1 + exponential(-value))
  }

  /// ln σ(x), which stays finite where σ(x) is too small for a number.
  public static func logSigmoid(_ value: Self) -> Self {
    value < 0
      ? value - logarithmOfOnePlus(exponential(value)) : -logarithmOfOnePlus(exponential(-value))
  }

  /// An activation of one number.
  static func apply(_ activation: Activation, _ value: Self) -> Self {
    func number(_ constant: Float) -> Self { Self(constant) }
    switch activation {
    case .sigmoid: return sigmoid(value)
    case .tanh: return hyperbolicTangent(value)
    case .relu: return value > 0 || value.isNaN ? value : 0
    case .hardSigmoid(let alpha, let beta):
      let line = number(alpha) * value + number(beta)
      return line.isNaN ? line : Swift.max(0, Swift.min(1, line))
    case .leakyRelu(let alpha): return value >= 0 ? value : number(alpha) * value
    case .elu(let alpha): return value >= 0 ? value : number(alpha) * (exponential(value) - 1)
    case .softsign: return value / (1 + abs(value))
    case .softplus:
      return value > 0
        ? value + logarithmOfOnePlus(exponential(-value)) : logarithmOfOnePlus(exponential(value))
    case .affine(let alpha, let beta): return number(alpha) * value + number(beta)
    case .scaledTanh(let alpha, let beta):
      return number(alpha) * hyperbolicTangent(number(beta) * value)
    case .thresholdedRelu(let alpha): return value > number(alpha) ? value : 0
    case .linear: return value
    }
  }
}
