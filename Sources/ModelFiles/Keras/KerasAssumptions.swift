import Recurrent

/// What is taken for granted of a stack whose file holds weights only: the defaults of the version that
/// wrote it, unless a person says otherwise.
struct KerasAssumptions {
  /// As they are stepped.
  private(set) var layers: [KerasRecurrent]
  private(set) var guesses: [ReadingGuess] = []

  /// - Throws: what the version leaves open, or a choice that has nothing to choose.
  init(
    _ stack: KerasStack, _ version: KerasVersion?, isKeras3: Bool, _ choices: ModelChoices
  ) throws(ModelFileError.Problem) {
    layers = stack.layers
    let isGated = layers.contains { $0.cell != .rnn && !$0.isPacked }
    for place in layers.indices where !layers[place].isPacked {
      try activate(place, version, isKeras3: isKeras3, choices.activation)
    }
    if layers.contains(where: { !$0.isPacked }),
      choices.activation.map({ isGated && !$0.saysGates }) ?? true
    {
      addActivations(version, isKeras3: isKeras3, isGated: isGated)
    }
    for place in layers.indices
    where layers[place].cell == .gru && layers[place].cells[0].bias == nil {
      layers[place].resetsAfter = version?.resetsAfter ?? true
      let name = layers[place].resetsAfter == true ? "reset_after" : "no reset_after"
      guesses.append(ReadingGuess("\(name) of \(quoted(layers[place].name))", isWarned: true))
    }
    try direct(choices.direction)
    if layers.contains(where: { $0.cells.count > 1 }) {
      guesses.append(ReadingGuess("merge_mode concat", mark: "concat?", isWarned: true))
    }
    if layers.count > 1, !stack.isToldByPerson {
      guesses.append(ReadingGuess("one layer feeding the next", isWarned: true))
    }
  }

  private mutating func activate(
    _ place: Int, _ version: KerasVersion?, isKeras3: Bool, _ told: ModelChoices.Activations?
  ) throws(ModelFileError.Problem) {
    let layer = layers[place]
    let gates: String
    if let name = told?.gates(of: layer.cell) {
      gates = name
    } else if let version, layer.cell != .rnn {
      guard let name = version.gateActivation ?? Self.tensorFlow(layer) else {
        throw .keras(.twoDefaults(layer: layer.name, version: version.text))
      }
      gates = name
    } else {
      gates = "sigmoid"
    }
    let candidate = told?.candidate(of: layer.cell) ?? "tanh"
    guard let gate = Activation.keras(gates, isKeras3: isKeras3),
      let activation = Activation.keras(candidate, isKeras3: isKeras3)
    else { throw .keras(.unknownActivation(layer: layer.name, "\(gates), \(candidate)")) }
    layers[place].activations = CellActivations(
      gates: gate, candidate: activation, output: layer.cell == .lstm ? activation : .tanh)
  }

  /// TensorFlow 2's GRU has two biases, TensorFlow 1's one.
  private static func tensorFlow(_ layer: KerasRecurrent) -> String? {
    guard layer.cell == .gru, let bias = layer.cells[0].bias else { return nil }
    return bias.shape.count == 2 ? "sigmoid" : "hard_sigmoid"
  }

  private mutating func addActivations(
    _ version: KerasVersion?, isKeras3: Bool, isGated: Bool
  ) {
    guard let layer = layers.first(where: { $0.cell != .rnn && !$0.isPacked }) ?? layers.first
    else {
      return
    }
    let whose =
      version.map { "the defaults of Keras \(printable($0.text, upTo: 40))" }
      ?? (isKeras3 ? "the defaults of Keras 3" : "the defaults since Keras 2.3")
    if isGated {
      let gates = Self.name(layer.activations.gates)
      let other = gates == "sigmoid" ? "hard_sigmoid" : "sigmoid"
      guesses.append(
        ReadingGuess(
          "activations \(gates) and \(Self.name(layer.activations.candidate)), \(whose)",
          otherwise: "--activation \(other)", mark: "\(gates)?", isWarned: true))
    } else {
      guesses.append(
        ReadingGuess(
          "activation \(Self.name(layer.activations.candidate)), Keras's default",
          otherwise: "--activation relu", mark: "tanh?", isWarned: true))
    }
  }

  private static func name(_ activation: Activation) -> String {
    String(activation.description.prefix { $0 != "(" })
  }

  private mutating func direct(
    _ told: ModelChoices.ReadingDirection?
  ) throws(ModelFileError.Problem) {
    guard layers.allSatisfy({ $0.cells.count == 1 }) else {
      if told != nil { throw .nothingToChoose(option: "--direction") }
      return
    }
    if let told {
      layers[0].goesBackwards = told == .backward
      return
    }
    if let layer = layers.first(where: { layer in
      let name = layer.name.lowercased()
      return ["backward", "bwd", "reverse"].contains { name.contains($0) }
    }) {
      throw .keras(.unclearDirection(layer: layer.name))
    }
    guesses.append(
      ReadingGuess(
        "reading forwards", otherwise: "--direction backward", mark: "fwd?", isWarned: true))
  }

  /// "the file holds weights only; …".
  var warning: String? {
    guard !guesses.isEmpty else { return nil }
    return "the file holds weights only; taken for granted: "
      + guesses.map(\.words).joined(separator: ", ")
      + "; --config model.json gives the config that lies beside them"
  }
}
