#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A function that a cell applies to a sum, element by element: those of ONNX's recurrent operators
/// (onnx.ai/onnx/operators/onnx__LSTM.html), which Keras's are among.
public enum Activation: Sendable, Hashable {
  /// 1 / (1 + e^-x).
  case sigmoid
  case tanh
  /// max(0, x).
  case relu
  /// max(0, min(1, α x + β)). ONNX means α 0.2 and β 0.5 where nothing is said, as Keras 2 does;
  /// Keras 3 has α 1/6 and β 0.5.
  case hardSigmoid(alpha: Float, beta: Float)
  /// x, or α x below 0.
  case leakyRelu(alpha: Float)
  /// x, or α (e^x - 1) below 0.
  case elu(alpha: Float)
  /// x / (1 + |x|).
  case softsign
  /// ln(1 + e^x).
  case softplus
  /// α x + β.
  case affine(alpha: Float, beta: Float)
  /// α tanh(β x).
  case scaledTanh(alpha: Float, beta: Float)
  /// x above α, else 0.
  case thresholdedRelu(alpha: Float)
  /// x as it is.
  case linear

  /// ONNX's own α and β, which Keras 2 shares.
  public static let hardSigmoidONNX = Activation.hardSigmoid(alpha: 0.2, beta: 0.5)
  /// Keras 3: relu6(x + 3) / 6.
  public static let hardSigmoidKeras3 = Activation.hardSigmoid(alpha: 1.0 / 6.0, beta: 0.5)
}

extension Activation: CustomStringConvertible {
  /// "sigmoid", "hard_sigmoid(0.2, 0.5)".
  public var description: String {
    switch self {
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .relu: "relu"
    case .hardSigmoid(let alpha, let beta): "hard_sigmoid(\(alpha), \(beta))"
    case .leakyRelu(let alpha): "leaky_relu(\(alpha))"
    case .elu(let alpha): "elu(\(alpha))"
    case .softsign: "softsign"
    case .softplus: "softplus"
    case .affine(let alpha, let beta): "affine(\(alpha), \(beta))"
    case .scaledTanh(let alpha, let beta): "scaled_tanh(\(alpha), \(beta))"
    case .thresholdedRelu(let alpha): "thresholded_relu(\(alpha))"
    case .linear: "linear"
    }
  }
}

extension Activation {
  /// The function of one number, for words about a step; the steps themselves run in the kernels.
  public func callAsFunction(_ value: Float) -> Float {
    let x = Double(value)
    switch self {
    case .sigmoid: return Float(1 / (1 + exp(-x)))
    case .tanh: return tanhf(value)
    case .relu: return value < 0 ? 0 : value
    case .hardSigmoid(let alpha, let beta): return min(max(alpha * value + beta, 0), 1)
    case .leakyRelu(let alpha): return value < 0 ? alpha * value : value
    case .elu(let alpha): return value < 0 ? alpha * Float(expm1(x)) : value
    case .softsign: return value / (1 + abs(value))
    case .softplus: return Float(max(x, 0) + log1p(exp(-abs(x))))
    case .affine(let alpha, let beta): return alpha * value + beta
    case .scaledTanh(let alpha, let beta): return alpha * tanhf(beta * value)
    case .thresholdedRelu(let alpha): return value <= alpha ? 0 : value
    case .linear: return value
    }
  }

  /// The α and β that there are.
  var constants: [Float] {
    switch self {
    case .hardSigmoid(let alpha, let beta), .affine(let alpha, let beta),
      .scaledTanh(let alpha, let beta):
      [alpha, beta]
    case .leakyRelu(let alpha), .elu(let alpha), .thresholdedRelu(let alpha): [alpha]
    case .sigmoid, .tanh, .relu, .softsign, .softplus, .linear: []
    }
  }

  /// What values it can give, for a colour scale.
  var range: SignalRange {
    switch self {
    case .sigmoid, .hardSigmoid: .unit
    case .tanh, .softsign: .signedUnit
    case .scaledTanh(let alpha, _): abs(alpha) <= 1 ? .signedUnit : .unbounded
    case .relu, .leakyRelu, .elu, .softplus, .affine, .thresholdedRelu, .linear: .unbounded
    }
  }
}
