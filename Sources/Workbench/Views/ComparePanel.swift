import Inspector
import Recurrent
import Screen

/// A row for each of those that are compared: the unit in hand, what the run says, how far it is from
/// the first at this step and over all; on different scales, how each moves instead. Under it what has no
/// partner, and the unit over time where rows are left.
struct ComparePanel {
  let state: State
  let comparison: Comparison

  private struct Column {
    let title: String
    /// A text a lane.
    let cells: [(text: String, style: Style)]
    var isRight = false
    /// Whether it is the value of the unit in hand.
    var isOfHand = false

    var width: Int { max(title.displayWidth, cells.map(\.text.displayWidth).max() ?? 0) }
  }

  /// A blank, the titles, the lanes, what has no partner, how far predictions are apart, a blank.
  static func height(_ state: State, _ comparison: Comparison) -> Int {
    (FrameLayout.isAiry(state) ? comparison.isOfRuns ? 5 : 4 : 2) + comparison.lanes.count
  }

  func draw(_ layout: CompareLayout, into grid: inout Grid) {
    let area = layout.panel
    var y = area.y + (FrameLayout.isAiry(state) ? 1 : 0)
    let isWhole = drawTable(into: &grid, at: Rect(x: area.x, y: y, width: area.width, height: 0))
    y += 1 + comparison.lanes.count
    // A small screen has a row for one of them.
    let lines = [unpartnered, predictions(room: area.width)].compactMap(\.self)
    for words in FrameLayout.isAiry(state) ? lines[...] : lines.prefix(1) {
      grid.put(words.fitted(to: area.width), x: area.x, y: y, state.theme.muted)
      y += 1
    }
    if !isWhole {
      for words in overall where y < area.maxY {
        grid.put(words.fitted(to: area.width), x: area.x, y: y, state.theme.text)
        y += 1
      }
      return
    }
    if lines.isEmpty { y += 1 }
    guard FrameLayout.isAiry(state) else { return }
    CompareChart(state: state, comparison: comparison, layout: layout)
      .draw(into: &grid, rows: y..<area.maxY - 1)
  }

  // MARK: - Numbers

  /// How far the predictions of the first other run are apart; nil where nothing is compared.
  private func predictions(room: Int) -> String? {
    guard let other = comparison.lanes.dropFirst().first(where: { $0.run != nil }),
      let survey = state.overviews.predictions(state.trace, other.signal.trace),
      let mean = survey.mean, let farthest = survey.farthest
    else { return nil }
    let here = state.step < survey.steps ? survey.divergence[state.step] : nil
    let most = (state.trace.stepNumber(at: farthest), survey.divergence[farthest])
    let differ = survey.firstDifference.map(state.trace.stepNumber)
    let whole = Words.predictionsApart(
      here: here, mean: mean, farthest: most, differ: differ, steps: survey.steps)
    guard whole.displayWidth > room else { return whole }
    return Words.predictionsApartShort(here: here, mean: mean, farthest: most, differ: differ)
  }

  /// What a narrow table leaves out, a line for each of the others.
  private var overall: [String] {
    guard isApart else { return [] }
    return zip(comparison.differences, comparison.lanes.dropFirst()).compactMap {
      difference, lane in
      guard let survey = state.overviews.survey(of: difference), survey.steps > 0 else {
        return nil
      }
      return "\(name(of: lane, isShort: true).fitted(to: 16)) \(Words.over(survey.steps)): "
        + words(survey.summary, isOverall: true, isShort: false).0
    }
  }

  /// - Returns: whether every column had room.
  private func drawTable(into grid: inout Grid, at area: Rect) -> Bool {
    let gap = state.width >= 100 ? 3 : 2
    func width(_ columns: [Column]) -> Int {
      columns.map(\.width).reduce(0, +) + gap * (columns.count - 1)
    }
    var columns = columns(isShort: false)
    if width(columns) > area.width { columns = self.columns(isShort: true) }
    let all = columns.count
    while width(columns) > area.width, columns.count > 3 { columns.removeLast() }
    var x = area.x
    for column in columns {
      func put(_ text: String, _ row: Int, _ style: Style) {
        let text = column.isRight ? text.padded(left: column.width) : text
        grid.put(text, x: x, y: area.y + row, style, limit: area.maxX - x)
      }
      put(column.title, 0, column.isOfHand ? state.theme.accent : state.theme.muted)
      for (row, cell) in column.cells.enumerated() { put(cell.text, row + 1, cell.style) }
      x += column.width + gap
    }
    return columns.count == all
  }

  private func columns(isShort: Bool) -> [Column] {
    let theme = state.theme
    let lanes = comparison.lanes
    let values = lanes.map { value($0.signal) }
    let room = isShort ? 12 : 40
    var columns = [
      Column(
        title: "",
        cells: lanes.enumerated().map { index, lane in
          (
            "\(lane.signal.signal.rawValue) \(name(of: lane, isShort: isShort).fitted(to: room))",
            LaneLook(index, of: comparison, theme).line.with(.bold)
          )
        }),
      Column(
        title: "unit \(state.unitNumber)",
        cells: values.map {
          ($0.map { Numbers.fixed($0, decimals: 3) } ?? "–", theme.accent.with(.bold))
        },
        isRight: true, isOfHand: true),
      isApart ? difference(values) : moved(values),
    ]
    if comparison.isOfRuns, lanes.contains(where: { $0.signal.trace.readout != nil }) {
      columns.append(
        Column(
          title: state.session.predictsNext ? Words.next : Words.answer, cells: lanes.map(says)))
    }
    return columns + (isApart ? apart(isShort: isShort) : courses)
  }

  // MARK: - How far they are apart

  /// Between values on different scales a difference says nothing, unless somebody asks for it.
  private var isApart: Bool { comparison.isOnOneScale || state.comparison.isDifference }

  /// What the heatmap of the difference shows, of the unit in hand.
  private func difference(_ values: [Float?]) -> Column {
    let lanes = comparison.lanes
    func name(_ lane: Comparison.Lane) -> String {
      let name = comparison.isOfRuns ? self.name(of: lane) : lane.signal.signal.rawValue
      return name.fitted(to: 10)
    }
    let isOfLayers = !comparison.isOfRuns && Set(lanes.map(\.signal.signal)).count == 1
    return Column(
      title: isOfLayers
        ? Words.difference
        : Words.minus(name(lanes[0]), lanes.count == 2 ? name(lanes[1]) : Words.itsOwn),
      cells: values.enumerated().map { index, value in
        guard index > 0, let first = values[0], let value else { return ("", state.theme.text) }
        return (Numbers.signed(first - value, decimals: 3), state.theme.text)
      })
  }

  private func apart(isShort: Bool) -> [Column] {
    let theme = state.theme
    let summaries = comparison.differences.map { difference in
      (
        step: state.step < difference.recordedSteps
          ? DifferenceSurvey.summary(of: difference, step: state.step) : nil,
        all: state.overviews.survey(of: difference)
      )
    }
    let steps = summaries.compactMap { $0.all?.steps }.max() ?? 0
    return [
      Column(
        title: Words.apartAtThisStep,
        cells: [("", theme.text)]
          + summaries.map { summary in
            guard let step = summary.step else {
              return (state.isRecorded ? Words.onlyOneHere : "", theme.muted)
            }
            return words(step, isOverall: false, isShort: isShort)
          }),
      Column(
        title: steps == 0 ? "" : Words.over(steps),
        cells: [("", theme.text)]
          + summaries.map { summary in
            guard let all = summary.all, all.steps > 0 else { return ("", theme.text) }
            return words(all.summary, isOverall: true, isShort: isShort)
          }),
    ]
  }

  // MARK: - How each of them moves

  /// Since the step before, of the unit in hand.
  private func moved(_ values: [Float?]) -> Column {
    Column(
      title: Words.moved,
      cells: zip(comparison.lanes, values).map { lane, value in
        let signal = lane.signal
        guard let value, state.step > 0 || [.c, .h].contains(signal.signal),
          let before = signal.trace.previous(
            track: signal.track, signal: signal.signal, step: state.step, unit: state.unit)
        else { return ("–", state.theme.muted) }
        return (Numbers.signed(value - before, decimals: 3), state.theme.text)
      }, isRight: true)
  }

  /// Of the unit in hand over all steps.
  private var courses: [Column] {
    let courses = comparison.lanes.map { UnitCourse($0.signal, unit: state.unit) }
    guard let steps = courses.lazy.compactMap({ $0?.steps }).max() else { return [] }
    func column(_ title: String, isRight: Bool, _ text: (UnitCourse) -> String?) -> Column {
      Column(
        title: title,
        cells: courses.map { ($0.flatMap(text) ?? "–", state.theme.text) }, isRight: isRight)
    }
    return [
      column(Words.movesAStep, isRight: true) { Numbers.small(Float($0.movement)) },
      column(Words.ofItsSpread, isRight: true) { $0.share.map { Numbers.percent(Float($0)) } },
      column(Words.rangeOver(steps), isRight: false) {
        "\(Numbers.value($0.range.lowerBound)) … \(Numbers.value($0.range.upperBound))"
      },
    ]
  }

  /// "mean 1.497  worst 1.968 at unit 0"
  private func words(
    _ summary: DifferenceSummary, isOverall: Bool, isShort: Bool
  ) -> (String, Style) {
    let unknown = summary.notNumbers > 0 ? Words.notNumbers(summary.notNumbers) : nil
    guard let worst = summary.worst, let mean = summary.mean else {
      return (unknown ?? "", state.theme.bad)
    }
    let place = Words.place(
      step: isOverall ? summary.step : nil, unit: summary.unit, isShort: isShort)
    let text = Words.apart(
      mean: Numbers.small(Float(mean)), worst: Numbers.small(worst), place)
    return ([text, unknown].compactMap(\.self).joined(separator: "  "), state.theme.text)
  }

  /// The letter beside it says which signal it is, so of a run its name is enough.
  private func name(of lane: Comparison.Lane, isShort: Bool = false) -> String {
    if comparison.isOfRuns { return lane.run?.name ?? state.runName }
    let isSignal = lane.name == Words.name(of: lane.signal, state)
    return isShort && isSignal ? shortName(of: lane) : lane.name
  }

  private func shortName(of lane: Comparison.Lane) -> String {
    Words.shortName(of: lane.signal.signal, in: state.cell(of: lane.signal))
  }

  /// What a run says at this step; grey where nothing is due yet.
  private func says(_ lane: Comparison.Lane) -> (String, Style) {
    let theme = state.theme
    let trace = lane.signal.trace
    guard let readout = trace.readout, state.step < trace.recordedSteps else {
      return ("–", theme.muted)
    }
    let block = readout.block(state.step..<state.step + 1)
    let y = Array(block.row(state.step))
    guard readout.isProbable, let top = block.likeliest(1, at: state.step).first else {
      return (y.first.map { Numbers.fixed($0, decimals: 3) } ?? "–", theme.text)
    }
    let symbol = lane.run == nil ? state.session.outputSymbol(top) : Self.symbol(top, of: readout)
    let expected: String?
    if lane.run?.hasOwnInput == true {
      expected =
        state.session.predictsNext && state.step + 1 < trace.length
        ? trace.tokenText(at: state.step + 1).map(Glyphs.alone) : nil
    } else {
      expected = state.session.expectedOutput(at: state.step).map(state.session.outputSymbol)
    }
    let isDue = expected != nil || state.session.expected == nil
    let isTrue = expected == symbol
    return (
      "\(symbol) \(Numbers.fixed(y[top]))" + (isTrue ? " ✓" : ""),
      isTrue ? theme.good : isDue ? theme.text : theme.muted
    )
  }

  private static func symbol(_ output: Int, of readout: TraceReadout) -> String {
    guard let symbols = readout.symbols, symbols.indices.contains(output) else {
      return String(output)
    }
    return Glyphs.alone(symbols[output])
  }

  private func value(_ signal: TracedSignal) -> Float? {
    guard state.step < signal.trace.recordedSteps, state.unit < signal.units else { return nil }
    return signal.trace.value(
      track: signal.track, signal: signal.signal, step: state.step, unit: state.unit)
  }

  /// Signals, steps and units that only some have.
  private var unpartnered: String? {
    var words: [String] = []
    let others = comparison.lanes.dropFirst()
    var told: [Int] = []
    for (index, lane) in others.enumerated() {
      guard let signal = lane.lacking, !told.contains(index) else { continue }
      let alike = others.enumerated().filter {
        $1.lacking == signal && $1.signal.signal == lane.signal.signal
      }
      told += alike.map(\.offset)
      words.append(
        Words.lack(
          signal, alike.compactMap { $1.run?.name }, nearest: lane.signal.signal))
    }
    let first = comparison.lanes[0]
    for lane in others {
      let (a, b) = (first.signal, lane.signal)
      if a.trace.length != b.trace.length {
        words.append(
          Words.onlySteps(
            from: min(a.trace.length, b.trace.length),
            in: a.trace.length > b.trace.length ? first.name : lane.name))
      }
      if a.units != b.units {
        words.append(
          Words.onlyUnits(
            from: min(a.units, b.units), through: max(a.units, b.units) - 1,
            in: a.units > b.units ? first.name : lane.name))
      }
    }
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }
}
