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
      grid.put(Words.exporting(shownProgress), x: 1, y: y, theme.bar, limit: state.width - 2)
      drawProgress(y: y, into: &grid)
    } else if let message = state.message {
      let style = message.isError ? theme.bad.on(theme.bar.background) : theme.bar
      grid.put(message.text.fitted(to: state.width - 2), x: 1, y: y, style)
    } else {
      drawKeys(y: y, into: &grid)
    }
  }

  private var shownProgress: Double {
    state.pending == .overlook ? state.overviews.progress(overlooked(state)) : progress
  }

  private func drawProgress(y: Int, into grid: inout Grid) {
    let width = state.width / 3
    let filled = Int(shownProgress * Double(width))
    for x in 0..<width {
      grid[state.width - 1 - width + x, y] = Cell(
        x < filled ? "█" : "░", state.theme.barMuted)
    }
  }

  private func drawKeys(y: Int, into grid: inout Grid) {
    let theme = state.theme
    for item in keys.items {
      let x = grid.put(item.label, x: item.x, y: y, theme.barAccent) + 1
      grid.put(item.words, x: x, y: y, theme.barMuted)
    }
    let status = statusText
    grid.put(status, x: state.width - 1 - status.displayWidth, y: y, theme.bar)
  }

  private var keys: FooterKeys {
    let status = statusText
    return FooterKeys(
      state, room: state.width - 2 - (status.isEmpty ? 0 : status.displayWidth + 2))
  }

  /// What the key at a place does, where the line names keys.
  func hit(at place: Point) -> Hit? {
    guard state.prompt == nil, state.pending == nil, state.message == nil else { return nil }
    let row = Rect(x: 0, y: state.height - 1, width: state.width, height: 1)
    return keys.instruction(atColumn: place.x).map { Hit(.instruction($0), in: row) }
  }

  private var statusText: String {
    if let count = state.count { return String(count.value) }
    if let command = state.letterFor { return Words.letterAwaited(command) }
    return state.isPlaying ? "▶ \(State.speeds[state.speed])/s" : ""
  }
}
