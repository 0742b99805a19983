import Recurrent

extension Activation {
  /// One of Keras's activations, by its name in a config.
  ///
  /// - Parameter isKeras3: whose `hard_sigmoid` is another than that of Keras 2.
  static func keras(_ name: String, isKeras3: Bool) -> Activation? {
    switch name {
    case "linear": .linear
    case "sigmoid": .sigmoid
    case "tanh": .tanh
    case "relu": .relu
    case "hard_sigmoid": isKeras3 ? .hardSigmoidKeras3 : .hardSigmoidONNX
    case "elu": .elu(alpha: 1)
    case "softsign": .softsign
    case "softplus": .softplus
    case "leaky_relu": .leakyRelu(alpha: 0.2)
    default: nil
    }
  }

  /// - Parameter value: a name, a function or object with one, or null, which is linear.
  static func keras(
    _ value: JSONValue?, default name: String, layer: String, isKeras3: Bool
  ) throws(KerasProblem) -> Activation {
    let told = kerasName(value, default: name)
    guard let activation = keras(told, isKeras3: isKeras3) else {
      throw .unknownActivation(layer: layer, told)
    }
    return activation
  }

  static func kerasName(_ value: JSONValue?, default name: String) -> String {
    guard let value else { return name }
    if value == .null { return "linear" }
    if let text = value.text { return text }
    // Keras 3 writes functions of its own as {"class_name": "function", "config": "relu"}.
    if value["class_name"]?.text == "function", let text = value["config"]?.text { return text }
    return value["class_name"]?.text ?? "unnamed"
  }
}
