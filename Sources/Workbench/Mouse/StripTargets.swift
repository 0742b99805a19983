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
  func hit(at place: Point, in body: Rect) -> Hit? {
    StripLayout(state, x: body.x, width: body.width)
      .hit(at: place, in: UnitLayout(state, body: body).charts)
  }
}
