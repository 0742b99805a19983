import Inspector
import Screen

/// The places where the same units are on as in a span, under the view, which makes room for them: how
/// many units, how many others, the tokens.
struct MatchBox {
  let state: State
  private let matches: Matches

  /// Nil where there is nothing to list.
  init?(_ state: State) {
    guard let matches = state.matches else { return nil }
    self.state = state
    self.matches = matches
  }

  /// Rows that it takes: a rule and so many places as are there and have room; none where not even
  /// one has.
  func height(room: Int) -> Int {
    let wanted = 1 + min(matches.places.count, FrameLayout.isAiry(state) ? 8 : 4)
    return room < min(wanted, 2) ? 0 : min(wanted, room)
  }

  func draw(into grid: inout Grid, at area: Rect) {
    guard area.height > 0 else { return }
    drawRule(into: &grid, at: area)
    let shown = shown(in: area)
    let columns = Columns(matches, shown: shown, state.trace)
    for (row, index) in shown.enumerated() {
      draw(index, columns, into: &grid, at: area, y: area.y + 1 + row)
    }
  }

  /// The places that are seen, under the rule.
  private func shown(in area: Rect) -> Range<Int> {
    let rows = max(0, area.height - 1)
    let first = Paging.first(
      showing: matches.chosen ?? 0, visible: rows, count: matches.places.count)
    return first..<min(first + rows, matches.places.count)
  }

  /// A place of the list is gone to.
  func hit(at place: Point, in area: Rect) -> Hit? {
    let shown = shown(in: area)
    let index = shown.lowerBound + place.y - area.y - 1
    guard shown.contains(index) else { return nil }
    return Hit(.instruction(Instruction(.place, String(index + 1))), in: area)
  }

  private func drawRule(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    for x in area.x..<area.maxX { grid[x, area.y] = Cell("━", theme.faint) }
    let title = Words.matchTitle(matches, state.trace)
    let end = grid.put(
      " \(title) ".fitted(to: area.width - 3), x: area.x + 3, y: area.y, theme.accent)
    let keys = " \(Words.matchKeys) "
    let start = area.maxX - keys.displayWidth - 3
    if start > end { grid.put(keys, x: start, y: area.y, theme.muted) }
  }

  /// How wide the columns are, so that the rows that are seen line up.
  private struct Columns {
    let rank: Int
    let steps: Int
    let shared: Int
    let others: Int

    init(_ matches: Matches, shown: Range<Int>, _ trace: Trace) {
      func widest(_ text: (SpanMatch) -> String) -> Int {
        shown.map { text(matches.places[$0]).displayWidth }.max() ?? 0
      }
      rank = String(matches.places.count).count
      steps = widest { Words.steps($0.steps, trace) }
      shared = widest { Words.shared($0, of: matches) }
      others = widest { Words.others($0.otherCount) }
    }
  }

  private func draw(
    _ index: Int, _ columns: Columns, into grid: inout Grid, at area: Rect, y: Int
  ) {
    let theme = state.theme
    let place = matches.places[index]
    let isChosen = index == matches.chosen
    let style = isChosen ? theme.text.with(.bold) : theme.text
    if isChosen { grid.put("▸", x: area.x, y: y, theme.accent) }
    var x = area.x + 2
    grid.put(
      String(index + 1).padded(left: columns.rank), x: x, y: y,
      isChosen ? theme.accent : theme.muted)
    x += columns.rank + 2
    grid.put(Words.steps(place.steps, state.trace).padded(left: columns.steps), x: x, y: y, style)
    x += columns.steps + 2
    grid.put(Words.shared(place, of: matches).padded(left: columns.shared), x: x, y: y, style)
    x += columns.shared + 1
    grid.put(Words.others(place.otherCount).padded(left: columns.others), x: x, y: y, theme.muted)
    x += columns.others + 2
    drawTokens(of: place, isChosen: isChosen, into: &grid, x: x, y: y, width: area.maxX - x)
  }

  /// The place's tokens among those around them.
  private func drawTokens(
    of place: SpanMatch, isChosen: Bool, into grid: inout Grid, x: Int, y: Int, width: Int
  ) {
    guard case .tokens = state.trace.input, width > 8 else { return }
    let theme = state.theme
    let gap = StripLayout.isSpaced(state) ? 1 : 0
    func text(_ step: Int) -> String { StripLayout.text(at: step, state) }
    // The places' tokens begin below each other, with some that came before.
    let lead = min(width / 4, 16)
    var start = place.steps.lowerBound
    var used = 0
    while start > 0, used + text(start - 1).displayWidth + gap <= lead {
      start -= 1
      used += text(start).displayWidth + gap
    }
    var column = x + lead - used
    let end = x + width
    for step in start..<state.session.length {
      let token = text(step)
      guard column + token.displayWidth < end else {
        grid.put("…", x: min(column, end - 1), y: y, theme.faint)
        return
      }
      let isInside = place.steps.contains(step)
      let style = isInside ? (isChosen ? theme.accent : theme.text) : theme.muted
      column = grid.put(token, x: column, y: y, isInside ? style.with(.underline) : style) + gap
    }
  }
}
