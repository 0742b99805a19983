import Figures
import Inspector
import Recurrent
import Screen

/// Where a value comes from: parts over time as bars, parts of a sum one under the other.
extension FigureMaker {
  private static let mostCauses = 14
  private static let mostUnits = 12

  func why() throws(FigureRefusal) -> Figure {
    let answer = WhyAnswer(state)
    let question = whyCaption
    var figure: Figure
    switch answer {
    case .write(let writes): figure = self.figure(self.writes(writes), title: question)
    case .gate(let split):
      figure = self.figure([.causes(causes(split))], title: question, hasTime: false)
    case .out(let out):
      figure = self.figure([.causes(causes(out))], title: question, hasTime: false)
    case .prediction(let answer):
      // What comes after the step has no part in it.
      var maker = self
      if request.steps == nil, !request.isAsSeen, state.currentTrack.track.direction == .forward {
        maker.steps = steps.lowerBound..<min(steps.upperBound, state.step + 1)
      }
      figure = maker.figure(maker.prediction(answer), title: question)
    case .awaited: throw .noAnswer(Words.explaining)
    case .stopped: throw .noAnswer(Words.whyStopped)
    case .refused(let error): throw .noAnswer(error.description)
    }
    figure.caption = request.caption ?? question
    figure.columns = request.columns ?? 1
    return figure
  }

  /// "c[2] = -7.90 at step 23".
  private var whyCaption: String {
    let question = state.whyQuestion
    let at = Words.whyStep(state)
    if question.mode.isOfPrediction {
      let output = (try? state.predictionQuestion)?.target.output
      let symbol = output.map(state.session.outputSymbol) ?? "y"
      return Words.restedOn(symbol, isNext: state.session.predictsNext) + " \(at)"
    }
    let layout = state.currentTrack
    let name = self.name(question.signal)
    guard layout.signals.contains(question.signal),
      question.unit < layout.units(of: question.signal)
    else { return "\(name) \(at)" }
    let value = state.trace.value(
      track: question.track, signal: question.signal, step: question.step, unit: question.unit)
    let equals = "\(name) = \(Self.minus(Numbers.value(value))) \(at)"
    return question.mode == .out ? "what \(equals) does" : equals
  }

  // MARK: - Over time

  private func writes(_ writes: StateWrites) -> [Figure.Panel] {
    var left = [Float](repeating: .nan, count: steps.count)
    for write in writes.writes where steps.contains(write.step) {
      left[write.step - steps.lowerBound] = Float(write.left)
    }
    let words = state.currentTrack.cell == .gru ? "(1-u)·n" : "i·z"
    var panels: [Figure.Panel] = [
      .chart(bars(left, letter: words, name: "of each step, what is left of it"))
    ]
    let ranked = writes.worthARow
    guard !ranked.isEmpty else { return panels }
    let chosen = ranked[min(state.whyRow, ranked.count - 1)]
    let from = writes.writes[chosen].step
    let isForward = state.currentTrack.track.direction == .forward
    var worth = [Float](repeating: .nan, count: steps.count)
    for (offset, kept) in writes.decay(of: chosen).enumerated() {
      let step = isForward ? from + offset : from - offset
      if steps.contains(step) { worth[step - steps.lowerBound] = Float(kept) }
    }
    // On as far as the steps are drawn, as the screen has it.
    if var kept = writes.decay(of: chosen).last.map({ Float($0) }) {
      let keep: Signal = state.currentTrack.cell == .gru ? .u : .f
      let later =
        isForward
        ? Array(steps.filter { $0 > state.step }) : steps.filter { $0 < state.step }.reversed()
      for step in later {
        kept *= state.trace.value(track: state.track, signal: keep, step: step, unit: state.unit)
        worth[step - steps.lowerBound] = kept
      }
    }
    let highest = max(1, worth.filter(\.isFinite).max() ?? 1)
    panels.append(
      .chart(
        ChartPanel(
          series: [
            .init(
              letter: state.currentTrack.cell == .gru ? "∏ u" : "∏ f",
              name: "kept of what step \(state.trace.stepNumber(at: from)) wrote", values: worth,
              color: color(of: state.currentTrack.cell == .gru ? .u : .f))
          ], form: .lines, range: 0...highest, height: 30)))
    return panels
  }

  private func prediction(_ answer: PredictionAnswer) -> [Figure.Panel] {
    let parts = steps.map { step in
      answer.steps.contains(step) ? Float(answer.parts[step - answer.steps.lowerBound]) : .nan
    }
    let name = answer.integrated == nil ? Words.slopeColumn : Words.partOfSum
    var panels: [Figure.Panel] = [
      .chart(bars(parts, letter: name, name: "of the input of each step"))
    ]
    let strongest = answer.parts.indices.max { abs(answer.parts[$0]) < abs(answer.parts[$1]) }
    guard let strongest else { return panels }
    let units = PredictedUnits(answer, state, step: answer.steps.lowerBound + strongest)
    let shown = Array(units.ranked.prefix(Self.mostUnits))
    let known = steps.clamped(to: answer.gradients.steps)
    guard !shown.isEmpty, !known.isEmpty else { return panels }
    let slopes = shown.map { unit in
      steps.map { step -> Float? in
        guard known.contains(step) else { return nil }
        return answer.gradients.gradient(
          track: state.track, signal: units.signal, step: step, unit: unit)
      }
    }
    let largest = slopes.joined().reduce(0 as Float) { largest, slope in
      guard let slope, slope.isFinite else { return largest }
      return max(largest, abs(slope))
    }
    let scale = HeatScale(.signed(limit: Numbers.roundedUp(largest)), state.theme)
    panels.append(
      .heat(
        HeatPanel(
          letter: "∂/∂\(units.signal.rawValue)", name: "of the units that matter most",
          rows: shown.map { String(state.currentTrack.number(of: $0)) }, columns: steps.count,
          colors: slopes.joined().map { slope in slope.flatMap { Self.color(of: $0, scale) } },
          bar: Self.bar(scale))))
    return panels
  }

  private func bars(_ values: [Float], letter: String, name: String) -> ChartPanel {
    ChartPanel(
      series: [
        .init(letter: letter, name: name, values: values, color: signs.up, below: signs.down)
      ], form: .bars, range: Self.rounded(UnitStrip.range(values)), height: 46)
  }

  /// To round numbers, so that the ends of an axis have some.
  static func rounded(_ range: ClosedRange<Float>) -> ClosedRange<Float> {
    let low = range.lowerBound < 0 ? -Numbers.roundedUp(-range.lowerBound) : 0
    let high = range.upperBound > 0 ? Numbers.roundedUp(range.upperBound) : 0
    return low < high ? low...high : -1...1
  }

  // MARK: - Sums

  private func causes(_ split: GateSplit) -> CausesPanel {
    let shown = split.ranked.prefix(Self.mostCauses)
    let rest = split.ranked.dropFirst(shown.count)
    var foot: [(name: String, text: String)] = []
    if !rest.isEmpty {
      let sum = rest.reduce(0.0) { $0 + split.parts[$1].value }
      foot.append((Words.smaller(rest.count, .gate), Self.signed(Float(sum))))
    }
    foot.append((Words.sumRow, Self.signed(Float(split.sum))))
    foot.append((split.activation.description, Numbers.value(split.value)))
    return CausesPanel(
      title: split.split == split.signal
        ? Words.explained(.gate, split.signal, .lstm)[0]
        : Words.oneMinus(split.split),
      causes: shown.map { place in
        let part = split.parts[place]
        return cause(Words.cause(part.cause, split, state), part.value)
      }, foot: foot, axis: "part of the sum")
  }

  private func causes(_ out: Outgoing) -> CausesPanel {
    let shown = out.ranked.prefix(Self.mostCauses)
    let rest = out.ranked.count - shown.count
    return CausesPanel(
      title: Words.explained(.out, out.signal, .lstm)[0],
      causes: shown.map { place in
        let push = out.pushes[place]
        return cause(Words.reader(push.reader, state), push.value)
      }, foot: rest > 0 ? [(Words.smaller(rest, .out), "")] : [], axis: "push")
  }

  private static func signed(_ value: Float) -> String { minus(Numbers.signed(value)) }

  private func cause(_ name: String, _ value: Double) -> CausesPanel.Cause {
    CausesPanel.Cause(
      name: name, value: value, text: Self.signed(Float(value)),
      color: value < 0 ? signs.down : signs.up)
  }
}
