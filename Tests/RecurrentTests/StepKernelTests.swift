import CLSTMKernel
import Recurrent
import Testing

/// A step in one pass gives the bits of its parts, taken one after the other: a product, then the cell.
@Suite struct StepKernelTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var cell: gs_cell
    var units: Int
    var outputs: Int?
    var hasPeepholes = false

    var testDescription: String {
      "\(gs_gates(cell)) gates, \(units) units, \(outputs ?? units) outputs, \(hasPeepholes)"
    }
  }

  /// Whole panels, panels with a rest, and less than a panel.
  static let cases = [
    Case(cell: gs_cell_lstm, units: 64), Case(cell: gs_cell_lstm, units: 37),
    Case(cell: gs_cell_lstm, units: 5, hasPeepholes: true),
    Case(cell: gs_cell_lstm, units: 48, hasPeepholes: true),
    Case(cell: gs_cell_lstm, units: 50, outputs: 3, hasPeepholes: true),
    Case(cell: gs_cell_lstm, units: 96, outputs: 65),
    Case(cell: gs_cell_gru, units: 64), Case(cell: gs_cell_gru, units: 39),
    Case(cell: gs_cell_gru, units: 1), Case(cell: gs_cell_rnn, units: 128),
    Case(cell: gs_cell_rnn, units: 70), Case(cell: gs_cell_rnn, units: 2),
  ]

  @Test(arguments: cases, OracleTests.kernels)
  func aStepGivesTheBitsOfItsParts(_ example: Case, _ kernel: String) {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let layer = TestLayer(example)
    let expected = layer.stepsByParts()
    #expect(expected.allSatisfy(\.isFinite) && Set(expected).count > 2)
    let team = gs_team_create_always()
    defer { gs_team_destroy(team) }
    #expect(layer.steps(team: nil, inBlocksOf: 9, isReversed: false) == expected)
    gs_team_wake(team)
    #expect(layer.steps(team: team, inBlocksOf: 4, isReversed: false) == expected)
    #expect(layer.steps(team: team, inBlocksOf: 4, isReversed: true) == expected)
    gs_team_rest(team)
    #expect(layer.steps(team: team, inBlocksOf: 9, isReversed: false) == expected)
  }

  /// The helper may be put aside at any time, and the next caller of the team may be another job.
  @Test func manyShortJobsGiveTheSameBits() {
    let layer = TestLayer(Case(cell: gs_cell_lstm, units: 40, outputs: 30))
    let expected = layer.stepsByParts()
    let team = gs_team_create_always()
    defer { gs_team_destroy(team) }
    var differing = 0
    for round in 0..<24 {
      if round % 7 == 0 { gs_team_wake(team) }
      if layer.steps(team: team, inBlocksOf: 1 + round % 9, isReversed: false) != expected {
        differing += 1
      }
      if round % 7 == 5 { gs_team_rest(team) }
    }
    #expect(differing == 0)
  }
}

/// A layer with random weights, as rows and as the kernel packs them, and sums of nine steps.
private struct TestLayer {
  let example: StepKernelTests.Case
  let stepCount = 9
  let gates: Int
  let outputs: Int
  let rowLength: Int
  private let recurrent, bias, peepholes, projection, sums: [Float]

  init(_ example: StepKernelTests.Case) {
    self.example = example
    let units = example.units
    gates = gs_gates(example.cell)
    outputs = example.outputs ?? units
    let before = [4: 5, 3: 3, 1: 0][gates]! + (example.outputs == nil ? 0 : 1)
    rowLength = before * units + outputs
    var numbers = TestNumbers(seed: UInt64(units))
    recurrent = numbers.values(gates * units * outputs, scale: 0.3)
    bias = numbers.values(gates * units, scale: 0.5)
    peepholes = example.hasPeepholes ? numbers.values(3 * units, scale: 0.5) : []
    projection = example.outputs == nil ? [] : numbers.values(outputs * units, scale: 0.3)
    sums = numbers.values(stepCount * gates * units, scale: 1)
  }

  /// The signals of all steps in the order in which they are taken.
  func steps(team: OpaquePointer?, inBlocksOf count: Int, isReversed: Bool) -> [Float] {
    let (cell, units) = (example.cell, example.units)
    let panels = gs_panels(cell, units)
    let packed = FloatBuffer(count: panels * gs_panel_rows(cell) * outputs)
    gs_pack_gates(recurrent, cell, units, outputs, gs_panel_rows(cell), packed.pointer)
    let length = gs_sums_length(cell, units)
    let packedBias = FloatBuffer(inOrderOfSums(bias))
    let padded = panels * gs_panel_units(cell)
    var packedPeepholes = [Float](repeating: 0, count: 3 * padded)
    for (k, value) in peepholes.enumerated() {
      packedPeepholes[k / units * padded + k % units] = value
    }
    let looks = FloatBuffer(packedPeepholes)
    let shown = FloatBuffer(count: gs_padded(outputs) * units)
    if !projection.isEmpty { gs_pack(projection, outputs, units, shown.pointer) }
    let layer = gs_layer(
      cell: cell, units: units, outputs: outputs, recurrent: UnsafePointer(packed.pointer),
      recurrent_bias: UnsafePointer(packedBias.pointer),
      peepholes: peepholes.isEmpty ? nil : UnsafePointer(looks.pointer),
      projection: projection.isEmpty ? nil : UnsafePointer(shown.pointer))
    let hidden = FloatBuffer(count: units)
    let state = FloatBuffer(count: units)
    // What lies before and behind the rows must stay as it is.
    let guardLength = 64
    var signals: [Float] = []
    for start in stride(from: 0, to: stepCount, by: count) {
      let taken = min(count, stepCount - start)
      let rows = FloatBuffer([Float](repeating: 7, count: taken * rowLength + 2 * guardLength))
      let ours = FloatBuffer(count: taken * length)
      for step in 0..<taken {
        let row = isReversed ? taken - 1 - step : step
        let values = Array(sums[((start + step) * gates * units)...].prefix(gates * units))
        (ours.pointer + row * length).update(from: inOrderOfSums(values), count: length)
      }
      let first = isReversed ? taken - 1 : 0
      // The layer points into the buffers.
      withExtendedLifetime((packed, packedBias, looks, shown, hidden, state, ours, rows)) {
        withUnsafePointer(to: layer) { layer in
          var steps = gs_steps(
            layer: layer, count: taken, sums: ours.pointer + first * length,
            sums_stride: isReversed ? -length : length,
            signals: rows.pointer + guardLength + first * rowLength,
            signals_stride: isReversed ? -rowLength : rowLength, hidden: hidden.pointer,
            cell: state.pointer)
          gs_team_steps(team, &steps)
        }
      }
      let all = withExtendedLifetime((rows, ours)) {
        Array(UnsafeBufferPointer(start: rows.pointer, count: rows.count))
      }
      #expect((all.prefix(guardLength) + all.suffix(guardLength)).allSatisfy { $0 == 7 })
      for step in 0..<taken {
        let row = isReversed ? taken - 1 - step : step
        signals += all[(guardLength + row * rowLength)...].prefix(rowLength)
      }
    }
    return signals
  }

  private func inOrderOfSums(_ vector: [Float]) -> [Float] {
    var values = [Float](repeating: 0, count: gs_sums_length(example.cell, example.units))
    gs_pack_gates(vector, example.cell, example.units, 1, Int(gs_panel), &values)
    return values
  }

  /// The same by gs_multiply and the cells' own functions.
  func stepsByParts() -> [Float] {
    let units = example.units
    let packed = packedRows(recurrent, rows: gates * units, columns: outputs)
    let shown = packedRows(projection, rows: projection.count / units, columns: units)
    let looks = FloatBuffer(peepholes)
    let hidden = FloatBuffer(count: gs_padded(max(outputs, units)))
    let state = FloatBuffer(count: units)
    var signals: [Float] = []
    // What is read through pointers lives as long as they do.
    defer { withExtendedLifetime((packed, shown, looks, hidden, state)) {} }
    for step in 0..<stepCount {
      let values = Array(sums[(step * gates * units)...].prefix(gates * units))
      let input = FloatBuffer(count: gs_padded(gates * units))
      input.pointer.update(from: values, count: values.count)
      let row = FloatBuffer(count: rowLength)
      if example.cell == gs_cell_gru {
        let product = FloatBuffer(count: gs_padded(gates * units))
        product.pointer.update(from: bias, count: bias.count)
        gs_multiply(packed.pointer, gates * units, outputs, hidden.pointer, product.pointer)
        gs_gru_cell(input.pointer, product.pointer, hidden.pointer, units, row.pointer)
      } else {
        gs_multiply(packed.pointer, gates * units, outputs, hidden.pointer, input.pointer)
        if example.cell == gs_cell_rnn {
          gs_tanh(input.pointer, units, row.pointer)
        } else {
          gs_lstm_cell(
            input.pointer, state.pointer, peepholes.isEmpty ? nil : looks.pointer, units,
            row.pointer)
          state.pointer.update(from: row.pointer + 4 * units, count: units)
        }
      }
      if !projection.isEmpty {
        let product = FloatBuffer(count: gs_padded(outputs))
        gs_multiply(
          shown.pointer, outputs, units, row.pointer + 5 * units, product.pointer)
        (row.pointer + 6 * units).update(from: product.pointer, count: outputs)
      }
      hidden.pointer.update(from: row.pointer + rowLength - outputs, count: outputs)
      withExtendedLifetime((input, row)) {
        signals += UnsafeBufferPointer(start: row.pointer, count: rowLength)
      }
    }
    return signals
  }

  private func packedRows(_ matrix: [Float], rows: Int, columns: Int) -> FloatBuffer {
    let packed = FloatBuffer(count: gs_padded(rows) * columns)
    gs_pack(matrix, rows, columns, packed.pointer)
    return packed
  }
}
