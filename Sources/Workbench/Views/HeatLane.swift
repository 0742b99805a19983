import Inspector
import Recurrent
import Screen

/// One heatmap: its name and legend, the units' numbers, the values, the cursor, the steps' numbers.
struct HeatLane {
  let state: State
  let source: SignalSource
  let scales: SignalScales
  let title: LaneTitle
  let isSelected: Bool
  /// Whether a line goes around it, of which its header is the upper edge.
  var isFramed = false
  let frame: LaneFrame

  func draw(into grid: inout Grid) {
    drawHeader(into: &grid)
    drawUnitNumbers(into: &grid)
    drawHeat(into: &grid)
    drawSpan(into: &grid)
    drawCursor(into: &grid)
    drawChanges(into: &grid)
    if frame.hasRuler { StepRuler(state: state, frame: frame).draw(into: &grid) }
  }

  // MARK: - Around the heatmap

  private func drawHeader(into grid: inout Grid) {
    let theme = state.theme
    let area = frame.area
    let start = area.x + title.letters.displayWidth + 1
    // The name stays as long as it takes no more than its share; the legend gives way to it.
    let name = min(title.short.displayWidth, max(area.width / 2, 12))
    let legend = Legend(
      scale: scales.lane, room: area.maxX - start - name - 1, isNarrow: area.width < 28,
      isOfEachUnit: scales.isOfEachUnit, isClipped: scales.isClipped)
    let legendStart = area.maxX - legend.width
    grid.put(
      title.letters, x: area.x, y: area.y, isSelected ? theme.accent : theme.text.with(.bold))
    let words = title.words(
      ReductionWords(state.zoom.reduction, frame: frame),
      room: legendStart - start - (legend.width > 0 ? 1 : 0))
    var x = grid.put(words.name, x: start, y: area.y, isSelected ? theme.text : theme.muted)
    if !words.name.isEmpty && !words.reduction.isEmpty { x += 2 }
    x = grid.put(words.reduction, x: x, y: area.y, theme.muted)
    if isFramed, legendStart - x > 4 {
      for x in x + 1..<legendStart - 1 { grid[x, area.y] = Cell("─", theme.accent) }
    }
    legend.draw(into: &grid, x: legendStart, y: area.y, theme)
  }

  private func drawUnitNumbers(into grid: inout Grid) {
    let theme = state.theme
    for line in frame.units.lines {
      let places = line * frame.units.perLine..<frame.units.count
      let isHand = places.prefix(frame.units.perLine).contains(state.placeOfUnit)
      // A line of several has the number of the first, or of the unit in hand.
      let unit = isHand ? state.unit : state.unit(at: places.lowerBound)
      guard unit < source.units else { continue }
      let y =
        frame.heat.y + (line - frame.units.firstLine) * frame.units.cellSize
        + (frame.units.cellSize - 1) / 2
      let number = String(source.layout.number(of: unit))
      grid.put(
        number, x: frame.area.x + frame.labelWidth - 1 - number.count, y: y,
        isHand ? isLit ? theme.marked : theme.accent : theme.muted)
      if frame.units.perLine == 1, let mark = UnitMark(unit, state) {
        grid[frame.area.x + frame.labelWidth - 1, y] = Cell(mark.glyph, mark.style)
      }
    }
  }

  /// Whether the unit in hand of this very lane is spoken of.
  private var isLit: Bool { isFramed && state.litSignal != nil }

  // MARK: - The values

  private func drawHeat(into grid: inout Grid) {
    let cells = HeatCells(
      source, time: frame.time, units: frame.units, order: state.shown,
      reduction: state.zoom.reduction, overviews: state.overviews)
    let rows = frame.units.cells
    let scaleAt = rows.map { row in
      scales.scale(of: frame.units.things(in: row).lazy.map { state.unit(at: $0) })
    }
    for column in frame.time.lines {
      let x = frame.heat.x + (column - frame.time.firstLine) * frame.time.cellSize
      let isFuture = column * frame.time.perCell > state.step
      for line in frame.units.lines {
        let y = frame.heat.y + (line - frame.units.firstLine) * frame.units.cellSize
        if frame.time.cellsPerLine == 2 {
          grid.fill(
            Rect(x: x, y: y, width: 1, height: frame.units.cellSize),
            with: sideBySide(cells, column, line, scaleAt[line - rows.lowerBound]))
        } else if frame.isHalved {
          let upper = color(
            of: cells[column, 2 * line], scaleAt[2 * line - rows.lowerBound], isFuture)
          let below = 2 * line + 1
          let lower =
            rows.contains(below)
            ? color(of: cells[column, below], scaleAt[below - rows.lowerBound], isFuture) : nil
          grid[x, y] = cells[column, 2 * line] == .ahead ? ahead : halves(upper, lower)
        } else {
          draw(
            cells[column, line], scaleAt[line - rows.lowerBound], isFuture, into: &grid, x: x, y: y)
        }
      }
    }
  }

  private var ahead: Cell { Cell("·", state.theme.faint) }

  private func draw(
    _ content: HeatCells.Content, _ scale: HeatScale, _ isFuture: Bool, into grid: inout Grid,
    x: Int, y: Int
  ) {
    switch content {
    case .absent, .waiting: break
    case .ahead: grid[x, y + (frame.units.cellSize - 1) / 2] = ahead
    case .value(let value):
      let isWritten = frame.time.cellSize >= Self.smallestNumber
      var cell = scale.cell(for: value, isDimmed: isFuture)
      if isWritten && cell.style.background == nil { cell.scalar = " " }
      grid.fill(
        Rect(x: x, y: y, width: frame.time.cellSize, height: frame.units.cellSize), with: cell)
      if isWritten { write(value, on: cell, into: &grid, x: x, y: y) }
    }
  }

  /// Columns that a number needs.
  private static let smallestNumber = 6

  private func write(_ value: Float, on cell: Cell, into grid: inout Grid, x: Int, y: Int) {
    let room = frame.time.cellSize - 1
    grid.put(
      Numbers.written(value, width: room).padded(left: room), x: x + 1,
      y: y + (frame.units.cellSize - 1) / 2, cell.style)
  }

  /// Two values in one cell of the screen, one above the other.
  private func halves(_ upper: Color?, _ lower: Color?) -> Cell {
    guard let upper else { return state.theme.blank }
    return Cell("▀", Style(upper, on: lower ?? state.theme.ground))
  }

  /// Two steps in one cell of the screen. The present has its own alone, as the cursor's line stands in
  /// the middle of it.
  private func sideBySide(
    _ cells: HeatCells, _ column: Int, _ row: Int, _ scale: HeatScale
  ) -> Cell {
    let here = state.step / frame.time.perCell
    let sides = here / 2 == column ? [here, here] : [2 * column, 2 * column + 1]
    let colors = sides.map { cell in
      frame.time.cells.contains(cell)
        ? color(of: cells[cell, row], scale, cell * frame.time.perCell > state.step) : nil
    }
    guard let left = colors[0] else {
      return cells[2 * column, row] == .ahead ? ahead : state.theme.blank
    }
    if sides[0] == sides[1] { return Cell(" ", scales.lane.ink(on: left)) }
    return Cell("▌", Style(left, on: colors[1] ?? state.theme.ground))
  }

  private func color(
    of content: HeatCells.Content, _ scale: HeatScale, _ isFuture: Bool
  ) -> Color? {
    switch content {
    case .absent, .waiting, .ahead: return nil
    case .value(let value):
      let style = scale.cell(for: value, isDimmed: isFuture).style
      // What is no number has no colour of the scale.
      return value.isNaN ? style.foreground : style.background
    }
  }

  /// Half-blocks and several steps a column leave no room for the edges of a span; numbers leave none
  /// at the right.
  private func drawSpan(into grid: inout Grid) {
    guard !frame.isHalved, frame.time.perLine == 1 else { return }
    SpanBand(state).drawEdges(
      into: &grid, steps: frame.time.things, rows: frame.heat.y..<frame.heat.maxY, state.theme,
      hasRoomAtRight: frame.time.cellSize < Self.smallestNumber
    ) { step in
      let x = frame.heat.x + frame.time.offset(of: step)
      return x..<x + frame.time.cellSize
    }
  }

  // MARK: - The cursor

  /// A thin line through the present, a diamond on the unit in hand. With few colours the glyphs
  /// carry the values, so there the present is reversed, as wide as it is. Two values
  /// in one cell of the screen leave no room for a line; there the ruler and the future show it.
  private func drawCursor(into grid: inout Grid) {
    guard state.step < source.length else { return }
    let column = frame.heat.x + frame.time.offset(of: state.step)
    let isWritten = frame.time.cellSize >= Self.smallestNumber
    for line in frame.units.lines {
      let first = line * frame.units.perLine
      guard state.unit(at: first) < source.units || frame.units.perLine > 1 else { continue }
      let places = first..<min(first + frame.units.perLine, frame.units.count)
      let y = frame.heat.y + (line - frame.units.firstLine) * frame.units.cellSize
      for row in 0..<frame.units.cellSize {
        let isHand =
          places.contains(state.placeOfUnit) && row == (frame.units.cellSize - 1) / 2
          && state.unit < source.units
        if !state.theme.capabilities.heatByColor {
          mark(&grid, x: column..<column + frame.time.cellSize, y: y + row, isHand)
        } else {
          let x = isWritten ? column : column + (frame.time.cellSize - 1) / 2
          mark(&grid, x: x..<x + 1, y: y + row, isHand)
        }
      }
    }
  }

  private func mark(_ grid: inout Grid, x place: Range<Int>, y: Int, _ isHand: Bool) {
    let isWritten = frame.time.cellSize >= Self.smallestNumber
    let isHeat = state.theme.capabilities.heatByColor
    for x in place {
      var cell = grid[x, y]
      if isHeat && frame.isHalved && cell.scalar == "▀" {
        guard isHand else { continue }
        let isLower = state.placeOfUnit / frame.units.perCell % 2 == 1
        guard let ground = isLower ? cell.style.background : cell.style.foreground else { continue }
        cell = Cell("◆", scales.lane.ink(on: ground).with(.bold))
      } else if isHeat && cell.style.background != state.theme.ground {
        cell.scalar = isHand ? "◆" : "│"
        cell.style.attributes = isHand ? .bold : []
      } else if isHeat {
        cell.style = isHand ? state.theme.accent : state.theme.muted
      } else {
        cell.style.attributes.formUnion(isHand ? [.reverse, .bold] : .reverse)
        let isMiddle = x == (place.lowerBound + place.upperBound - 1) / 2
        if isHand && isMiddle && !isWritten { cell.scalar = "◆" }
      }
      grid[x, y] = cell
    }
  }
}

extension HeatLane {
  /// A signal of the track in hand.
  init(
    _ state: State, signal: Signal, isSelected: Bool, isFramed: Bool = false, frame: LaneFrame
  ) {
    self.init(
      state: state,
      source: .signal(TracedSignal(state.trace, track: state.track, signal: signal)),
      scales: SignalScales(signal, state), title: LaneTitle(signal, state),
      isSelected: isSelected, isFramed: isFramed, frame: frame)
  }
}
