import Screen

/// Where the expression that was searched for holds, in the sequence: a row of ticks where the screen
/// has room for one, else the first row underlined.
struct HitTicks {
  let state: State

  /// Rows of its own. A line under bars would hardly be seen, so numbers get a row earlier.
  static func height(_ state: State) -> Int {
    guard state.findings != nil else { return 0 }
    let isNumeric = if case .features = state.trace.input { true } else { false }
    return FrameLayout.isAiry(state) || isNumeric && state.height >= 24 ? 1 : 0
  }

  func draw(into grid: inout Grid, layout: StripLayout, x: Int, y: Int) {
    guard let findings = state.findings else { return }
    let theme = state.theme
    let label = Words.foundLabel.fitted(to: max(0, layout.labelWidth - 2))
    let end = grid.put(label, x: x, y: y, theme.muted)
    let count = String(findings.hits.count)
    // The number stands in the column of the other rows' values.
    let start = x + layout.labelWidth - 1 - count.displayWidth
    if start > end { grid.put(count, x: start, y: y, theme.text) }
    for step in findings.hits(in: layout.steps) {
      let style = step == state.step ? theme.accent : step < state.step ? theme.text : theme.muted
      grid.put("▲", x: layout.column(of: step), y: y, style)
    }
  }

  func underline(_ grid: inout Grid, layout: StripLayout, y: Int, end: Int) {
    guard let findings = state.findings else { return }
    for step in findings.hits(in: layout.steps) {
      let start = layout.column(of: step)
      var width = min(layout.column(of: step + 1), end) - start
      // The blank after a word is none of it.
      if StripLayout.isSpaced(state) && width > 1 { width -= 1 }
      grid.restyle(Rect(x: start, y: y, width: width, height: 1)) { $0.with(.underline) }
    }
  }
}
