import Recurrent

/// lucidrains' minGRU-pytorch: `to_hidden_and_gate`, (2D, dim), the candidate's rows first.
enum MinGRUSpelling: CellSpelling {
  static let kinds = [CellKind(rawValue: "mingru")!]
  static let package = "minGRU_pytorch"
  static let classes: Set<String> = ["minGRU"]
  static let sign: String? = "to_hidden_and_gate.weight"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    try minimalLayer(cell, kinds[0], "to_hidden_and_gate.weight")
  }
}

/// `to_hidden_and_f_i_gate`, (3D, dim).
enum MinLSTMSpelling: CellSpelling {
  static let kinds = [CellKind(rawValue: "minlstm")!]
  static let package = "minGRU_pytorch"
  static let classes: Set<String> = ["minLSTM"]
  static let sign: String? = "to_hidden_and_f_i_gate.weight"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    try minimalLayer(cell, kinds[0], "to_hidden_and_f_i_gate.weight")
  }
}

private func minimalLayer(
  _ cell: SpelledCell, _ kind: CellKind, _ name: String
) throws(ModelFileError) -> Layer {
  let size = try cell.size(name)
  let gates = kind.gates.count
  guard size.rows % gates == 0 else {
    throw cell.fault(
      .wrongShape(
        tensor: cell.prefix + name, expected: [nil, size.columns],
        found: [size.rows, size.columns]))
  }
  return try cell.make(
    LayerShape(cell: kind, inputSize: size.columns, hiddenSize: size.rows / gates),
    LayerWeights(
      inputWeights: try cell.values(name, [size.rows, size.columns]), recurrentWeights: []))
}
