import Screen

extension CompareView {
  /// The heatmaps of both, or of the difference, choose a unit and a step.
  func hit(at place: Point, in body: Rect) -> Hit? {
    guard let pair = try? ComparisonPair.pair(state) else { return nil }
    let layout = CompareLayout(state, pair, body: body)
    if let strip = layout.strip, strip.contains(place) {
      return StripLayout(state, x: strip.x, width: strip.width).hit(at: place, in: strip)
    }
    let units =
      state.comparison.isDifference
      ? [pair.difference.units] : [pair.first.units, pair.second.units]
    for (frame, count) in zip(layout.frames, units) where frame.area.contains(place) {
      return frame.hit(
        at: place, lane: nil, units: min(count, state.currentTrack.units), state)
    }
    return nil
  }
}
