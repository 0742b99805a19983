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
  /// What is changed while it steps; nil for nothing, which then costs nothing.
  private let schedule: InterventionSchedule?
  private let changedStep: ChangedStep?

  /// What finishes the steps whose inputs have been added up. Each has an order of its own for the sums.
  private enum Finisher {
    case fused(FusedCell)
    case variant(VariantCell)
    case described(DescribedStepper)
  }

  /// - Parameter team: outlives the stepper.
  init(
    shape: LayerShape, weights: LayerWeights, state: NetworkState.TrackState, team: StepTeam,
    schedule: InterventionSchedule? = nil
  ) {
    self.schedule = schedule
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
    } else if !shape.cell.isClassic {
      inputBias = pack(sum, rows: shape.gateRows, columns: 1)
      recurrentBias = FloatBuffer(count: 0)
      inputWeights = pack(
        weights.inputWeights, rows: shape.gateRows, columns: shape.inputSize)
      finisher = .described(DescribedStepper(shape: shape, weights: weights))
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
    let sumsLength = inputBias.count
    let isFused = FusedCell.knows(shape)
    changedStep = schedule.map { _ in
      ChangedStep(shape: shape, weights: weights, sumsLength: sumsLength) { gate, unit in
        isFused
          ? FusedCell.placeOfSum(gate: gate, unit: unit, cell: shape.cell)
          : gate * shape.hiddenSize + unit
      }
    }
  }

  /// h' and c', what the next step begins with.
  var state: NetworkState.TrackState {
    get {
      func values(_ buffer: FloatBuffer, _ count: Int) -> [Float] {
        Array(UnsafeBufferPointer(start: buffer.pointer, count: count))
      }
      return NetworkState.TrackState(
        hidden: values(hidden, shape.recurrentSize),
        cell: shape.cell.hasCellState ? values(cell, shape.carriedSize) : nil)
    }
    set {
      hidden.pointer.update(from: newValue.hidden, count: shape.recurrentSize)
      if let values = newValue.cell { cell.pointer.update(from: values, count: shape.carriedSize) }
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
  ///   - first: the number of the first of them in time, which interventions are told.
  ///   - signals: receives (count, signalsLength).
  ///   - isReversed: takes the last first.
  func finish(
    count: Int, first: Int, signals: UnsafeMutablePointer<Float>, isReversed: Bool = false
  ) {
    guard let schedule, let changedStep else {
      finish(0..<count, signals: signals, isReversed: isReversed)
      return
    }
    let steps = first..<first + count
    var left = steps
    while !left.isEmpty {
      let next = isReversed ? left.upperBound - 1 : left.lowerBound
      let (isBusy, stretch) = schedule.stretch(from: next, in: left)
      if isBusy {
        let row = next - first
        if case .described(let cells) = finisher {
          finishChanged(cells, row: row, step: next, signals: signals, schedule)
          left = isReversed ? left.lowerBound..<next : next + 1..<left.upperBound
          continue
        }
        remember(row, in: changedStep)
        finish(row..<row + 1, signals: signals, isReversed: isReversed)
        changedStep.apply(schedule, step: next, row: signals + row * signalsLength)
        takeState(from: signals + row * signalsLength)
        left = isReversed ? left.lowerBound..<next : next + 1..<left.upperBound
      } else {
        finish(
          stretch.lowerBound - first..<stretch.upperBound - first, signals: signals,
          isReversed: isReversed)
        left =
          isReversed
          ? left.lowerBound..<stretch.lowerBound : stretch.upperBound..<left.upperBound
      }
    }
  }

  /// A described cell's step asks after every signal, so that what follows is computed of what somebody
  /// has made of it.
  private func finishChanged(
    _ cells: DescribedStepper, row: Int, step: Int, signals: UnsafeMutablePointer<Float>,
    _ schedule: InterventionSchedule
  ) {
    let target = signals + row * signalsLength
    let known = shape.signals
    let units = shape.hiddenSize
    cells.finish(
      sums: sums + row * sumsLength, hidden: hidden.pointer, cell: cell.pointer, signals: target
    ) { signal in
      let place = known.firstIndex(of: signal) ?? 0
      schedule.apply(to: signal, target + place * units, step: step) { _ in }
    }
    schedule.remember(target, step: step, shape: shape)
  }

  /// What a step starts from, before the kernels overwrite it.
  private func remember(_ row: Int, in step: ChangedStep) {
    step.hidden.pointer.update(from: hidden.pointer, count: shape.recurrentSize)
    step.cell.pointer.update(from: cell.pointer, count: step.cell.count)
    step.sums.pointer.update(from: sums + row * sumsLength, count: sumsLength)
  }

  /// h and c of a row of signals are what the next step begins with.
  private func takeState(from row: UnsafePointer<Float>) {
    let size = shape.recurrentSize
    hidden.pointer.update(from: row + (signalsLength - size), count: size)
    if shape.cell.hasCellState {
      cell.pointer.update(from: row + shape.carriedOffset, count: shape.carriedSize)
    }
  }

  /// Takes the steps of some rows of the block.
  private func finish(
    _ rows: Range<Int>, signals: UnsafeMutablePointer<Float>, isReversed: Bool
  ) {
    switch finisher {
    case .fused(let cells):
      cells.finish(
        count: rows.count, sums: sums + rows.lowerBound * sumsLength, sumsLength: sumsLength,
        signals: signals + rows.lowerBound * signalsLength,
        isReversed: isReversed, hidden: hidden.pointer, cell: cell.pointer, team: team)
    case .variant(let cells):
      for step in isReversed ? Array(rows.reversed()) : Array(rows) {
        cells.finish(
          sums: sums + step * sumsLength, recurrentBias: recurrentBias, hidden: hidden.pointer,
          cell: cell.pointer, signals: signals + step * signalsLength)
      }
    case .described(let cells):
      for step in isReversed ? Array(rows.reversed()) : Array(rows) {
        cells.finish(
          sums: sums + step * sumsLength, hidden: hidden.pointer, cell: cell.pointer,
          signals: signals + step * signalsLength)
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
