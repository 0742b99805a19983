import Inspector
import Recurrent
import Screen

/// The unit in hand at this step, spelled out in the three stages: forget, reinforce, output.
struct UnitPanel {
  let state: State
  let isLarge: Bool
  /// Gathers where the values of signals stand.
  var places: ValuePlaces?

  /// With a blank and a rule before it.
  static let largeHeight = 6
  static let smallHeight = 2

  func draw(into grid: inout Grid, at area: Rect) {
    guard state.isRecorded else { return }
    switch state.currentTrack.cell {
    case .lstm:
      guard let reading = UnitReading(state, unit: state.unit) else {
        return drawPlain(&grid, area)
      }
      if isLarge { drawLarge(reading, &grid, area) } else { drawSmall(reading, &grid, area) }
    case .gru, .rnn, .described:
      drawPlain(&grid, area)
    }
  }

  // MARK: - The large panel

  private func drawLarge(_ unit: UnitReading, _ grid: inout Grid, _ area: Rect) {
    drawRule(&grid, area, y: area.y + 1)
    let isShort = area.width < 88
    let rows: [Row] = [
      Row(
        stage: Words.forget, formula: "f · c′",
        numbers: [("= ", nil), (Numbers.value(unit.f), .f), (" · \(unit.previousFactor)", nil)],
        result: unit.kept.map { Numbers.value($0) } ?? Words.unknown, sum: nil,
        words: Words.keeps(Numbers.percent(unit.f), isShort: isShort),
        aside: unit.cellChange.map { (Words.cellMoved, Numbers.signed($0)) }),
      Row(
        stage: Words.reinforce, formula: "+ i · z",
        numbers: [
          ("= ", nil), (Numbers.value(unit.i), .i), (" · ", nil), (Numbers.factor(unit.z), .z),
        ],
        result: Numbers.value(unit.written), sum: nil,
        words: Words.writes(unit.written, gate: unit.i, isShort: isShort),
        aside: unit.hiddenChange.map { (Words.hiddenMoved, Numbers.signed($0)) }),
      Row(
        stage: "", formula: "c", numbers: [], result: Numbers.value(unit.c), sum: .c, words: "",
        aside: nil),
      Row(
        stage: Words.output, formula: "o · \(unit.shownName)",
        numbers: [
          ("= ", nil), (Numbers.value(unit.o), .o), (" · \(Numbers.factor(unit.shown))", nil),
        ],
        result: Numbers.value(unit.output), sum: unit.outputSignal,
        words: Words.shows(
          Numbers.percent(unit.o), of: unit.shownName, as: unit.outputSignal, isShort: isShort),
        aside: nil),
    ]
    for (index, row) in rows.enumerated() { draw(row, &grid, area, y: area.y + 2 + index) }
  }

  private struct Row {
    let stage: String
    let formula: String
    let numbers: [(text: String, signal: Signal?)]
    let result: String
    /// The signal that the result is; nil for a part of one.
    let sum: Signal?
    let words: String
    let aside: (String, String)?
  }

  private func draw(_ row: Row, _ grid: inout Grid, _ area: Rect, y: Int) {
    let theme = state.theme
    grid.put(row.stage, x: area.x + 1, y: y, theme.muted)
    grid.put(row.formula, x: area.x + 13, y: y, theme.text)
    let end = put(row.numbers, &grid, x: area.x + 25, y: y)
    let equals = max(area.x + 43, end + 1)
    grid.put("=", x: equals, y: y, theme.text)
    let results = grid.put(
      row.result, x: equals + 2 + max(0, 6 - row.result.count), y: y,
      style(of: row.sum, else: row.sum == nil ? theme.text : theme.accent))
    places?.note(row.sum, results - row.result.count..<results, y)
    let words = max(area.x + 54, results + 2)
    if words + row.words.displayWidth <= area.maxX {
      grid.put(row.words, x: words, y: y, theme.muted)
    }
    if let aside = row.aside, area.width >= 108 {
      grid.put(aside.0, x: area.x + 90, y: y, theme.muted)
      grid.put(aside.1.padded(left: 6), x: area.x + 99, y: y, theme.text)
    }
  }

  /// Numbers, the one that is spoken of lit.
  @discardableResult
  private func put(
    _ parts: [(text: String, signal: Signal?)], _ grid: inout Grid, x: Int, y: Int
  ) -> Int {
    parts.reduce(x) {
      let end = grid.put($1.text, x: $0, y: y, style(of: $1.signal, else: state.theme.text))
      places?.note($1.signal, $0..<end, y)
      return end
    }
  }

  private func style(of signal: Signal?, else style: Style) -> Style {
    signal != nil && signal == state.litSignal ? state.theme.marked : style
  }

  private func drawRule(_ grid: inout Grid, _ area: Rect, y: Int) {
    let theme = state.theme
    for x in area.x..<area.maxX { grid[x, y] = Cell("─", theme.faint) }
    var x = area.x + 3
    x = grid.put(
      " \(state.unitWords) ", x: x, y: y, theme.accent)
    x = grid.put("─", x: x, y: y, theme.faint)
    x = grid.put(" \(placeWords) ", x: x, y: y, theme.muted, limit: max(0, area.maxX - x - 2))
  }

  /// "step 23, P" and, where there are several, the layer.
  private var placeWords: String {
    let track = state.trackWords
    return state.stepWords + (track.isEmpty ? "" : " · " + track)
  }

  // MARK: - The small panel

  private func drawSmall(_ unit: UnitReading, _ grid: inout Grid, _ area: Rect) {
    let theme = state.theme
    let label = "unit \(state.unitNumber)"
    let start = area.x + label.count + 2
    grid.put(label, x: area.x, y: area.y, theme.accent)
    // The letters leave first, then the numbers that the sum comes from.
    let sum = "\(unit.cellEquation) = "
    let room = area.maxX - start - Numbers.value(unit.c).count
    let letters = room >= 17 + sum.displayWidth
    var x = grid.put(letters ? "c = f·c′ + i·z = " : "c = ", x: start, y: area.y, theme.muted)
    if letters || room >= 4 + sum.displayWidth {
      x = put(unit.cellTerms + [(" = ", nil)], &grid, x: x, y: area.y)
    }
    let ofC = grid.put(Numbers.value(unit.c), x: x, y: area.y, style(of: .c, else: theme.accent))
    places?.note(.c, x..<ofC, area.y)
    let name = unit.outputSignal.rawValue
    x = grid.put(
      letters ? "\(name) = o·\(unit.shownName)".padded(right: 15) + "= " : "\(name) = ", x: start,
      y: area.y + 1, theme.muted)
    x = put(
      [(Numbers.value(unit.o), .o), ("·\(Numbers.factor(unit.shown)) = ", nil)], &grid, x: x,
      y: area.y + 1)
    let shown = x
    x = grid.put(
      Numbers.value(unit.output), x: x, y: area.y + 1,
      style(of: unit.outputSignal, else: theme.accent))
    places?.note(unit.outputSignal, shown..<x, area.y + 1)
    let aside = state.trackWords
    if !aside.isEmpty, x + 3 + aside.displayWidth <= area.maxX {
      grid.put(aside, x: area.maxX - aside.displayWidth, y: area.y + 1, theme.muted)
    }
  }

  // MARK: - Other cells

  private func drawPlain(_ grid: inout Grid, _ area: Rect) {
    let theme = state.theme
    let y = isLarge ? area.y + 2 : area.y
    if isLarge { drawRule(&grid, area, y: area.y + 1) }
    var x = grid.put("unit \(state.unitNumber)  ", x: area.x, y: y, theme.accent)
    for (name, value) in numbers {
      let text = Numbers.value(value)
      guard x + name.displayWidth + 1 + text.count <= area.maxX else { break }
      x = grid.put(name + " ", x: x, y: y, theme.muted)
      let isLit = name == state.litSignal?.rawValue
      let end = grid.put(text, x: x, y: y, isLit ? theme.marked : theme.text)
      places?.note(state.currentTrack.signals.first { $0.rawValue == name }, x..<end, y)
      x = end + 3
    }
    guard area.height > 1 || isLarge else { return }
    if state.currentTrack.cell != .lstm, let equation = SumEquation(state) {
      equation.draw(into: &grid, x: area.x, y: y + 1, theme)
    } else {
      drawMissing(&grid, x: area.x, y: y + 1)
    }
  }

  /// Every signal, and of an LSTM that lacks some of them what the others give.
  private var numbers: [(String, Float)] {
    let track = state.currentTrack
    func value(_ signal: Signal) -> Float? {
      guard track.signals.contains(signal), state.unit < track.units(of: signal) else {
        return nil
      }
      return state.trace.value(
        track: state.track, signal: signal, step: state.step, unit: state.unit)
    }
    var numbers = track.signals.compactMap { signal in value(signal).map { (signal.rawValue, $0) } }
    guard track.cell == .lstm else { return numbers }
    let previous = state.trace.previous(
      track: state.track, signal: .c, step: state.step, unit: state.unit)
    if let f = value(.f), let previous { numbers.append(("f·c′", f * previous)) }
    if let i = value(.i), let z = value(.z) { numbers.append(("i·z", i * z)) }
    return numbers
  }

  /// A sentence about what a recorded trace lacks.
  func drawMissing(_ grid: inout Grid, x: Int, y: Int) {
    let missing = state.currentTrack.missingSignals
    guard !missing.isEmpty else { return }
    let room = max(0, state.width - x - 1)
    grid.put(Words.missing(missing).fitted(to: room), x: x, y: y, state.theme.muted)
  }
}

/// How a unit comes to its memory: what is fresh and what is kept, as the cell's description has it.
struct SumEquation {
  private let sum: SlowSum
  private let keep, gate, fresh: Float
  let hidden: Float
  /// Nil where a recorded trace does not say.
  private let previous: Float?
  private let label: String

  /// Nil for cells without such a sum, before the step is reached, and where a recorded trace lacks a
  /// signal.
  init?(_ state: State) {
    let track = state.currentTrack
    guard state.isRecorded, let sum = track.cell.about.sum,
      sum.signals.allSatisfy(track.signals.contains)
    else { return nil }
    func value(_ signal: Signal) -> Float {
      state.trace.value(track: state.track, signal: signal, step: state.step, unit: state.unit)
    }
    self.sum = sum
    keep = sum.keep.value(sum.keep.signal.map(value) ?? 1)
    gate = sum.gate.value(sum.gate.signal.map(value) ?? 1)
    fresh = value(sum.candidate)
    hidden = value(sum.memory)
    previous = state.trace.previous(
      track: state.track, signal: sum.memory, step: state.step, unit: state.unit)
    label = String(repeating: " ", count: "unit \(state.unitNumber)".count + 2)
  }

  /// "0.42·1.00", and what comes of it.
  var kept: String {
    let before = previous.map(Numbers.factor) ?? Words.unknown
    return sum.keep == .one ? before : "\(Numbers.value(keep))·\(before)"
  }
  var keptResult: String { previous.map { Numbers.value(keep * $0) } ?? Words.unknown }
  /// "0.58·(-0.76)", and what comes of it.
  var renewed: String { "\(Numbers.value(gate))·\(Numbers.factor(fresh))" }
  var renewedResult: String { Numbers.value(gate * fresh) }
  var renewedFactor: String { Numbers.factor(gate * fresh) }
  /// "h = (1-u)·n + u·h′ = "
  var formula: String { "\(sum.memory.rawValue) = \(sum.written) + \(sum.kept) = " }

  func draw(into grid: inout Grid, x: Int, y: Int, _ theme: Theme) {
    var x = grid.put(label + formula, x: x, y: y, theme.muted)
    x = grid.put("\(renewed) + \(kept) = ", x: x, y: y, theme.text)
    grid.put(Numbers.value(hidden), x: x, y: y, theme.accent)
  }
}
