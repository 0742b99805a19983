import Inspector
import Recurrent
import Screen

/// One unit over time: its signals as lines in the columns of the tokens, where its gates are at an
/// end, its statistics and its equations.
struct UnitView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    guard state.isRecorded else { return }
    drawHeadline(into: &grid, at: body)
    drawCharts(into: &grid, at: charts(in: body))
    UnitPanel(state: state, isLarge: false).draw(
      into: &grid,
      at: Rect(x: body.x, y: body.maxY - equationRows, width: body.width, height: equationRows))
  }

  private var equationRows: Int { state.currentTrack.cell == .rnn ? 1 : 2 }

  /// Between the headline and the equations.
  func charts(in body: Rect) -> Rect {
    Rect(x: body.x, y: body.y + 1, width: body.width, height: body.height - 1 - equationRows)
  }

  // MARK: - Words

  private func drawHeadline(into grid: inout Grid, at body: Rect) {
    let theme = state.theme
    var x =
      grid.put(state.unitWords, x: body.x, y: body.y, theme.accent)
      + 2
    guard let statistics = state.statistics[state.track]?[state.unit] else {
      grid.put(
        Words.statisticsLater.fitted(to: body.maxX - x), x: x, y: body.y, theme.muted)
      return
    }
    for (words, isStrong) in StatisticsWords(statistics, over: state.trace.recordedSteps)
      .phrases
    {
      guard x + words.displayWidth <= body.maxX else { break }
      x = grid.put(words, x: x, y: body.y, isStrong ? theme.good : theme.muted) + 2
    }
  }

  // MARK: - Charts

  /// What is drawn on one scale.
  private struct Band {
    let signals: [Signal]
    let weight: Int
  }

  private var bands: [Band] {
    let all = state.currentTrack.signals.filter {
      state.unit < state.currentTrack.units(of: $0)
    }
    let states = all.filter { $0 == .c || $0 == .h || $0 == .m || $0 == .v }
    let gates = all.filter { $0.range == .unit }
    let candidates = all.filter { $0 == .z || $0 == .n }
    return [
      Band(signals: states, weight: 3), Band(signals: gates, weight: 2),
      Band(signals: candidates, weight: 2),
    ].filter { !$0.signals.isEmpty }
  }

  private func drawCharts(into grid: inout Grid, at area: Rect) {
    let strip = StripLayout(state, x: area.x, width: area.width)
    let steps = strip.steps.clamped(to: 0..<state.trace.recordedSteps)
    let gateRows = area.height >= 18 ? bands.flatMap(\.signals).count { $0.range == .unit } : 0
    let rules = bands.count - 1
    let free = area.height - rules - gateRows
    let weights = bands.reduce(0) { $0 + $1.weight }
    var y = area.y
    for (index, band) in bands.enumerated() {
      let isLast = index == bands.count - 1
      let used = y - area.y - index - (index > 1 ? gateRows : 0)
      let least = band.signals.count
      let height = max(least, isLast ? free - used : free * band.weight / weights)
      let chart = Rect(
        x: area.x + strip.labelWidth, y: y, width: area.width - strip.labelWidth, height: height)
      draw(band, steps, strip, into: &grid, at: chart, labelsAt: area.x)
      y += height
      if band.signals.contains(where: { $0.range == .unit }) && gateRows > 0 {
        drawSaturation(band.signals, steps, strip, into: &grid, x: area.x, y: y)
        y += gateRows
      }
      if !isLast {
        for x in area.x..<area.maxX { grid[x, y] = Cell("─", state.theme.faint) }
        y += 1
      }
    }
    drawPresent(strip, into: &grid, at: area)
  }

  private func draw(
    _ band: Band, _ steps: Range<Int>, _ strip: StripLayout, into grid: inout Grid, at chart: Rect,
    labelsAt x: Int
  ) {
    let columns = band.signals.map { ($0, values(of: $0, steps: steps)) }
    let range = range(of: band, columns.map(\.1))
    LineChart(
      range: range,
      series: columns.reversed().map { signal, values in
        .init(values: spread(values, steps, strip), style: state.theme.line(of: signal))
      }
    ).draw(into: &grid, at: chart)
    drawLabels(band, range, strip, into: &grid, at: chart, x: x)
  }

  private func drawLabels(
    _ band: Band, _ range: ClosedRange<Float>, _ strip: StripLayout, into grid: inout Grid,
    at chart: Rect, x: Int
  ) {
    let theme = state.theme
    let width = strip.labelWidth - 1
    let hasLimits = chart.height >= band.signals.count + 2
    for (row, signal) in band.signals.enumerated() where row < chart.height {
      let y = chart.y + row + (hasLimits ? 1 : 0)
      let value = state.trace.value(
        track: state.track, signal: signal, step: state.step, unit: state.unit)
      grid.put(signal.rawValue, x: x, y: y, theme.line(of: signal).with(.bold))
      grid.put(
        Numbers.fitted(value, width: 6).padded(left: width - 2), x: x + 2, y: y, theme.text)
    }
    guard hasLimits else { return }
    for (value, y) in [(range.upperBound, chart.y), (range.lowerBound, chart.maxY - 1)] {
      grid.put(Numbers.fitted(value, width: 6).padded(left: width), x: x, y: y, theme.muted)
    }
  }

  /// A row a gate: a line at the top where it is above 0.9, at the bottom where below 0.1.
  private func drawSaturation(
    _ gates: [Signal], _ steps: Range<Int>, _ strip: StripLayout, into grid: inout Grid, x: Int,
    y: Int
  ) {
    let theme = state.theme
    for (row, gate) in gates.enumerated() {
      grid.put(gate.rawValue, x: x, y: y + row, theme.line(of: gate).with(.bold))
      if row == 0 {
        grid.put(Words.saturated, x: x + 2, y: y, theme.muted, limit: strip.labelWidth - 3)
      }
      for (step, value) in zip(steps, values(of: gate, steps: steps)) {
        guard let glyph: Unicode.Scalar = value > 0.9 ? "▀" : value < 0.1 ? "▄" : nil else {
          continue
        }
        for column in strip.column(of: step)..<strip.column(of: step + 1) {
          grid[column, y + row] = Cell(
            glyph, step > state.step ? theme.faint : theme.line(of: gate))
        }
      }
    }
  }

  /// A thin line through the present where nothing else stands, and everything after it dimmed.
  private func drawPresent(_ strip: StripLayout, into grid: inout Grid, at area: Rect) {
    guard strip.steps.contains(state.step) else { return }
    let now = strip.column(of: state.step)
    let start = now + strip.width(of: state.step)
    grid.restyle(Rect(x: start, y: area.y, width: area.maxX - start, height: area.height)) { _ in
      state.theme.faint
    }
    for y in area.y..<area.maxY where grid[now, y].scalar == " " {
      grid[now, y] = Cell("┊", state.theme.faint)
    }
  }

  // MARK: - Values

  private func values(of signal: Signal, steps: Range<Int>) -> [Float] {
    state.trace.window(
      WindowRequest(
        track: state.track, signal: signal, steps: steps, units: state.unit..<state.unit + 1)
    ).values
  }

  private func spread(_ values: [Float], _ steps: Range<Int>, _ strip: StripLayout) -> [Float] {
    zip(steps, values).flatMap { step, value in
      Array(repeating: value, count: strip.width(of: step))
    }
  }

  private func range(of band: Band, _ columns: [[Float]]) -> ClosedRange<Float> {
    switch state.range(of: band.signals[0]) {
    case .unit: return 0...1
    case .signedUnit: return -1...1
    case .unbounded:
      let finite = columns.joined().filter(\.isFinite)
      return min(finite.min() ?? 0, 0)...max(finite.max() ?? 0, 0)
    }
  }
}
