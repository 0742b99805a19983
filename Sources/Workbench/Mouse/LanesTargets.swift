import Recurrent
import Screen

extension LanesLayout {
  /// Where the heatmap of a lane stands, by the lane's own area.
  func heat(in area: Rect) -> Rect {
    Rect(
      x: area.x + labelWidth, y: area.y + 1, width: visibleSteps * cellWidth,
      height: visibleUnits * cellHeight)
  }

  /// The step whose cells stand in a column of the screen; nil beside the heatmap.
  func step(atColumn x: Int, in area: Rect) -> Int? {
    let heat = heat(in: area)
    return x >= heat.x && x < heat.maxX ? firstStep + (x - heat.x) / cellWidth : nil
  }

  /// The place whose cells stand in a row of the screen; nil above and under the heatmap.
  func place(atRow y: Int, in area: Rect) -> Int? {
    let heat = heat(in: area)
    return y >= heat.y && y < heat.maxY ? firstPlace + (y - heat.y) / cellHeight : nil
  }
}

extension LanesView {
  func hit(at place: Point, in body: Rect) -> Hit? {
    let layout = LanesLayout(state, body: body)
    for lane in state.currentTrack.signals.indices {
      let area = layout.area(lane: lane, in: body)
      if area.contains(place) { return hit(at: place, lane: lane, layout, area) }
    }
    return UnitChart(state: state).hit(at: place, in: layout.chart(in: body))
  }

  private func hit(at place: Point, lane: Int, _ layout: LanesLayout, _ area: Rect) -> Hit? {
    if place.y == area.y { return Hit(lane: lane, in: area) }
    let signal = state.currentTrack.signals[lane]
    guard let row = layout.place(atRow: place.y, in: area) else { return nil }
    let unit = state.unit(at: row)
    // A projected h has fewer units than the other signals.
    guard unit < state.currentTrack.units(of: signal) else { return nil }
    let heat = layout.heat(in: area)
    if place.x < heat.x { return Hit(lane: lane, unit: unit, in: area) }
    guard let step = layout.step(atColumn: place.x, in: area) else { return nil }
    return Hit(lane: lane, unit: unit, step: step, in: heat)
  }
}

extension UnitChart {
  func hit(at place: Point, in area: Rect) -> Hit? {
    guard isShown(in: area) else { return nil }
    let chart = Rect(
      x: area.x, y: area.y, width: area.width, height: min(area.height, Self.largestHeight))
    return StripLayout(state, x: area.x, width: area.width).hit(at: place, in: chart)
  }
}
