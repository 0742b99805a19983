import Inspector
import Screen

/// What enters the network, the current step marked and the future dimmed; under it what is known of
/// every step.
struct SequenceStrip {
  let state: State

  /// Rows that it takes: the tokens, and as many others as the screen has room for.
  static func height(_ state: State) -> Int {
    tokenRows(state) + HitTicks.height(state) + BranchRow.height(state)
      + StripRow.shown(state, limit: limit(state)).count
  }

  private static func tokenRows(_ state: State) -> Int {
    switch state.trace.input {
    case .tokens: 1
    case .features: 0
    }
  }

  private static func limit(_ state: State) -> Int {
    let features = if case .features = state.trace.input { 1 } else { 0 }
    if FrameLayout.isAiry(state) { return 5 }
    return (state.height >= 28 ? 2 : hasRoomForKnown(state) ? 1 : 0) + features
  }

  /// On a small screen what is known must not cost a unit its row, unless somebody asked for it: on a
  /// tour, which speaks of it, or when the units are ordered by it.
  private static func hasRoomForKnown(_ state: State) -> Bool {
    if state.tourStop != nil || state.orderLane != nil || state.saidInHand != nil { return true }
    if state.view != .lanes { return state.height >= 18 }
    let signals = state.currentTrack.signals.count
    let laneRows = signals > 3 ? 2 : 1
    let everything = laneRows * (1 + min(state.shownCount, 8)) + UnitPanel.smallHeight + 4
    return everything + 1 <= state.height
  }

  func draw(into grid: inout Grid, at area: Rect) {
    let layout = StripLayout(state, x: area.x, width: area.width)
    var y = area.y
    if Self.tokenRows(state) > 0 {
      drawTokens(layout, into: &grid, at: area)
      y += 1
    }
    let ticks = HitTicks(state: state)
    if HitTicks.height(state) > 0 {
      ticks.draw(into: &grid, layout: layout, x: area.x, y: y)
      y += 1
    }
    if BranchRow.height(state) > 0 {
      BranchRow(state: state).draw(
        into: &grid, at: Rect(x: area.x, y: y, width: area.width, height: 1))
      y += 1
    }
    for row in StripRow.shown(state, limit: Self.limit(state)) {
      row.draw(into: &grid, layout: layout, x: area.x, y: y, state)
      y += 1
    }
    if HitTicks.height(state) == 0, area.height > 0 {
      ticks.underline(&grid, layout: layout, y: area.y, end: area.maxX)
    }
    SpanBand(state).draw(into: &grid, layout: layout, rows: area.y..<y, state.theme)
  }

  private func drawTokens(_ layout: StripLayout, into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    let changed = state.changedSteps
    for step in layout.steps {
      let text = StripLayout.text(at: step, state)
      let style =
        step == state.step
        ? theme.marked
        : changed.contains(step) ? theme.accent : step < state.step ? theme.text : theme.muted
      let x = grid.put(
        text, x: layout.column(of: step), y: area.y, style,
        limit: area.maxX - layout.column(of: step))
      // The rest of its columns, where tokens would group as words do.
      guard layout.isUneven else { continue }
      for rest in x..<max(x, min(layout.column(of: step + 1), area.maxX)) {
        grid[rest, area.y] = Cell("·", theme.faint)
      }
    }
    // What the network expects after what is typed: the likeliest first.
    if let guess = state.guesses.first, layout.steps.upperBound == state.session.length {
      var x = layout.end
      x = grid.put(guess, x: x, y: area.y, theme.muted.with(.underline), limit: area.maxX - x)
      for other in state.guesses.dropFirst() where x < area.maxX {
        x = grid.put(" " + other, x: x, y: area.y, theme.muted, limit: area.maxX - x)
      }
    }
    if layout.labelWidth > 0 {
      grid.put(Words.input, x: area.x, y: area.y, theme.muted, limit: layout.labelWidth - 2)
    }
    if layout.steps.lowerBound > 0 {
      grid.put("…", x: area.x + layout.labelWidth - 1, y: area.y, theme.faint)
    }
    if layout.steps.upperBound < state.session.length {
      grid.put("…", x: area.maxX - layout.valueWidth, y: area.y, theme.faint)
    }
  }
}
