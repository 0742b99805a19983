import Inspector
import Recurrent
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a prediction rested on: by token, and by unit at the step of the chosen one.
extension WhyView {
  func drawPrediction(_ answer: PredictionAnswer, _ layout: WhyLayout, into grid: inout Grid) {
    guard !ranked.isEmpty else { return }
    let seen = seenRows(layout, count: ranked.count)
    let chosen = answer.steps.lowerBound + ranked[min(state.whyRow, ranked.count - 1)]
    drawBars(
      { step in
        answer.steps.contains(step) ? answer.parts[step - answer.steps.lowerBound] : nil
      }, strongest: answer.steps.lowerBound + ranked[0], marked: chosen, layout, isText: true,
      into: &grid)
    let half = (layout.causes.width - 3) / 2
    drawTokens(answer, ranked, seen, layout, width: half, into: &grid)
    let units = PredictedUnits(answer, state, step: chosen)
    drawUnits(units, layout, width: half, into: &grid)
    drawFoot(answer, ranked, seen, layout, into: &grid)
    drawSlopes(answer, units, layout, into: &grid)
  }

  private func drawTokens(
    _ answer: PredictionAnswer, _ ranked: [Int], _ seen: Range<Int>, _ layout: WhyLayout,
    width: Int, into grid: inout Grid
  ) {
    let rows = seen.map { place in
      let step = answer.steps.lowerBound + ranked[place]
      return WhyTable.Row(
        cells: [
          String(state.trace.stepNumber(at: step)), entering(step),
          Self.signed(answer.parts[ranked[place]]),
        ], value: answer.parts[ranked[place]])
    }
    let table = WhyTable(
      columns: [
        .init(title: Words.stepColumn, width: 7), .init(title: enteringTitle, width: tokenWidth),
        .init(
          title: answer.integrated == nil ? Words.slopeColumn : Words.partOfSum, width: 10,
          isMain: true),
      ], rows: rows, chosen: state.whyRow - seen.lowerBound,
      largest: abs(answer.parts[ranked[0]]))
    let area = layout.causes
    table.draw(
      into: &grid, at: Rect(x: area.x, y: area.y, width: width, height: area.height), state.theme)
  }

  private func drawUnits(
    _ units: PredictedUnits, _ layout: WhyLayout, width: Int, into grid: inout Grid
  ) {
    let name = units.signal.rawValue
    let rows = units.ranked.prefix(layout.rows).map { unit in
      WhyTable.Row(
        cells: [
          String(state.currentTrack.number(of: unit)), Numbers.value(units.value(unit)),
          Self.signed(Double(units.slope(unit))), Self.signed(Double(units.product(unit))),
        ], value: Double(units.product(unit)))
    }
    let number = state.trace.stepNumber(at: units.step)
    let table = WhyTable(
      columns: [
        .init(title: Words.unitColumn, width: 6), .init(title: "\(name)@\(number)", width: 9),
        .init(title: "∂/∂\(name)", width: 9),
        .init(title: "\(name)·∂/∂\(name)", width: 9, isMain: true),
      ], rows: Array(rows), chosen: nil,
      largest: units.ranked.first.map { Double(abs(units.product($0))) } ?? 0)
    let area = layout.causes
    table.draw(
      into: &grid,
      at: Rect(x: area.x + width + 3, y: area.y, width: width, height: area.height), state.theme)
  }

  private func drawFoot(
    _ answer: PredictionAnswer, _ ranked: [Int], _ seen: Range<Int>, _ layout: WhyLayout,
    into grid: inout Grid
  ) {
    let theme = state.theme
    let x = layout.causes.x + 2
    let rest = ranked[seen.upperBound...]
    if !rest.isEmpty {
      let left = rest.reduce(0.0) { $0 + answer.parts[$1] }
      grid.put(
        Words.smaller(rest.count, .gradient) + "  " + Self.signed(left), x: x, y: layout.foot,
        theme.muted)
    }
    if let integrated = answer.integrated {
      let words = Words.complete(
        sum: Self.signed(integrated.sum), difference: Self.signed(integrated.difference),
        points: integrated.points, isComplete: integrated.isComplete)
      grid.put(words.fitted(to: layout.causes.width - 2), x: x, y: layout.foot + 1, theme.muted)
    } else {
      let sum = answer.parts.reduce(0, +)
      grid.put("\(Words.sumRow)  ", x: x, y: layout.foot + 1, theme.muted)
      let end = grid.put(Self.signed(sum), x: x + 5, y: layout.foot + 1, theme.accent) + 2
      guard isCertain, end + Words.isCertain.displayWidth <= layout.causes.maxX else { return }
      grid.put(Words.isCertain, x: end, y: layout.foot + 1, theme.muted)
    }
  }

  /// Whether the network is so sure of the output that its logarithm has next to no slope.
  private var isCertain: Bool {
    guard state.trace.readout?.isProbable == true,
      let output = (try? state.predictionQuestion)?.target.output, let said = said(output)
    else { return false }
    return said > 0.99
  }

  /// ∂/∂c of the units that matter most, over the steps.
  private func drawSlopes(
    _ answer: PredictionAnswer, _ units: PredictedUnits, _ layout: WhyLayout, into grid: inout Grid
  ) {
    guard let area = layout.chart else { return }
    let strip = StripLayout(state, x: area.x, width: area.width)
    let shown = units.ranked.prefix(area.height - 1)
    let gradients = answer.gradients
    let steps = strip.steps.clamped(to: gradients.steps)
    var limit: Float = 0
    for unit in shown {
      for step in steps {
        let slope = gradients.gradient(
          track: state.track, signal: units.signal, step: step, unit: unit)
        limit = max(limit, slope.isFinite ? abs(slope) : 0)
      }
    }
    let scale = HeatScale(.signed(limit: Numbers.roundedUp(limit)), state.theme)
    let words = Words.slopesOver(units.signal)
    let end = grid.put(words, x: area.x, y: area.y, state.theme.muted)
    grid.put(
      "±" + Numbers.limit(Numbers.roundedUp(limit)), x: end + 2, y: area.y, state.theme.muted)
    for (row, unit) in shown.enumerated() {
      let y = area.y + 1 + row
      let label = String(state.currentTrack.number(of: unit))
      grid.put(
        label.padded(left: max(0, strip.labelWidth - 2)), x: area.x, y: y, state.theme.muted,
        limit: max(0, strip.labelWidth - 1))
      for step in steps {
        let slope = gradients.gradient(
          track: state.track, signal: units.signal, step: step, unit: unit)
        for x in strip.column(of: step)..<strip.column(of: step + 1) {
          grid[x, y] = scale.cell(for: slope)
        }
      }
    }
  }

  /// "+0.12"; of what is small two digits or three.
  static func signed(_ value: Double) -> String { Numbers.signed(Float(value)) }
}
