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
    let start = keysStart(in: area)
    if start > end { grid.put(" \(keysText) ", x: start, y: area.y, theme.muted) }
    for (row, line) in lines.enumerated() {
      grid.put(line, x: area.x + 1, y: area.y + 1 + row, theme.text)
    }
  }

  /// The keys of the tour with their words, as far as they have keys.
  private var keys: [(text: String, instruction: Instruction)] {
    Words.tourKeys.compactMap { command, words in
      let instruction = Instruction(command)
      return state.keymap.keys(of: instruction).first.map { ("\($0.label) \(words)", instruction) }
    }
  }

  private var keysText: String { keys.map(\.text).joined(separator: Self.separator) }
  private static let separator = " · "

  private func keysStart(in area: Rect) -> Int { area.maxX - keysText.displayWidth - 5 }

  /// What the key or its word at a place does.
  func hit(at place: Point, in area: Rect) -> Hit? {
    guard place.y == area.y else { return nil }
    var x = keysStart(in: area) + 1
    for key in keys {
      let end = x + key.text.displayWidth
      if (x..<end).contains(place.x) { return Hit(.instruction(key.instruction), in: area) }
      x = end + Self.separator.displayWidth
    }
    return nil
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
