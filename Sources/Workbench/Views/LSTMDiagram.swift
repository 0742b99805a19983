import Inspector
import Recurrent
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The classic picture of an LSTM cell, alive: c' is scaled by f, i ⊙ z is added to it, o lets tanh c
/// out as h; x and h' feed all four.
///
/// Eight places stand side by side; the slow state flows along the upper row (c', f ⊙ c', c), the
/// fast ones along the lower (h', f, i, z, o, h; with a projection m for h).
struct LSTMDiagram {
  let state: State
  let layout: LSTMDiagramLayout
  private let vectors: StepVectors
  private let theme: Theme

  init(state: State, body: Rect) {
    self.state = state
    theme = state.theme
    layout = LSTMDiagramLayout(state, body: body)
    vectors = StepVectors(state, places: layout.places)
  }

  func draw(into grid: inout Grid) {
    drawUnitNumbers(&grid)
    drawSlowFlow(&grid)
    drawReinforcement(&grid)
    drawOutput(&grid)
    drawStrips(&grid)
    drawBus(&grid)
    drawStages(&grid)
    drawEquation(&grid)
  }

  // MARK: - Strips

  private func drawStrips(_ grid: inout Grid) {
    let forget = vectors.current(.f)
    let before = vectors.previous(.c)
    let kept = zip(forget, before).map { gate, value in
      gate.flatMap { gate in value.map { gate * $0 } }
    }
    let gates = Words.symbol(of: activations.gates)
    let candidate = Words.symbol(of: activations.candidate)
    let output = state.currentTrack.cellOutput
    strip(&grid, "c′", before, .c, .previousCell, isUpper: true)
    strip(&grid, "f⊙c′", kept, .c, .keptCell, isUpper: true)
    strip(&grid, "c", vectors.current(.c), .c, .cell, isUpper: true)
    strip(&grid, "h′", vectors.previous(.h), .h, .previousHidden, isUpper: false)
    strip(&grid, gateLabel("f", gates), forget, .f, .forget, isUpper: false)
    strip(&grid, gateLabel("i", gates), vectors.current(.i), .i, .input, isUpper: false)
    strip(&grid, gateLabel("z", candidate), vectors.current(.z), .z, .candidate, isUpper: false)
    strip(&grid, gateLabel("o", gates), vectors.current(.o), .o, .output, isUpper: false)
    strip(&grid, output.rawValue, vectors.current(output), output, .hidden, isUpper: false)
  }

  /// What o lets out: h, or what h is a projection of.
  var shownSignal: Signal { state.currentTrack.cellOutput }

  private var activations: CellActivations { state.currentTrack.activations }

  /// The activation stands beside the name where there is no row for it under the strip.
  private func gateLabel(_ name: String, _ activation: String) -> String {
    layout.activationRow == nil ? "\(name) \(activation)" : name
  }

  private func strip(
    _ grid: inout Grid, _ name: String, _ values: [Float?], _ signal: Signal,
    _ place: LSTMDiagramLayout.Place, isUpper: Bool
  ) {
    let x = layout.left(place)
    let y = isUpper ? layout.upperStrips : layout.lowerStrips
    let labelRow = y - 1
    let words = name.split(separator: " ", maxSplits: 1).map(String.init)
    let isThere = values.contains { $0 != nil }
    let end = grid.put(
      words[0], x: x, y: labelRow, isThere ? theme.text.with(.bold) : theme.muted)
    if words.count > 1 { grid.put(words[1], x: end + 1, y: labelRow, theme.muted) }
    guard isThere else { return drawUnknown(&grid, x: x, y: y) }
    Strip(
      values: values, scales: SignalScales(signal, state),
      units: layout.places.map { state.unit(at: $0) }, width: layout.stripWidth,
      cellHeight: layout.cellHeight, inHand: state.placeOfUnit - layout.places.lowerBound
    ).draw(into: &grid, x: x, y: y, theme)
  }

  /// Dots where a recorded trace has nothing.
  private func drawUnknown(_ grid: inout Grid, x: Int, y: Int) {
    for row in 0..<layout.places.count * layout.cellHeight {
      grid.put(
        String(repeating: "·", count: layout.stripWidth), x: x, y: y + row, theme.faint)
    }
  }

  private func drawUnitNumbers(_ grid: inout Grid) {
    for place in layout.places {
      let unit = state.unit(at: place)
      let offset =
        (place - layout.places.lowerBound) * layout.cellHeight + (layout.cellHeight - 1) / 2
      let number = state.currentTrack.number(of: unit)
      let text = String(number).padded(left: layout.labelWidth)
      let style = unit == state.unit ? theme.accent : theme.muted
      grid.put(text, x: layout.body.x, y: layout.upperStrips + offset, style)
      grid.put(text, x: layout.body.x, y: layout.lowerStrips + offset, style)
    }
  }

  // MARK: - The slow state

  /// c' ──⊗── f⊙c' ──⊕── c ──▶
  private func drawSlowFlow(_ grid: inout Grid) {
    let y = layout.flowRow
    line(&grid, from: layout.right(.previousCell), to: layout.left(.keptCell), y: y)
    line(&grid, from: layout.right(.keptCell), to: layout.left(.cell), y: y)
    line(&grid, from: layout.right(.cell), to: layout.body.maxX - 1, y: y)
    grid.put("▶", x: layout.body.maxX - 1, y: y, theme.muted)
    let forget = layout.center(.forget)
    operation(&grid, "⊗", x: forget, y: y)
    column(&grid, x: forget, from: y + 1, to: layout.lowerLabels - 1)
  }

  /// i ⊗ z, up into the ⊕.
  private func drawReinforcement(_ grid: inout Grid) {
    let product = layout.bracketRow
    let plus = layout.plusColumn
    operation(&grid, "⊕", x: plus, y: layout.flowRow)
    column(&grid, x: plus, from: layout.flowRow + 1, to: product - 1)
    bracket(&grid, layout.center(.input), layout.center(.candidate), at: plus, y: product)
  }

  /// tanh c ⊗ o, down into h.
  private func drawOutput(_ grid: inout Grid) {
    let x = layout.outputColumn
    let product = layout.bracketRow
    grid[x, layout.flowRow] = Cell("┬", theme.muted)
    column(&grid, x: x, from: layout.flowRow + 1, to: product - 1)
    let tanhRow = layout.flowRow + max(1, (product - layout.flowRow) / 2)
    if activations.output != .linear {
      box(&grid, Words.symbol(of: activations.output), centre: x, y: tanhRow)
    }
    bracket(&grid, layout.center(.output), layout.center(.hidden), at: x, y: product)
  }

  private func bracket(_ grid: inout Grid, _ left: Int, _ right: Int, at x: Int, y: Int) {
    line(&grid, from: left + 1, to: right, y: y)
    grid[left, y] = Cell("┌", theme.muted)
    grid[right, y] = Cell("┐", theme.muted)
    operation(&grid, "⊗", x: x, y: y)
    column(&grid, x: left, from: y + 1, to: layout.lowerLabels - 1)
    column(&grid, x: right, from: y + 1, to: layout.lowerLabels - 1)
  }

  // MARK: - What feeds the four layers

  private func drawBus(_ grid: inout Grid) {
    let y = layout.busRow
    let gates: [LSTMDiagramLayout.Place] = [.forget, .input, .candidate, .output]
    let start = layout.center(.previousHidden)
    line(&grid, from: start, to: layout.center(.output), y: y)
    for gate in gates {
      let x = layout.center(gate)
      grid[x, y] = Cell(gate == .output ? "┘" : "┴", theme.muted)
      column(&grid, x: x, from: layout.lowerEnd, to: y - 1)
      if let row = layout.activationRow {
        let activation = gate == .candidate ? activations.candidate : activations.gates
        box(&grid, Words.symbol(of: activation), centre: x, y: row)
      }
    }
    column(&grid, x: start, from: layout.lowerEnd, to: y - 1)
    grid[start, y] = Cell("┴", theme.muted)
    drawInput(&grid, y: y, to: start)
    drawReadout(&grid)
  }

  private func drawInput(_ grid: inout Grid, y: Int, to start: Int) {
    var x = grid.put("x ", x: layout.body.x, y: y, theme.text.with(.bold))
    let room = max(1, start - x - 1)
    if case .features(let values, let width) = state.trace.input {
      let numbers = values[state.step * width..<(state.step + 1) * width]
      let text = numbers.map { Numbers.fitted($0, width: 5) }.joined(separator: " ")
      // What has no room is cut between numbers; the rows above show them all.
      if text.count <= room { x = grid.put(text, x: x, y: y, theme.accent) }
    }
    if let token = state.trace.tokenText(at: state.step) {
      x = grid.put(
        Glyphs.visible(token).fitted(to: room), x: x, y: y, theme.marked)
    }
    line(&grid, from: x, to: start, y: y)
  }

  /// y under h: all of the likeliest that have room, at least one.
  private func drawReadout(_ grid: inout Grid) {
    guard let prediction = Prediction(state), state.currentTrack.track == topTrack else { return }
    let room = min(18, layout.body.maxX - layout.center(.output) - 3)
    let x = layout.body.maxX - room
    var y = layout.lowerEnd
    let last = layout.equationRow - 1
    if last - y >= 3 {
      grid[layout.center(.hidden), y] = Cell("▼", theme.muted)
      y += 1
    }
    let shown = prediction.all.prefix(max(0, min(5, last - y + 1)))
    let widest = shown.map(\.symbol.displayWidth).max() ?? 0
    let symbolWidth = min(widest, room - 8)
    for (index, entry) in shown.enumerated() {
      let style = entry.isTrue ? theme.good : theme.text
      let start = grid.put(index == 0 ? "y " : "  ", x: x, y: y + index, theme.text.with(.bold))
      grid.put(entry.symbol.fitted(to: symbolWidth), x: start, y: y + index, style.with(.bold))
      grid.put(Numbers.fixed(entry.probability), x: x + room - 4, y: y + index, style)
      let barStart = start + symbolWidth + 1
      Bar(share: Double(entry.probability), width: max(0, x + room - 5 - barStart))
        .draw(into: &grid, x: barStart, y: y + index, theme)
    }
  }

  private var topTrack: Track? { state.trace.layout.last?.track }

  // MARK: - Words

  private func drawStages(_ grid: inout Grid) {
    let stages = [
      (1, Words.forget, layout.center(.forget)), (2, Words.reinforce, layout.plusColumn),
      (3, Words.output, layout.outputColumn),
    ]
    for (number, name, x) in stages {
      let text = "\(number) \(name)"
      grid.put(text, x: x - text.count / 2, y: layout.stageRow, theme.accent)
    }
  }

  private func drawEquation(_ grid: inout Grid) {
    let y = layout.equationRow
    guard let unit = UnitReading(state, unit: state.unit) else {
      UnitPanel(state: state, isLarge: false).drawMissing(&grid, x: layout.body.x, y: y)
      return
    }
    let label = ("unit \(state.unitNumber)", theme.accent)
    let cell = [
      ("c = ", theme.muted), ("\(unit.cellEquation) = ", theme.text),
      (Numbers.fixed(unit.c), theme.accent),
    ]
    let output = ("\(Numbers.fixed(unit.o))·\(unit.shownNumber) = ", theme.text)
    let hidden = [
      ("\(unit.outputSignal.rawValue) = ", theme.muted), (Numbers.fixed(unit.output), theme.accent),
    ]
    func gap(_ columns: Int) -> (String, Style) {
      (String(repeating: " ", count: columns), theme.text)
    }
    // What has no room leaves whole: blanks, how h comes about, the unit's number, h.
    let whole = cell + [gap(3), hidden[0], output, hidden[1]]
    let candidates = [
      [label, gap(2)] + cell + [gap(5), hidden[0], output, hidden[1]],
      [label, gap(2)] + whole, [label, gap(2)] + cell + [gap(2)] + hidden,
      cell + [gap(2)] + hidden, cell,
    ]
    func width(_ parts: [(String, Style)]) -> Int { parts.reduce(0) { $0 + $1.0.displayWidth } }
    let parts = candidates.first { width($0) <= layout.body.width } ?? cell
    var x = layout.body.x
    for (text, style) in parts { x = grid.put(text, x: x, y: y, style) }
  }

  // MARK: - Lines

  private func line(_ grid: inout Grid, from start: Int, to end: Int, y: Int) {
    for x in start..<max(start, end) { grid[x, y] = Cell("─", theme.muted) }
  }

  private func column(_ grid: inout Grid, x: Int, from start: Int, to end: Int) {
    for y in start..<max(start, end + 1) { grid[x, y] = Cell("│", theme.muted) }
  }

  private func operation(_ grid: inout Grid, _ sign: Unicode.Scalar, x: Int, y: Int) {
    grid[x, y] = Cell(sign, theme.accent)
  }

  private func box(_ grid: inout Grid, _ name: String, centre: Int, y: Int) {
    let text = " \(name) "
    let style =
      theme.capabilities.heatByColor
      ? Style(theme.text.foreground, on: theme.bar.background) : theme.text.with(.reverse)
    grid.put(text, x: centre - text.displayWidth / 2, y: y, style)
  }
}
