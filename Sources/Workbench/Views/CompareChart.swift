import Inspector
import Recurrent
import Screen

/// How one of those that are compared looks wherever it is drawn: signals as they look in every view; of
/// one signal in several runs or layers, as those of the theme's lines that look least like each other.
struct LaneLook {
  let line: Style
  let ahead: Style
  let area: Style

  init(_ lane: Int, of comparison: Comparison, _ theme: Theme) {
    let signals = comparison.lanes.map(\.signal.signal)
    if !comparison.isOfRuns && Set(signals).count == signals.count {
      line = theme.line(of: signals[lane])
      ahead = theme.lineAhead(of: signals[lane])
      area = theme.area(of: signals[lane])
    } else {
      let place = Theme.place(ofRun: lane)
      (line, ahead, area) = (theme.lines[place], theme.linesAhead[place], theme.areas[place])
    }
  }
}

/// The unit in hand over time under the heatmaps that are compared, in their columns: under those above
/// each other all lines in one chart, under each of those side by side its own, on one scale.
struct CompareChart {
  let state: State
  let comparison: Comparison
  let layout: CompareLayout

  private static let leastRows = 4
  private static let mostRows = 10

  func draw(into grid: inout Grid, rows: Range<Int>) {
    guard rows.count >= Self.leastRows else { return }
    let plots = plots
    let lines = plots.map { plot in
      plot.lanes.map { values(of: comparison.lanes[$0].signal, in: plot.frame) }
    }
    guard lines.contains(where: { $0.contains { $0.contains(where: \.isFinite) } }) else { return }
    let range = UnitStrip.range(lines.joined().joined())
    let height = min(rows.count, Self.mostRows)
    for (plot, values) in zip(plots, lines) {
      let heat = plot.frame.heat
      draw(
        zip(plot.lanes, values).map { ($0, $1) }, range, plot.frame, into: &grid,
        at: Rect(x: heat.x, y: rows.lowerBound, width: heat.width, height: height))
    }
    guard let last = plots.last?.frame.heat else { return }
    for (value, y) in [
      (range.upperBound, rows.lowerBound), (range.lowerBound, rows.lowerBound + height - 1),
    ] {
      grid.put(
        Numbers.bound(value, width: CompareLayout.limitWidth), x: last.maxX + 1, y: y,
        state.theme.muted)
    }
  }

  /// Which lanes are drawn under which heatmap.
  private var plots: [(frame: LaneFrame, lanes: [Int])] {
    let all = Array(comparison.lanes.indices)
    if layout.isStacked { return layout.frames.prefix(1).map { ($0, all) } }
    return layout.frames.enumerated().map { index, frame in
      (frame, state.comparison.isDifference ? [0, index + 1] : [index])
    }
  }

  private func draw(
    _ lines: [(lane: Int, values: [Float])], _ range: ClosedRange<Float>, _ frame: LaneFrame,
    into grid: inout Grid, at area: Rect
  ) {
    let theme = state.theme
    let now = frame.time.offset(of: state.step)
    let isHere = frame.time.things.contains(state.step)
    let chart = LineChart(
      range: range,
      series: lines.reversed().map { lane, values in
        let isPlain = theme.capabilities.colors == .none && lane > 0
        let look = LaneLook(lane, of: comparison, theme)
        return LineChart.Series(
          values: values, style: look.line, ahead: look.ahead,
          texture: isPlain ? .dotted : .solid,
          textureAhead: theme.capabilities.heatByColor ? .solid : isPlain ? .sparse : .dotted)
      }, future: isHere ? now + frame.time.cellSize : Int.max)
    chart.drawZero(into: &grid, at: area, theme)
    chart.draw(into: &grid, at: area)
    guard isHere else { return }
    LineChart.drawCursor(
      into: &grid, at: area, column: now + (frame.time.cellSize - 1) / 2, theme)
  }

  /// A value a column of the heatmap; of several steps in one the value that is farthest from the mean
  /// of all that are seen.
  private func values(of signal: TracedSignal, in frame: LaneFrame) -> [Float] {
    let steps = frame.time.things.clamped(to: 0..<signal.trace.recordedSteps)
    guard state.unit < signal.units, !steps.isEmpty else { return [] }
    let values = signal.trace.values(
      track: signal.track, signal: signal.signal, steps: steps, unit: state.unit)
    guard frame.time.perLine > 1 else {
      return values.flatMap { Array(repeating: $0, count: frame.time.cellSize) }
    }
    let finite = values.filter(\.isFinite)
    let mean = finite.reduce(0, +) / Float(max(1, finite.count))
    return stride(from: 0, to: values.count, by: frame.time.perLine).map { start in
      values[start..<min(start + frame.time.perLine, values.count)].reduce(Float.nan) {
        $0.isNaN || abs($1 - mean) > abs($0 - mean) ? $1 : $0
      }
    }
  }
}
