/// A step on which interventions apply: what the kernels have computed is changed, and what depends on
/// the changed values is computed again, for those units alone. A value that nothing has changed keeps
/// its bits, so an intervention that changes nothing is none.
final class ChangedStep {
  private let shape: LayerShape
  private let weights: LayerWeights
  /// Where a unit's gate stands among the sums of the input.
  private let placeOfSum: (_ gate: Int, _ unit: Int) -> Int
  private var isDirty: [Bool]  // (H)
  private var isShownDirty: [Bool]  // (H)
  /// h' and c' and the input's sums as they were before the kernel took the step.
  let hidden: FloatBuffer  // (P)
  let cell: FloatBuffer  // (H)
  let sums: FloatBuffer

  init(
    shape: LayerShape, weights: LayerWeights, sumsLength: Int,
    placeOfSum: @escaping (_ gate: Int, _ unit: Int) -> Int
  ) {
    self.shape = shape
    self.weights = weights
    self.placeOfSum = placeOfSum
    isDirty = Array(repeating: false, count: shape.hiddenSize)
    isShownDirty = isDirty
    hidden = FloatBuffer(count: shape.recurrentSize)
    cell = FloatBuffer(count: shape.carriedSize)
    sums = FloatBuffer(count: sumsLength)
  }

  private var units: Int { shape.hiddenSize }

  /// Applies the interventions of a step to its row of signals.
  func apply(
    _ schedule: InterventionSchedule, step: Int, row: UnsafeMutablePointer<Float>
  ) {
    for unit in 0..<units {
      isDirty[unit] = false
      isShownDirty[unit] = false
    }
    switch shape.cell {
    case .lstm: applyLSTM(schedule, step, row)
    case .gru: applyGRU(schedule, step, row)
    case .rnn: schedule.apply(to: .h, row, step: step) { _ in }
    case .described: preconditionFailure("its step asks after every signal")
    }
    schedule.remember(row, step: step, shape: shape)
  }

  // MARK: - LSTM

  private func applyLSTM(
    _ schedule: InterventionSchedule, _ step: Int, _ row: UnsafeMutablePointer<Float>
  ) {
    let (z, f, i) = (row, row + units, row + 2 * units)
    let (o, c, m) = (row + 3 * units, row + 4 * units, row + 5 * units)
    schedule.apply(to: .z, z, step: step) { isDirty[$0] = true }
    schedule.apply(to: .i, i, step: step) { unit in
      isDirty[unit] = true
      if shape.isCoupled { f[unit] = 1 - i[unit] }
    }
    schedule.apply(to: .f, f, step: step) { isDirty[$0] = true }
    for unit in 0..<units where isDirty[unit] {
      c[unit] = f[unit] * cell.pointer[unit] + i[unit] * z[unit]
    }
    schedule.apply(to: .c, c, step: step) { isDirty[$0] = true }
    if let peepholes = weights.peepholes {
      for unit in 0..<units where isDirty[unit] {
        let sum = self.sum(gate: 3, unit) + Double(peepholes[2 * units + unit]) * Double(c[unit])
        o[unit] = shape.activations.gates(bounded(sum))
      }
    }
    schedule.apply(to: .o, o, step: step) { isShownDirty[$0] = true }
    var isAnyShown = false
    for unit in 0..<units where isDirty[unit] || isShownDirty[unit] {
      m[unit] = o[unit] * shape.activations.output(c[unit])
      isAnyShown = true
    }
    guard let projection = weights.projection else {
      schedule.apply(to: .h, m, step: step) { _ in }
      return
    }
    schedule.apply(to: .m, m, step: step) { _ in isAnyShown = true }
    let h = row + 6 * units
    if isAnyShown {
      for output in 0..<shape.recurrentSize {
        var sum = 0.0
        for unit in 0..<units {
          sum += Double(projection[output * units + unit]) * Double(m[unit])
        }
        h[output] = Float(sum)
      }
    }
    schedule.apply(to: .h, h, step: step) { _ in }
  }

  // MARK: - GRU

  private func applyGRU(
    _ schedule: InterventionSchedule, _ step: Int, _ row: UnsafeMutablePointer<Float>
  ) {
    let (r, u) = (row, row + units)
    let (n, h) = (row + 2 * units, row + 3 * units)
    var isAnyReset = false
    schedule.apply(to: .r, r, step: step) { unit in
      isDirty[unit] = true
      isAnyReset = true
    }
    if isAnyReset {
      for unit in 0..<units where isDirty[unit] || shape.resetsBefore {
        n[unit] = candidate(unit, resets: r)
        isDirty[unit] = true
      }
    }
    schedule.apply(to: .n, n, step: step) { isDirty[$0] = true }
    schedule.apply(to: .u, u, step: step) { isDirty[$0] = true }
    for unit in 0..<units where isDirty[unit] {
      h[unit] = (1 - u[unit]) * n[unit] + u[unit] * hidden.pointer[unit]
    }
    schedule.apply(to: .h, h, step: step) { _ in }
  }

  private func candidate(_ unit: Int, resets r: UnsafePointer<Float>) -> Float {
    let input = Double(sums.pointer[placeOfSum(2, unit)])
    let columns = shape.recurrentSize
    let start = (2 * units + unit) * columns
    var product = 0.0
    for column in 0..<columns {
      let reset = shape.resetsBefore ? Double(r[column]) : 1
      product +=
        Double(weights.recurrentWeights[start + column]) * reset * Double(hidden.pointer[column])
    }
    if !shape.resetsBefore {
      product += Double(weights.recurrentBias?[2 * units + unit] ?? 0)
      product *= Double(r[unit])
    }
    return shape.activations.candidate(bounded(input + product))
  }

  // MARK: - Sums

  /// W x + R h' and the biases of an LSTM's gate.
  private func sum(gate: Int, _ unit: Int) -> Double {
    let columns = shape.recurrentSize
    let start = (gate * units + unit) * columns
    var sum = Double(sums.pointer[placeOfSum(gate, unit)])
    for column in 0..<columns {
      sum += Double(weights.recurrentWeights[start + column]) * Double(hidden.pointer[column])
    }
    return sum
  }

  private func bounded(_ sum: Double) -> Float {
    guard let clip = shape.clip else { return Float(sum) }
    return min(max(Float(sum), -clip), clip)
  }
}
