import Screen

/// All that can be done here, made from the table that dispatch uses; one line is chosen, and Enter
/// does it.
struct HelpView {
  let state: State

  /// What is listed, as the keys are grouped; what somebody looks for by how near it comes, a command's
  /// name before the words about it.
  static func bindings(_ state: State) -> [Keymap.Binding] {
    let listed = state.keymap.bindings.filter { isListed($0, state) }
    guard let filter = state.helpFilter, !filter.isEmpty else { return listed }
    let ranks = listed.map { $0.rank(of: filter) }
    return (0...Keymap.Binding.lastRank).flatMap { rank in
      zip(listed, ranks).filter { $0.1 == rank }.map(\.0)
    }
  }

  /// All that is of use in this view; who looks for something finds the rest as well.
  private static func isListed(_ binding: Keymap.Binding, _ state: State) -> Bool {
    guard let filter = state.helpFilter, !filter.isEmpty else { return binding.isOfUse(state) }
    return binding.hasWords(of: filter)
  }

  func draw(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    let layout = Layout(self, area)
    for (line, place) in layout.placed {
      draw(line, into: &grid, x: place.x, y: place.y, width: layout.columnWidth - 2)
    }
    let bindings = Self.bindings(state)
    drawHead(into: &grid, at: area, layout, count: bindings.count)
    if let help = state.help, bindings.indices.contains(help) {
      let usage = ":" + bindings[help].usage
      let end = grid.put(usage, x: area.x, y: area.maxY - 1, theme.accent, limit: area.width)
      grid.put(
        Words.helpKeys.fitted(to: max(0, area.maxX - end - 3)), x: end + 3, y: area.maxY - 1,
        theme.muted)
    }
  }

  /// What was typed, and how much there is that is not seen.
  private func drawHead(into grid: inout Grid, at area: Rect, _ layout: Layout, count: Int) {
    let theme = state.theme
    var start = area.x
    if let filter = state.helpFilter {
      start = grid.put("/" + filter + "▏", x: start, y: area.y, theme.accent, limit: area.width)
      start = grid.put(
        Words.helpFound(count), x: start + 1, y: area.y, theme.muted,
        limit: max(0, area.maxX - start - 1))
    }
    let more = Words.helpMore(above: layout.above, below: layout.below)
    let x = area.maxX - more.displayWidth
    if !more.isEmpty, x > start + 1 { grid.put(more, x: x, y: area.y, theme.accent) }
  }

  /// The lines that are seen, and where they stand.
  private struct Layout {
    let placed: [(line: Line, place: Point)]
    /// Lines that do something before and behind those that are seen.
    let above: Int
    let below: Int
    let columnWidth: Int

    init(_ view: HelpView, _ area: Rect) {
      let rows = max(1, area.height - 2)
      let most = max(1, min(3, area.width / (view.widest + 2)))
      // Blanks between the groups only where all has room with them.
      var lines = view.lines(isAiry: FrameLayout.isAiry(view.state))
      if lines.count > rows * most { lines = view.lines(isAiry: false) }
      let columns = max(1, min(most, (lines.count + rows - 1) / rows))
      let perColumn = max(1, min(rows, (lines.count + columns - 1) / columns))
      let width = area.width / columns
      columnWidth = width
      let room = perColumn * columns
      let chosen = lines.firstIndex { $0.index == view.state.help } ?? 0
      // The chosen line stays in the middle where the list is longer than the screen. A title may leave
      // a blank at the end of each column.
      let overflow = lines.count <= room ? 0 : lines.count + columns - room
      let first = min(max(0, chosen - room / 2), overflow)
      let all = lines[first...]
      let whole = Self.withoutLoneTitles(all, rows: perColumn)
      let shown = (lines.count > room || whole.count <= room ? whole : Array(all)).prefix(room)
      above = lines[..<first].count { $0.index != nil }
      below = all.count { $0.index != nil } - shown.count { $0.index != nil }
      placed = shown.enumerated().map { place, line in
        let (column, row) = place.quotientAndRemainder(dividingBy: perColumn)
        return (line, Point(x: area.x + column * width, y: area.y + 1 + row))
      }
    }

    /// A title that would end a column begins the next, and a blank does not.
    private static func withoutLoneTitles(_ lines: ArraySlice<Line>, rows: Int) -> [Line] {
      var result: [Line] = []
      for line in lines {
        let row = result.count % rows
        switch line {
        case .title where row == rows - 1: result += [.blank, line]
        case .blank where row == 0: break
        case .title, .blank, .binding: result.append(line)
        }
      }
      return result
    }
  }

  /// The line that does something at a place.
  func hit(at place: Point, in area: Rect) -> Hit? {
    let layout = Layout(self, area)
    for (line, start) in layout.placed where start.y == place.y {
      guard let index = line.index, (start.x..<start.x + layout.columnWidth).contains(place.x)
      else { continue }
      return Hit(.help(index), in: area)
    }
    return nil
  }

  /// Columns of the longest line.
  private var widest: Int {
    Self.wordsColumn + (state.keymap.bindings.map(\.words.displayWidth).max() ?? 0)
  }

  private static let wordsColumn = 12

  private enum Line {
    case title(String)
    case binding(Keymap.Binding, index: Int)
    case blank

    var index: Int? {
      switch self {
      case .binding(_, let index): index
      case .title, .blank: nil
      }
    }
  }

  private func lines(isAiry: Bool) -> [Line] {
    if state.helpFilter?.isEmpty == false {
      return Self.bindings(state).enumerated().map { .binding($0.element, index: $0.offset) }
    }
    var lines: [Line] = []
    var index = 0
    for group in state.keymap.groups {
      let bindings = group.bindings.filter { Self.isListed($0, state) }
      guard !bindings.isEmpty else { continue }
      if !lines.isEmpty && isAiry { lines.append(.blank) }
      lines.append(.title(group.title))
      for binding in bindings {
        lines.append(.binding(binding, index: index))
        index += 1
      }
    }
    return lines
  }

  private func draw(_ line: Line, into grid: inout Grid, x: Int, y: Int, width: Int) {
    let theme = state.theme
    switch line {
    case .blank: break
    case .title(let title): grid.put(title, x: x, y: y, theme.accent, limit: width)
    case .binding(let binding, let index):
      let isChosen = index == state.help
      if isChosen { grid.put("▸", x: x, y: y, theme.accent) }
      let keys =
        binding.keys.isEmpty
        ? ":" + binding.instruction.command.rawValue
        : binding.keys.map(\.label).joined(separator: " ")
      let end = grid.put(
        keys, x: x + 2, y: y, isChosen ? theme.accent : theme.text.with(.bold), limit: width)
      // A long name pushes its words on.
      let words = max(x + Self.wordsColumn, end + 1)
      grid.put(
        binding.words.fitted(to: max(0, x + width - words)), x: words, y: y,
        isChosen ? theme.text : theme.muted)
    }
  }
}
