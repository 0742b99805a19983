import Recurrent

/// A recurrent layer of a Keras model: what the config says about it, and where its weights are.
///
/// Keras multiplies from the left, so that gates stand in columns: i f c o of an LSTM, z r h of a GRU
/// (https://keras.io/api/layers/recurrent_layers/).
struct KerasRecurrent {
  let name: String
  let cell: CellKind
  var activations = CellActivations.standard
  /// GRU only; nil where only the bias tells.
  var resetsAfter: Bool?
  /// Nil where nothing tells, and the bias is used if it is there.
  var hasBias: Bool?
  var units: Int?
  /// Whether the file keeps it as CuDNNLSTM and CuDNNGRU do; nil where only the bias tells.
  var isCuDNN: Bool?
  var merge = MergeMode.concatenate
  var goesBackwards = false
  var returnsSequences = true
  /// Whether what it gives is zero on steps that a mask passes over.
  var zerosMasked = false
  /// The class that the file names, where it is not Keras's.
  var ownClass: String?
  /// Whether TimeDistributed applies it to one part of the input after the other.
  var isDistributed = false
  /// One a direction, forward first.
  let cells: [KerasWeights.Cell]

  /// The gates in the order of the columns.
  static func gateOrder(_ cell: CellKind) -> [Signal] {
    switch cell {
    case .lstm: [.i, .f, .z, .o]
    case .gru: [.u, .r, .n]
    case .rnn: [.h]
    case .described: cell.gates
    }
  }

  /// Keras's letters for the same.
  static func letters(_ cell: CellKind) -> [String] {
    switch cell {
    case .lstm: ["i", "f", "c", "o"]
    case .gru: ["z", "r", "h"]
    case .rnn: ["h"]
    case .described: cell.gates.map(\.rawValue)
    }
  }

  /// H, by the recurrent matrix.
  ///
  /// - Returns: nil where that is none of the cell's.
  static func units(_ cell: KerasWeights.Cell, _ kind: CellKind) -> Int? {
    let shape = cell.recurrent.shape
    guard shape.count == 2, shape[0] > 0, shape[1] % kind.gates.count == 0,
      shape[1] / kind.gates.count == shape[0]
    else { return nil }
    return shape[0]
  }

  var inputSize: Int? { cells[0].kernel.shape.first }

  var outputSize: Int? {
    Self.units(cells[0], cell).map { merge == .concatenate ? $0 * cells.count : $0 }
  }

  /// Reads the weights.
  ///
  /// - Parameter isReversed: whether the sequence that enters it is the wrong way round.
  func layer(
    isReversed: Bool, _ weights: KerasWeights
  ) throws(ModelFileError.Problem) -> Layer {
    let first = cells[0]
    let gates = cell.gates.count
    guard let units = Self.units(first, cell), units == self.units ?? units else {
      throw .wrongShape(
        tensor: first.recurrent.path, expected: [self.units, self.units.map { $0 * gates }],
        found: first.recurrent.shape)
    }
    guard first.kernel.shape.count == 2, first.kernel.shape[0] > 0 else {
      throw .wrongShape(
        tensor: first.kernel.path, expected: [nil, gates * units], found: first.kernel.shape)
    }
    let resetsAfter =
      resetsAfter ?? (first.bias.map { $0.shape.count == 2 || isPacked($0) } ?? true)
    let directions: [Direction] =
      cells.count > 1
      ? [.forward, .backward] : [goesBackwards != isReversed ? .backward : .forward]
    let shape = LayerShape(
      cell: cell, inputSize: first.kernel.shape[0], hiddenSize: units, directions: directions,
      merge: merge, activations: activations, resetsBefore: cell == .gru && !resetsAfter)
    var read: [LayerWeights] = []
    for cell in cells { read.append(try self.weights(cell, shape, weights)) }
    do throws(NetworkError) {
      return try Layer(shape: shape, weights: read)
    } catch {
      throw .network(error.description)
    }
  }

  /// Whether a file without a config keeps it as CuDNN does, which knows sigmoid and tanh only.
  var isPacked: Bool { isCuDNN ?? cells[0].bias.map(isPacked) ?? false }

  /// Whether a bias is CuDNN's: two of each gate, one behind the other.
  private func isPacked(_ bias: HDF5File.Dataset) -> Bool {
    guard cell != .rnn, let units = Self.units(cells[0], cell) else { return false }
    return bias.shape == [2 * cell.gates.count * units]
  }

  private func weights(
    _ source: KerasWeights.Cell, _ shape: LayerShape, _ weights: KerasWeights
  ) throws(ModelFileError.Problem) -> LayerWeights {
    let rows = shape.gateRows
    let units = shape.hiddenSize
    try expect(source.kernel, [shape.inputSize, rows])
    try expect(source.recurrent, [units, rows])
    let bias = hasBias == false ? nil : source.bias
    if hasBias == true, bias == nil {
      throw .missingTensor("\(source.path)/bias", neededBy: source.recurrent.path)
    }
    let isCuDNN = isCuDNN ?? bias.map(isPacked) ?? false
    let kernel = try weights.floats(source.kernel)
    let recurrent = try weights.floats(source.recurrent)
    let inputWeights: [Float]
    let recurrentWeights: [Float]
    if isCuDNN {
      inputWeights = Self.blocks(kernel, rows: shape.inputSize, columns: rows, block: units)
      recurrentWeights = Self.blocks(recurrent, rows: units, columns: rows, block: units)
    } else {
      inputWeights = transposed(kernel, rows: shape.inputSize, columns: rows)
      recurrentWeights = transposed(recurrent, rows: units, columns: rows)
    }
    var result = LayerWeights(
      inputWeights: ordered(inputWeights), recurrentWeights: ordered(recurrentWeights))
    guard let bias else { return result }
    let hasTwo = isCuDNN || (cell == .gru && !shape.resetsBefore)
    let expected = isCuDNN ? [2 * rows] : hasTwo ? [2, rows] : [rows]
    try expect(bias, expected)
    let values = try weights.floats(bias)
    result.inputBias = ordered(Array(values.prefix(rows)))
    if hasTwo { result.recurrentBias = ordered(Array(values.suffix(rows))) }
    return result
  }

  private func expect(
    _ dataset: HDF5File.Dataset, _ shape: [Int]
  ) throws(ModelFileError.Problem) {
    guard dataset.shape == shape else {
      throw .wrongShape(tensor: dataset.path, expected: shape, found: dataset.shape)
    }
  }

  private func ordered(_ rows: [Float]) -> [Float] {
    GateOrder.permute(rows, from: Self.gateOrder(cell), to: cell.gates)
  }

  /// CuDNN's columns of one gate, one row after the other, are that gate's (H, I) already.
  private static func blocks(_ values: [Float], rows: Int, columns: Int, block: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for start in stride(from: 0, to: columns, by: block) {
      for row in 0..<rows {
        result += values[row * columns + start..<row * columns + start + block]
      }
    }
    return result
  }
}

/// (rows, columns) as (columns, rows).
func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
  var result = [Float](repeating: 0, count: values.count)
  for row in 0..<rows {
    for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
  }
  return result
}
