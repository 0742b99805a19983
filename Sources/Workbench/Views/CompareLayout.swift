import Inspector
import Recurrent
import Screen

/// Where the parts of a comparison stand: the other runs' tokens, the heatmaps, the numbers.
struct CompareLayout {
  /// The tokens of the other runs that do not read what the first reads.
  let strips: [Rect]
  /// A lane each; or a difference each.
  let frames: [LaneFrame]
  let panel: Rect
  /// Whether they stand above each other.
  let isStacked: Bool

  /// Columns at the right, for the limits of the chart under the heatmaps.
  static let limitWidth = 6
  /// Columns in which a lane's name and legend have room.
  private static let header = 56

  init(_ state: State, _ comparison: Comparison, body: Rect) {
    strips = OtherTokens.shown(comparison).indices.map {
      Rect(x: body.x, y: body.y + $0, width: body.width, height: 1)
    }
    let top = (strips.last?.maxY ?? body.y) + (strips.isEmpty || !FrameLayout.isAiry(state) ? 0 : 1)
    let panelHeight = ComparePanel.height(state, comparison)
    let side = FrameLayout.isAiry(state) ? Self.limitWidth + 1 : 0
    let area = Rect(
      x: body.x, y: top, width: body.width - side, height: max(2, body.maxY - panelHeight - top))
    let layouts =
      state.comparison.isDifference
      ? comparison.differences.map(\.layout) : comparison.lanes.map(\.signal.layout)
    let beside = Self.beside(state, layouts, area)
    let stacked = Self.stacked(state, layouts, area)
    // Above each other the same steps stand in the same columns, so where as much is seen that is
    // the better way.
    isStacked = Self.seen(stacked) >= Self.seen(beside)
    frames = (isStacked ? stacked : beside).map { $0.hugging(header: Self.header) }
    let bottom = frames.map(\.area.maxY).max() ?? area.maxY
    panel = Rect(x: body.x, y: bottom, width: body.width, height: body.maxY - bottom)
  }

  private static func beside(
    _ state: State, _ layouts: [TrackLayout], _ area: Rect
  ) -> [LaneFrame] {
    let gap = state.width >= 100 ? 3 : 2
    let width = (area.width - gap * (layouts.count - 1)) / layouts.count
    return layouts.enumerated().map { index, layout in
      LaneFrame(
        state,
        in: Rect(x: area.x + index * (width + gap), y: area.y, width: width, height: area.height),
        of: layout, unitCount: state.shownCount, hasRuler: area.height >= 8)
    }
  }

  /// The last has the ruler.
  private static func stacked(
    _ state: State, _ layouts: [TrackLayout], _ area: Rect
  ) -> [LaneFrame] {
    let count = layouts.count
    let gap = FrameLayout.isAiry(state) ? 1 : 0
    let ruler = area.height >= 7 * count ? 1 : 0
    let height = max(2, (area.height - gap * (count - 1) - ruler) / count)
    var top = area.y
    return layouts.enumerated().map { index, layout in
      let isLast = index == count - 1
      let frame = LaneFrame(
        state,
        in: Rect(x: area.x, y: top, width: area.width, height: height + (isLast ? ruler : 0)),
        of: layout, unitCount: state.shownCount, hasRuler: isLast && ruler > 0)
      top = frame.area.maxY + gap
      return frame
    }
  }

  /// How many values can be told apart on the screen.
  private static func seen(_ frames: [LaneFrame]) -> Int {
    frames.map { $0.time.cells.count * $0.units.cells.count }.reduce(0, +)
  }
}
