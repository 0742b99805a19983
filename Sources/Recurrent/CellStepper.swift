import CLSTMKernel

/// Steps one layer in one direction: packed weights, the state, and the sums before the
/// activations. Allocates when it is made, never when it steps.
///
/// Steps are taken in blocks: what the inputs add up to is computed for the whole block in one pass
/// over W, then each step adds R h'. A step's values do not depend on the size of its block.
final class CellStepper {
  /// Steps of a block at most.
  static let blockSteps = 32

  let shape: LayerShape
  private let inputWeights: FloatBuffer  // gs_pack of (G·H, I)
  private let recurrentWeights: FloatBuffer  // gs_pack of (G·H, H); empty with `variant`
  /// Finishes the steps of a cell that the fused kernels do not know.
  private let variant: VariantCell?
  private let inputBias: FloatBuffer  // (G·H padded); with an LSTM or RNN the sum of both biases
  private let recurrentBias: FloatBuffer  // (G·H padded); zeros unless the cell keeps it apart
  private let peepholes: FloatBuffer?  // (3, H)
  private let inputSums: FloatBuffer  // (blockSteps, G·H padded)
  private let recurrentSums: FloatBuffer  // (G·H padded); GRU only
  private let hidden: FloatBuffer  // (H, or P padded): h'
  private let cell: FloatBuffer  // (H): c'

  private let team: OpaquePointer?

  /// - Parameter team: outlives the stepper.
  init(
    shape: LayerShape, weights: LayerWeights, state: NetworkState.TrackState, team: StepTeam
  ) {
    self.team = team.pointer(for: shape)
    let rows = shape.gateRows
    let padded = gs_padded(rows)
    self.shape = shape
    signalsLength = shape.signalsLength
    inputWeights = pack(weights.inputWeights, rows: rows, columns: shape.inputSize)
    let isStandard = shape.isStandard
    variant = isStandard ? nil : VariantCell(shape: shape, weights: weights)
    recurrentWeights =
      isStandard
      ? pack(weights.recurrentWeights, rows: rows, columns: shape.hiddenSize)
      : FloatBuffer(count: 0)
    inputBias = FloatBuffer(count: padded)
    recurrentBias = FloatBuffer(count: padded)
    for row in 0..<rows {
      let first = weights.inputBias?[row] ?? 0
      let second = weights.recurrentBias?[row] ?? 0
      if shape.cell == .gru && !shape.resetsBefore {
        inputBias.pointer[row] = first
        recurrentBias.pointer[row] = second
      } else {
        inputBias.pointer[row] = first + second
      }
    }
    peepholes = weights.peepholes.map { FloatBuffer($0) }
    inputSums = FloatBuffer(count: Self.blockSteps * padded)
    recurrentSums = FloatBuffer(count: padded)
    hidden = FloatBuffer(count: gs_padded(shape.recurrentSize))
    hidden.pointer.update(from: state.hidden, count: shape.recurrentSize)
    cell = FloatBuffer(state.cell ?? [])
  }

  /// The length of a row of sums: G·H, padded.
  var sumsLength: Int { inputBias.count }

  /// The length of a row of signals.
  let signalsLength: Int

  /// Where the sums of the next block's inputs go, (blockSteps, sumsLength), before `finish`.
  var sums: UnsafeMutablePointer<Float> { inputSums.pointer }

  /// What `count` input vectors, `stride` floats apart, contribute: b_W + W x, into rows of `sums`.
  func project(
    _ x: UnsafePointer<Float>, stride: Int, count: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    for step in 0..<count {
      (sums + step * sumsLength).update(from: inputBias.pointer, count: sumsLength)
    }
    gs_team_multiply_rows(
      team, inputWeights.pointer, shape.gateRows, shape.inputSize, x, stride, count, sums,
      sumsLength, 1)
  }

  /// Takes the steps whose inputs have been added up in `sums`.
  ///
  /// - Parameters:
  ///   - count: `blockSteps` at most.
  ///   - signals: receives (count, signalsLength).
  ///   - isReversed: takes the last first.
  func finish(count: Int, signals: UnsafeMutablePointer<Float>, isReversed: Bool = false) {
    for index in 0..<count {
      let step = isReversed ? count - 1 - index : index
      finish(sums: sums + step * sumsLength, signals: signals + step * signalsLength)
    }
  }

  private func finish(
    sums: UnsafeMutablePointer<Float>, signals: UnsafeMutablePointer<Float>
  ) {
    let units = shape.hiddenSize
    if let variant {
      variant.finish(
        sums: sums, recurrentBias: recurrentBias, hidden: hidden.pointer, cell: cell.pointer,
        signals: signals)
      return
    }
    switch shape.cell {
    case .lstm:
      multiplyRecurrent(into: sums)
      gs_lstm_cell(sums, cell.pointer, peepholes?.pointer, units, signals)
      cell.pointer.update(from: signals + 4 * units, count: units)
      hidden.pointer.update(from: signals + 5 * units, count: units)
    case .gru:
      recurrentSums.pointer.update(from: recurrentBias.pointer, count: sumsLength)
      multiplyRecurrent(into: recurrentSums.pointer)
      gs_gru_cell(sums, recurrentSums.pointer, hidden.pointer, units, signals)
      hidden.pointer.update(from: signals + 3 * units, count: units)
    case .rnn:
      multiplyRecurrent(into: sums)
      gs_tanh(sums, units, signals)
      hidden.pointer.update(from: signals, count: units)
    }
  }

  private func multiplyRecurrent(into sums: UnsafeMutablePointer<Float>) {
    gs_team_multiply(
      team, recurrentWeights.pointer, shape.gateRows, shape.hiddenSize, hidden.pointer, sums)
  }
}

/// `matrix`, row-major, as the kernels read it.
func pack(_ matrix: [Float], rows: Int, columns: Int) -> FloatBuffer {
  let packed = FloatBuffer(count: gs_padded(rows) * columns)
  gs_pack(matrix, rows, columns, packed.pointer)
  return packed
}
