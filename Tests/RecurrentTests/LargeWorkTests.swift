import CLSTMKernel
import Testing

@testable import Recurrent

/// What is done in parts, against the same done at once.
@Suite struct LargeWorkTests {
  @Test(arguments: [(0, 1), (1, 1), (1000, 1), (3_000_001, 1), (37, 100_000), (4, 1 << 30)])
  func everyPartIsDoneOnce(count: Int, weight: Int) {
    let marks = FloatBuffer(count: max(1, count))
    LargeWork.parts(of: count, weight: weight) { part in
      for place in part { marks.pointer[place] += 1 }
    }
    #expect((0..<count).allSatisfy { marks.pointer[$0] == 1 })
  }

  @Test(arguments: [0, 1, 17, 2_500_003]) func anArrayIsWhole(count: Int) {
    let values = LargeWork.array(count: count) { part, target in
      for place in part { (target + (place - part.lowerBound)).initialize(to: Float(place)) }
    }
    #expect(values.count == count && values.indices.allSatisfy { values[$0] == Float($0) })
  }

  @Test(arguments: [0, 16, 1_999_999, 2_000_000, 2_000_016]) func whatIsNoNumberIsFound(
    at place: Int
  ) {
    var values = [Float](repeating: .greatestFiniteMagnitude, count: 2_000_017)
    #expect(LargeWork.areFinite(values))
    for wrong in [Float.nan, .infinity, -.infinity] {
      values[place] = wrong
      #expect(!LargeWork.areFinite(values))
    }
    #expect(LargeWork.areFinite([]) && LargeWork.areFinite([0, -1]))
  }

  @Test(arguments: [3, 1_200_000]) func partsChangePlaces(count: Int) {
    var values = (0..<3 * count + 1).map(Float.init)
    LargeWork.exchange(&values, 1, 2 * count + 1, count: count)
    #expect(values[0] == 0 && values[1] == Float(2 * count + 1))
    #expect(values[2 * count + 1] == 1 && values[3 * count] == Float(count))
    #expect(
      values[count + 1..<2 * count + 1].elementsEqual((count + 1..<2 * count + 1).map(Float.init)))
  }

  /// Rows in the order of the sums, column by column, as gs_pack_gates is described; in parts as whole.
  @Test(arguments: [
    (gs_cell_lstm, 1, 1), (gs_cell_lstm, 37, 19), (gs_cell_gru, 40, 33), (gs_cell_gru, 5, 16),
    (gs_cell_rnn, 70, 47),
  ])
  func packingInPartsIsPacking(_ cell: gs_cell, units: Int, columns: Int) {
    let gates = gs_gates(cell)
    let matrix = (0..<gates * units * columns).map { Float($0 + 1) }
    let (panelUnits, panelRows) = (gs_panel_units(cell), gs_panel_rows(cell))
    for width in [panelRows, Int(gs_panel)] {
      let panels = (gs_panels(cell, units) * panelRows + width - 1) / width
      var whole = [Float](repeating: -1, count: panels * width * columns)
      gs_pack_gates(matrix, cell, units, columns, width, &whole)
      var parts = [Float](repeating: -1, count: whole.count)
      for cut in [0..<panels / 2, panels / 2..<panels] {
        gs_pack_gates_part(
          matrix, cell, units, columns, width, cut.lowerBound, cut.upperBound, &parts)
      }
      #expect(whole == parts)
      for (place, value) in whole.enumerated() {
        let (panel, rest) = place.quotientAndRemainder(dividingBy: width * columns)
        let (column, r) = rest.quotientAndRemainder(dividingBy: width)
        let row = panel * width + r
        let gate = row % panelRows / panelUnits
        let unit = row / panelRows * panelUnits + row % panelUnits
        let wanted = unit < units ? matrix[(gate * units + unit) * columns + column] : 0
        guard value == wanted else {
          Issue.record("\(place): \(value), not \(wanted)")
          return
        }
      }
    }
  }
}
