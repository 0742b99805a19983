import Inspector
import Screen

/// The values of this step beside a heatmap, a row a unit, each with its bar, where the steps leave
/// columns free.
struct LaneReading {
  let state: State
  let source: SignalSource
  let scales: SignalScales
  let frame: LaneFrame
  let bars: Style

  private static let gap = 3
  private static let valueWidth = 6
  private static let barWidth = 3...24

  /// - Parameter end: the column behind the last that is free.
  func draw(into grid: inout Grid, to end: Int) {
    let x = frame.area.maxX + Self.gap
    let room = end - x
    // Numbers in the cells say it already.
    guard room >= Self.valueWidth, frame.units.perLine == 1, state.step < source.recordedSteps
    else { return }
    let theme = state.theme
    let values = source.window(steps: state.step..<state.step + 1, units: 0..<source.units)
    let bar = min(Self.barWidth.upperBound, room - Self.valueWidth - 2)
    let title = room < Words.atThisStep.count ? Words.now : Words.atThisStep
    let isBarred = bar >= Self.barWidth.lowerBound
    grid.put(
      isBarred ? title : title.padded(left: Self.valueWidth), x: x, y: frame.area.y, theme.muted)
    for line in frame.units.lines {
      let unit = state.unit(at: line)
      guard unit < source.units else { continue }
      let y =
        frame.heat.y + (line - frame.units.firstLine) * frame.units.cellSize
        + (frame.units.cellSize - 1) / 2
      let value = values[state.step, unit]
      grid.put(
        Numbers.fitted(value, width: Self.valueWidth).padded(left: Self.valueWidth), x: x, y: y,
        unit == state.unit ? theme.accent : theme.text)
      guard isBarred else { continue }
      ScaleBar(scale: scales[unit], value: value, width: bar)
        .draw(into: &grid, x: x + Self.valueWidth + 2, y: y, bars)
    }
  }
}
