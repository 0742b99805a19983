import CLSTMKernel

/// Steps one layer in one direction: packed weights, the state, and the sums before the
/// activations. Allocates when it is made, never when it steps.
///
/// Steps are taken in blocks: what the inputs add up to is computed for the whole block in one pass
/// over W, then each step adds R h' in the pass that makes signals of the sums. A step's values do not
/// depend on the size of its block.
final class CellStepper {
  /// Steps of a block at most.
  static let blockSteps = 48

  let shape: LayerShape
  private let inputWeights: FloatBuffer  // (G·H, I), packed; its rows in the order of the sums
  private let finisher: Finisher
  private let inputBias: FloatBuffer  // (sumsLength); with an LSTM or RNN the sum of both biases
  private let recurrentBias: FloatBuffer  // (sumsLength); zeros unless the cell keeps it apart
  private let inputSums: FloatBuffer  // (blockSteps, sumsLength)
  private let hidden: FloatBuffer  // (H, or P padded): h'
  private let cell: FloatBuffer  // (H): c'

  private let team: OpaquePointer?

  /// What finishes the steps whose inputs have been added up. Each has an order of its own for the sums.
  private enum Finisher {
    case fused(FusedCell)
    case variant(VariantCell)
  }

  /// - Parameter team: outlives the stepper.
  init(
    shape: LayerShape, weights: LayerWeights, state: NetworkState.TrackState, team: StepTeam
  ) {
    self.team = team.pointer(for: shape)
    self.shape = shape
    signalsLength = shape.signalsLength
    let (first, second) = (weights.inputBias, weights.recurrentBias)
    let zeros = [Float](repeating: 0, count: shape.gateRows)
    // A GRU's r is applied to R h' + b_R, so that its b_R cannot be added to b_W.
    let isApart = shape.cell == .gru && !shape.resetsBefore
    let sum = isApart ? first ?? zeros : zip(first ?? zeros, second ?? zeros).map(+)
    let apart = isApart ? second ?? zeros : zeros
    if FusedCell.knows(shape) {
      inputBias = FusedCell.inOrderOfSums(sum, shape: shape, columns: 1)
      recurrentBias = FusedCell.inOrderOfSums(apart, shape: shape, columns: 1)
      inputWeights = FusedCell.inOrderOfSums(
        weights.inputWeights, shape: shape, columns: shape.inputSize)
      finisher = .fused(FusedCell(shape: shape, weights: weights, recurrentBias: recurrentBias))
    } else {
      inputBias = pack(sum, rows: shape.gateRows, columns: 1)
      recurrentBias = pack(apart, rows: shape.gateRows, columns: 1)
      inputWeights = pack(
        weights.inputWeights, rows: shape.gateRows, columns: shape.inputSize)
      finisher = .variant(VariantCell(shape: shape, weights: weights))
    }
    inputSums = FloatBuffer(count: Self.blockSteps * inputBias.count)
    hidden = FloatBuffer(count: gs_padded(shape.recurrentSize))
    hidden.pointer.update(from: state.hidden, count: shape.recurrentSize)
    cell = FloatBuffer(state.cell ?? [])
  }

  /// h' and c', what the next step begins with.
  var state: NetworkState.TrackState {
    get {
      func values(_ buffer: FloatBuffer, _ count: Int) -> [Float] {
        Array(UnsafeBufferPointer(start: buffer.pointer, count: count))
      }
      return NetworkState.TrackState(
        hidden: values(hidden, shape.recurrentSize),
        cell: shape.cell.hasCellState ? values(cell, shape.hiddenSize) : nil)
    }
    set {
      hidden.pointer.update(from: newValue.hidden, count: shape.recurrentSize)
      if let values = newValue.cell { cell.pointer.update(from: values, count: shape.hiddenSize) }
    }
  }

  /// The length of a row of sums: at least G·H, in whole panels.
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
      team, inputWeights.pointer, sumsLength, shape.inputSize, x, stride, count, sums, sumsLength,
      1)
  }

  /// Takes the steps whose inputs have been added up in `sums`.
  ///
  /// - Parameters:
  ///   - count: `blockSteps` at most.
  ///   - signals: receives (count, signalsLength).
  ///   - isReversed: takes the last first.
  func finish(count: Int, signals: UnsafeMutablePointer<Float>, isReversed: Bool = false) {
    switch finisher {
    case .fused(let cells):
      cells.finish(
        count: count, sums: sums, sumsLength: sumsLength, signals: signals,
        isReversed: isReversed, hidden: hidden.pointer, cell: cell.pointer, team: team)
    case .variant(let cells):
      for index in 0..<count {
        let step = isReversed ? count - 1 - index : index
        cells.finish(
          sums: sums + step * sumsLength, recurrentBias: recurrentBias, hidden: hidden.pointer,
          cell: cell.pointer, signals: signals + step * signalsLength)
      }
    }
  }
}

/// `matrix`, row-major, as the kernels read it.
func pack(_ matrix: [Float], rows: Int, columns: Int) -> FloatBuffer {
  let packed = FloatBuffer(count: gs_padded(rows) * columns)
  gs_pack(matrix, rows, columns, packed.pointer)
  return packed
}
