import Inspector
import Screen

/// What a linear readout gives beside what it should, in numbers and, where something is due at many
/// steps, as lines under the sequence.
struct NumericReadout {
  let state: State

  /// Nil where the readout gives probabilities, or there is none.
  init?(_ state: State) {
    guard let readout = state.session.model?.network.readout else { return nil }
    switch readout.activation {
    case .linear: self.state = state
    case .softmax, .sigmoid: return nil
    }
  }

  /// Rows that it takes: the numbers, and the chart's.
  var height: Int { 1 + chartHeight }

  private var chartHeight: Int {
    guard let targets = state.session.targets else { return 0 }
    let due = targets.count { !$0.isNaN }
    guard due * 2 > targets.count else { return 0 }
    return FrameLayout.isAiry(state) ? 6 : 3
  }

  private var outputs: Int { state.session.model?.network.readout?.outputSize ?? 1 }

  /// y; NaN before the step is recorded.
  func output(at step: Int) -> [Float] {
    guard step < state.trace.recordedSteps, let readout = state.session.model?.network.readout
    else { return Array(repeating: .nan, count: outputs) }
    return readout(state.trace.topHidden(at: step))
  }

  /// What the first output should be; NaN where nothing is due.
  func target(at step: Int) -> Float {
    guard let targets = state.session.targets, targets.indices.contains(step * outputs) else {
      return .nan
    }
    return targets[step * outputs]
  }

  func draw(into grid: inout Grid, at area: Rect) {
    drawNumbers(into: &grid, at: area)
    if chartHeight > 0 { drawChart(into: &grid, at: area) }
  }

  private func drawNumbers(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    let y = output(at: state.step)
    let target = target(at: state.step)
    let name = state.session.model?.outputSymbols?.first ?? "y"
    var x = grid.put(name + "  ", x: area.x, y: area.y, theme.text.with(.bold))
    let shown = y.prefix(6).map { Numbers.fixed($0, decimals: 3) }.joined(separator: "  ")
    x = grid.put(shown + "   ", x: x, y: area.y, theme.accent)
    // The target and how far it is off take some 40 columns.
    let room = area.maxX - x - (target.isNaN ? 0 : 40)
    _ = ReadoutOrigin(state, room: room).draw(into: &grid, at: area, theme)
    guard !target.isNaN else { return }
    x = grid.put(Words.target + "  ", x: x, y: area.y, theme.muted)
    x = grid.put(Numbers.fixed(target, decimals: 3) + "   ", x: x, y: area.y, theme.good)
    x = grid.put(Words.offBy + "  ", x: x, y: area.y, theme.muted)
    grid.put(Numbers.fixed(abs(y[0] - target), decimals: 3), x: x, y: area.y, theme.text)
  }

  private func drawChart(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    let layout = StripLayout(state, x: area.x, width: area.width)
    let chart = Rect(
      x: area.x + layout.labelWidth, y: area.y + 1,
      width: layout.end - area.x - layout.labelWidth, height: chartHeight)
    let targets = layout.steps.map { target(at: $0) }
    let outputs = layout.steps.map { $0 <= state.step ? output(at: $0)[0] : .nan }
    let all = (state.session.targets ?? []).filter(\.isFinite)
    let range = (all.min() ?? 0)...(all.max() ?? 1)
    LineChart(
      range: range,
      series: [
        .init(values: layout.spread(targets), style: theme.good),
        .init(values: layout.spread(outputs), style: theme.accent),
      ]
    ).draw(into: &grid, at: chart)
    let room = layout.labelWidth - 1
    let high = Numbers.fixed(range.upperBound)
    let low = Numbers.fixed(range.lowerBound)
    grid.put(high.padded(left: room), x: area.x, y: chart.y, theme.muted)
    grid.put(low.padded(left: room), x: area.x, y: chart.maxY - 1, theme.muted)
  }
}
