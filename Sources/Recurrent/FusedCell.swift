import CLSTMKernel

/// Finishes the steps of a layer with the usual activations: the product with h', the activations and
/// the new state in one pass over the units. Allocates when it is made, never when it steps.
final class FusedCell {
  private let shape: LayerShape
  private let recurrentWeights: FloatBuffer  // gs_pack_gates of (G·H, H or P)
  private let recurrentBias: FloatBuffer  // (sumsLength)
  private let peepholes: FloatBuffer?  // (3, H padded)
  private let projection: FloatBuffer?  // gs_pack of (P, H)
  private var layer: gs_layer

  /// Whether the cell is one of these.
  static func knows(_ shape: LayerShape) -> Bool {
    shape.cell.isClassic && shape.variations.isSubset(of: [.projection])
  }

  /// - Parameter recurrentBias: what a GRU adds to R h', in the order of the sums.
  init(shape: LayerShape, weights: LayerWeights, recurrentBias: FloatBuffer) {
    self.shape = shape
    self.recurrentBias = recurrentBias
    let units = shape.hiddenSize
    let cell = gs_cell(shape.cell)
    let panels = gs_panels(cell, units)
    recurrentWeights = FloatBuffer(
      uninitialized: panels * gs_panel_rows(cell) * shape.recurrentSize)
    Self.packGates(
      weights.recurrentWeights, shape, columns: shape.recurrentSize, width: gs_panel_rows(cell),
      into: recurrentWeights)
    peepholes = weights.peepholes.map { Self.padded(peepholes: $0, shape: shape) }
    projection = weights.projection.map { pack($0, rows: shape.recurrentSize, columns: units) }
    layer = gs_layer(
      cell: cell, units: units, outputs: shape.recurrentSize,
      recurrent: UnsafePointer(recurrentWeights.pointer),
      recurrent_bias: UnsafePointer(recurrentBias.pointer),
      peepholes: UnsafePointer(peepholes?.pointer), projection: UnsafePointer(projection?.pointer))
  }

  /// A matrix of G·H rows, or a bias with one column, with its rows in the order of the sums and packed
  /// as products read it.
  static func inOrderOfSums(_ matrix: [Float], shape: LayerShape, columns: Int) -> FloatBuffer {
    let cell = gs_cell(shape.cell)
    let buffer = FloatBuffer(
      uninitialized: gs_sums_length(cell, shape.hiddenSize) * columns)
    packGates(matrix, shape, columns: columns, width: Int(gs_panel), into: buffer)
    return buffer
  }

  /// Where a unit's gate stands among the sums.
  static func placeOfSum(gate: Int, unit: Int, cell: CellKind) -> Int {
    let units = gs_panel_units(gs_cell(cell))
    return (unit / units * gs_gates(gs_cell(cell)) + gate) * units + unit % units
  }

  /// gs_pack_gates, of a large matrix on several threads.
  private static func packGates(
    _ matrix: [Float], _ shape: LayerShape, columns: Int, width: Int, into buffer: FloatBuffer
  ) {
    let (cell, units) = (gs_cell(shape.cell), shape.hiddenSize)
    let rows = gs_panels(cell, units) * gs_panel_rows(cell)
    matrix.withUnsafeBufferPointer { matrix in
      LargeWork.parts(of: (rows + width - 1) / width, weight: width * columns) { panels in
        gs_pack_gates_part(
          matrix.baseAddress, cell, units, columns, width, panels.lowerBound, panels.upperBound,
          buffer.pointer)
      }
    }
  }

  /// (3, H) with each row padded to whole panels.
  static func padded(peepholes: [Float], shape: LayerShape) -> FloatBuffer {
    let (cell, units) = (gs_cell(shape.cell), shape.hiddenSize)
    let padded = gs_panels(cell, units) * gs_panel_units(cell)
    let buffer = FloatBuffer(count: 3 * padded)
    for (index, value) in peepholes.enumerated() {
      buffer.pointer[index / units * padded + index % units] = value
    }
    return buffer
  }

  /// Takes `count` steps, the last first with `isReversed`.
  ///
  /// - Parameters:
  ///   - sums: (count, sumsLength), W x and the biases that stand with it.
  ///   - signals: receives (count, signalsLength).
  ///   - hidden: h'; receives the last step's h.
  ///   - cell: c'; receives c.
  func finish(
    count: Int, sums: UnsafePointer<Float>, sumsLength: Int, signals: UnsafeMutablePointer<Float>,
    isReversed: Bool, hidden: UnsafeMutablePointer<Float>, cell: UnsafeMutablePointer<Float>,
    team: OpaquePointer?
  ) {
    let first = isReversed ? count - 1 : 0
    let direction = isReversed ? -1 : 1
    let length = shape.signalsLength
    withUnsafePointer(to: &layer) { layer in
      var steps = gs_steps(
        layer: layer, count: count, sums: sums + first * sumsLength,
        sums_stride: direction * sumsLength, signals: signals + first * length,
        signals_stride: direction * length, hidden: hidden, cell: cell)
      gs_team_steps(team, &steps)
    }
  }
}

extension gs_cell {
  init(_ cell: CellKind) {
    switch cell {
    case .lstm: self = gs_cell_lstm
    case .gru: self = gs_cell_gru
    case .rnn: self = gs_cell_rnn
    case .described: preconditionFailure("only cells with kernels of their own are packed")
    }
  }
}
