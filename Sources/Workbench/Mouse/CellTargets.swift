import Recurrent
import Screen

extension CellView {
  func hit(at place: Point, in body: Rect) -> Hit? {
    guard state.isRecorded else { return nil }
    guard let diagram = diagram(in: body) else {
      return StripsDiagram(state: state, body: body).hit(at: place)
    }
    return diagram.hit(at: place)
  }
}

extension StripsDiagram {
  func hit(at place: Point) -> Hit? {
    let panel = Rect(x: body.x, y: body.maxY - 2, width: body.width, height: 2)
    if let hit = UnitPanel(state: state, isLarge: false).hit(at: place, in: panel) { return hit }
    let strips = (0..<rows).first { top(ofRow: $0 + 1) > place.y } ?? 0
    let row = place.y - top(ofRow: strips) - 2
    guard places.indices.contains(places.lowerBound + row) else { return nil }
    let unit = state.unit(at: places.lowerBound + row)
    let area = Rect(
      x: body.x, y: top(ofRow: strips) + 2, width: body.width, height: places.count)
    if (0..<3).contains(place.x - body.x) { return Hit(unit: unit, in: area) }
    for (index, signal) in (before + state.currentTrack.signals).enumerated()
    where index / perRow == strips
      && (0..<Self.stripWidth).contains(place.x - left(index % perRow))
    {
      guard let lane = state.currentTrack.signals.firstIndex(of: signal),
        unit < state.currentTrack.units(of: signal)
      else { return nil }
      return Hit(lane: lane, unit: unit, in: area)
    }
    return nil
  }
}
