import Screen

extension StripLayout {
  /// The step in a column of what is laid out like the sequence: tokens, rows under them, charts.
  ///
  /// - Parameter area: as wide as what the layout was made for.
  func hit(at place: Point, in area: Rect) -> Hit? {
    guard area.contains(place), let step = step(atColumn: place.x) else { return nil }
    let first = column(of: steps.lowerBound)
    let end = min(column(of: steps.upperBound), area.maxX)
    return Hit(
      step: step, in: Rect(x: first, y: area.y, width: end - first, height: area.height))
  }
}

extension NumericReadout {
  /// Its chart stands in the columns of the steps.
  func hit(at place: Point, in area: Rect) -> Hit? {
    let chart = Rect(x: area.x, y: area.y + 1, width: area.width, height: area.height - 1)
    return StripLayout(state, x: area.x, width: area.width).hit(at: place, in: chart)
  }
}

extension UnitView {
  /// A column of the charts is its step, a signal's name or its value the signal.
  func hit(at place: Point, in body: Rect) -> Hit? {
    let layout = UnitLayout(state, body: body)
    if let hit = UnitPanel(state: state, isLarge: false).hit(at: place, in: layout.panel) {
      return hit
    }
    let strip = StripLayout(state, x: body.x, width: body.width)
    if let hit = strip.hit(at: place, in: layout.charts) { return hit }
    guard let one = layout.strips.first(where: { $0.rows.contains(place.y) }) else { return nil }
    let lines = UnitLabels.lines(
      one.signals, rows: one.rows.count, state, width: strip.labelWidth, available: body.width)
    let above = lines.prefix(place.y - one.rows.lowerBound + 1)
    guard let signal = above.last(where: { $0.signal != nil })?.signal else { return nil }
    let left = Rect(
      x: body.x, y: one.rows.lowerBound, width: strip.labelWidth, height: one.rows.count)
    let right = Rect(
      x: strip.end, y: left.y, width: body.maxX - strip.end, height: left.height)
    return Hit(
      lane: state.currentTrack.signals.firstIndex(of: signal),
      in: left.contains(place) ? left : right)
  }
}
