import Inspector
import Screen

/// The tokens in a line, the current one marked, the future dimmed; or the current step's features.
struct SequenceStrip {
  let state: State

  func draw(into grid: inout Grid, at area: Rect) {
    switch state.trace.input {
    case .tokens: drawTokens(into: &grid, at: area)
    case .features(let values, let width):
      let x = values[state.step * width..<(state.step + 1) * width]
      let numbers = x.map { Numbers.fixed($0) }.joined(separator: "  ")
      let end = grid.put("x  ", x: area.x, y: area.y, state.theme.muted)
      grid.put(
        numbers.fitted(to: area.maxX - end), x: end, y: area.y, state.theme.text)
    }
  }

  private func drawTokens(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    let steps = visibleSteps(columns: area.width)
    var x = area.x
    if steps.lowerBound > 0 { grid.put("…", x: area.x - 1, y: area.y, theme.faint) }
    for step in steps {
      let text = text(at: step)
      let style =
        step == state.step ? theme.marked : step < state.step ? theme.text : theme.muted
      x = grid.put(text.fitted(to: area.width), x: x, y: area.y, style)
      if isSpaced { x += 1 }
    }
    if steps.upperBound < state.session.length {
      grid.put("…", x: area.maxX, y: area.y, theme.faint)
    }
  }

  /// The steps whose tokens fit, in pages that hold still while the cursor moves through them.
  ///
  /// Pages are laid out by the widest token, so that they do not depend on where the cursor is;
  /// where narrower ones leave room, more of what follows is shown.
  private func visibleSteps(columns: Int) -> Range<Int> {
    let count = state.session.length
    let widest = widestToken + (isSpaced ? 1 : 0)
    let page = max(1, columns / max(1, widest))
    let first = Paging.first(showing: state.step, visible: page, count: count)
    var last = first
    var used = 0
    while last < count {
      used += text(at: last).displayWidth + (isSpaced ? 1 : 0)
      if used > columns { break }
      last += 1
    }
    return first..<max(last, min(state.step + 1, count))
  }

  private var widestToken: Int {
    guard let symbols = state.trace.symbols else {
      return String(state.session.model.network.tokenCount - 1).count
    }
    return symbols.reduce(1) { max($0, Glyphs.visible($1).displayWidth) }
  }

  /// Numbers and words are set apart, characters are not.
  private var isSpaced: Bool {
    state.trace.symbols.map { $0.contains { $0.unicodeScalars.count > 1 } } ?? true
  }

  private func text(at step: Int) -> String {
    Glyphs.visible(state.trace.tokenText(at: step) ?? "")
  }
}
