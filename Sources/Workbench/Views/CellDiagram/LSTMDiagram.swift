import Inspector
import Recurrent
import Screen

/// The classic picture of an LSTM cell, alive: c' is scaled by f, i ⊙ z is added to it, o lets tanh c
/// out as h; x and h' feed all four.
///
/// The slow state flows along the upper row (c', f ⊙ c', c), the fast ones stand in the lower (h', f, i,
/// z, o, h; with a projection m for h).
struct LSTMDiagram: CellDiagram {
  let state: State
  let layout: DiagramLayout

  init(state: State, body: Rect) {
    self.state = state
    layout = DiagramLayout(
      state, body: body,
      form: .init(
        explainsOperators: UnitReading.isWhole(state), inputWidth: DiagramInput(state).width))
  }

  func draw(into grid: inout Grid) {
    drawSlowFlow(&grid)
    drawOutput(&grid)
    drawBus(
      &grid,
      to: [
        (Slot.forget, gates), (Slot.input, gates),
        (Slot.candidate, Words.symbol(of: activations.candidate)), (Slot.output, gates),
      ])
    drawPeepholes(&grid)
    drawUnitNumbers(&grid)
    drawStrips(&grid)
    drawReadout(&grid)
    drawStages(
      &grid,
      [
        ("1 \(Words.forget)", layout.center(Slot.forget)),
        ("2 \(Words.reinforce)", plusColumn), ("3 \(Words.output)", outputColumn),
      ])
    drawEquations(&grid)
  }

  // MARK: - What stands where

  private enum Slot {
    static let previous = 0
    static let forget = 1
    static let kept = 2
    static let input = 3
    static let candidate = 4
    static let cell = 5
    static let output = 6
    static let hidden = 7
  }

  /// Between i and z.
  private var plusColumn: Int {
    between(Slot.input, Slot.candidate)
  }
  /// Between o and h.
  private var outputColumn: Int {
    between(Slot.output, Slot.hidden)
  }

  private var activations: CellActivations { state.currentTrack.activations }
  private var gates: String { Words.symbol(of: activations.gates) }

  var strips: [DiagramStrip] {
    let vectors = StepVectors(state, places: layout.places)
    let forget = vectors.current(.f)
    let before = vectors.previous(.c)
    let output = state.currentTrack.cellOutput
    return [
      DiagramStrip("c′", before, .c, slot: Slot.previous, isUpper: true),
      DiagramStrip(
        "f⊙c′", StepVectors.product(forget, before), .c, slot: Slot.kept, isUpper: true),
      DiagramStrip("c", vectors.current(.c), .c, slot: Slot.cell, isUpper: true),
      DiagramStrip("h′", vectors.previous(.h), .h, slot: Slot.previous),
      DiagramStrip("f", forget, .f, slot: Slot.forget),
      DiagramStrip("i", vectors.current(.i), .i, slot: Slot.input),
      DiagramStrip("z", vectors.current(.z), .z, slot: Slot.candidate),
      DiagramStrip("o", vectors.current(.o), .o, slot: Slot.output),
      DiagramStrip(output.rawValue, vectors.current(output), output, slot: Slot.hidden),
    ]
  }

  // MARK: - The slow state

  /// c' ━━⊗━━ f⊙c' ━━⊕━━ c ━━▶, with i ⊗ z up into the ⊕.
  private func drawSlowFlow(_ grid: inout Grid) {
    drawFlow(&grid, from: Slot.previous)
    drawScaling(&grid, by: Slot.forget)
    drawAddition(&grid, of: Slot.input, Slot.candidate)
  }

  /// tanh c and o into a ⊗, and what comes of them down into h.
  private func drawOutput(_ grid: inout Grid) {
    let (x, y) = (outputColumn, layout.bracketRow)
    pen.tap(&grid, x: x, y: layout.flowRow)
    pen.column(&grid, x: x, from: layout.flowRow + 1, to: y - 1)
    pen.arrow(&grid, .down, x: x, y: y - 1)
    if activations.output != .linear {
      pen.box(&grid, Words.symbol(of: activations.output), centre: x, y: activationRow)
    }
    pen.bracket(
      &grid, from: layout.center(Slot.output), to: layout.center(Slot.hidden), at: x, y: y,
      isProduct: false)
    enter(&grid, slot: Slot.output, from: y + 1)
    enter(&grid, slot: Slot.hidden, from: y + 1, isArrow: true)
  }

  /// Where tanh is applied to c: above its arrow, where there is a row for both.
  private var activationRow: Int {
    let rows = layout.bracketRow - layout.flowRow - 1
    return layout.flowRow + max(1, rows / 2)
  }

  private func drawReadout(_ grid: inout Grid) {
    // A blank keeps off the σ, unless the names of numbers need every column.
    let isRoomy = layout.body.maxX - layout.center(Slot.output) > 20
    let x =
      layout.center(Slot.output)
      + (isRoomy || state.trace.readout?.isProbable == true ? 3 : 2)
    DiagramReadout(state)?.draw(
      into: &grid,
      at: Rect(
        x: x, y: layout.lowerEnd, width: layout.body.maxX - x,
        height: layout.readoutEnd - layout.lowerEnd),
      from: layout.center(Slot.hidden))
  }

  /// Gates that see c themselves (Gers and Schmidhuber 2000), under the bus.
  private func drawPeepholes(_ grid: inout Grid) {
    guard let layers = state.session.model?.network.layers,
      case let track = state.currentTrack.track, layers.indices.contains(track.layer),
      layers[track.layer].weights.contains(where: { $0.peepholes != nil }),
      layout.readoutEnd - layout.busRow > 1
    else { return }
    grid.put(
      Words.peepholes, x: layout.center(Slot.previous), y: layout.busRow + 1, theme.muted,
      limit: layout.center(Slot.output) - layout.center(Slot.previous))
  }

  // MARK: - The unit in hand in numbers

  private func drawEquations(_ grid: inout Grid) {
    guard let unit = UnitReading(state, unit: state.unit) else {
      drawMissingEquation(&grid)
      return
    }
    if layout.equationRow == nil { return explainOperators(&grid, unit) }
    let label: DiagramPen.Part = ("unit \(state.unitNumber)", theme.accent)
    let cell: [DiagramPen.Part] = [
      ("c = ", theme.muted), ("\(unit.cellEquation) = ", theme.text),
      (Numbers.value(unit.c), theme.accent),
    ]
    let output: DiagramPen.Part = ("\(Numbers.value(unit.o))·\(unit.shownNumber) = ", theme.text)
    let hidden: [DiagramPen.Part] = [
      ("\(unit.outputSignal.rawValue) = ", theme.muted), (Numbers.value(unit.output), theme.accent),
    ]
    func gap(_ columns: Int) -> DiagramPen.Part {
      (String(repeating: " ", count: columns), theme.text)
    }
    // What has no room leaves whole: blanks, how h comes about, the unit's number, h.
    let whole = cell + [gap(3), hidden[0], output, hidden[1]]
    drawEquation(
      &grid,
      [
        [label, gap(2)] + cell + [gap(5), hidden[0], output, hidden[1]],
        [label, gap(2)] + whole, [label, gap(2)] + cell + [gap(2)] + hidden,
        cell + [gap(2)] + hidden, cell,
      ])
  }

  /// What every operator makes of the unit in hand, beside it.
  private func explainOperators(_ grid: inout Grid, _ unit: UnitReading) {
    func known(_ value: Float?) -> String { value.map { Numbers.value($0) } ?? Words.unknown }
    let kept = "\(Numbers.value(unit.f))·\(unit.previousFactor) = \(known(unit.kept))"
    let keptLetters: DiagramPen.Part = ("f·c′ = ", theme.muted)
    pen.put(
      &grid, [[keptLetters, (kept, theme.text)], [(kept, theme.text)]],
      centre: layout.center(Slot.forget),
      in: layout.right(Slot.previous) + 1..<layout.left(Slot.kept) - 1, y: layout.flowRow - 1)
    let sum: [DiagramPen.Part] = [
      ("\(known(unit.kept)) + \(Numbers.factor(unit.written)) = ", theme.text),
      (Numbers.value(unit.c), theme.accent),
    ]
    pen.put(
      &grid, [[("c = f·c′ + i·z = ", theme.muted)] + sum, [("c = ", theme.muted)] + sum, sum],
      centre: plusColumn, in: layout.right(Slot.kept) + 1..<layout.left(Slot.cell) - 1,
      y: layout.flowRow - 1)
    let written =
      "\(Numbers.value(unit.i))·\(Numbers.factor(unit.z)) = \(Numbers.value(unit.written))"
    pen.put(
      &grid, [[("i·z = ", theme.muted), (written, theme.text)], [(written, theme.text)]],
      centre: 0, in: plusColumn + 2..<outputColumn - 5, y: layout.bracketRow - 1)
    if activations.output != .linear {
      let start = outputColumn + 4
      pen.put(
        &grid,
        [
          [("\(Numbers.factor(unit.c)) = \(Numbers.value(unit.shown))", theme.text)],
          [("= \(Numbers.value(unit.shown))", theme.text)],
        ], centre: 0, in: start..<max(start, layout.body.maxX), y: activationRow)
    }
    let shown: [DiagramPen.Part] = [
      ("\(Numbers.value(unit.o))·\(Numbers.factor(unit.shown)) = ", theme.text),
      (Numbers.value(unit.output), theme.accent),
    ]
    let name: DiagramPen.Part = ("\(unit.outputSignal.rawValue) = ", theme.muted)
    pen.put(
      &grid, [[name] + shown, shown], centre: outputColumn,
      in: layout.center(Slot.output) + 2..<layout.center(Slot.hidden) - 1, y: layout.bracketRow + 1)
  }
}
