import Recurrent

/// The ncps package's `CfCCell`: `backbone.0`, …, `ff1`, `ff2`, `time_a`, `time_b`. With `--cell cfc-dt`
/// the last column of the input is the time that has passed.
enum CfCSpelling: CellSpelling {
  static let kinds = [CellKind(rawValue: "cfc")!, CellKind(rawValue: "cfc-dt")!]
  static let package = "ncps"
  static let classes: Set<String> = ["CfCCell"]
  static let sign: String? = "time_a.weight"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    let heads = ["ff1", "ff2", "time_a", "time_b"]
    let (units, width) = try cell.size("ff1.weight")
    var headWeights: [Float] = []
    var headBiases: [Float] = []
    for head in heads {
      headWeights += try cell.values(head + ".weight", [units, width])
      headBiases += try cell.values(head + ".bias", [units])
    }
    let numbers = cell.shapes.keys.compactMap { name -> Int? in
      guard name.hasPrefix("backbone."), name.hasSuffix(".weight") else { return nil }
      return Int(name.dropFirst("backbone.".count).dropLast(".weight".count))
    }.sorted()
    let isTimed = cell.kind(of: Self.self) == kinds[1]
    var parameters: [String: [Float]] = [:]
    var first = headWeights
    var bias = headBiases
    var columns = width
    if let number = numbers.first {
      columns = try cell.size("backbone.\(number).weight").columns
      first = try cell.values("backbone.\(number).weight", [width, columns])
      bias = try cell.values("backbone.\(number).bias", [width])
      parameters = ["heads": headWeights, "head biases": headBiases]
      for (layer, number) in numbers.enumerated().dropFirst() {
        parameters["backbone \(layer)"] = try cell.values(
          "backbone.\(number).weight", [width, width])
        parameters["backbone \(layer) bias"] = try cell.values(
          "backbone.\(number).bias", [width])
      }
    }
    let inputs = columns - units
    guard inputs > 0 else {
      throw cell.fault(
        .wrongShape(
          tensor: cell.prefix + "ff1.weight", expected: [units, units + 1], found: [units, width]))
    }
    // Each row is x's part and then h's.
    var ofInput: [Float] = []
    var ofState: [Float] = []
    for row in 0..<first.count / columns {
      ofInput += first[row * columns..<row * columns + inputs] + (isTimed ? [0] : [])
      ofState += first[row * columns + inputs..<(row + 1) * columns]
    }
    if isTimed {
      ofInput += [Float](repeating: 0, count: inputs) + [1]
      bias.append(0)
    }
    var shape = LayerShape(
      cell: isTimed ? kinds[1] : kinds[0], inputSize: inputs + (isTimed ? 1 : 0),
      hiddenSize: units,
      activations: cell.activations(
        CellActivations(candidate: .scaledTanh(alpha: 1.7159, beta: 0.666)), .rnn))
    shape.options["layers"] = numbers.count
    shape.options["backbone"] = numbers.isEmpty ? 0 : width
    return try cell.make(
      shape,
      LayerWeights(
        inputWeights: ofInput, recurrentWeights: ofState, inputBias: bias, parameters: parameters))
  }

  static func guesses(_ cell: SpelledCell) -> [ReadingGuess] {
    var guesses = [
      ReadingGuess(
        "mode 'default', as tensors do not tell it from 'no_gate'", mark: "mode?")
    ]
    if cell.has("backbone.0.weight"), cell.choices.activation == nil {
      guesses.append(
        ReadingGuess(
          "lecun_tanh in the backbone, as CfC has it unless it is told otherwise",
          otherwise: "--activation", mark: "lecun_tanh?"))
    }
    if cell.kind(of: self) == kinds[0] {
      guesses.append(
        ReadingGuess(
          "that every step lasts 1", otherwise: "--cell cfc-dt, with Δt as the last column",
          mark: "Δt 1?"))
    }
    return guesses
  }
}
