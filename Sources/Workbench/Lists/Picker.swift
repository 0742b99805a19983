import Screen

/// A list to choose from, of demos or of a file's modules: what it shows and where the person is in it.
public struct PickerState {
  public struct Entry: Sendable {
    public let name: String
    public let title: String
    public let summary: String
    /// What one knows afterwards; nil where nobody has said it.
    public let teaches: String?
    /// What stands beside the name where there is one row for each.
    public let line: String
    /// Why it cannot be chosen.
    public let problem: String?
    /// Whether a person who knows none of them should begin with it.
    public let isFirst: Bool

    /// - Parameter line: the summary, unless another is given.
    public init(
      name: String, title: String, summary: String, teaches: String? = nil, line: String? = nil,
      problem: String? = nil, isFirst: Bool = false
    ) {
      self.name = name
      self.title = title
      self.summary = summary
      self.teaches = teaches
      self.line = line ?? summary
      self.problem = problem
      self.isFirst = isFirst
    }
  }

  public enum Outcome: Sendable, Equatable {
    case chosen(Int)
    case left
  }

  public let entries: [Entry]
  /// Beside the program's name.
  public let heading: String
  /// What went wrong with the last choice.
  public var message: String?
  public var selected: Int
  public var width: Int
  public var height: Int
  public var theme: Theme
  /// What the person decided; nil while the list is open.
  public var outcome: Outcome?

  public init(
    entries: [Entry], heading: String? = nil, message: String? = nil, selected: Int,
    width: Int, height: Int, theme: Theme
  ) {
    self.entries = entries
    self.heading = heading ?? Words.tagline
    self.message = message
    self.selected = min(max(selected, 0), max(0, entries.count - 1))
    self.width = width
    self.height = height
    self.theme = theme
  }
}

/// What an event makes of the list.
public func update(_ state: inout PickerState, _ event: Event) {
  let last = max(0, state.entries.count - 1)
  switch event {
  case .resize(let width, let height):
    state.width = width
    state.height = height
  case .paste: break
  case .mouse(let event): point(&state, event)
  case .key(let key):
    state.message = nil
    switch key {
    case .down, "j", .tab: state.selected = min(state.selected + 1, last)
    case .up, "k", .backTab: state.selected = max(state.selected - 1, 0)
    case .home, "g", .pageUp: state.selected = 0
    case .end, "G", .pageDown: state.selected = last
    case .enter, .right, "l", " ":
      guard !state.entries.isEmpty else { return }
      state.message = state.entries[state.selected].problem
      if state.message == nil { state.outcome = .chosen(state.selected) }
    case "q", .escape: state.outcome = .left
    case .character, .control, .left, .shiftLeft, .shiftRight, .shiftUp, .shiftDown, .backspace,
      .delete:
      break
    }
  }
}

/// The list as a grid.
public func render(_ state: PickerState) -> Grid {
  let theme = state.theme
  var grid = Grid(width: state.width, height: state.height, fill: theme.blank)
  grid.fill(Rect(x: 0, y: 0, width: state.width, height: 1), with: Cell(" ", theme.bar))
  let end = grid.put(Words.program, x: 1, y: 0, theme.barAccent)
  grid.put(state.heading.fitted(to: state.width - end - 3), x: end + 2, y: 0, theme.bar)

  let layout = PickerLayout(state)
  let (inset, rowsEach) = (layout.inset, layout.rowsEach)
  // Names of modules may be long: they get what the titles leave, but not little.
  let longest = state.entries.map(\.name.displayWidth).max() ?? 0
  let titles = state.entries.map(\.title.displayWidth).max() ?? 0
  let most = max(state.width * 2 / 5 - inset, state.width - inset - titles - 4)
  let nameWidth = min(longest, most) + 3
  for index in layout.entries {
    let entry = state.entries[index]
    let y = layout.row(of: index)
    let isSelected = index == state.selected
    if isSelected { grid.put("▸", x: inset - 2, y: y, theme.accent) }
    let style = entry.problem == nil ? theme.text.with(.bold) : theme.muted
    grid.put(
      entry.name.fitted(to: nameWidth - 3), x: inset, y: y, isSelected ? theme.accent : style)
    let room = state.width - inset - nameWidth - 1
    let title = rowsEach == 1 ? entry.line : entry.title
    let titleEnd = grid.put(
      title.fitted(to: room), x: inset + nameWidth, y: y, isSelected ? theme.text : theme.muted)
    let isRoomy = titleEnd + 2 + Words.startHere.displayWidth < state.width
    if entry.isFirst, isRoomy {
      grid.put(Words.startHere, x: titleEnd + 2, y: y, theme.accent)
    }
    if rowsEach > 1 {
      grid.put(
        entry.summary.fitted(to: state.width - layout.summaryColumn(nameWidth) - 1),
        x: layout.summaryColumn(nameWidth), y: y + 1, theme.muted)
    }
    if rowsEach == PickerLayout.taughtRows, let teaches = entry.teaches {
      let x = layout.summaryColumn(nameWidth)
      grid.put(
        Words.teaches(teaches).fitted(to: state.width - x - 1), x: x, y: y + 2,
        isSelected ? theme.text : theme.muted)
    }
  }
  if let row = layout.teachingRow, let teaches = state.entries[state.selected].teaches {
    let x = grid.put(state.entries[state.selected].name + " ", x: inset, y: row, theme.accent)
    grid.put(
      Words.teaches(teaches).fitted(to: max(0, state.width - x - 1)), x: x, y: row, theme.text)
  }
  drawFooter(state, into: &grid)
  return grid
}

private func drawFooter(_ state: PickerState, into grid: inout Grid) {
  let theme = state.theme
  let y = state.height - 1
  grid.fill(Rect(x: 0, y: y, width: state.width, height: 1), with: Cell(" ", theme.bar))
  if let message = state.message {
    drawMessage(message, state, into: &grid)
    return
  }
  for item in PickerFooter(state).items {
    let x = grid.put(item.keys, x: item.x, y: y, theme.barAccent) + 1
    grid.put(item.words, x: x, y: y, theme.barMuted)
  }
}

/// In place of the footer, and above it where it is long: what to do next stands at its end.
private func drawMessage(_ message: String, _ state: PickerState, into grid: inout Grid) {
  let rows = TourBox.wrapped(message, width: max(1, state.width - 2)).suffix(
    max(1, state.height - 2))
  for (index, row) in rows.enumerated() {
    let y = state.height - rows.count + index
    grid.fill(
      Rect(x: 0, y: y, width: state.width, height: 1), with: Cell(" ", state.theme.bar))
    grid.put(row.fitted(to: state.width - 2), x: 1, y: y, state.theme.barAccent)
  }
}
