import Screen

extension TextView {
  func hit(at place: Point, in body: Rect) -> Hit? {
    let page = TextPage(state, body: body)
    if page.aside.contains(place) { return TextAside(state: state, page: page).hit(at: place) }
    if page.values.contains(place) {
      return SignalValues(state: state, isLong: page.hasLongValues).hit(at: place, in: page.values)
    }
    guard page.text.contains(place) else { return nil }
    let gap = StripLayout.isSpaced(state) ? 1 : 0
    let row = (place.y - page.text.y) / page.leading
    let token = page.layout.tokens.first { token in
      let start = page.text.x + token.column
      return token.row == row && place.x >= start && place.x < start + token.width + gap
    }
    return token.map { Hit(step: $0.step, in: page.text) }
  }
}

extension SignalValues {
  /// A signal with its value is its lane.
  func hit(at place: Point, in area: Rect) -> Hit? {
    state.currentTrack.signals.indices.first { frame(of: $0, in: area).contains(place) }
      .map { Hit(lane: $0, in: frame(of: $0, in: area)) }
  }
}

extension TableView {
  func hit(at place: Point, in body: Rect) -> Hit? {
    guard state.statistics[state.track] != nil else { return nil }
    if place.y == body.y {
      // A title stands at the right of its column, a blank before it.
      var x = body.x + 2
      for (index, column) in shown(width: body.width) {
        if (x..<x + column.width).contains(place.x) { return Hit(.column(index), in: body) }
        x += column.width
      }
      return nil
    }
    let places = places(in: body)
    let row = places.lowerBound + place.y - body.y - 1
    if places.contains(row) { return Hit(unit: state.unit(at: row), in: body) }
    return detail(in: body).flatMap { detail in
      UnitChart(state: state, mostRows: Self.mostChartRows).hit(at: place, in: detail.chart)
    }
  }
}
