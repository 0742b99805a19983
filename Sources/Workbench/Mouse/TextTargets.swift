import Screen

extension TextView {
  func hit(at place: Point, in body: Rect) -> Hit? {
    let area = Self.area(in: body)
    guard area.contains(place) else { return nil }
    let isSpaced = StripLayout.isSpaced(state)
    let token = TextLayout(state, width: area.width, rows: area.height).tokens.first { token in
      let start = area.x + token.column
      let width = max(1, token.text.displayWidth) + (isSpaced ? 1 : 0)
      return token.row == place.y - area.y && place.x >= start && place.x < start + width
    }
    return token.map { Hit(step: $0.step, in: area) }
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
    return places.contains(row) ? Hit(unit: state.unit(at: row), in: body) : nil
  }
}
