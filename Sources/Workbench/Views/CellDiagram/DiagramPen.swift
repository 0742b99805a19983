import Screen

/// The lines of a cell's diagram. What flows through the unit in hand is lit: heavy, and in the accent's
/// colour.
struct DiagramPen {
  let theme: Theme

  enum Arrow: Unicode.Scalar {
    case up = "▲"
    case down = "▼"
    case left = "◀"
    case right = "▶"
  }

  /// Up to, not with, the column `end`.
  func line(_ grid: inout Grid, from start: Int, to end: Int, y: Int, isLit: Bool = false) {
    let cell = isLit ? Cell("━", theme.accent) : Cell("─", theme.muted)
    for x in start..<max(start, end) { grid[x, y] = cell }
  }

  /// Down to and with the row `end`.
  func column(_ grid: inout Grid, x: Int, from start: Int, to end: Int) {
    for y in start..<max(start, end + 1) { grid[x, y] = Cell("│", theme.muted) }
  }

  func corner(_ grid: inout Grid, _ glyph: Unicode.Scalar, x: Int, y: Int) {
    grid[x, y] = Cell(glyph, theme.muted)
  }

  func arrow(_ grid: inout Grid, _ arrow: Arrow, x: Int, y: Int, isLit: Bool = false) {
    grid[x, y] = Cell(arrow.rawValue, isLit ? theme.accent : theme.muted)
  }

  func operation(_ grid: inout Grid, _ sign: Unicode.Scalar, x: Int, y: Int) {
    grid[x, y] = Cell(sign, theme.accent)
  }

  /// Where the slow state is tapped.
  func tap(_ grid: inout Grid, x: Int, y: Int) { grid[x, y] = Cell("┯", theme.accent) }

  /// What is applied to all values of a vector.
  func box(_ grid: inout Grid, _ name: String, centre: Int, y: Int) {
    let text = " \(name) "
    let style =
      theme.capabilities.heatByColor
      ? Style(theme.ground, on: theme.muted.foreground) : theme.text.with(.reverse)
    grid.put(text, x: centre - text.displayWidth / 2, y: y, style)
  }

  /// An operator with what comes to it from the left and, where it does, from the right.
  ///
  ///     ┌──▶⊗◀──┐   or   ┌──▶⊗───┐
  func bracket(
    _ grid: inout Grid, from left: Int, to right: Int, at x: Int, y: Int, isProduct: Bool
  ) {
    line(&grid, from: left + 1, to: right, y: y)
    corner(&grid, "┌", x: left, y: y)
    corner(&grid, "┐", x: right, y: y)
    operation(&grid, "⊗", x: x, y: y)
    if x - 1 > left { arrow(&grid, .right, x: x - 1, y: y) }
    if isProduct, x + 1 < right { arrow(&grid, .left, x: x + 1, y: y) }
  }

  typealias Part = (text: String, style: Style)

  static func width(_ parts: [Part]) -> Int { parts.reduce(0) { $0 + $1.text.displayWidth } }

  @discardableResult
  func put(_ grid: inout Grid, _ parts: [Part], x: Int, y: Int) -> Int {
    parts.reduce(x) { grid.put($1.text, x: $0, y: y, $1.style) }
  }

  /// The first of some wordings that has room, in the middle of it or as near as can be to `centre`.
  func put(_ grid: inout Grid, _ choices: [[Part]], centre: Int, in room: Range<Int>, y: Int) {
    guard let parts = choices.first(where: { Self.width($0) <= room.count }) else { return }
    let width = Self.width(parts)
    let x = min(max(centre - width / 2, room.lowerBound), room.upperBound - width)
    put(&grid, parts, x: x, y: y)
  }
}
