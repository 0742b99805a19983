import Figures
import Inspector
import Recurrent
import Screen

/// The cell at this step.
extension FigureMaker {
  func cell() -> Figure {
    let vectors = StepVectors(state, places: places)
    let isKnown = state.currentCell != nil && !state.currentTrack.signals.contains(.v)
    let kind: CellPanel.Kind =
      switch (isKnown, state.currentTrack.cell) {
      case (false, _): .unknown
      case (true, .lstm): .lstm
      case (true, .gru): .gru
      case (true, .rnn): .rnn
      case (true, .described): .unknown
      }
    let activations = state.currentTrack.activations
    let isGRU = kind == .gru
    let panel = CellPanel(
      kind: kind, strips: strips(kind, vectors),
      rows: places.map { String(state.currentTrack.number(of: state.unit(at: $0))) },
      marked: markedPlace, input: input,
      gates: Words.symbol(of: activations.gates),
      candidate: Words.symbol(of: activations.candidate),
      output: isGRU
        ? Words.resetReaches
        : activations.output == .linear ? "" : Words.symbol(of: activations.output),
      equations: equations, bars: bars)
    return figure([.cell(panel)], title: "the cell at \(state.stepWords)", hasTime: false)
  }

  private func strips(_ kind: CellPanel.Kind, _ vectors: StepVectors) -> [CellPanel.Strip] {
    func strip(_ name: String, _ values: [Float?], _ signal: Signal) -> CellPanel.Strip {
      let scales = SignalScales(signal, state)
      return CellPanel.Strip(
        name: name,
        colors: zip(places, values).map { place, value in
          value.flatMap { Self.color(of: $0, scales[state.unit(at: place)]) }
        })
    }
    func now(_ signal: Signal) -> CellPanel.Strip {
      strip(signal.rawValue, vectors.current(signal), signal)
    }
    func before(_ signal: Signal) -> CellPanel.Strip {
      strip("\(signal.rawValue)′", vectors.previous(signal), signal)
    }
    switch kind {
    case .lstm:
      let kept = StepVectors.product(vectors.current(.f), vectors.previous(.c))
      return [before(.c), strip("f⊙c′", kept, .c), now(.c), before(.h)]
        + [.f, .i, .z, .o, state.currentTrack.cellOutput].map(now)
    case .gru:
      let update = vectors.current(.u)
      let kept = StepVectors.product(update, vectors.previous(.h))
      return [
        before(.h), strip("u⊙h′", kept, .h), now(.h), now(.u),
        strip("1-u", update.map { $0.map { 1 - $0 } }, .u), now(.n), now(.r),
      ]
    case .rnn: return [before(.h), now(.h)]
    case .unknown:
      let hidden = state.currentTrack.signals.contains(.h) ? [before(.h)] : []
      return hidden + state.currentTrack.signals.map(now)
    }
  }

  /// "x = a".
  private var input: String {
    let layer = state.currentTrack.track.layer
    if layer > 0, state.trace.layout.contains(where: { $0.track.layer == layer - 1 }) {
      return "x = " + Words.hidden(ofLayer: layer - 1, isShort: true)
    }
    switch state.trace.input {
    case .tokens: return "x = " + (state.trace.tokenText(at: state.step).map(Glyphs.alone) ?? "?")
    case .features(let values, let width):
      let start = state.step * width
      let shown = values[start..<start + min(width, 3)].map { Numbers.value($0) }
      return width == 0 ? "x" : "x = \(shown.joined(separator: ", "))\(width > 3 ? ", …" : "")"
    }
  }

  /// The unit in hand in numbers.
  private var equations: [String] { lines.map(Self.minus) }

  private var lines: [String] {
    let head = "step \(state.stepNumber), unit \(state.unitNumber)"
    if let unit = UnitReading(state, unit: state.unit) {
      return [
        "\(head): c = f·c′ + i·z = \(unit.cellEquation) = \(Numbers.value(unit.c))",
        "\(unit.outputSignal.rawValue) = o·\(unit.shownName) = \(Numbers.value(unit.o))·"
          + "\(Numbers.factor(unit.shown)) = \(Numbers.value(unit.output))",
      ]
    }
    if case .described(let cell) = state.currentTrack.cell {
      return [head] + cell.description.equations
    }
    if let equation = SumEquation(state) {
      return [
        "\(head): \(equation.formula)\(equation.renewed) + \(equation.kept) = "
          + Numbers.value(equation.hidden)
      ]
    }
    if let hidden = value(.h), state.currentCell == .rnn {
      let activation = Words.symbol(of: state.currentTrack.activations.candidate)
      return ["\(head): h = \(Words.plainEquation(activation)) = \(Numbers.value(hidden))"]
    }
    return [head]
  }

  /// Of the unit in hand at this step; nil where the signal has none.
  private func value(_ signal: Signal) -> Float? {
    guard state.currentTrack.signals.contains(signal),
      state.unit < state.currentTrack.units(of: signal)
    else { return nil }
    return state.trace.value(
      track: state.track, signal: signal, step: state.step, unit: state.unit)
  }

  /// A bar a scale: gates, then what has a sign, by how far it goes.
  private var bars: [(name: String, bar: ColorBar)] {
    var bars: [(name: String, bar: ColorBar)] = []
    for signal in state.currentTrack.signals {
      let bar = Self.bar(SignalScales(signal, state))
      if let same = bars.firstIndex(where: { $0.bar == bar }) {
        bars[same].name += ", \(signal.rawValue)"
      } else {
        bars.append((signal.rawValue, bar))
      }
    }
    return bars
  }
}
