import Recurrent
import Screen

extension LaneFrame {
  /// What stands at a place of the screen: the lane at its header, a unit at its number, a step at the
  /// ruler, all three on the heatmap. Of several in a cell the first, but for what is in hand already.
  ///
  /// - Parameters:
  ///   - lane: the lane's index, nil where a click does not choose it.
  ///   - units: how many units there are; a projected h has fewer than the other signals.
  func hit(at place: Point, lane: Int?, units count: Int, _ state: State) -> Hit? {
    guard area.contains(place) else { return nil }
    if place.y == area.y { return lane.map { Hit(lane: $0, in: area) } }
    let step = time.thing(at: place.x - heat.x).map { first in
      time.isOnOneLine(first, state.step) ? state.step : first
    }
    guard let first = units.thing(at: place.y - heat.y) else {
      let ruler = Rect(x: heat.x, y: heat.maxY, width: heat.width, height: 1)
      return ruler.contains(place) ? step.map { Hit(step: $0, in: ruler) } : nil
    }
    let isInHand = units.isOnOneLine(first, state.placeOfUnit)
    let unit = isInHand ? state.unit : state.unit(at: first)
    guard unit < count else { return nil }
    if place.x < heat.x { return Hit(lane: lane, unit: unit, in: area) }
    return step.map { Hit(lane: lane, unit: unit, step: $0, in: heat) }
  }
}

extension LaneFrame {
  /// A step's number in the row under the lane.
  fileprivate func rulerHit(at place: Point) -> Hit? {
    let ruler = Rect(x: heat.x, y: heat.maxY, width: heat.width, height: 1)
    guard ruler.contains(place) else { return nil }
    return time.thing(at: place.x - heat.x).map { Hit(step: $0, in: ruler) }
  }
}

extension LanesView {
  func hit(at place: Point, in body: Rect) -> Hit? {
    let layout = LanesLayout(state, body: body)
    for (lane, signal) in state.currentTrack.signals.enumerated() {
      guard let frame = layout.frames[lane] else { continue }
      if place.y == frame.area.maxY, layout.isFree(under: frame),
        let hit = frame.rulerHit(at: place)
      {
        return hit
      }
      guard frame.area.contains(place) else { continue }
      return frame.hit(at: place, lane: lane, units: state.currentTrack.units(of: signal), state)
    }
    if let hit = UnitPanel(state: state, isLarge: layout.hasLargePanel)
      .hit(at: place, in: layout.panel)
    {
      return hit
    }
    return UnitChart(state: state).hit(at: place, in: layout.chart)
  }
}

extension UnitChart {
  func hit(at place: Point, in area: Rect) -> Hit? {
    guard isShown(in: area) else { return nil }
    let chart = Rect(
      x: area.x, y: area.y, width: area.width, height: min(area.height, mostRows))
    return StripLayout(state, x: area.x, width: area.width).hit(at: place, in: chart)
  }
}
