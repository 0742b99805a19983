import Inspector
import Recurrent
import Screen

/// The unit in hand of both, how far they are apart at this step and over all, and what of one has no
/// partner in the other; under it both over time where rows are left.
struct ComparePanel {
  let state: State
  let pair: ComparisonPair

  /// A blank, the unit, this step, all steps, what has no partner.
  static func height(_ state: State) -> Int { FrameLayout.isAiry(state) ? 5 : 4 }

  func draw(into grid: inout Grid, at area: Rect) {
    var y = area.y + (FrameLayout.isAiry(state) ? 1 : 0)
    drawUnit(into: &grid, x: area.x, y: y, width: area.width)
    y += 1
    let isComparable = state.step < pair.difference.recordedSteps
    if isComparable {
      let summary = DifferenceSurvey.summary(of: pair.difference, step: state.step)
      draw(Words.atThisStep, summary, isOverall: false, &grid, area, y: y)
    } else if state.isRecorded {
      let x = grid.put(Words.atThisStep.padded(right: 15), x: area.x, y: y, state.theme.muted) + 1
      grid.put(Words.onlyOneHere, x: x, y: y, state.theme.muted)
    }
    y += 1
    if let survey = state.overviews.survey(of: pair.difference), survey.steps > 0 {
      draw(Words.over(survey.steps), survey.summary, isOverall: true, &grid, area, y: y)
    }
    y += 1
    if let words = unpartnered {
      grid.put(words.fitted(to: area.width), x: area.x, y: y, state.theme.muted)
    }
    drawChart(
      into: &grid, at: Rect(x: area.x, y: y + 1, width: area.width, height: area.maxY - y - 1))
  }

  /// The same for the numbers and for the lines under them.
  private var lineStyles: [Style] { [state.theme.lines[0], state.theme.lines[4]] }

  // MARK: - Numbers

  private func value(_ signal: TracedSignal) -> Float? {
    guard state.step < signal.trace.recordedSteps, state.unit < signal.units else { return nil }
    return signal.trace.value(
      track: signal.track, signal: signal.signal, step: state.step, unit: state.unit)
  }

  private func drawUnit(into grid: inout Grid, x: Int, y: Int, width: Int) {
    let theme = state.theme
    let end = x + width
    var x = grid.put("unit \(state.unit)", x: x, y: y, theme.accent) + 3
    let (first, second) = (value(pair.first), value(pair.second))
    for (signal, name, value, style, isFirst) in [
      (pair.first, pair.firstName, first, lineStyles[0], true),
      (pair.second, pair.secondName, second, lineStyles[1], false),
    ] {
      let number = value.map { Numbers.fixed($0, decimals: 3) } ?? "–"
      let label = "\(signal.signal.rawValue) \(name)"
      let room = max(2, (end - x) / 3)
      let short = "\(signal.signal.rawValue) \(isFirst ? Words.firstOfTwo : Words.secondOfTwo)"
      let shown = label.displayWidth <= room ? label : short
      x = grid.put(shown + " ", x: x, y: y, theme.muted)
      x = grid.put(number, x: x, y: y, style.with(.bold)) + 3
    }
    guard let first, let second else { return }
    x = grid.put(Words.difference + " ", x: x, y: y, theme.muted)
    grid.put(Words.moves(first - second, decimals: 3), x: x, y: y, theme.accent)
  }

  private func draw(
    _ label: String, _ summary: DifferenceSummary, isOverall: Bool, _ grid: inout Grid,
    _ area: Rect, y: Int
  ) {
    let theme = state.theme
    var x = grid.put(label.padded(right: 15), x: area.x, y: y, theme.muted) + 1
    guard let worst = summary.worst, let mean = summary.mean else {
      grid.put(Words.notNumbers(summary.notNumbers), x: x, y: y, theme.muted)
      return
    }
    x = grid.put(Words.meanDifference + " ", x: x, y: y, theme.muted)
    x = grid.put(Numbers.small(Float(mean)), x: x, y: y, theme.text) + 3
    x = grid.put(Words.worstDifference + " ", x: x, y: y, theme.muted)
    x = grid.put(Numbers.small(worst), x: x, y: y, theme.text) + 1
    let place = Words.place(step: isOverall ? summary.step : nil, unit: summary.unit)
    x = grid.put(place, x: x, y: y, theme.muted) + 3
    if summary.notNumbers > 0 {
      let words = Words.notNumbers(summary.notNumbers)
      if x + words.displayWidth <= area.maxX { grid.put(words, x: x, y: y, theme.bad) }
    }
  }

  /// Signals, steps and units that only one of the two has.
  private var unpartnered: String? {
    var words: [String] = []
    if let signal = pair.lacking, let run = state.otherRun?.name {
      words.append(Words.lacks(signal, run, nearest: pair.second.signal))
    }
    let (first, second) = (pair.first, pair.second)
    if first.trace.length != second.trace.length {
      let isFirst = first.trace.length > second.trace.length
      words.append(
        Words.onlySteps(
          from: min(first.trace.length, second.trace.length),
          in: isFirst ? pair.firstName : pair.secondName))
    }
    if first.units != second.units {
      let isFirst = first.units > second.units
      words.append(
        Words.onlyUnits(
          from: min(first.units, second.units), through: max(first.units, second.units) - 1,
          in: isFirst ? pair.firstName : pair.secondName))
    }
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }

  // MARK: - Over time

  private func drawChart(into grid: inout Grid, at area: Rect) {
    guard area.height >= 4, FrameLayout.isAiry(state) else { return }
    let strip = StripLayout(state, x: area.x, width: area.width)
    let theme = state.theme
    let series = [pair.first, pair.second].map { values(of: $0, strip) }
    let finite = series.joined().filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return }
    let range = min(low, 0)...max(high, 0)
    let chart = Rect(
      x: area.x + strip.labelWidth, y: area.y, width: area.width - strip.labelWidth,
      height: min(area.height, 8))
    LineChart(range: range, series: zip(series, lineStyles).map { .init(values: $0, style: $1) })
      .draw(into: &grid, at: chart)
    for (row, (name, style)) in zip([pair.first, pair.second], lineStyles).enumerated() {
      grid.put(
        name.signal.rawValue, x: area.x + 1, y: chart.y + 1 + row, style.with(.bold),
        limit: strip.labelWidth - 2)
      grid.put(
        row == 0 ? Words.firstOfTwo : Words.secondOfTwo, x: area.x + 3, y: chart.y + 1 + row,
        theme.muted, limit: max(0, strip.labelWidth - 4))
    }
    for (value, y) in [(range.upperBound, chart.y), (range.lowerBound, chart.maxY - 1)] {
      let text = Numbers.fitted(value, width: max(1, strip.labelWidth - 2))
      grid.put(text.padded(left: strip.labelWidth - 1), x: area.x, y: y, theme.muted)
    }
  }

  /// In every column that a step's token takes; NaN where there is nothing.
  private func values(of signal: TracedSignal, _ strip: StripLayout) -> [Float] {
    let steps = strip.steps.clamped(to: 0..<signal.trace.recordedSteps)
    guard state.unit < signal.units, !steps.isEmpty else { return [] }
    let window = signal.trace.window(
      WindowRequest(
        track: signal.track, signal: signal.signal, steps: steps,
        units: state.unit..<state.unit + 1))
    return zip(steps, window.values).flatMap { step, value in
      Array(repeating: value, count: strip.width(of: step))
    }
  }
}
