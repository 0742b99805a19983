import Inspector
import Screen

/// The tokens of another run in the columns of the first one's; those that differ stand out.
struct OtherTokens {
  let state: State
  let other: Trace

  /// The runs that read other tokens.
  static func shown(_ comparison: Comparison) -> [Trace] {
    comparison.lanes.compactMap { lane in
      guard let run = lane.run, run.hasOwnInput, case .tokens = run.trace.input else { return nil }
      return run.trace
    }
  }

  func draw(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    let layout = StripLayout(state, x: area.x, width: area.width)
    for step in layout.steps where step < other.length {
      let text = StripLayout.text(other.tokenText(at: step) ?? "")
      let isSame = other.tokenText(at: step) == state.trace.tokenText(at: step)
      let style =
        step == state.step
        ? theme.marked
        : !isSame ? theme.accent : step < state.step ? theme.text : theme.muted
      grid.put(
        text, x: layout.column(of: step), y: area.y, style,
        limit: min(layout.width(of: step), area.maxX - layout.column(of: step)))
    }
    if layout.labelWidth > 0 {
      grid.put(Words.other, x: area.x, y: area.y, theme.muted, limit: layout.labelWidth - 2)
    }
  }
}
