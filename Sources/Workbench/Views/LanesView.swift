import Inspector
import Recurrent
import Screen

/// Every signal of a layer as a heatmap, units down, time across, one cursor and one order in all;
/// under them the unit in hand, spelled out.
struct LanesView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    let layout = LanesLayout(state, body: body)
    let hasOthers = layout.frames.count { $0 != nil } > 1
    for (index, signal) in state.currentTrack.signals.enumerated() {
      guard let frame = layout.frames[index] else { continue }
      let isInHand = index == state.lane
      HeatLane(
        state, signal: signal, isSelected: isInHand, isFramed: isInHand && hasOthers, frame: frame
      ).draw(into: &grid)
      if isInHand && hasOthers {
        LaneBorder(frame: frame, isClosed: layout.isFree(under: frame), theme: state.theme)
          .draw(into: &grid)
      }
    }
    UnitPanel(state: state, isLarge: layout.hasLargePanel).draw(into: &grid, at: layout.panel)
    UnitChart(state: state).draw(into: &grid, at: layout.chart)
  }
}

/// A line around the lane in hand, in the blanks beside it and in its header; under it where there is
/// a blank row, too.
struct LaneBorder {
  let frame: LaneFrame
  let isClosed: Bool
  let theme: Theme

  func draw(into grid: inout Grid) {
    let area = frame.area
    let (left, right) = (area.x - 1, area.maxX)
    let bottom = isClosed ? area.maxY : area.maxY - 1
    for y in area.y...max(area.y, bottom) {
      let isTop = y == area.y
      let isBottom = y == bottom
      grid[left, y] = Cell(isTop ? "┌" : isBottom ? "└" : "│", theme.accent)
      grid[right, y] = Cell(isTop ? "┐" : isBottom ? "┘" : "│", theme.accent)
    }
    guard isClosed else { return }
    for x in area.x..<area.maxX { grid[x, bottom] = Cell("─", theme.accent) }
  }
}
