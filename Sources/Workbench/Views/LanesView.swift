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
      let isFree = layout.isFree(under: frame)
      if isInHand && hasOthers {
        LaneBorder(frame: frame, edge: layout.edge(under: frame), theme: state.theme)
          .draw(into: &grid)
      }
      // The numbers stand inside the line around it, or in it.
      if isFree && !frame.hasRuler { StepRuler(state: state, frame: frame).draw(into: &grid) }
    }
    UnitPanel(state: state, isLarge: layout.hasLargePanel).draw(into: &grid, at: layout.panel)
    if !layout.hasRulers { drawSteps(layout, into: &grid) }
    UnitChart(state: state).draw(into: &grid, at: layout.chart)
  }
}

extension LanesView {
  /// Which steps are seen, at the end of the unit's numbers, where that is free.
  private func drawSteps(_ layout: LanesLayout, into grid: inout Grid) {
    guard let steps = layout.frame?.time.things, let last = steps.last else { return }
    let trace = state.trace
    let text = Words.steps(
      trace.stepNumber(at: steps.lowerBound), trace.stepNumber(at: last))
    let (panel, start) = (layout.panel, layout.panel.maxX - text.displayWidth)
    guard panel.height > 0, start - 2 >= panel.x,
      (start - 2..<panel.maxX).allSatisfy({ grid[$0, panel.y].scalar == " " })
    else { return }
    grid.put(text, x: start, y: panel.y, state.theme.muted)
  }
}

/// A line around the lane in hand, in the blanks beside it and in its header. Where there is no blank
/// row under it its lower edge is that of its last row.
struct LaneBorder {
  let frame: LaneFrame
  /// The blank row that closes it.
  let edge: Int?
  let theme: Theme

  func draw(into grid: inout Grid) {
    let area = frame.area
    let (left, right) = (area.x - 1, area.maxX)
    let isClosed = edge != nil
    let bottom = edge ?? area.maxY - 1
    for y in area.y...max(area.y, bottom) {
      let isTop = y == area.y
      // A line at the bottom of its row reaches no corner in the middle of it.
      let isBottom = y == bottom && (isClosed || !theme.capabilities.heatByColor)
      grid[left, y] = Cell(isTop ? "┌" : isBottom ? "└" : "│", theme.accent)
      grid[right, y] = Cell(isTop ? "┐" : isBottom ? "┘" : "│", theme.accent)
    }
    if isClosed {
      for x in area.x..<area.maxX { grid[x, bottom] = Cell("─", theme.accent) }
    } else if bottom > area.y {
      drawEdge(into: &grid, y: bottom)
    }
  }

  /// A line in the lowest eighth of a row, over the colours of what stands there; without colours, which
  /// leave no room for it, under the glyphs.
  private func drawEdge(into grid: inout Grid, y: Int) {
    for x in frame.area.x..<frame.area.maxX {
      if x < frame.heat.x, grid[x, y].scalar == " " {
        grid[x, y] = Cell(" ", theme.accent.with(.underline))
      } else if theme.capabilities.heatByColor, grid[x, y].scalar == " " {
        grid[x, y] = Cell("▁", theme.accent.on(grid[x, y].style.background))
      } else {
        grid[x, y].style.attributes.formUnion(.underline)
      }
    }
  }
}
