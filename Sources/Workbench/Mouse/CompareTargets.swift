import Screen

extension CompareView {
  /// The heatmaps of both, or of the difference, choose a unit and a step.
  func hit(at place: Point, in body: Rect) -> Hit? {
    guard let comparison = try? Comparison.of(state) else { return nil }
    let layout = CompareLayout(state, comparison, body: body)
    for strip in layout.strips where strip.contains(place) {
      return StripLayout(state, x: strip.x, width: strip.width).hit(at: place, in: strip)
    }
    let units =
      state.comparison.isDifference
      ? comparison.differences.map(\.units) : comparison.lanes.map(\.signal.units)
    for (frame, count) in zip(layout.frames, units) where frame.area.contains(place) {
      return frame.hit(
        at: place, lane: nil, units: min(count, state.currentTrack.units), state)
    }
    return nil
  }
}
