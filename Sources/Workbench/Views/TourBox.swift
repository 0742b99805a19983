import Demos
import Screen

/// What the tour says at its stop, under the view that it speaks of, which makes room for it.
struct TourBox {
  let state: State
  private let place: TourPlace
  /// The stop after it; nil at the last.
  private let next: TourPlace?
  private let lines: [String]

  /// Nil where no tour is on.
  init?(_ state: State) {
    let places = state.session.tourPlaces
    guard let index = state.tourStop, places.indices.contains(index) else { return nil }
    self.state = state
    place = places[index]
    next = index + 1 < places.count ? places[index + 1] : nil
    let width = min(state.width - 6, 100)
    lines = Self.wrapped(place.stop.text, width: width)
    height = 1 + (places.map { Self.wrapped($0.stop.text, width: width).count }.max() ?? 0)
  }

  /// Rows that it takes: a rule, and the longest text of the tour, so that the view above stands
  /// still from stop to stop.
  let height: Int

  func draw(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    for x in area.x..<area.maxX { grid[x, area.y] = Cell("━", theme.faint) }
    let title = Words.tourTitle(place.number, of: place.count, part: place.part)
    var x = area.x + 3
    // A long name leaves room for the keys.
    let room = keysStart(in: area) - x - 3
    let shown = title.displayWidth <= room ? title : title.fitted(to: max(0, room))
    if !shown.isEmpty { x = grid.put(" \(shown) ", x: x, y: area.y, theme.accent) }
    drawKeys(into: &grid, at: area, after: x)
    for (row, line) in lines.enumerated() {
      grid.put(line, x: area.x + 1, y: area.y + 1 + row, theme.text)
    }
  }

  private func drawKeys(into grid: inout Grid, at area: Rect, after end: Int) {
    let keys = keys
    var x = keysStart(in: area)
    guard !keys.isEmpty, x >= end else { return }
    x = grid.put(" ", x: x, y: area.y, state.theme.muted)
    for (index, key) in keys.enumerated() {
      if index > 0 { x = grid.put(Self.separator, x: x, y: area.y, state.theme.muted) }
      x = grid.put(key.text, x: x, y: area.y, key.isLit ? state.theme.accent : state.theme.muted)
    }
    grid.put(" ", x: x, y: area.y, state.theme.muted)
  }

  private struct KeyWords {
    let text: String
    let instruction: Instruction
    /// Whether it leads to another model's tour.
    let isLit: Bool
  }

  /// The keys of the tour with their words, as far as they have keys.
  private var keys: [KeyWords] {
    let isLit = next?.part != place.part && next != nil
    let onwards = isLit ? Words.tourGoesOn(to: next?.part ?? "") : Words.tourOn
    // They belong to what is being filled in.
    guard state.exportForm == nil, state.prompt == nil else { return [] }
    let words: [(Command, String)] = [
      (.tourNext, next == nil ? Words.tourEnds : onwards), (.tourBack, Words.tourBack),
      (.tour, Words.tourLeave),
    ]
    return words.compactMap { command, words in
      let instruction = Instruction(command)
      return state.keymap.keys(of: instruction).first.map {
        KeyWords(
          text: "\($0.label) \(words)", instruction: instruction,
          isLit: isLit && command == .tourNext)
      }
    }
  }

  private static let separator = " · "

  private func keysStart(in area: Rect) -> Int {
    let width = keys.reduce(0) { $0 + $1.text.displayWidth + Self.separator.displayWidth }
    return area.maxX - width - 2
  }

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

  /// Lines of whole words; an equation's sign is not parted from what stands around it.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in glued(text) {
      if !line.isEmpty && line.displayWidth + 1 + word.displayWidth > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  /// The words of a text, "h = 0.85" being one.
  private static func glued(_ text: String) -> [String] {
    var words: [String] = []
    var isOpen = false
    for word in text.split(separator: " ") {
      if word == "=", let last = words.popLast() {
        words.append(last + " =")
        isOpen = true
      } else if isOpen, let last = words.popLast() {
        words.append(last + " " + word)
        isOpen = false
      } else {
        words.append(String(word))
      }
    }
    return words
  }
}
