import Inspector
import Recurrent
import Screen

/// One unit over time: its states and its candidate as lines, its gates as bars, in the columns of the
/// tokens; at the right their values at this step, under them what is known of the steps and the
/// equations.
struct UnitView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    guard state.isRecorded else { return }
    let layout = UnitLayout(state, body: body)
    drawHeadline(into: &grid, at: body)
    drawStrips(layout, into: &grid, at: body)
    UnitPanel(state: state, isLarge: false).draw(into: &grid, at: layout.panel)
  }

  // MARK: - Words

  /// Who the unit is, and what it does by what was measured over all steps.
  private func drawHeadline(into grid: inout Grid, at body: Rect) {
    let theme = state.theme
    var x = grid.put(state.unitWords, x: body.x, y: body.y, theme.accent) + 2
    for (index, phrase) in UnitWords(state).all.enumerated() {
      let separator = index > 0 ? "· " : ""
      guard x + separator.displayWidth + phrase.text.displayWidth <= body.maxX else { continue }
      x = grid.put(separator, x: x, y: body.y, theme.faint)
      x = grid.put(phrase.text, x: x, y: body.y, phrase.style) + 1
    }
  }

  // MARK: - Charts

  private func drawStrips(_ layout: UnitLayout, into grid: inout Grid, at body: Rect) {
    let theme = state.theme
    let strip = StripLayout(state, x: body.x, width: body.width)
    for y in layout.rules {
      for x in body.x..<body.maxX { grid[x, y] = Cell("─", theme.faint) }
    }
    for one in layout.strips {
      let rows = UnitStrip(state: state, strip: strip, signals: one.signals)
      let area = Rect(
        x: body.x + strip.labelWidth, y: one.rows.lowerBound,
        width: strip.end - body.x - strip.labelWidth, height: one.rows.count)
      rows.draw(one.kind, into: &grid, at: area, labelsAt: body.x, available: body.width)
    }
    for (index, row) in layout.known.enumerated() {
      row.draw(into: &grid, layout: strip, x: body.x, y: layout.knownTop + index, state)
    }
    drawPresent(layout, strip, into: &grid)
  }

  /// A thin line through the present where nothing else stands; what stands there has the accent.
  private func drawPresent(_ layout: UnitLayout, _ strip: StripLayout, into grid: inout Grid) {
    guard strip.steps.contains(state.step) else { return }
    let now = strip.column(of: state.step)
    let rows = layout.charts.y..<layout.knownTop
    for y in rows where grid[now, y].scalar == " " {
      grid[now, y] = Cell("┊", state.theme.muted)
    }
  }
}
