import Screen

extension FlowView {
  /// A lag of the curves, or a column of their numbers: a click goes to its step.
  func hit(at place: Point, in body: Rect) -> Hit? {
    guard state.session.model != nil else { return nil }
    let area = FrameLayout.aboveFooter(body, state)
    let rows = rows(in: area)
    let (left, right) = Self.halves(
      Rect(x: area.x, y: area.y, width: area.width, height: rows.chart + rows.table))
    let found =
      gradient(rows, isNarrow: left.width < 50)
      .step(at: place, in: left, chart: rows.chart, state.theme)
      ?? memory(isNarrow: right.width < 50)
      .step(at: place, in: right, chart: rows.chart, state.theme)
    guard let (step, whole) = found, (0...state.lastStep).contains(step) else { return nil }
    return Hit(step: step, in: whole)
  }
}
