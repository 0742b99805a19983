import Screen

/// The last line: the keys that work here, or the line that is being typed, or what just happened.
struct FooterBar {
  let state: State
  let progress: Double

  func draw(into grid: inout Grid) {
    let theme = state.theme
    let y = state.height - 1
    grid.fill(Rect(x: 0, y: y, width: state.width, height: 1), with: Cell(" ", theme.bar))
    if let prompt = state.prompt {
      PromptLine(state: state, prompt: prompt).draw(into: &grid)
    } else if state.pending != nil {
      grid.put(Words.exporting(progress), x: 1, y: y, theme.bar, limit: state.width - 2)
      drawProgress(y: y, into: &grid)
    } else if let message = state.message {
      let style = message.isError ? theme.bad.on(theme.bar.background) : theme.bar
      grid.put(message.text.fitted(to: state.width - 2), x: 1, y: y, style)
    } else {
      drawKeys(y: y, into: &grid)
    }
  }

  private func drawProgress(y: Int, into grid: inout Grid) {
    let width = state.width / 3
    let filled = Int(progress * Double(width))
    for x in 0..<width {
      grid[state.width - 1 - width + x, y] = Cell(
        x < filled ? "█" : "░", state.theme.barMuted)
    }
  }

  private func drawKeys(y: Int, into grid: inout Grid) {
    let theme = state.theme
    var items = Keymap.bindings.filter { $0.isOfUse(state) }.compactMap(\.footer)
    func width(_ items: [Keymap.Footer]) -> Int {
      items.map { $0.keys.displayWidth + 1 + $0.words.displayWidth }.reduce(1, +)
        + 2 * max(0, items.count - 1)
    }
    let status = statusText
    let room = state.width - 2 - (status.isEmpty ? 0 : status.displayWidth + 2)
    while width(items) > room, let last = items.indices.max(by: { items[$0].rank < items[$1].rank })
    {
      items.remove(at: last)
    }
    let gap = width(items) + items.count - 1 <= room ? 3 : 2
    var x = 1
    for item in items {
      x = grid.put(item.keys, x: x, y: y, theme.barAccent) + 1
      x = grid.put(item.words, x: x, y: y, theme.barMuted) + gap
    }
    grid.put(status, x: state.width - 1 - status.displayWidth, y: y, theme.bar)
  }

  private var statusText: String {
    if let count = state.count { return String(count.value) }
    if let command = state.letterFor { return Words.letterAwaited(command) }
    return state.isPlaying ? "▶ \(State.speeds[state.speed])/s" : ""
  }
}
