import Inspector
import Screen

/// All units with what they did over the sequence, in the order that the person chose.
struct TableView {
  let state: State
  /// All columns, whether they have room or not.
  private let all: [TableColumn]

  init(state: State) {
    self.state = state
    all = TableColumn.all(state)
  }

  func draw(into grid: inout Grid, at body: Rect) {
    let theme = state.theme
    guard let statistics = state.statistics[state.track] else {
      grid.put(
        Words.measuring.fitted(to: body.width), x: body.x, y: body.y, theme.muted)
      return
    }
    let columns = shown(width: body.width)
    let chart = Self.chart(beside: columns, in: body)
    drawHeader(columns, chart, into: &grid, at: body)
    drawFoot(into: &grid, at: body)
    if let detail = detail(in: body) {
      UnitPanel(state: state, isLarge: true).draw(into: &grid, at: detail.panel)
      UnitChart(state: state, mostRows: Self.mostChartRows).draw(into: &grid, at: detail.chart)
    }
    for (row, place) in places(in: body).enumerated() {
      let unit = statistics[state.unit(at: place)]
      let y = body.y + 1 + row
      draw(unit, columns, into: &grid, at: body, y: y)
      if let chart { draw(unit, course: chart, into: &grid, y: y) }
    }
  }

  /// The places of the units that are seen, between the header and the foot.
  func places(in body: Rect) -> Range<Int> {
    let rows = max(0, body.height - 1 - footHeight(in: body))
    let units = state.shownCount
    let first = Paging.first(showing: state.placeOfUnit, visible: rows, count: units)
    return first..<min(first + rows, units)
  }

  /// The columns that have room, with their index among all. The one in hand is always there.
  func shown(width: Int) -> [(index: Int, column: TableColumn)] {
    var kept = all.enumerated().map { (index: $0.offset, column: $0.element) }
    func rank(_ place: (index: Int, column: TableColumn)) -> Int {
      place.index == state.tableColumn ? 0 : place.column.rank
    }
    // A chart says more than the last of the numbers.
    let room = width >= Self.chartedWidth ? width - Self.leastChart - 2 : width
    func total() -> Int { kept.reduce(2) { $0 + $1.column.width } }
    while total() > room, let worst = kept.map(rank).max(), worst > 0 {
      let last = kept.lastIndex { rank($0) == worst }!
      kept.remove(at: last)
    }
    return kept
  }

  /// From which width on there is a chart, and how wide it is at least.
  private static let chartedWidth = 110
  private static let leastChart = 20

  /// The cells of the chart at the right of the columns: x, and how many.
  private static func chart(
    beside columns: [(index: Int, column: TableColumn)], in body: Rect
  ) -> Range<Int>? {
    let x = columns.reduce(body.x + 4) { $0 + $1.column.width }
    let room = min(body.maxX - x, UnitStatistics.courseParts)
    return body.width >= chartedWidth && room >= leastChart ? x..<x + room : nil
  }

  // MARK: - The unit in hand

  static let mostChartRows = 20

  /// Under the units, where rows are left: the unit in hand in numbers and over time. Nil where there is
  /// no room.
  func detail(in body: Rect) -> (panel: Rect, chart: Rect)? {
    let top = body.y + 1 + state.shownCount
    let room = body.maxY - footHeight(in: body) - top
    guard room >= UnitPanel.largeHeight else { return nil }
    let panel = Rect(x: body.x, y: top, width: body.width, height: UnitPanel.largeHeight)
    // Blanks before and after the chart, unless they leave it no rows.
    let rest = room - UnitPanel.largeHeight
    let isAiry = rest > UnitChart.smallestHeight
    let blank = footHeight(in: body) - footWords.count
    return (
      panel,
      Rect(
        x: body.x, y: panel.maxY + (isAiry ? 1 : 0), width: body.width,
        height: isAiry ? rest - 1 : rest + blank)
    )
  }

  // MARK: - The foot

  /// What the column in hand means, and what a recorded trace lacks.
  private var footWords: [String] {
    let column = all[min(state.tableColumn, all.count - 1)]
    let missing = state.currentTrack.missingSignals
    return ["\(column.title): \(column.explanation)"]
      + (missing.isEmpty ? [] : [Words.missing(missing)])
  }

  /// A blank row too where there is room for one.
  private func footHeight(in body: Rect) -> Int {
    footWords.count + (body.height > 12 ? 1 : 0)
  }

  private func drawFoot(into grid: inout Grid, at body: Rect) {
    for (row, words) in footWords.reversed().enumerated() {
      grid.put(
        words.fitted(to: body.width - 2), x: body.x + 2, y: body.maxY - 1 - row, state.theme.muted)
    }
  }

  // MARK: - Rows

  private func drawHeader(
    _ columns: [(index: Int, column: TableColumn)], _ chart: Range<Int>?, into grid: inout Grid,
    at body: Rect
  ) {
    let theme = state.theme
    if let chart {
      let words = Words.course(of: state.currentTrack.memory).fitted(to: chart.count)
      var x = grid.put(words, x: chart.lowerBound, y: body.y, theme.muted) + 2
      // Which colour stands for which side of zero.
      for (sign, value) in [("+", Float(1)), ("-", -1)] where x + 2 <= chart.upperBound {
        grid[x, body.y] = courseCell(value, upTo: 1, isAhead: false)
        x = grid.put(sign, x: x + 1, y: body.y, theme.muted) + 1
      }
    }
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
      var style =
        isFirst && isInHand ? theme.accent : isInHand ? theme.text.with(.bold) : theme.text
      if let (cell, ink) = column.heat(unit) {
        // The number stands on its colour, or beside its glyph.
        let isColor = theme.capabilities.heatByColor
        grid.fill(
          Rect(x: x + 1, y: y, width: isColor ? column.width - 1 : 1, height: 1), with: cell)
        if isColor { style = isInHand ? ink.with(.bold) : ink }
      }
      let text = column.text(unit)
      grid.put(
        text, x: x + max(0, column.width - 1 - text.displayWidth), y: y, style, limit: column.width)
      if isFirst, let mark = UnitMark(unit.unit, state) {
        grid[x + column.width - 1, y] = Cell(mark.glyph, mark.style)
      }
      x += column.width
    }
  }

  /// The unit's memory over time: how far it is from zero, up to its own farthest, in the colour of
  /// its side; the future dimmed.
  private func draw(
    _ unit: UnitStatistics, course cells: Range<Int>, into grid: inout Grid, y: Int
  ) {
    let parts = unit.course.count
    guard parts > 0 else { return }
    let limit = unit.course.lazy.filter(\.isFinite).map { abs($0) }.max() ?? 0
    // Few steps are drawn as wide as they fit, each the same.
    let wide = max(1, cells.count / parts)
    let shown = min(cells.count, parts * wide)
    let now = state.isRecorded ? state.step * parts / max(1, state.trace.recordedSteps) : parts
    for cell in 0..<shown {
      let part = cell * parts / shown
      let value = unit.course[part]
      guard !value.isNaN else { continue }
      var bar = courseCell(value, upTo: limit, isAhead: part > now)
      if part == now { bar.style = state.theme.accent }
      grid[cells.lowerBound + cell, y] = bar
    }
  }

  private func courseCell(_ value: Float, upTo limit: Float, isAhead: Bool) -> Cell {
    let theme = state.theme
    let scale = HeatScale(.signed(limit: limit), theme)
    guard theme.capabilities.heatByColor else { return TextMark(scale).cell(for: value) }
    // Colours near the middle of the scale would not be seen; the height says how much it is.
    let color = scale.cell(for: value < 0 ? -limit : limit, isDimmed: isAhead).style.background
    return Cell(
      BarGlyph.level(abs(value), in: 0...max(limit, .leastNonzeroMagnitude), highest: 7),
      Style(color, on: theme.ground))
  }
}
