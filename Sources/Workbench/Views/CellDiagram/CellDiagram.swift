import Inspector
import Recurrent
import Screen

/// The picture of a cell with the values of this step.
protocol CellDiagram {
  var state: State { get }
  var layout: DiagramLayout { get }
  /// Everything that has values, wherever it stands.
  var strips: [DiagramStrip] { get }
  func draw(into grid: inout Grid)
}

/// A vector of a diagram.
struct DiagramStrip {
  let name: String
  let values: [Float?]
  /// Whose scale they have, and what is taken in hand by a click.
  let signal: Signal
  /// Its place from the left, 0…7.
  let slot: Int
  let isUpper: Bool

  /// Whether it is the signal at this step, not what was or what comes of it.
  var isNow: Bool { name == signal.rawValue }

  init(_ name: String, _ values: [Float?], _ signal: Signal, slot: Int, isUpper: Bool = false) {
    self.name = name
    self.values = values
    self.signal = signal
    self.slot = slot
    self.isUpper = isUpper
  }
}

extension CellDiagram {
  var theme: Theme { state.theme }
  var pen: DiagramPen { DiagramPen(theme: state.theme) }

  func drawStrips(_ grid: inout Grid) {
    for strip in strips {
      let x = layout.left(strip.slot)
      let y = strip.isUpper ? layout.upperStrips : layout.lowerStrips
      let isLit = strip.isNow && strip.signal == state.litSignal
      let isThere = strip.values.contains { $0 != nil }
      grid.put(
        strip.name, x: x, y: y - 1,
        isLit ? theme.accent : isThere ? theme.text.with(.bold) : theme.muted)
      guard isThere else {
        drawUnknown(&grid, x: x, y: y)
        continue
      }
      Strip(
        values: strip.values, signal: strip.signal, state, places: layout.places,
        width: layout.stripWidth, cellHeight: layout.cellHeight, isLit: isLit
      ).draw(into: &grid, x: x, y: y, theme)
    }
  }

  /// Dots where a recorded trace has nothing.
  private func drawUnknown(_ grid: inout Grid, x: Int, y: Int) {
    for row in 0..<layout.places.count * layout.cellHeight {
      grid.put(
        String(repeating: "·", count: layout.stripWidth), x: x, y: y + row, theme.faint)
    }
  }

  func drawUnitNumbers(_ grid: inout Grid, hasLower: Bool = true) {
    for place in layout.places {
      let unit = state.unit(at: place)
      let number = state.currentTrack.number(of: unit)
      let text = String(number).padded(left: layout.labelWidth)
      let style = unit == state.unit ? theme.accent : theme.muted
      for top in hasLower ? [layout.upperStrips, layout.lowerStrips] : [layout.upperStrips] {
        grid.put(text, x: layout.numberColumn, y: top + layout.offset(of: place), style)
      }
    }
    let more = Words.moreUnits(
      above: layout.places.lowerBound, below: state.shownCount - layout.places.upperBound)
    // Up to the first line that comes down there.
    let room = layout.center(1) - 1 - layout.numberColumn
    if more.displayWidth <= room {
      grid.put(more, x: layout.numberColumn, y: layout.upperEnd, theme.accent)
    }
  }

  /// A line under a strip's name, down into the strip, where the name leaves it room.
  func enter(_ grid: inout Grid, slot: Int, from y: Int, isArrow: Bool = false) {
    let x = layout.center(slot)
    let name = strips.first { $0.slot == slot && !$0.isUpper }?.name ?? ""
    let isFree = layout.left(slot) + name.displayWidth <= x
    let end = isFree ? layout.lowerLabels : layout.lowerLabels - 1
    pen.column(&grid, x: x, from: y, to: end)
    if isArrow, end >= y { pen.arrow(&grid, .down, x: x, y: end) }
  }

  /// What is remembered, lit from the strip at the left out of the picture at the right.
  func drawFlow(_ grid: inout Grid, from slot: Int) {
    let (y, end) = (layout.flowRow, layout.body.maxX - 1)
    pen.line(&grid, from: layout.right(slot), to: end, y: y, isLit: true)
    pen.arrow(&grid, .right, x: end, y: y, isLit: true)
  }

  /// A gate's ⊗ on it, fed from the gate's strip.
  func drawScaling(_ grid: inout Grid, by slot: Int) {
    let (x, y) = (layout.center(slot), layout.flowRow)
    pen.operation(&grid, "⊗", x: x, y: y)
    enter(&grid, slot: slot, from: y + 2)
    pen.arrow(&grid, .up, x: x, y: y + 1)
  }

  /// The product of two strips, up into a ⊕ on it.
  func drawAddition(_ grid: inout Grid, of first: Int, _ second: Int) {
    let (x, y) = (between(first, second), layout.bracketRow)
    pen.operation(&grid, "⊕", x: x, y: layout.flowRow)
    pen.column(&grid, x: x, from: layout.flowRow + 2, to: y - 1)
    pen.arrow(&grid, .up, x: x, y: layout.flowRow + 1)
    pen.bracket(
      &grid, from: layout.center(first), to: layout.center(second), at: x, y: y, isProduct: true)
    for slot in [first, second] { enter(&grid, slot: slot, from: y + 1) }
  }

  func between(_ first: Int, _ second: Int) -> Int {
    (layout.center(first) + layout.center(second)) / 2
  }

  /// y under the flow, in a column that is free, beside the last strip.
  ///
  /// - Parameters:
  ///   - last: the strip after which there is room.
  ///   - end: the row down to which h comes; y stands from `top` on.
  func drawReadout(_ grid: inout Grid, in slot: Int, after last: Int, to end: Int, top: Int) {
    guard let readout = DiagramReadout(state) else { return }
    let column = layout.center(slot)
    pen.tap(&grid, x: column, y: layout.flowRow)
    pen.column(&grid, x: column, from: layout.flowRow + 1, to: end)
    let x = layout.right(last) + 3
    readout.draw(
      into: &grid,
      at: Rect(x: x, y: top, width: layout.body.maxX - x, height: layout.readoutEnd - top),
      from: column)
  }

  /// What is not in a recorded trace, in the place of the equation.
  func drawMissingEquation(_ grid: inout Grid) {
    guard let y = layout.equationRow else { return }
    UnitPanel(state: state, isLarge: false).drawMissing(&grid, x: layout.body.x, y: y)
  }

  /// x and h', brought to every gate.
  func drawBus(_ grid: inout Grid, to gates: [(slot: Int, activation: String)]) {
    let y = layout.busRow
    let start = layout.center(0)
    let end = layout.center(gates.map(\.slot).max() ?? 0)
    let input = DiagramInput(state).draw(
      into: &grid, x: layout.body.x, y: y, room: start - layout.body.x - 1)
    pen.line(&grid, from: input, to: end, y: y)
    pen.column(&grid, x: start, from: layout.lowerEnd, to: y - 1)
    pen.corner(&grid, "┴", x: start, y: y)
    for (slot, activation) in gates {
      let x = layout.center(slot)
      pen.corner(&grid, x == end ? "┘" : "┴", x: x, y: y)
      pen.column(&grid, x: x, from: layout.lowerEnd, to: y - 1)
      pen.box(&grid, activation, centre: x, y: layout.activationRow)
    }
  }

  func drawStages(_ grid: inout Grid, _ stages: [(text: String, column: Int)]) {
    for (text, x) in stages {
      grid.put(text, x: x - text.count / 2, y: layout.stageRow, theme.accent)
    }
  }

  /// A row that says how the unit in hand comes about, in the first of some wordings that has room.
  func drawEquation(_ grid: inout Grid, _ choices: [[DiagramPen.Part]]) {
    guard let y = layout.equationRow else { return }
    let parts = choices.first { DiagramPen.width($0) <= layout.body.width } ?? choices.last ?? []
    pen.put(&grid, parts, x: layout.body.x, y: y)
  }

  // MARK: - What a place means

  func hit(at place: Point) -> Hit? {
    let rows = layout.places.count * layout.cellHeight
    for isUpper in [true, false] {
      let inRow = strips.filter { $0.isUpper == isUpper }
      let top = isUpper ? layout.upperStrips : layout.lowerStrips
      guard !inRow.isEmpty, (0..<rows).contains(place.y - top) else { continue }
      let unit = state.unit(at: layout.places.lowerBound + (place.y - top) / layout.cellHeight)
      let area = Rect(x: layout.body.x, y: top, width: layout.body.width, height: rows)
      if (0..<layout.labelWidth).contains(place.x - layout.numberColumn) {
        return Hit(unit: unit, in: area)
      }
      for strip in inRow
      where (layout.left(strip.slot)..<layout.right(strip.slot)).contains(place.x) {
        guard let lane = state.currentTrack.signals.firstIndex(of: strip.signal),
          unit < state.currentTrack.units(of: strip.signal)
        else { return nil }
        return Hit(lane: lane, unit: unit, in: area)
      }
    }
    return nil
  }
}
