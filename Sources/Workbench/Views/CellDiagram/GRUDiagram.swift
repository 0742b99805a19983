import Inspector
import Recurrent
import Screen

/// A GRU cell, alive: of h' the share u stays, the rest is the candidate n, which sees as much of h' as
/// r lets it; x and h' feed all three.
///
/// h flows along the upper row (h', u ⊙ h', h), the lower has h', u, 1 - u, n and r.
struct GRUDiagram: CellDiagram {
  let state: State
  let layout: DiagramLayout

  init(state: State, body: Rect) {
    self.state = state
    layout = DiagramLayout(
      state, body: body,
      form: .init(
        rowsOverBus: 2, explainsOperators: SumEquation(state) != nil,
        inputWidth: DiagramInput(state).width))
  }

  func draw(into grid: inout Grid) {
    drawMemory(&grid)
    drawBus(
      &grid,
      to: [
        (Slot.update, gates), (Slot.candidate, Words.symbol(of: activations.candidate)),
        (Slot.reset, gates),
      ])
    drawReset(&grid)
    drawUnitNumbers(&grid)
    drawStrips(&grid)
    drawRest(&grid)
    drawReadout(
      &grid, in: Slot.readout, after: Slot.reset, to: layout.lowerLabels, top: layout.lowerStrips)
    drawStages(
      &grid,
      [(Words.keep, layout.center(Slot.update)), (Words.renew, plusColumn)])
    drawEquations(&grid)
  }

  // MARK: - What stands where

  private enum Slot {
    static let previous = 0
    static let update = 1
    static let kept = 2
    static let rest = 3
    static let candidate = 4
    static let hidden = 5
    static let reset = 6
    static let readout = 7
  }

  /// Between 1 - u and n.
  private var plusColumn: Int {
    between(Slot.rest, Slot.candidate)
  }

  private var activations: CellActivations { state.currentTrack.activations }
  private var gates: String { Words.symbol(of: activations.gates) }

  var strips: [DiagramStrip] {
    let vectors = StepVectors(state, places: layout.places)
    let update = vectors.current(.u)
    let before = vectors.previous(.h)
    return [
      DiagramStrip("h′", before, .h, slot: Slot.previous, isUpper: true),
      DiagramStrip(
        "u⊙h′", StepVectors.product(update, before), .h, slot: Slot.kept, isUpper: true),
      DiagramStrip("h", vectors.current(.h), .h, slot: Slot.hidden, isUpper: true),
      DiagramStrip("h′", before, .h, slot: Slot.previous),
      DiagramStrip("u", update, .u, slot: Slot.update),
      DiagramStrip("1-u", update.map { $0.map { 1 - $0 } }, .u, slot: Slot.rest),
      DiagramStrip("n", vectors.current(.n), .n, slot: Slot.candidate),
      DiagramStrip("r", vectors.current(.r), .r, slot: Slot.reset),
    ]
  }

  // MARK: - Lines

  /// h' ━━⊗━━ u⊙h' ━━⊕━━ h ━━▶, with (1 - u) ⊗ n up into the ⊕.
  private func drawMemory(_ grid: inout Grid) {
    drawFlow(&grid, from: Slot.previous)
    drawScaling(&grid, by: Slot.update)
    drawAddition(&grid, of: Slot.rest, Slot.candidate)
  }

  /// u ── 1- ──▸: the rest of what stays.
  private func drawRest(_ grid: inout Grid) {
    let y = layout.lowerFlowRow
    let (start, end) = (layout.right(Slot.update), layout.left(Slot.rest) - 1)
    pen.line(&grid, from: start, to: end, y: y)
    pen.box(&grid, "1-", centre: (start + end) / 2, y: y)
  }

  /// r from the top of its strip down between n and it, into the ⊗ under n's tanh.
  private func drawReset(_ grid: inout Grid) {
    let top = layout.bracketRow
    let (n, r) = (layout.center(Slot.candidate), layout.center(Slot.reset))
    let x = (n + r) / 2
    let y = layout.busRow - 1
    pen.corner(&grid, "┌", x: x, y: top)
    pen.line(&grid, from: x + 1, to: r, y: top)
    pen.corner(&grid, "┐", x: r, y: top)
    enter(&grid, slot: Slot.reset, from: top + 1)
    pen.column(&grid, x: x, from: top + 1, to: y - 1)
    pen.corner(&grid, "┘", x: x, y: y)
    pen.line(&grid, from: n + 2, to: x, y: y)
    pen.arrow(&grid, .left, x: n + 1, y: y)
    pen.operation(&grid, "⊗", x: n, y: y)
    // What is multiplied stands beside it: x goes past the gate.
    let words = Words.resetReaches
    let room = layout.center(Slot.candidate) - layout.center(Slot.rest)
    if words.displayWidth + 2 <= room {
      grid.put(words, x: n - 1 - words.displayWidth, y: y, theme.muted)
    }
    let name = Words.reset
    grid.put(name, x: (x + r) / 2 - name.count / 2, y: top - 1, theme.accent)
  }

  // MARK: - The unit in hand in numbers

  private func drawEquations(_ grid: inout Grid) {
    guard let equation = SumEquation(state) else {
      drawMissingEquation(&grid)
      return
    }
    let letters: DiagramPen.Part = ("h = u·h′ + (1-u)·n = ", theme.muted)
    let result: DiagramPen.Part = (Numbers.value(equation.hidden), theme.accent)
    let label: DiagramPen.Part = ("unit \(state.unitNumber)  ", theme.accent)
    let factors: DiagramPen.Part = ("\(equation.kept) + \(equation.renewed) = ", theme.text)
    guard layout.equationRow == nil else {
      return drawEquation(
        &grid,
        [
          [label, letters, factors, result],
          [label, ("h = ", theme.muted), factors, result],
          [("h = ", theme.muted), factors, result], [("h = ", theme.muted), result],
        ])
    }
    let (y, row) = (layout.flowRow - 1, layout.bracketRow - 1)
    pen.put(
      &grid,
      [[("u·h′ = ", theme.muted), ("\(equation.kept) = \(equation.keptResult)", theme.text)]],
      centre: layout.center(Slot.update),
      in: layout.right(Slot.previous) + 1..<layout.left(Slot.kept) - 1, y: y)
    let sum: DiagramPen.Part = (
      "\(equation.keptResult) + \(equation.renewedFactor) = ", theme.text
    )
    pen.put(
      &grid, [[letters, sum, result], [("h = ", theme.muted), sum, result]],
      centre: plusColumn, in: layout.right(Slot.kept) + 1..<layout.left(Slot.hidden) - 1, y: y)
    pen.put(
      &grid,
      [
        [
          ("(1-u)·n = ", theme.muted),
          ("\(equation.renewed) = \(equation.renewedResult)", theme.text),
        ]
      ],
      centre: 0, in: plusColumn + 2..<layout.center(Slot.reset) - 3, y: row)
  }
}
