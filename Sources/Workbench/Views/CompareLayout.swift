import Inspector
import Recurrent
import Screen

/// Where the parts of a comparison stand: the other run's tokens, one heatmap or two, the numbers.
struct CompareLayout {
  /// The other run's tokens; nil where both read the same.
  let strip: Rect?
  /// The difference; or the first and the second.
  let frames: [LaneFrame]
  let panel: Rect

  init(_ state: State, _ pair: ComparisonPair, body: Rect) {
    let hasStrip = OtherTokens.areShown(state, pair)
    strip = hasStrip ? Rect(x: body.x, y: body.y, width: body.width, height: 1) : nil
    let top = body.y + (hasStrip ? (FrameLayout.isAiry(state) ? 2 : 1) : 0)
    let panelHeight = ComparePanel.height(state)
    let area = Rect(
      x: body.x, y: top, width: body.width, height: max(2, body.maxY - panelHeight - top))
    let hasRuler = area.height >= 8
    if state.comparison.isDifference {
      frames = [
        LaneFrame(
          state, in: area, of: pair.first.layout, unitCount: state.shownCount,
          hasRuler: hasRuler)
      ]
    } else {
      let beside = Self.beside(state, pair, area, hasRuler: hasRuler)
      let stacked = Self.stacked(state, pair, area, hasRuler: hasRuler)
      // Above each other the same steps stand in the same columns, so where as much is seen that is
      // the better way.
      frames = Self.seen(stacked) >= Self.seen(beside) ? stacked : beside
    }
    let bottom = frames.map(\.area.maxY).max() ?? area.maxY
    panel = Rect(x: body.x, y: bottom, width: body.width, height: body.maxY - bottom)
  }

  private static func beside(
    _ state: State, _ pair: ComparisonPair, _ area: Rect, hasRuler: Bool
  ) -> [LaneFrame] {
    let gap = state.width >= 100 ? 3 : 2
    let width = (area.width - gap) / 2
    return [pair.first, pair.second].enumerated().map { index, signal in
      LaneFrame(
        state,
        in: Rect(x: area.x + index * (width + gap), y: area.y, width: width, height: area.height),
        of: signal.layout, unitCount: state.shownCount, hasRuler: hasRuler)
    }
  }

  private static func stacked(
    _ state: State, _ pair: ComparisonPair, _ area: Rect, hasRuler: Bool
  ) -> [LaneFrame] {
    let gap = FrameLayout.isAiry(state) ? 1 : 0
    let ruler = hasRuler && area.height >= 16 ? 1 : 0
    let height = max(2, (area.height - gap - ruler) / 2)
    let upper = LaneFrame(
      state, in: Rect(x: area.x, y: area.y, width: area.width, height: height),
      of: pair.first.layout, unitCount: state.shownCount)
    let lower = LaneFrame(
      state,
      in: Rect(
        x: area.x, y: upper.area.maxY + gap, width: area.width, height: height + ruler),
      of: pair.second.layout, unitCount: state.shownCount, hasRuler: ruler > 0)
    return [upper, lower]
  }

  /// How many values can be told apart on the screen.
  private static func seen(_ frames: [LaneFrame]) -> Int {
    frames.map { $0.time.cells.count * $0.units.cells.count }.reduce(0, +)
  }
}
