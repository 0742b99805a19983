import Inspector
import Recurrent
import Screen

/// Every signal of a layer as a heatmap, units down, time across, one cursor and one order in all;
/// under them the unit in hand, spelled out.
struct LanesView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    let layout = LanesLayout(state, body: body)
    for (index, signal) in state.currentTrack.signals.enumerated() {
      guard let frame = layout.frames[index] else { continue }
      HeatLane(state, signal: signal, isSelected: index == state.lane, frame: frame)
        .draw(into: &grid)
    }
    UnitPanel(state: state, isLarge: layout.hasLargePanel).draw(into: &grid, at: layout.panel)
    UnitChart(state: state).draw(into: &grid, at: layout.chart)
  }
}
