import Recurrent

/// The xlstm package's `sLSTMCell`: `_recurrent_kernel_` and `_bias_`, its input the sums of i, f, z, o.
///
/// The plain backend keeps R as (heads, 4·D, D), a row a result, and b as (4·H); the CUDA backend R as
/// (heads, D, 4, D), a column a result, and b as (heads, 4, D).
enum SLSTMCellSpelling: CellSpelling {
  static let kinds = [CellKind(rawValue: "slstm")!]
  static let package = "xlstm"
  static let classes: Set<String> = ["sLSTMCell_vanilla", "sLSTMCell_cuda"]
  static let sign: String? = "_recurrent_kernel_"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    let recurrent = try RecurrentBlocks(cell)
    let units = recurrent.units
    return try cell.make(
      LayerShape(cell: kinds[0], inputSize: 4 * units, hiddenSize: units),
      LayerWeights(
        inputWeights: SpelledCell.identity(4 * units), recurrentWeights: recurrent.matrix,
        inputBias: recurrent.bias))
  }
}

/// The package's `sLSTMLayer`: a product a head from x to each gate, with a convolution over four steps
/// before i's and f's or without one. Its tensor `fgate` makes the input gate's sums and `igate` the
/// forget gate's.
enum SLSTMLayerSpelling: CellSpelling {
  static let kinds = [CellKind(rawValue: "slstm-conv")!, CellKind(rawValue: "slstm")!]
  static let package = "xlstm"
  static let classes: Set<String> = ["sLSTMLayer"]
  static let sign: String? = "slstm_cell._recurrent_kernel_"
  static let beside = [
    "group_norm.weight": "is applied to h after the cell, and h is shown as the cell has it"
  ]

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    let recurrent = try RecurrentBlocks(cell, "slstm_cell.")
    let units = recurrent.units
    // The rows of W, in the order i, f, z, o.
    var gates: [[Float]] = []
    for name in ["fgate.weight", "igate.weight", "zgate.weight", "ogate.weight"] {
      let size = units / recurrent.heads
      let values = try cell.values(name, [recurrent.heads, size, size])
      gates.append(recurrent.blocks(values))
    }
    guard cell.has("conv1d.conv.weight") else {
      return try cell.make(
        LayerShape(cell: kinds[1], inputSize: units, hiddenSize: units),
        LayerWeights(
          inputWeights: gates.flatMap { $0 }, recurrentWeights: recurrent.matrix,
          inputBias: recurrent.bias))
    }
    let zeros = [Float](repeating: 0, count: 2 * units * units)
    let bias = try cell.optional("conv1d.conv.bias", [units])
    return try cell.make(
      LayerShape(cell: kinds[0], inputSize: units, hiddenSize: units),
      LayerWeights(
        inputWeights: zeros + gates[2] + gates[3] + SpelledCell.identity(units),
        recurrentWeights: recurrent.matrix,
        inputBias: recurrent.bias + [Float](repeating: 0, count: units),
        parameters: [
          "convolution": try cell.values("conv1d.conv.weight", [units, 1, 4]),
          "convolution bias": bias ?? [Float](repeating: 0, count: units),
          "convolved weights": gates[0] + gates[1],
        ]))
  }
}

/// R and b of an sLSTM, from blocks to whole matrices.
private struct RecurrentBlocks {
  let heads: Int
  let units: Int
  /// (4·H, H), the gates in the order i, f, z, o.
  private(set) var matrix: [Float]
  /// (4·H).
  let bias: [Float]

  init(_ cell: SpelledCell, _ prefix: String = "") throws(ModelFileError) {
    let name = prefix + "_recurrent_kernel_"
    let shape = cell.shapes[name] ?? []
    let isPlain = shape.count == 3
    guard shape.allSatisfy({ (1...65_536).contains($0) }),
      isPlain ? shape[1] == 4 * shape[2] : shape.count == 4 && shape[2] == 4 && shape[1] == shape[3]
    else {
      throw cell.fault(
        .wrongShape(tensor: cell.prefix + name, expected: [nil, nil, nil], found: shape))
    }
    let (heads, size) = (shape[0], shape[shape.count - 1])
    let units = heads * size
    self.heads = heads
    self.units = units
    let kernel = try cell.values(name, shape)
    guard units <= 16_384 else {
      throw cell.fault(
        .wrongShape(tensor: cell.prefix + name, expected: [nil, nil, nil], found: shape))
    }
    matrix = [Float](repeating: 0, count: 4 * units * units)
    for head in 0..<heads {
      for gate in 0..<4 {
        for row in 0..<size {
          for column in 0..<size {
            let place =
              isPlain
              ? ((head * 4 + gate) * size + row) * size + column
              : ((head * size + column) * 4 + gate) * size + row
            matrix[(gate * units + head * size + row) * units + head * size + column] =
              kernel[place]
          }
        }
      }
    }
    let stored = prefix + "_bias_"
    if isPlain {
      bias = try cell.values(stored, [4 * units])
    } else {
      let blocks = try cell.values(stored, [heads, 4, size])
      bias = (0..<4 * units).map { row in
        let (gate, unit) = (row / units, row % units)
        return blocks[(unit / size * 4 + gate) * size + unit % size]
      }
    }
  }

  /// A matrix a head, (heads, D, D), as one of (H, H).
  func blocks(_ values: [Float]) -> [Float] {
    let size = units / heads
    var whole = [Float](repeating: 0, count: units * units)
    for (place, value) in values.enumerated() {
      let (head, row, column) = (place / (size * size), place / size % size, place % size)
      whole[(head * size + row) * units + head * size + column] = value
    }
    return whole
  }
}
