import Recurrent

/// The sru package: `weight`, (I, H · 3 or 4) with a unit's columns side by side, `weight_c`, `bias` and
/// `scale_x`, in a stack `rnn_lst.0`, …
enum SRUSpelling: CellSpelling {
  static let kinds = [CellKind(rawValue: "sru")!]
  static let package = "sru"
  static let classes: Set<String> = ["SRUCell"]
  static let sign: String? = "weight_c"
  static let stack: String? = "rnn_lst"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    let size = try cell.size("weight")
    guard let looks = cell.shapes["weight_c"], looks.count == 1, looks[0] > 0, looks[0] % 2 == 0
    else {
      throw cell.fault(
        .wrongShape(
          tensor: cell.prefix + "weight_c", expected: [nil], found: cell.shapes["weight_c"] ?? []))
    }
    let units = looks[0] / 2
    let inputs = size.rows
    guard size.columns % units == 0, [3, 4].contains(size.columns / units) else {
      throw cell.fault(
        .wrongShape(
          tensor: cell.prefix + "weight", expected: [inputs, 3 * units],
          found: [inputs, size.columns]))
    }
    let blocks = size.columns / units
    let stored = try cell.values("weight", [inputs, size.columns])
    let scale = try cell.optional("scale_x", [1])?[0] ?? 1
    var weights: [Float] = []
    weights.reserveCapacity(4 * units * inputs)
    for block in 0..<blocks {
      for unit in 0..<units {
        for input in 0..<inputs {
          weights.append(stored[input * size.columns + unit * blocks + block])
        }
      }
    }
    let passes = blocks == 3 && inputs == units
    if passes { weights += SpelledCell.identity(units, scale) }
    var shape = LayerShape(cell: kinds[0], inputSize: inputs, hiddenSize: units)
    shape.options["skip"] = blocks == 4 || passes ? 1 : 0
    let zeros = [Float](repeating: 0, count: units)
    let gates = try cell.values("bias", [2 * units])
    let past = shape.options["skip"] == 1 ? zeros : []
    return try cell.make(
      shape,
      LayerWeights(
        inputWeights: weights, recurrentWeights: [], inputBias: zeros + gates + past,
        parameters: ["v": try cell.values("weight_c", [2 * units])]))
  }

  static func guesses(_ cell: SpelledCell) -> [ReadingGuess] {
    [
      ReadingGuess(
        "read one way, without tanh and with x going past where it fits, as tensors do not show it",
        mark: "one way?")
    ]
  }
}
