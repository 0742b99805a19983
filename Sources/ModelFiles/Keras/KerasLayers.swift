import Recurrent

extension KerasRecurrent {
  /// Whether a layer is a recurrent one that may be read, or should be named as one that is not.
  static func isRecurrent(_ node: KerasGraph.Node) -> Bool {
    if kind(node.className) != nil { return true }
    switch node.className {
    case "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D": return true
    case "Bidirectional": return true
    default: return false
    }
  }

  static func kind(_ className: String) -> CellKind? {
    switch className {
    case "LSTM", "CuDNNLSTM": .lstm
    case "GRU", "CuDNNGRU": .gru
    case "SimpleRNN": .rnn
    default: nil
    }
  }

  /// A layer by its config.
  ///
  /// - Throws: why it is not stepped, or that its weights are missing.
  init(
    _ node: KerasGraph.Node, _ weights: KerasWeights, _ version: KerasVersion?, isKeras3: Bool
  ) throws(KerasProblem) {
    guard node.className == "Bidirectional" else {
      if node.className == "RNN", let cell = node.config["cell"]?["class_name"]?.text {
        throw .unsupported(
          layer: node.name,
          "its cell is of class \(cell), which is not stepped; LSTMCell, GRUCell and SimpleRNNCell are, "
            + "one or in a list")
      }
      try self.init(
        node, className: node.className, node.config, [try weights.cell(of: node, nil)], version,
        isKeras3)
      return
    }
    guard let inner = node.config["layer"].map(Self.layer) else {
      throw .unsupported(layer: node.name, "the layer in it is missing in the config")
    }
    let backward = node.config["backward_layer"].map(Self.layer) ?? inner
    let keys = [
      "activation", "recurrent_activation", "units", "use_bias", "reset_after",
    ]
    guard inner["class_name"] == backward["class_name"],
      keys.allSatisfy({ inner["config"]?[$0] == backward["config"]?[$0] })
    else {
      throw .unsupported(layer: node.name, "its two directions are different cells")
    }
    try self.init(
      node, className: inner["class_name"]?.text ?? "", inner["config"] ?? .null,
      [try weights.cell(of: node, "forward"), try weights.cell(of: node, "backward")], version,
      isKeras3)
    guard !goesBackwards else {
      throw .unsupported(layer: node.name, "its forward direction has go_backwards")
    }
    switch node.config["merge_mode"] {
    case nil, .text("concat"): merge = .concatenate
    case .text("sum"): merge = .sum
    case .text("mul"): merge = .multiply
    case .text("ave"): merge = .average
    default:
      throw .unsupported(
        layer: node.name, "merge_mode is none of concat, sum, mul and ave, so nothing is merged")
    }
  }

  /// An RNN around one cell as the layer that it is.
  private static func layer(_ layer: JSONValue) -> JSONValue {
    guard layer["class_name"]?.text == "RNN", let config = layer["config"],
      let cell = config["cell"], let part = KerasWrappers.layer(around: cell, config)
    else { return layer }
    return .object(["class_name": .text(part.className), "config": part.config])
  }

  private init(
    _ node: KerasGraph.Node, className: String, _ config: JSONValue, _ cells: [KerasWeights.Cell],
    _ version: KerasVersion?, _ isKeras3: Bool
  ) throws(KerasProblem) {
    guard let kind = Self.kind(className) else {
      throw .unsupported(
        layer: node.name, "\(className) is not stepped; LSTM, GRU and SimpleRNN are")
    }
    name = node.name
    cell = kind
    ownClass = node.ownClass
    isDistributed = node.isDistributed
    zerosMasked = config["zero_output_for_mask"]?.bool ?? false
    self.cells = cells
    let isCuDNN = className.hasPrefix("CuDNN")
    self.isCuDNN = isCuDNN ? true : nil
    units = config["units"]?.int
    hasBias = isCuDNN ? true : config["use_bias"]?.bool ?? true
    goesBackwards = config["go_backwards"]?.bool ?? false
    returnsSequences = config["return_sequences"]?.bool ?? false
    if kind == .gru {
      // Keras before 2.2 knows only the reset before.
      resetsAfter = isCuDNN || config["reset_after"]?.bool ?? false
    }
    guard !isCuDNN else { return }
    let candidate = try Activation.keras(
      config["activation"], default: "tanh", layer: name, isKeras3: isKeras3)
    if kind == .rnn {
      activations = CellActivations(candidate: candidate)
      return
    }
    // Keras 1 calls it inner_activation.
    let told = config["recurrent_activation"] ?? config["inner_activation"]
    let usual = version.map(\.gateActivation) ?? "sigmoid"
    guard told != nil || usual != nil else {
      throw .twoDefaults(layer: name, version: version?.text ?? "")
    }
    let gates = try Activation.keras(
      told, default: usual ?? "", layer: name, isKeras3: isKeras3)
    activations = CellActivations(gates: gates, candidate: candidate, output: candidate)
    if kind == .gru { activations.output = .tanh }
  }

  /// A cell of a file without a config: by its shapes alone.
  ///
  /// - Returns: nil where the shapes are no cell's.
  init?(name: String, _ cells: [KerasWeights.Cell]) {
    let kinds = CellKind.classic.filter { kind in
      cells.allSatisfy { Self.units($0, kind) != nil }
    }
    guard let kind = kinds.first else { return nil }
    self.name = name
    cell = kind
    self.cells = cells
  }
}
