import Screen

/// The curves in numbers, at some lags.
struct FlowTable {
  struct Row {
    let curve: FlowCurve
    /// "mean"; nil for the curve's own name.
    var name: String?
    let isMuted: Bool
  }

  let title: String
  let rows: [Row]
  let longest: Int
  let theme: Theme
  /// Whether more is to come.
  let isWorking: Bool
  /// The lowest power of ten that says something; nil for all of them.
  var floor: Double?

  /// Which lags are shown, the most telling first.
  private static let telling = [0, 10, 20, 5, 200, 1, 100, 50, 1000, 500, 2, 10_000, 5000, 2000]

  private var nameWidth: Int {
    max(title.displayWidth, rows.map { name($0).displayWidth }.max() ?? 0) + 1
  }

  /// The lags that have room, and how many columns each.
  private func columns(in area: Rect) -> (lags: [Int], width: Int) {
    let width = area.width >= 54 ? 8 : area.width >= 36 ? 6 : 5
    return (lags(count: max(1, (area.width - nameWidth) / width)), width)
  }

  /// The lag whose column that is.
  func lag(at column: Int, in area: Rect) -> Int? {
    let (lags, width) = columns(in: area)
    let place = column - area.x - nameWidth
    return place >= 0 && place / width < lags.count ? lags[place / width] : nil
  }

  func draw(into grid: inout Grid, at area: Rect) {
    let nameWidth = nameWidth
    let (lags, width) = columns(in: area)
    grid.put(title, x: area.x, y: area.y, theme.muted)
    for (column, lag) in lags.enumerated() {
      let x = area.x + nameWidth + column * width
      grid.put(String(lag).padded(left: width - 1), x: x, y: area.y, theme.muted)
      for (index, row) in rows.enumerated() where index + 1 < area.height {
        let log = lag < row.curve.logs.count ? row.curve.logs[lag] : .nan
        let text =
          log.isNaN && isWorking
          ? "…" : FlowNumber.text(log, width: width - 1, floor: floor)
        grid.put(
          text.padded(left: width - 1), x: x, y: area.y + 1 + index,
          row.isMuted ? theme.muted : theme.text)
      }
    }
    for (index, row) in rows.enumerated() where index + 1 < area.height {
      grid.put(
        name(row), x: area.x, y: area.y + 1 + index, row.isMuted ? theme.muted : row.curve.style)
    }
  }

  private func name(_ row: Row) -> String { row.name ?? row.curve.name }

  private func lags(count: Int) -> [Int] {
    var kept: [Int] = []
    for lag in Self.telling where lag <= longest && kept.count < count { kept.append(lag) }
    return kept.sorted()
  }
}
