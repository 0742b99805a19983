import CLSTMKernel

/// Steps one layer in one direction: packed weights, the state, and the sums before the
/// activations. Allocates when it is made, never when it steps.
final class CellStepper {
  let shape: LayerShape
  private let inputWeights: FloatBuffer  // gs_pack of (G·H, I)
  private let recurrentWeights: FloatBuffer  // gs_pack of (G·H, H)
  private let inputBias: FloatBuffer  // (G·H padded); with an LSTM or RNN the sum of both biases
  private let recurrentBias: FloatBuffer  // (G·H padded); zeros unless the cell keeps it apart
  private let peepholes: FloatBuffer?  // (3, H)
  private let inputSums: FloatBuffer  // (G·H padded)
  private let recurrentSums: FloatBuffer  // (G·H padded); GRU only
  private let hidden: FloatBuffer  // (H): h'
  private let cell: FloatBuffer  // (H): c'

  init(shape: LayerShape, weights: LayerWeights, state: NetworkState.TrackState) {
    let rows = shape.gateRows
    let padded = gs_padded(rows)
    self.shape = shape
    inputWeights = pack(weights.inputWeights, rows: rows, columns: shape.inputSize)
    recurrentWeights = pack(weights.recurrentWeights, rows: rows, columns: shape.hiddenSize)
    inputBias = FloatBuffer(count: padded)
    recurrentBias = FloatBuffer(count: padded)
    for row in 0..<rows {
      let first = weights.inputBias?[row] ?? 0
      let second = weights.recurrentBias?[row] ?? 0
      if shape.cell == .gru {
        inputBias.pointer[row] = first
        recurrentBias.pointer[row] = second
      } else {
        inputBias.pointer[row] = first + second
      }
    }
    peepholes = weights.peepholes.map { FloatBuffer($0) }
    inputSums = FloatBuffer(count: padded)
    recurrentSums = FloatBuffer(count: padded)
    hidden = FloatBuffer(state.hidden)
    cell = FloatBuffer(state.cell ?? [])
  }

  /// The sums that an input vector contributes, b_W + W x, into `sums` (G·H padded). They depend on
  /// nothing but x, so a caller may keep them for a token that comes again.
  func project(_ x: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>) {
    sums.update(from: inputBias.pointer, count: inputBias.count)
    gs_multiply(inputWeights.pointer, shape.gateRows, shape.inputSize, x, sums)
  }

  /// One timestep for the input vector `x` of length I; `signals` receives (signals, H).
  func step(_ x: UnsafePointer<Float>, signals: UnsafeMutablePointer<Float>) {
    project(x, into: inputSums.pointer)
    finish(signals: signals)
  }

  /// One timestep for an input whose sums `project` has computed before.
  func step(projected: UnsafePointer<Float>, signals: UnsafeMutablePointer<Float>) {
    inputSums.pointer.update(from: projected, count: inputSums.count)
    finish(signals: signals)
  }

  private func finish(signals: UnsafeMutablePointer<Float>) {
    let rows = shape.gateRows
    let units = shape.hiddenSize
    switch shape.cell {
    case .lstm:
      multiplyRecurrent(into: inputSums)
      gs_lstm_cell(inputSums.pointer, cell.pointer, peepholes?.pointer, units, signals)
      cell.pointer.update(from: signals + 4 * units, count: units)
      hidden.pointer.update(from: signals + 5 * units, count: units)
    case .gru:
      recurrentSums.pointer.update(from: recurrentBias.pointer, count: gs_padded(rows))
      multiplyRecurrent(into: recurrentSums)
      gs_gru_cell(inputSums.pointer, recurrentSums.pointer, hidden.pointer, units, signals)
      hidden.pointer.update(from: signals + 3 * units, count: units)
    case .rnn:
      multiplyRecurrent(into: inputSums)
      gs_tanh(inputSums.pointer, units, signals)
      hidden.pointer.update(from: signals, count: units)
    }
  }

  private func multiplyRecurrent(into sums: FloatBuffer) {
    gs_multiply(
      recurrentWeights.pointer, shape.gateRows, shape.hiddenSize, hidden.pointer, sums.pointer)
  }
}

private func pack(_ matrix: [Float], rows: Int, columns: Int) -> FloatBuffer {
  let packed = FloatBuffer(count: gs_padded(rows) * columns)
  gs_pack(matrix, rows, columns, packed.pointer)
  return packed
}
