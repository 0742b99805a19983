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
    drawReadout(&grid)
    drawEquation(&grid)
  }

  private var activation: String {
    Words.symbol(of: state.currentTrack.activations.candidate)
  }

  /// h' ━━⊕━━ tanh ━━ h ━━▶, with x from below.
  private func drawFlow(_ grid: inout Grid) {
    let y = layout.flowRow
    pen.line(&grid, from: layout.right(Slot.previous), to: layout.body.maxX - 1, y: y, isLit: true)
    pen.arrow(&grid, .right, x: layout.body.maxX - 1, y: y, isLit: true)
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

  private func drawReadout(_ grid: inout Grid) {
    guard let readout = DiagramReadout(state) else { return }
    let column = layout.center(Slot.readout)
    pen.tap(&grid, x: column, y: layout.flowRow)
    pen.column(&grid, x: column, from: layout.flowRow + 1, to: layout.upperEnd - 1)
    let x = layout.right(Slot.hidden) + 3
    readout.draw(
      into: &grid,
      at: Rect(
        x: x, y: layout.upperEnd, width: layout.body.maxX - x,
        height: layout.readoutEnd - layout.upperEnd),
      from: column)
  }

  private func drawEquation(_ grid: inout Grid) {
    guard state.unit < state.currentTrack.units(of: .h) else { return }
    let h = state.trace.value(track: state.track, signal: .h, step: state.step, unit: state.unit)
    let result: DiagramPen.Part = (Numbers.fixed(h), theme.accent)
    let label: DiagramPen.Part = ("unit \(state.unitNumber)  ", theme.accent)
    drawEquation(
      &grid,
      [
        [label, (Words.plainEquation(activation), theme.muted), result],
        [label, ("h = ", theme.muted), result],
      ])
  }
}
