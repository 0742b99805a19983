import Screen

/// Causes as rows: some columns of words and numbers, then a bar as long as the number that counts.
struct WhyTable {
  struct Column {
    let title: String
    let width: Int
    var isLeft = false
    /// The number that counts.
    var isMain = false
  }

  struct Row {
    let cells: [String]
    /// What the bar is as long as.
    let value: Double
  }

  let columns: [Column]
  /// The ranked causes that are seen.
  let rows: [Row]
  /// The place of the chosen one among them; nil where none is.
  let chosen: Int?
  /// The longest bar's value.
  let largest: Double

  func draw(into grid: inout Grid, at area: Rect, _ theme: Theme) {
    var x = area.x + 2
    for column in fitting(area) {
      grid.put(
        padded(column.title, column), x: x, y: area.y, theme.muted, limit: max(0, area.maxX - x))
      x += column.width
    }
    for (index, row) in rows.enumerated() {
      draw(row, isChosen: index == chosen, into: &grid, at: area, y: area.y + 1 + index, theme)
    }
  }

  private func draw(
    _ row: Row, isChosen: Bool, into grid: inout Grid, at area: Rect, y: Int, _ theme: Theme
  ) {
    // The row in hand is a band, where there are colours for one.
    let ground = isChosen && theme.capabilities.heatByColor ? theme.bar.background : theme.ground
    if isChosen {
      if theme.capabilities.heatByColor {
        grid.fill(
          Rect(x: area.x, y: y, width: area.width, height: 1), with: Cell(" ", theme.bar))
      }
      grid.put("▸", x: area.x, y: y, theme.accent.on(ground))
    }
    var x = area.x + 2
    for (index, column) in fitting(area).enumerated() {
      let plain =
        isChosen && index == 0
        ? theme.accent
        : column.isMain || isChosen ? theme.text.with(.bold) : theme.text
      let style = plain.on(ground)
      grid.put(
        padded(row.cells[index], column), x: x, y: y, style,
        limit: max(0, min(column.width - 1, area.maxX - x)))
      x += column.width
    }
    let room = min(area.maxX - x - 1, 48)
    guard room > 2, largest > 0 else { return }
    Bar(share: abs(row.value) / largest, width: room, isApart: true).draw(
      into: &grid, x: x + 1, y: y, style: Self.style(row.value, theme).on(ground))
  }

  /// The columns that have room, from the left.
  private func fitting(_ area: Rect) -> ArraySlice<Column> {
    var end = area.x + 2
    let count = columns.prefix {
      end += $0.width
      return end - 1 <= area.maxX
    }.count
    return columns.prefix(max(1, count))
  }

  private func padded(_ text: String, _ column: Column) -> String {
    let text = text.fitted(to: column.width - 1)
    return column.isLeft ? text : text.padded(left: column.width - 1)
  }

  /// What pushes down has another colour than what pushes up: those of the heatmaps where they have any.
  ///
  /// - Parameter strength: how strong the colour is, up to 1.
  static func style(_ value: Double, _ theme: Theme, strength: Float = 0.6) -> Style {
    guard theme.capabilities.heatByColor else { return value < 0 ? theme.lines[1] : theme.lines[4] }
    let end = HeatScale(.signed(limit: 1), theme).cell(for: value < 0 ? -strength : strength)
    return Style(end.style.background, on: theme.ground)
  }
}
