/// One step back through each kind of cell.
extension RecordedBackward {
  /// The slope of a gate's or the candidate's activation where its sum was bounded first.
  private func slope(_ activation: Activation, row: Int, giving y: Float) -> Float {
    let x = sums.pointer[row]
    if let clip = shape.clip, abs(x) > clip { return 0 }
    return activation.slope(at: x, giving: y)
  }

  func stepLSTM(
    _ step: Step, hidden: UnsafePointer<Float>, cell: UnsafeMutablePointer<Float>,
    gates: UnsafeMutablePointer<Float>
  ) {
    let units = shape.hiddenSize
    let (z, f) = (step.signals, step.signals + units)
    let (i, o, c) = (f + units, f + 2 * units, f + 3 * units)
    let activations = shape.activations
    project(hidden)
    for u in 0..<units {
      let peepholes = (f: peephole(0, u), i: peephole(1, u), o: peephole(2, u))
      let seen = activations.output(c[u])
      let reaching = shown.pointer[u]
      let ofO = reaching * seen * slope(activations.gates, row: 3 * units + u, giving: o[u])
      let ofC =
        carriedCell.pointer[u]
        + reaching * o[u] * activations.output.slope(at: c[u], giving: seen) + ofO * peepholes.o
      cell[u] = ofC
      let before = step.previousCell[u]
      let ofZ = ofC * i[u] * slope(activations.candidate, row: u, giving: z[u])
      let written = shape.isCoupled ? z[u] - before : z[u]
      let ofI = ofC * written * slope(activations.gates, row: 2 * units + u, giving: i[u])
      let ofF =
        shape.isCoupled
        ? 0 : ofC * before * slope(activations.gates, row: units + u, giving: f[u])
      carriedCell.pointer[u] = ofC * f[u] + ofI * peepholes.i + ofF * peepholes.f
      gates[u] = ofZ
      gates[units + u] = ofF
      gates[2 * units + u] = ofI
      gates[3 * units + u] = ofO
    }
    products.pointer.update(from: gates, count: shape.gateRows)
    multiplyBack()
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
    for unit in 0..<units {
      let ofH = hidden[unit]
      gates[units + unit] =
        ofH * (before[unit] - n[unit])
        * slope(activations.gates, row: units + unit, giving: u[unit])
      gates[2 * units + unit] =
        ofH * (1 - u[unit])
        * slope(activations.candidate, row: 2 * units + unit, giving: n[unit])
    }
    let ofN = gates + 2 * units
    if shape.resetsBefore {
      multiplyCandidateBack(ofN)
      for unit in 0..<units {
        gates[unit] =
          candidateSums.pointer[unit] * before[unit]
          * slope(activations.gates, row: unit, giving: r[unit])
      }
      products.pointer.update(from: gates, count: 2 * units)
      multiplyBack()
      for unit in 0..<units {
        carriedHidden.pointer[unit] += candidateSums.pointer[unit] * r[unit]
      }
    } else {
      multiplyResetProduct(before)
      for unit in 0..<units {
        gates[unit] =
          ofN[unit] * candidateSums.pointer[unit]
          * slope(activations.gates, row: unit, giving: r[unit])
      }
      products.pointer.update(from: gates, count: 2 * units)
      for unit in 0..<units { products.pointer[2 * units + unit] = ofN[unit] * r[unit] }
      multiplyBack()
    }
    for unit in 0..<units { carriedHidden.pointer[unit] += hidden[unit] * u[unit] }
  }

  func stepRNN(
    _ step: Step, hidden: UnsafePointer<Float>, gates: UnsafeMutablePointer<Float>
  ) {
    for unit in 0..<shape.hiddenSize {
      gates[unit] =
        hidden[unit]
        * slope(shape.activations.candidate, row: unit, giving: step.signals[unit])
    }
    products.pointer.update(from: gates, count: shape.gateRows)
    multiplyBack()
  }
}
