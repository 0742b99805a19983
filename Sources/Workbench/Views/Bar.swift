import Screen

/// A share as a bar, to an eighth of a column.
struct Bar {
  let share: Double
  let width: Int
  /// Whether bars may stand right above and below: it leaves them a gap, and ends with its column.
  var isApart = false

  func draw(into grid: inout Grid, x: Int, y: Int, style: Style) {
    guard width > 0, share.isFinite else { return }
    let eighths = Int((min(max(share, 0), 1) * Double(width * 8)).rounded())
    let columns = (eighths + 4) / 8
    if isApart, columns > 0 {
      for column in 0..<min(columns, width) { grid[x + column, y] = Cell("▆", style) }
      return
    }
    for column in 0..<width {
      let filled = min(max(eighths - column * 8, 0), 8)
      guard filled > 0 else { continue }
      grid[x + column, y] = Cell(Self.parts[filled - 1], style)
    }
  }

  private static let parts: [Unicode.Scalar] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
}
