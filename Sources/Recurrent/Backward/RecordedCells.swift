/// One step back through each kind of cell.
extension RecordedBackward {
  /// The slope of a gate's or the candidate's activation where its sum was bounded first.
  private func slope(_ activation: Activation, row: Int, giving y: Float) -> Float {
    let x = sums.pointer[row]
    if let clip = shape.clip, abs(x) > clip { return 0 }
    return activation.slope(at: x, giving: y)
  }

  /// Keeps the gradients of the final values of a signal that is changed.
  private func keep(
    _ signal: Signal, _ step: Step, _ count: Int, _ gradient: (Int) -> Float
  ) {
    guard step.changes?.factors[signal] != nil else { return }
    finalGradients[signal] = (0..<count).map(gradient)
  }

  /// ∂/∂ the h that the cell computed, from that of the final one.
  private func computedHidden(
    _ step: Step, _ hidden: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    guard let factors = step.changes?.factors[.h] else { return hidden }
    keep(.h, step, shape.recurrentSize) { hidden[$0] }
    for unit in 0..<shape.recurrentSize {
      changedHidden.pointer[unit] = hidden[unit] * factors[unit]
    }
    return UnsafePointer(changedHidden.pointer)
  }

  func stepLSTM(
    _ step: Step, hidden: UnsafePointer<Float>, cell: UnsafeMutablePointer<Float>,
    gates: UnsafeMutablePointer<Float>
  ) {
    let units = shape.hiddenSize
    let (z, f) = (step.signals, step.signals + units)
    let (i, o, c) = (f + units, f + 2 * units, f + 3 * units)
    let activations = shape.activations
    project(computedHidden(step, hidden))
    let changes = step.changes
    if let changes { passShown(step, changes) }
    let (ofZs, ofFs) = (changes?.slopes(.z), changes?.slopes(.f))
    let (ofIs, ofOs, ofCs) = (changes?.slopes(.i), changes?.slopes(.o), changes?.slopes(.c))
    var finals: [Signal: [Float]] = [:]
    for signal in changes?.factors.keys.map({ $0 }) ?? [] where signal != .h && signal != .m {
      finals[signal] = Array(repeating: 0, count: units)
    }
    for u in 0..<units {
      let peepholes = (f: peephole(0, u), i: peephole(1, u), o: peephole(2, u))
      let seen = activations.output(c[u])
      let reaching = shown.pointer[u]
      let finalO = ofOs.reached(u, reaching * seen)
      let ofO =
        ofOs.passed(u, finalO)
        * slope(activations.gates, row: 3 * units + u, giving: ofOs.before(u, o[u]))
      let finalC =
        carriedCell.pointer[u]
        + reaching * o[u] * activations.output.slope(at: c[u], giving: seen) + ofO * peepholes.o
      cell[u] = finalC
      let ofC = ofCs.passed(u, finalC)
      let before = step.previousCell[u]
      let finalZ = ofZs.reached(u, ofC * i[u])
      let ofZ =
        ofZs.passed(u, finalZ)
        * slope(activations.candidate, row: u, giving: ofZs.before(u, z[u]))
      let finalF = ofFs.reached(u, ofC * before)
      let passedF = ofFs.passed(u, finalF)
      let finalI = ofIs.reached(u, ofC * z[u] - (shape.isCoupled ? passedF : 0))
      let ofI =
        ofIs.passed(u, finalI)
        * slope(activations.gates, row: 2 * units + u, giving: ofIs.before(u, i[u]))
      let ofF =
        shape.isCoupled
        ? 0
        : passedF * slope(activations.gates, row: units + u, giving: ofFs.before(u, f[u]))
      if !finals.isEmpty {
        for (signal, value) in [
          (Signal.z, finalZ), (.f, finalF), (.i, finalI), (.o, finalO), (.c, finalC),
        ] { finals[signal]?[u] = value }
      }
      carriedCell.pointer[u] = ofC * f[u] + ofI * peepholes.i + ofF * peepholes.f
      gates[u] = ofZ
      gates[units + u] = ofF
      gates[2 * units + u] = ofI
      gates[3 * units + u] = ofO
    }
    finalGradients.merge(finals) { $1 }
    products.pointer.update(from: gates, count: shape.gateRows)
    multiplyBack()
  }

  /// ∂/∂m as the cell computed it, where that is changed before it is projected.
  private func passShown(_ step: Step, _ changes: StepChanges) {
    guard let slopes = changes.slopes(.m) else { return }
    for unit in 0..<shape.hiddenSize {
      shown.pointer[unit] =
        slopes.arriving.map { shown.pointer[unit] + $0[unit] } ?? shown.pointer[unit]
    }
    keep(.m, step, shape.hiddenSize) { shown.pointer[$0] }
    guard let factors = slopes.factors else { return }
    for unit in 0..<shape.hiddenSize { shown.pointer[unit] *= factors[unit] }
  }

  private func peephole(_ gate: Int, _ unit: Int) -> Float {
    weights.peepholes?[gate * shape.hiddenSize + unit] ?? 0
  }

  func stepGRU(
    _ step: Step, hidden: UnsafePointer<Float>, gates: UnsafeMutablePointer<Float>
  ) {
    let units = shape.hiddenSize
    let (r, u, n) = (step.signals, step.signals + units, step.signals + 2 * units)
    let before = step.previousHidden
    let activations = shape.activations
    let hidden = computedHidden(step, hidden)
    let (ofRs, ofUs) = (step.changes?.slopes(.r), step.changes?.slopes(.u))
    let ofNs = step.changes?.slopes(.n)
    for unit in 0..<units {
      let ofH = hidden[unit]
      gates[units + unit] =
        ofUs.passed(unit, ofUs.reached(unit, ofH * (before[unit] - n[unit])))
        * slope(activations.gates, row: units + unit, giving: ofUs.before(unit, u[unit]))
      gates[2 * units + unit] =
        ofNs.passed(unit, ofNs.reached(unit, ofH * (1 - u[unit])))
        * slope(
          activations.candidate, row: 2 * units + unit, giving: ofNs.before(unit, n[unit]))
    }
    keep(.u, step, units) { ofUs.reached($0, hidden[$0] * (before[$0] - n[$0])) }
    keep(.n, step, units) { ofNs.reached($0, hidden[$0] * (1 - u[$0])) }
    let ofN = gates + 2 * units
    if shape.resetsBefore {
      multiplyCandidateBack(ofN)
      for unit in 0..<units {
        gates[unit] =
          ofRs.passed(unit, ofRs.reached(unit, candidateSums.pointer[unit] * before[unit]))
          * slope(activations.gates, row: unit, giving: ofRs.before(unit, r[unit]))
      }
      keep(.r, step, units) { ofRs.reached($0, candidateSums.pointer[$0] * before[$0]) }
      products.pointer.update(from: gates, count: 2 * units)
      multiplyBack()
      for unit in 0..<units {
        carriedHidden.pointer[unit] += candidateSums.pointer[unit] * r[unit]
      }
    } else {
      multiplyResetProduct(before)
      for unit in 0..<units {
        gates[unit] =
          ofRs.passed(unit, ofRs.reached(unit, ofN[unit] * candidateSums.pointer[unit]))
          * slope(activations.gates, row: unit, giving: ofRs.before(unit, r[unit]))
      }
      keep(.r, step, units) { ofRs.reached($0, ofN[$0] * candidateSums.pointer[$0]) }
      products.pointer.update(from: gates, count: 2 * units)
      for unit in 0..<units { products.pointer[2 * units + unit] = ofN[unit] * r[unit] }
      multiplyBack()
    }
    for unit in 0..<units { carriedHidden.pointer[unit] += hidden[unit] * u[unit] }
  }

  func stepRNN(
    _ step: Step, hidden: UnsafePointer<Float>, gates: UnsafeMutablePointer<Float>
  ) {
    let hidden = computedHidden(step, hidden)
    let ofHs = step.changes?.slopes(.h)
    for unit in 0..<shape.hiddenSize {
      gates[unit] =
        hidden[unit]
        * slope(
          shape.activations.candidate, row: unit,
          giving: ofHs.before(unit, step.signals[unit]))
    }
    products.pointer.update(from: gates, count: shape.gateRows)
    multiplyBack()
  }
}
