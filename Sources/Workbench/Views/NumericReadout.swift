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

  /// Rows that it takes: the numbers, and the chart's, of which the equation may take one.
  var height: Int { 1 + chartRows }

  private var chartHeight: Int { chartRows - (hasEquationRow ? 1 : 0) }

  private var chartRows: Int {
    guard let targets = state.session.targets else { return 0 }
    let due = targets.count { !$0.isNaN }
    guard due * 2 > targets.count else { return 0 }
    return FrameLayout.isAiry(state) ? 6 : 3
  }

  /// Whether the equation has a row of its own, under the numbers: where it never has room beside them.
  /// Told by how many terms there are, not by how long they are at this step, so that nothing jumps.
  private var hasEquationRow: Bool {
    guard chartRows > 0, outputs == 1, let readout = state.session.model?.network.readout else {
      return false
    }
    let width = Self.lettersWidth + Self.termWidth * (readout.inputSize + 1)
    return readout.inputSize > 1 && width <= state.width && state.width < width + Self.besideWidth
  }

  private static let lettersWidth = 10
  /// "0.00·(-0.00) + ", "(-0.71)·(-0.44) + " being rare.
  private static let termWidth = 15
  /// The name, what comes out, the target and how far it is off.
  private static let besideWidth = 46

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
    if hasEquationRow, let equation = equation(fitting: area.width) {
      let x = grid.put(equation.letters, x: area.x, y: area.y + 1, state.theme.muted)
      grid.put(equation.numbers, x: x, y: area.y + 1, state.theme.text, limit: area.maxX - x)
    }
    let chart = Rect(
      x: area.x, y: area.y + (hasEquationRow ? 1 : 0), width: area.width, height: 1 + chartHeight)
    if chartHeight > 0 { drawChart(into: &grid, at: chart) }
  }

  private func drawNumbers(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    let y = output(at: state.step)
    let target = target(at: state.step)
    let name = state.session.model?.outputSymbols?.first ?? "y"
    let aside = aside(y, target)
    let asideWidth = aside.reduce(0) { $0 + $1.text.displayWidth + 2 }
    let shown = y.prefix(6).map { Numbers.fixed($0, decimals: 3) }.joined(separator: "  ")
    var x = grid.put(name, x: area.x, y: area.y, theme.text.with(.bold))
    let room = area.maxX - x - shown.displayWidth - 5 - asideWidth
    if !hasEquationRow, let equation = equation(fitting: room) {
      x = grid.put(" = ", x: x, y: area.y, theme.muted)
      x = grid.put(equation.letters, x: x, y: area.y, theme.muted)
      x = grid.put(equation.numbers + " = ", x: x, y: area.y, theme.text)
    } else {
      x += 2
    }
    // What nobody has asked for yet is no answer.
    x = grid.put(shown + "   ", x: x, y: area.y, isDue ? theme.accent : theme.muted)
    // The target and how far it is off take some 40 columns.
    _ = ReadoutOrigin(state, room: area.maxX - x - (target.isNaN ? 0 : 40))
      .draw(into: &grid, at: area, theme)
    for part in aside {
      guard x + part.text.displayWidth <= area.maxX else { break }
      x = grid.put(part.text, x: x, y: area.y, part.style) + 2
    }
  }

  /// Whether something is due at this step, or nobody knows when.
  var isDue: Bool { state.session.targets == nil || !target(at: state.step).isNaN }

  /// At the right of what comes out: what should, and how far it is off, or when something is due.
  private func aside(_ y: [Float], _ target: Float) -> [(text: String, style: Style)] {
    let theme = state.theme
    guard !target.isNaN else {
      guard let due = nextDue else { return [] }
      return [(Words.due(at: state.trace.stepNumber(at: due)), theme.muted)]
    }
    return [
      (Words.target, theme.muted), (Numbers.fixed(target, decimals: 3) + " ", theme.good),
      (Words.offBy, theme.muted),
      (Numbers.fixed(abs(y[0] - target), decimals: 3), theme.text),
    ]
  }

  private var nextDue: Int? {
    (state.step..<state.session.length).first { !target(at: $0).isNaN }
  }

  /// V h + b of a readout with one output in numbers, with the letters before it where they have
  /// room too: "V·h + b = ", "4.20·(-0.05) + 1.40".
  private func equation(fitting room: Int) -> (letters: String, numbers: String)? {
    guard outputs == 1, state.isRecorded, let readout = state.session.model?.network.readout,
      // More terms than these have no room on any screen.
      readout.inputSize <= 32
    else { return nil }
    let hidden = state.trace.topHidden(at: state.step)
    let terms = zip(readout.weights, hidden).enumerated().map { unit, term in
      let weight = unit == 0 ? Numbers.value(term.0) : Numbers.factor(term.0)
      return "\(weight)·\(Numbers.factor(term.1))"
    }
    let bias = readout.bias.map { [Numbers.factor($0[0])] } ?? []
    let numbers = (terms + bias).joined(separator: " + ")
    let letters = bias.isEmpty ? "V·h = " : "V·h + b = "
    // The equals signs before and after.
    let width = numbers.displayWidth + 3
    if width + letters.displayWidth <= room { return (letters, numbers) }
    return width <= room ? ("", numbers) : nil
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
