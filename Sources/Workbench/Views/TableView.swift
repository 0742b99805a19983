import Inspector
import Screen

/// All units with what they did over the sequence, in the order that the person chose.
struct TableView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    let theme = state.theme
    guard let statistics = state.statistics[state.track] else {
      grid.put(
        Words.measuring.fitted(to: body.width), x: body.x, y: body.y, theme.muted)
      return
    }
    let columns = Self.shown(state, width: body.width)
    drawHeader(columns, into: &grid, at: body)
    let missing = state.currentTrack.missingSignals
    if !missing.isEmpty {
      grid.put(
        Words.missing(missing).fitted(to: body.width), x: body.x, y: body.maxY - 1, theme.muted)
    }
    for (row, place) in places(in: body).enumerated() {
      let unit = state.unit(at: place)
      draw(statistics[unit], columns, into: &grid, at: body, y: body.y + 1 + row)
    }
  }

  /// The places of the units that are seen, under the header.
  func places(in body: Rect) -> Range<Int> {
    // The header, and a row that says what a recorded trace lacks.
    let rows = max(0, body.height - (state.currentTrack.missingSignals.isEmpty ? 1 : 2))
    let units = state.shownCount
    let first = Paging.first(showing: state.placeOfUnit, visible: rows, count: units)
    return first..<min(first + rows, units)
  }

  /// The columns that have room, with their index among all.
  static func shown(_ state: State, width: Int) -> [(index: Int, column: TableColumn)] {
    var kept = Array(TableColumn.all(state).enumerated()).map {
      (index: $0.offset, column: $0.element)
    }
    func total() -> Int { kept.reduce(2) { $0 + $1.column.width } }
    while total() > width, let worst = kept.map(\.column.rank).max(), worst > 0 {
      let last = kept.lastIndex { $0.column.rank == worst }!
      kept.remove(at: last)
    }
    return kept
  }

  private func drawHeader(
    _ columns: [(index: Int, column: TableColumn)], into grid: inout Grid, at body: Rect
  ) {
    let theme = state.theme
    var x = body.x + 2
    for (index, column) in columns {
      let isChosen = index == state.tableColumn
      grid.put(
        column.title.padded(left: column.width - 1), x: x, y: body.y,
        isChosen ? theme.accent.with(.underline) : theme.muted)
      x += column.width
    }
  }

  private func draw(
    _ unit: UnitStatistics, _ columns: [(index: Int, column: TableColumn)], into grid: inout Grid,
    at body: Rect, y: Int
  ) {
    let theme = state.theme
    let isInHand = unit.unit == state.unit
    if isInHand { grid.put("▸", x: body.x, y: y, theme.accent) }
    var x = body.x + 2
    for (index, column) in columns {
      let isFirst = index == 0
      grid.put(
        column.text(unit).padded(left: column.width - 1), x: x, y: y,
        isFirst && isInHand ? theme.accent : isInHand ? theme.text.with(.bold) : theme.text,
        limit: column.width)
      if isFirst, let mark = UnitMark(unit.unit, state) {
        grid[x + column.width - 1, y] = Cell(mark.glyph, mark.style)
      }
      x += column.width
    }
  }
}
