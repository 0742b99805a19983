import Inspector
import Recurrent
import Screen

/// Signals of the unit in hand on one scale over time, with their names and limits at the left and the
/// values of this step at the right.
struct UnitStrip {
  let state: State
  let strip: StripLayout
  let signals: [Signal]

  func draw(
    _ kind: UnitLayout.Kind, into grid: inout Grid, at area: Rect, labelsAt x: Int, available: Int
  ) {
    let steps = strip.steps.clamped(to: 0..<state.trace.recordedSteps)
    let columns = signals.map { strip.spread(values(of: $0, steps: steps)) }
    let range: ClosedRange<Float>
    switch kind {
    case .gate:
      range = 0...1
      drawBars(signals[0], columns[0], into: &grid, at: area)
    case .states, .candidate:
      range = self.range(of: columns)
      drawLines(columns, range, into: &grid, at: area)
    }
    drawLabels(range, into: &grid, at: area, x: x, available: available)
  }

  private func values(of signal: Signal, steps: Range<Int>) -> [Float] {
    state.trace.values(track: state.track, signal: signal, steps: steps, unit: state.unit)
  }

  /// The whole range of what has bounds; else from the smallest value to the largest, with 0.
  private func range(of columns: [[Float]]) -> ClosedRange<Float> {
    switch state.range(of: signals[0]) {
    case .unit: return 0...1
    case .signedUnit: return -1...1
    case .unbounded:
      return Self.range(columns.joined())
    }
  }

  /// From the smallest value to the largest, with 0; of what is 0 always, as far as a tanh goes, so that
  /// it is a line in the middle.
  static func range(_ values: some Sequence<Float>) -> ClosedRange<Float> {
    var (low, high): (Float, Float) = (0, 0)
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    return low < high ? low...high : -1...1
  }

  // MARK: - The present

  /// The columns of the step in hand, from the left of the chart.
  private var present: Range<Int> {
    guard strip.steps.contains(state.step) else { return 0..<0 }
    let first = strip.column(of: strip.steps.lowerBound)
    return strip.column(of: state.step) - first..<strip.column(of: state.step + 1) - first
  }

  /// The first column of the future, from the left of the chart.
  private var future: Int { present.isEmpty ? Int.max : present.upperBound }

  // MARK: - Lines

  private func drawLines(
    _ columns: [[Float]], _ range: ClosedRange<Float>, into grid: inout Grid, at area: Rect
  ) {
    let theme = state.theme
    let chart = LineChart(
      range: range,
      series: zip(signals, columns).enumerated().reversed().map { index, line in
        .init(line.1, of: line.0, place: index, theme)
      }, future: future)
    chart.drawZero(into: &grid, at: area, theme)
    chart.draw(into: &grid, at: area)
  }

  // MARK: - Bars

  /// How far open a gate is. Where there are no paler colours the future is an outline.
  private func drawBars(
    _ gate: Signal, _ values: [Float], into grid: inout Grid, at area: Rect
  ) {
    let theme = state.theme
    let present = present
    for (column, value) in values.enumerated() where column < area.width && value.isFinite {
      let isAhead = column >= future
      let style =
        present.contains(column)
        ? theme.accent : isAhead ? theme.lineAhead(of: gate) : theme.area(of: gate)
      let bar = TallBar(share: Double(value), height: area.height)
      if isAhead && !theme.capabilities.heatByColor {
        let (row, glyph) = bar.outline
        grid[area.x + column, area.maxY - 1 - row] = Cell(glyph, style)
      } else {
        for (row, glyph) in bar.glyphs.enumerated() {
          grid[area.x + column, area.maxY - 1 - row] = Cell(glyph, style)
        }
      }
    }
  }

  // MARK: - Labels and values

  private func drawLabels(
    _ range: ClosedRange<Float>, into grid: inout Grid, at area: Rect, x: Int, available: Int
  ) {
    let theme = state.theme
    let lines = UnitLabels.lines(
      signals, rows: area.height, state, width: strip.labelWidth, available: available)
    let hasLimits = area.height >= 2
    let room =
      strip.labelWidth - UnitLabels.letterWidth(state) - 1
      - (hasLimits ? UnitLabels.limitWidth + 1 : 0)
    for (row, line) in lines.enumerated() where row < area.height {
      let y = area.y + row
      let text = UnitLabels.fitted(line.text, to: room)
      guard let signal = line.signal else {
        grid.put(text, x: x + UnitLabels.letterWidth(state), y: y, theme.muted)
        continue
      }
      let isChosen = isChosen(signal)
      let letter = theme.line(of: signal).with(.bold)
      grid.put(signal.rawValue, x: x, y: y, letter)
      grid.put(
        text, x: x + UnitLabels.letterWidth(state), y: y,
        isChosen ? theme.accent : theme.text)
      drawValue(of: signal, letter, isChosen: isChosen, into: &grid, y: y)
    }
    if hasLimits { drawLimits(range, into: &grid, at: area, x: x) }
  }

  /// Whether somebody has taken its lane in hand.
  private func isChosen(_ signal: Signal) -> Bool {
    state.saidInHand == nil
      && state.chosenLane.map { state.currentTrack.signals[$0] == signal } ?? false
  }

  private func drawValue(
    of signal: Signal, _ letter: Style, isChosen: Bool, into grid: inout Grid, y: Int
  ) {
    let value = state.trace.value(
      track: state.track, signal: signal, step: state.step, unit: state.unit)
    let start = strip.right - 6 - UnitLabels.letterWidth(state)
    grid.put(signal.rawValue, x: start, y: y, letter)
    grid.put(
      Numbers.fitted(value, width: 6).padded(left: 6), x: strip.right - 6, y: y,
      isChosen ? state.theme.accent : state.theme.text.with(.bold))
  }

  private func drawLimits(
    _ range: ClosedRange<Float>, into grid: inout Grid, at area: Rect, x: Int
  ) {
    let start = x + strip.labelWidth - 1 - UnitLabels.limitWidth
    var limits = [(range.lowerBound, area.maxY - 1), (range.upperBound, area.y)]
    let zero = area.y + LineChart(range: range, series: []).row(of: 0, height: area.height)
    if range.contains(0), (area.y + 1..<area.maxY - 1).contains(zero) { limits.append((0, zero)) }
    for (value, y) in limits {
      let text = Numbers.bound(value, width: UnitLabels.limitWidth)
      grid.put(text.padded(left: UnitLabels.limitWidth), x: start, y: y, state.theme.muted)
    }
  }
}

/// A bar of several rows, to an eighth of a row; an eighth stays free at the top, so that bars above each
/// other do not touch.
struct TallBar {
  private let eighths: Int
  private let height: Int

  /// - Parameter share: 0…1; what lies outside stands at its ends.
  init(share: Double, height: Int) {
    self.height = max(1, height)
    let place = min(max(share, 0), 1)
    eighths = 1 + Int((place * Double(self.height * 8 - 2)).rounded())
  }

  /// From the bottom up; at the least an eighth.
  var glyphs: [Unicode.Scalar] {
    (0..<(eighths + 7) / 8).map { row in Self.levels[min(eighths - row * 8, 8) - 1] }
  }

  /// Its upper edge as a line: the row from the bottom, and where in the row.
  var outline: (row: Int, glyph: Unicode.Scalar) {
    let row = (eighths - 1) / 8
    let level = eighths - row * 8
    return (row, level <= 2 ? "▁" : level <= 5 ? "─" : "▔")
  }

  private static let levels: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
}
