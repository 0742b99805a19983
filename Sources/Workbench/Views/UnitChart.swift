import Inspector
import Recurrent
import Screen

/// The unit in hand over time, c slow and h fast, under its numbers where rows are left; in the
/// columns of the tokens.
struct UnitChart {
  let state: State
  /// More rows than these are left blank.
  var mostRows = 10

  /// Fewer rows show nothing of use.
  static let smallestHeight = 3

  func draw(into grid: inout Grid, at area: Rect) {
    guard isShown(in: area) else { return }
    let strip = StripLayout(state, x: area.x, width: area.width)
    let steps = strip.steps.clamped(to: 0..<state.trace.recordedSteps)
    let signals = state.currentTrack.signals.filter {
      ($0 == .c || $0 == .h || $0 == .v) && state.unit < state.currentTrack.units(of: $0)
    }
    let series = signals.map { signal in (signal, values(of: signal, steps: steps)) }
    guard !series.isEmpty else { return }
    let range = UnitStrip.range(series.map(\.1).joined())

    let chart = Rect(
      x: area.x + strip.labelWidth, y: area.y, width: area.width - strip.labelWidth,
      height: min(area.height, mostRows))
    let isHere = strip.steps.contains(state.step)
    let now = strip.column(of: state.step) - strip.column(of: strip.steps.lowerBound)
    let lines = LineChart(
      range: range,
      series: series.enumerated().reversed().map { index, line in
        .init(strip.spread(line.1), of: line.0, place: index, state.theme)
      }, future: isHere ? now + strip.width(of: state.step) : Int.max)
    lines.drawZero(into: &grid, at: chart, state.theme)
    lines.draw(into: &grid, at: chart)
    if isHere { LineChart.drawCursor(into: &grid, at: chart, column: now, state.theme) }
    drawLabels(signals, range, into: &grid, at: area, chart: chart, labelWidth: strip.labelWidth)
  }

  func isShown(in area: Rect) -> Bool {
    area.height >= Self.smallestHeight && state.isRecorded
  }

  private func values(of signal: Signal, steps: Range<Int>) -> [Float] {
    state.trace.values(track: state.track, signal: signal, steps: steps, unit: state.unit)
  }

  private func drawLabels(
    _ signals: [Signal], _ range: ClosedRange<Float>, into grid: inout Grid, at area: Rect,
    chart: Rect, labelWidth: Int
  ) {
    let theme = state.theme
    for (row, signal) in signals.enumerated() {
      let y = chart.y + (chart.height > 3 ? 1 : 0) + row
      grid.put(signal.rawValue, x: area.x + 1, y: y, theme.line(of: signal).with(.bold))
      grid.put(
        Words.pace(of: signal, in: state.currentCell), x: area.x + 2 + signal.rawValue.displayWidth,
        y: y,
        theme.muted,
        limit: labelWidth - 4)
    }
    for (value, y) in [(range.upperBound, chart.y), (range.lowerBound, chart.maxY - 1)] {
      let text = Numbers.bound(value, width: labelWidth - 2)
      grid.put(text, x: area.x + labelWidth - 1 - text.count, y: y, theme.muted)
    }
  }
}
