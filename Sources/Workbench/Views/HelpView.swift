import Screen

/// All keys, made from the table that dispatch uses.
struct HelpView {
  let state: State

  func draw(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    let lines = self.lines
    let layout = Layout(self, area)
    let (columns, perColumn) = (layout.columns, layout.perColumn)
    let columnWidth = area.width / columns
    let first = min(state.help ?? 0, layout.overflow)
    for column in 0..<columns {
      for row in 0..<perColumn {
        let index = first + column * perColumn + row
        guard index < lines.count else { break }
        draw(
          lines[index], into: &grid, x: area.x + column * columnWidth, y: area.y + 1 + row,
          width: columnWidth - 2)
      }
    }
    grid.put(
      first < layout.overflow ? Words.helpMore : Words.helpEnd, x: area.x, y: area.maxY - 1,
      theme.muted)
  }

  /// Columns of the longest line.
  private var widest: Int {
    Self.wordsColumn + (Keymap.bindings.map(\.words.displayWidth).max() ?? 0)
  }

  private static let wordsColumn = 12

  /// How far the help can be scrolled.
  static func overflow(_ state: State) -> Int {
    Layout(HelpView(state: state), FrameLayout(state).helpArea).overflow
  }

  private struct Layout {
    let columns: Int
    /// Rows of a column.
    let perColumn: Int
    /// Lines that have no room at once.
    let overflow: Int

    init(_ view: HelpView, _ area: Rect) {
      let count = view.lines.count
      let rows = max(1, area.height - 2)
      columns = count > rows && area.width >= 2 * (view.widest + 2) ? 2 : 1
      perColumn = min(rows, (count + columns - 1) / columns)
      overflow = max(0, count - perColumn * columns)
    }
  }

  private enum Line {
    case title(String)
    case key(String, String)
    case blank
  }

  private var lines: [Line] {
    var lines: [Line] = []
    for (index, group) in Keymap.groups.enumerated() {
      if index > 0 && FrameLayout.isAiry(state) { lines.append(.blank) }
      lines.append(.title(group.title))
      for binding in group.bindings {
        lines.append(.key(binding.keys.map(\.label).joined(separator: " "), binding.words))
      }
    }
    return lines
  }

  private func draw(_ line: Line, into grid: inout Grid, x: Int, y: Int, width: Int) {
    let theme = state.theme
    switch line {
    case .blank: break
    case .title(let title): grid.put(title, x: x, y: y, theme.accent, limit: width)
    case .key(let keys, let words):
      grid.put(keys, x: x + 2, y: y, theme.text.with(.bold), limit: width - 2)
      grid.put(
        words, x: x + Self.wordsColumn, y: y, theme.muted,
        limit: max(0, width - Self.wordsColumn))
    }
  }
}
