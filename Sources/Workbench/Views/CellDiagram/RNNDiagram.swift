import Inspector
import Recurrent
import Screen

/// A plain recurrent cell, alive: x and h' are weighed, added up and sent through tanh. All that it
/// remembers is h, so there is one row: h', the sum, tanh, h.
struct RNNDiagram: CellDiagram {
  let state: State
  let layout: DiagramLayout

  init(state: State, body: Rect) {
    self.state = state
    layout = DiagramLayout(
      state, body: body, form: .init(hasLower: false, explainsOperators: false, inputWidth: 0))
  }

  private enum Slot {
    static let previous = 0
    static let sum = 2
    static let hidden = 5
    static let readout = 7
  }

  var strips: [DiagramStrip] {
    let vectors = StepVectors(state, places: layout.places)
    return [
      DiagramStrip("h′", vectors.previous(.h), .h, slot: Slot.previous, isUpper: true),
      DiagramStrip("h", vectors.current(.h), .h, slot: Slot.hidden, isUpper: true),
    ]
  }

  func draw(into grid: inout Grid) {
    drawFlow(&grid)
    drawUnitNumbers(&grid, hasLower: false)
    drawStrips(&grid)
    drawReadout(
      &grid, in: Slot.readout, after: Slot.hidden, to: layout.upperEnd - 1, top: layout.upperEnd)
    drawEquation(&grid)
  }

  private var activation: String {
    Words.symbol(of: state.currentTrack.activations.candidate)
  }

  /// h' ━━⊕━━ tanh ━━ h ━━▶, with x from below.
  private func drawFlow(_ grid: inout Grid) {
    let y = layout.flowRow
    drawFlow(&grid, from: Slot.previous)
    let sum = layout.center(Slot.sum)
    pen.operation(&grid, "⊕", x: sum, y: y)
    pen.box(&grid, "R", centre: (layout.right(Slot.previous) + sum) / 2, y: y)
    pen.box(&grid, activation, centre: (sum + layout.left(Slot.hidden)) / 2, y: y)
    // x, weighed on its way up.
    pen.column(&grid, x: sum, from: y + 2, to: layout.busRow - 1)
    pen.arrow(&grid, .up, x: sum, y: y + 1)
    pen.box(&grid, "W", centre: sum, y: layout.busRow - 1)
    let input = DiagramInput(state)
    // The mark of x stands under its line, whatever its name takes.
    _ = input.draw(into: &grid, x: sum - 2, y: layout.busRow, room: input.width)
  }

  private func drawEquation(_ grid: inout Grid) {
    guard state.unit < state.currentTrack.units(of: .h) else { return }
    let h = state.trace.value(track: state.track, signal: .h, step: state.step, unit: state.unit)
    let result: DiagramPen.Part = (Numbers.value(h), theme.accent)
    let label: DiagramPen.Part = ("unit \(state.unitNumber)  ", theme.accent)
    drawEquation(
      &grid,
      [
        [label, (Words.plainEquation(activation), theme.muted), result],
        [label, ("h = ", theme.muted), result],
      ])
  }
}
