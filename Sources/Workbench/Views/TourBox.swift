import Demos
import Screen

/// What the tour says at its stop, under the view that it speaks of, which makes room for it.
struct TourBox {
  let state: State
  private let stop: TourStop
  private let lines: [String]

  /// Nil where no tour is on.
  init?(_ state: State) {
    guard let index = state.tourStop, let tour = state.session.tour else { return nil }
    self.state = state
    stop = tour.stops[index]
    let width = min(state.width - 6, 100)
    lines = Self.wrapped(stop.text, width: width)
    height = 1 + (tour.stops.map { Self.wrapped($0.text, width: width).count }.max() ?? 0)
  }

  /// Rows that it takes: a rule, and the longest text of the tour, so that the view above stands
  /// still from stop to stop.
  let height: Int

  func draw(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    for x in area.x..<area.maxX { grid[x, area.y] = Cell("━", theme.faint) }
    let title = Words.tourTitle((state.tourStop ?? 0) + 1, of: state.session.tour?.stops.count ?? 0)
    let end = grid.put(" \(title) ", x: area.x + 3, y: area.y, theme.accent)
    let keys = " \(Words.tourKeys) "
    let start = area.maxX - keys.displayWidth - 3
    if start > end { grid.put(keys, x: start, y: area.y, theme.muted) }
    for (row, line) in lines.enumerated() {
      grid.put(line, x: area.x + 1, y: area.y + 1 + row, theme.text)
    }
  }

  /// Lines of whole words.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty && line.displayWidth + 1 + String(word).displayWidth > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}
