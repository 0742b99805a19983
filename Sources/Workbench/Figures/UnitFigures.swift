import Figures
import Inspector
import Recurrent
import Screen

/// The unit in hand over time, and the text in its colours.
extension FigureMaker {
  func unit() -> Figure {
    var panels: [Figure.Panel] = []
    for (kind, signals) in UnitLayout.groups(state).joined() {
      let kept = signals.filter { request.signals == nil || selection.signals.contains($0) }
      guard !kept.isEmpty else { continue }
      panels.append(.chart(chart(kind, kept)))
    }
    panels += (StripRow.inputs(state) + StripRow.known(state)).compactMap { row in
      chart(row).map { .chart($0) }
    }
    var figure = figure(panels, title: "unit \(state.unitNumber) over time")
    figure.columns = request.columns ?? 1
    return figure
  }

  private func chart(_ kind: UnitLayout.Kind, _ signals: [Signal]) -> ChartPanel {
    let series = signals.map { signal in
      ChartPanel.Series(
        letter: name(signal), name: state.name(of: signal),
        values: state.trace.values(
          track: state.track, signal: signal, steps: steps, unit: state.unit),
        color: color(of: signal))
    }
    switch kind {
    case .gate: return ChartPanel(series: series, form: .bars, range: 0...1, height: 22)
    case .states, .candidate:
      // As the screen's strips have it.
      let range: ClosedRange<Float> =
        switch state.range(of: signals[0]) {
        case .unit: 0...1
        case .signedUnit: -1...1
        case .unbounded: UnitStrip.range(series.flatMap(\.values))
        }
      let isStates = kind == .states
      return ChartPanel(series: series, form: .lines, range: range, height: isStates ? 52 : 28)
    }
  }

  /// What is known of the steps; nil where nothing of it can be drawn.
  private func chart(_ row: StripRow) -> ChartPanel? {
    let values = steps.map(row.value)
    guard values.contains(where: \.isFinite) else { return nil }
    let color = state.theme.share.foreground ?? Color(0x808080)
    let series = ChartPanel.Series(letter: "", name: row.name, values: values, color: color)
    switch row.kind {
    case .number:
      let (low, high) = (row.range.lowerBound, row.range.upperBound)
      let whole = Self.rounded(min(0, low)...max(0, high))
      let isSaid = state.saidLanes.contains { $0.rawValue == row.name }
      return ChartPanel(
        series: [series], form: .bars, range: whole, height: 18, unit: isSaid ? Words.nats : "")
    case .flag:
      return ChartPanel(series: [series], form: .bars, range: 0...1, height: 8)
    case .symbol:
      let words = values.map { value in
        value.isNaN || !row.symbols.indices.contains(Int(value)) ? "" : row.symbols[Int(value)]
      }
      return ChartPanel(series: [series], form: .words(words), range: 0...1, height: 8)
    }
  }

  func text() -> Figure {
    let view = TextView(state: state)
    let (scale, values) = view.shades(steps)
    let (letter, words, bar) = heading(scale)
    let plain = state.theme.text.foreground ?? Color(0)
    let tokens = zip(steps, values).map { step, value -> TextPanel.Token in
      let symbol = state.trace.tokenText(at: step) ?? ""
      let cell = value.map { scale.cell(for: $0) }
      return TextPanel.Token(
        // A blank shows by its colour.
        text: Glyphs.visible(symbol), number: state.trace.stepNumber(at: step),
        color: value.flatMap { Self.color(of: $0, scale) },
        ink: cell.flatMap { scale.inkStyle(on: $0).foreground } ?? plain,
        isPresent: request.marksStep && step == state.step,
        endsLine: symbol == "\n" || symbol == "\r\n")
    }
    return figure(
      [
        .text(
          TextPanel(
            letter: letter, name: words, tokens: tokens, isSpaced: StripLayout.isSpaced(state),
            bar: bar))
      ], title: "the sequence in the colours of \(letter)", hasTime: false)
  }

  /// What the colours of the text are of.
  private func heading(_ scale: HeatScale) -> (letter: String, name: String, ColorBar) {
    if let parts = PredictedText(state) { return (parts.name, parts.words, Self.bar(scale)) }
    if let said = state.saidInHand {
      let end = "\(Numbers.fixed(state.saidLimit, decimals: 1)) \(Words.nats)"
      let bar = ColorBar(colors: Self.ramp(scale), low: "0", high: end)
      return (said.rawValue, Words.said(said), bar)
    }
    let signal = state.currentSignal
    let isClipped = SignalScales.clips(signal, unit: state.unit, state)
    return (name(signal), state.name(of: signal), Self.bar(scale, isClipped: isClipped))
  }
}
