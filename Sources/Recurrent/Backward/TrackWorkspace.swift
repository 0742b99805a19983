import CLSTMKernel

/// What one track computes over the steps of one part of a batch, kept for the way back.
///
/// T steps of B sequences; row t * B + b. The state that enters a step stands in the slot before
/// it in the track's own direction, so that both the states that enter and those that leave are
/// T * B rows without a gap.
final class TrackWorkspace {
  let weights: TrackWeights
  private(set) var steps = 0
  private(set) var sequences = 0
  /// (T, B, G·H): sums, then activations, then the gradient with respect to W x.
  private(set) var gates = FloatBuffer(count: 0)
  /// (T + 1, B, H).
  private var hidden = FloatBuffer(count: 0)
  /// (T + 1, B, H), LSTM.
  private var cell = FloatBuffer(count: 0)
  /// (T, B, H): the gradient with respect to h, from above and from the step after.
  private(set) var hiddenGradient = FloatBuffer(count: 0)
  /// (B, H), LSTM: the gradient with respect to c.
  private var cellGradient = FloatBuffer(count: 0)
  /// (T, B, H), GRU: R h' + b_R of n.
  private var recurrentCandidate = FloatBuffer(count: 0)
  /// (T, B, G·H), GRU: the gradient with respect to R h'. Its first rows serve as R h' of a step
  /// on the way forward.
  private var recurrentGradient = FloatBuffer(count: 0)
  /// (T, B, H): what the next layer reads, where dropout is on.
  private var droppedOutput = FloatBuffer(count: 0)
  private var capacity = 0

  init(weights: TrackWeights) { self.weights = weights }

  var rows: Int { steps * sequences }
  private var isForward: Bool { weights.track.direction == .forward }
  private var slot: Int { sequences * weights.stateStride }

  /// Makes room for T steps of B sequences; allocates only where there was less.
  func prepare(steps: Int, sequences: Int) {
    self.steps = steps
    self.sequences = sequences
    let needed = (steps + 1) * sequences
    guard needed > capacity else { return }
    capacity = needed
    let state = needed * weights.stateStride
    let gate = needed * weights.gateStride
    gates = FloatBuffer(count: gate)
    hidden = FloatBuffer(count: state)
    hiddenGradient = FloatBuffer(count: state)
    switch weights.shape.cell {
    case .lstm:
      cell = FloatBuffer(count: state)
      cellGradient = FloatBuffer(count: state)
    case .gru:
      recurrentCandidate = FloatBuffer(count: state)
      recurrentGradient = FloatBuffer(count: gate)
    case .rnn, .described: break
    }
    droppedOutput = FloatBuffer(count: 0)
  }

  /// h of every step, (T, B, H).
  var output: UnsafeMutablePointer<Float> { hidden.pointer + (isForward ? slot : 0) }
  /// h' of every step.
  private var previousHidden: UnsafeMutablePointer<Float> {
    hidden.pointer + (isForward ? 0 : slot)
  }
  private var cellOutput: UnsafeMutablePointer<Float> { cell.pointer + (isForward ? slot : 0) }
  private var previousCell: UnsafeMutablePointer<Float> { cell.pointer + (isForward ? 0 : slot) }

  /// Makes what the next layer or the readout reads, where dropout is on.
  func dropOutput(_ noise: TrainingNoise?, part: BatchPart) {
    guard let noise, noise.dropout > 0 else { return }
    if droppedOutput.count == 0 { droppedOutput = FloatBuffer(count: hidden.count) }
    drop(noise, part: part, from: output, into: droppedOutput.pointer)
  }

  /// What the next layer or the readout reads, (T, B, H).
  func lastOutput(noise: TrainingNoise?) -> UnsafeMutablePointer<Float> {
    (noise?.dropout ?? 0) > 0 ? droppedOutput.pointer : output
  }

  /// Takes the gradient with respect to the dropped output back to the output.
  func undrop(_ noise: TrainingNoise?, part: BatchPart) {
    guard let noise, noise.dropout > 0 else { return }
    drop(noise, part: part, from: hiddenGradient.pointer, into: hiddenGradient.pointer)
  }

  private func drop(
    _ noise: TrainingNoise, part: BatchPart, from: UnsafePointer<Float>,
    into: UnsafeMutablePointer<Float>
  ) {
    let units = weights.shape.hiddenSize
    gs_dropout_rows(
      rows, units, weights.stateStride, sequences, part.total,
      UInt32(truncatingIfNeeded: part.first * units), noise.dropKey(forTrack: part.track(weights)),
      noise.keep, from, into)
  }

  /// Disturbs the gates' sums, where noise is on.
  func disturbGates(_ noise: TrainingNoise?, part: BatchPart) {
    guard let noise, noise.gateNoise > 0 else { return }
    gs_noise_rows(
      rows, weights.shape.gateRows, weights.gateStride, sequences, part.total,
      UInt32(truncatingIfNeeded: part.first * weights.shape.gateRows),
      noise.gateKey(forTrack: part.track(weights)), noise.gateNoise, gates.pointer)
  }

  /// Sets the state that enters the first step, or zeros.
  func begin(_ state: BatchState.TrackState?, firstSequence: Int) {
    load(state?.hidden, firstSequence, into: isForward ? hidden.pointer : lastSlot(hidden))
    if weights.shape.cell == .lstm {
      load(state?.cell, firstSequence, into: isForward ? cell.pointer : lastSlot(cell))
    }
  }

  /// Copies out the state that the last step left.
  func end(_ state: inout BatchState.TrackState, firstSequence: Int) {
    store(isForward ? lastSlot(hidden) : hidden.pointer, firstSequence, into: &state.hidden)
    if weights.shape.cell == .lstm {
      store(isForward ? lastSlot(cell) : cell.pointer, firstSequence, into: &state.cell)
    }
  }

  private func lastSlot(_ buffer: FloatBuffer) -> UnsafeMutablePointer<Float> {
    buffer.pointer + steps * slot
  }

  private func load(_ values: [Float]?, _ first: Int, into: UnsafeMutablePointer<Float>) {
    let units = weights.shape.hiddenSize
    for b in 0..<sequences {
      for u in 0..<units {
        into[b * weights.stateStride + u] = values?[(first + b) * units + u] ?? 0
      }
    }
  }

  private func store(_ from: UnsafePointer<Float>, _ first: Int, into values: inout [Float]) {
    let units = weights.shape.hiddenSize
    for b in 0..<sequences {
      for u in 0..<units { values[(first + b) * units + u] = from[b * weights.stateStride + u] }
    }
  }

  private var kernelRows: gs_rows {
    gs_rows(
      rows: sequences, units: weights.shape.hiddenSize, gate_stride: weights.gateStride,
      state_stride: weights.stateStride)
  }
}

// MARK: - Through time

extension TrackWorkspace {
  /// Runs all steps. `gates` holds W x.
  func runForward(parameters: UnsafePointer<Float>) {
    let shape = kernelRows
    let gateSlot = sequences * weights.gateStride
    let peepholes = weights.peepholes.map { parameters + $0.offset }
    let isAccumulating: Int32 = weights.shape.cell == .gru ? 0 : 1
    for position in 0..<steps {
      let t = isForward ? position : steps - 1 - position
      let gate = gates.pointer + t * gateSlot
      let before = previousHidden + t * slot
      let now = output + t * slot
      let sums = weights.shape.cell == .gru ? recurrentGradient.pointer : gate
      gs_multiply_rows(
        weights.packed.pointer, weights.shape.gateRows, weights.shape.hiddenSize, before,
        weights.stateStride, sequences, sums, weights.gateStride, isAccumulating)
      switch weights.shape.cell {
      case .lstm:
        gs_lstm_rows(
          shape, weights.bias.pointer, peepholes, previousCell + t * slot, gate,
          cellOutput + t * slot, now)
      case .gru:
        gs_gru_rows(
          shape, weights.bias.pointer, weights.secondBias.pointer, sums, before, gate,
          recurrentCandidate.pointer + t * slot, now)
      case .rnn:
        gs_tanh_rows(shape, weights.bias.pointer, gate, now)
      case .described: preconditionFailure("only cells with kernels of their own come here")
      }
    }
  }

  /// Runs all steps back. `hiddenGradient` holds the gradient from above; `gates` receives that
  /// with respect to W x, and `gradients` those of all parameters of the track but W.
  func runBackward(
    parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>
  ) {
    let shape = kernelRows
    let gateSlot = sequences * weights.gateStride
    let peepholes = weights.peepholes.map { parameters + $0.offset }
    cellGradient.pointer.update(repeating: 0, count: min(slot, cellGradient.count))
    for position in (0..<steps).reversed() {
      let t = isForward ? position : steps - 1 - position
      let gate = gates.pointer + t * gateSlot
      let gradient = hiddenGradient.pointer + t * slot
      // Before the first step the gradient stops; the spare slot takes what would go there.
      let before = position == 0 ? steps : isForward ? t - 1 : t + 1
      let gradientBefore = hiddenGradient.pointer + before * slot
      var sums = UnsafePointer(gate)
      switch weights.shape.cell {
      case .lstm:
        gs_lstm_rows_backward(
          shape, peepholes, previousCell + t * slot, cellOutput + t * slot, gradient,
          cellGradient.pointer, gate)
      case .gru:
        let recurrent = recurrentGradient.pointer + t * gateSlot
        gs_gru_rows_backward(
          shape, recurrentCandidate.pointer + t * slot, previousHidden + t * slot, gradient, gate,
          recurrent, gradientBefore)
        sums = UnsafePointer(recurrent)
      case .rnn:
        gs_tanh_rows_backward(shape, output + t * slot, gradient, gate)
      case .described: preconditionFailure("only cells with kernels of their own come here")
      }
      guard position > 0 else { continue }
      gs_multiply_rows(
        weights.packedTransposed.pointer, weights.shape.hiddenSize, weights.shape.gateRows, sums,
        weights.gateStride, sequences, gradientBefore, weights.stateStride, 1)
    }
    accumulate(into: gradients)
  }

  private func accumulate(into gradients: UnsafeMutablePointer<Float>) {
    let shape = weights.shape
    let sums = shape.cell == .gru ? recurrentGradient.pointer : gates.pointer
    MatrixProducts.transposedTimes(
      sums, weights.gateStride, previousHidden, weights.stateStride,
      into: gradients + weights.recurrentWeights.offset, shape.hiddenSize, m: shape.gateRows,
      n: shape.hiddenSize, k: rows)
    if let block = weights.inputBias {
      gs_column_sums(
        rows, shape.gateRows, weights.gateStride, gates.pointer, gradients + block.offset)
    }
    if let block = weights.recurrentBias {
      gs_column_sums(rows, shape.gateRows, weights.gateStride, sums, gradients + block.offset)
    }
    if let block = weights.peepholes {
      var all = kernelRows
      all.rows = rows
      gs_peephole_gradient(
        all, gates.pointer, previousCell, cellOutput, gradients + block.offset)
    }
  }
}
