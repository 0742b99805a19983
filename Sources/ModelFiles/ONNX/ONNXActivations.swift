import Recurrent

extension Activation {
  /// One of ONNX's activations of recurrent operators, by its name in any case.
  ///
  /// Those that need α and β take the next of each list, and what the list has no more of is the
  /// default of the operator of that name (https://onnx.ai/onnx/operators/onnx__LSTM.html).
  ///
  /// - Returns: nil where the name is none of them.
  static func onnx(
    _ name: String, alphas: inout ArraySlice<Float>, betas: inout ArraySlice<Float>
  ) -> Activation? {
    switch name.lowercased() {
    case "sigmoid": .sigmoid
    case "tanh": .tanh
    case "relu": .relu
    case "softsign": .softsign
    case "softplus": .softplus
    case "affine":
      .affine(alpha: alphas.popFirst() ?? 1, beta: betas.popFirst() ?? 0)
    case "leakyrelu": .leakyRelu(alpha: alphas.popFirst() ?? 0.01)
    case "thresholdedrelu": .thresholdedRelu(alpha: alphas.popFirst() ?? 1)
    case "scaledtanh":
      .scaledTanh(alpha: alphas.popFirst() ?? 1, beta: betas.popFirst() ?? 1)
    case "hardsigmoid":
      .hardSigmoid(alpha: alphas.popFirst() ?? 0.2, beta: betas.popFirst() ?? 0.5)
    case "elu": .elu(alpha: alphas.popFirst() ?? 1)
    default: nil
    }
  }
}

extension ONNXNode {
  /// The activations of a recurrent node.
  ///
  /// - Parameter directions: how many the node has; each lists its own, and they must be the same.
  func activations(_ cell: CellKind, directions: Int) throws(Fault) -> CellActivations {
    let each =
      switch cell {
      case .lstm: 3
      case .gru: 2
      case .rnn, .described: 1
      }
    guard attribute("activations") != nil else { return .standard }
    let names = try texts("activations")
    guard names.count == each * directions else {
      throw .badAttribute(
        "activations", expected: "\(each * directions) names", found: "\(names.count)")
    }
    var alphas = numbers("activation_alpha")[...]
    var betas = numbers("activation_beta")[...]
    var found: [Activation] = []
    for name in names {
      guard let activation = Activation.onnx(name, alphas: &alphas, betas: &betas) else {
        throw .unknownActivation(name)
      }
      found.append(activation)
    }
    let first = Array(found.prefix(each))
    guard directions == 1 || Array(found.suffix(each)) == first else {
      throw .unsupported(
        "its two directions have different activations, which Gatescope does not step")
    }
    switch cell {
    case .lstm: return CellActivations(gates: first[0], candidate: first[1], output: first[2])
    case .gru: return CellActivations(gates: first[0], candidate: first[1])
    case .rnn, .described: return CellActivations(candidate: first[0])
    }
  }
}
