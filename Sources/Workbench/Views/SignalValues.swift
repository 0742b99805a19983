import Inspector
import Recurrent
import Screen

/// The signals of the unit in hand at this step: each with its value and a bar, and where there is room
/// with its name and by how much it moved.
struct SignalValues {
  let state: State
  /// Whether every signal has a row of its own.
  let isLong: Bool

  /// Rows for so many signals, with the line above them.
  static func height(_ signals: Int, isLong: Bool) -> Int {
    1 + (isLong ? signals : (signals + perRow - 1) / perRow)
  }

  /// Signals in a row of a small screen.
  private static let perRow = 3
  private static let valueWidth = 6

  /// Where a signal stands, by its index.
  func frame(of index: Int, in area: Rect) -> Rect {
    guard !isLong else {
      return Rect(x: area.x, y: area.y + 1 + index, width: area.width, height: 1)
    }
    let (row, column) = index.quotientAndRemainder(dividingBy: Self.perRow)
    let width = area.width / Self.perRow
    return Rect(x: area.x + column * width, y: area.y + 1 + row, width: width - 2, height: 1)
  }

  func draw(into grid: inout Grid, at area: Rect) {
    guard state.isRecorded, area.height > 1 else { return }
    drawRule(into: &grid, at: area, hasMovement: isLong)
    for (index, signal) in state.currentTrack.signals.enumerated() {
      let frame = frame(of: index, in: area)
      guard frame.y < area.maxY else { return }
      if isLong {
        drawLong(signal, into: &grid, at: frame)
      } else {
        drawShort(signal, into: &grid, at: frame)
      }
    }
  }

  /// "c cell state, slow   -1.96  +0.98  ███".
  private func drawLong(_ signal: Signal, into grid: inout Grid, at area: Rect) {
    let columns = Columns(area.width)
    let x = drawName(of: signal, limit: columns.name, into: &grid, x: area.x, y: area.y)
    guard let value = value(of: signal) else { return }
    drawValue(value, of: signal, into: &grid, x: x, y: area.y)
    if columns.hasMovement, let moved = moved(signal, value) {
      grid.put(
        Numbers.signed(moved).padded(left: Self.valueWidth + 1), x: x + Self.valueWidth + 1,
        y: area.y, state.theme.muted)
    }
    let bar = area.x + columns.bar
    drawBar(value, of: signal, into: &grid, x: bar, y: area.y, width: min(48, area.maxX - bar))
  }

  /// Where there is less room: "c  -1.96 ███", three in a row.
  private func drawShort(_ signal: Signal, into grid: inout Grid, at area: Rect) {
    let x = drawName(of: signal, limit: 0, into: &grid, x: area.x, y: area.y)
    guard let value = value(of: signal) else { return }
    drawValue(value, of: signal, into: &grid, x: x, y: area.y)
    let bar = x + Self.valueWidth + 1
    drawBar(value, of: signal, into: &grid, x: bar, y: area.y, width: min(18, area.maxX - bar))
  }

  // MARK: - Parts

  /// Where the columns of the long form begin.
  private struct Columns {
    let name: Int
    let hasMovement: Bool
    let bar: Int

    init(_ width: Int) {
      name = 19
      hasMovement = width >= 56
      bar = 2 + name + SignalValues.valueWidth + 2 + (hasMovement ? 9 : 0)
    }
  }

  private func drawRule(into grid: inout Grid, at area: Rect, hasMovement: Bool) {
    let theme = state.theme
    for x in area.x..<area.maxX { grid[x, area.y] = Cell("─", theme.faint) }
    var x = grid.put(" \(state.unitWords) ", x: area.x + 2, y: area.y, theme.accent)
    x = grid.put("─", x: x, y: area.y, theme.faint)
    x = grid.put(" \(state.stepWords) ", x: x, y: area.y, theme.muted)
    let columns = Columns(area.width)
    guard hasMovement, columns.hasMovement else { return }
    let start = area.x + 2 + columns.name + 2 * Self.valueWidth + 2 - Words.moved.count - 1
    if start > x { grid.put(" \(Words.moved) ", x: start, y: area.y, theme.muted) }
  }

  private func drawName(
    of signal: Signal, limit: Int, into grid: inout Grid, x: Int, y: Int
  ) -> Int {
    let theme = state.theme
    let isInHand = state.saidInHand == nil && signal == state.currentSignal
    grid.put(signal.rawValue, x: x, y: y, theme.line(of: signal).with(.bold))
    if limit > 0 {
      grid.put(
        state.name(of: signal).fitted(to: limit - 1), x: x + 2, y: y,
        isInHand ? theme.text : theme.muted)
    }
    return x + 2 + limit
  }

  private func drawValue(
    _ value: Float, of signal: Signal, into grid: inout Grid, x: Int, y: Int
  ) {
    let isInHand = state.saidInHand == nil && signal == state.currentSignal
    grid.put(
      Numbers.fitted(value, width: Self.valueWidth).padded(left: Self.valueWidth), x: x, y: y,
      isInHand ? state.theme.accent : state.theme.text)
  }

  private func drawBar(
    _ value: Float, of signal: Signal, into grid: inout Grid, x: Int, y: Int, width: Int
  ) {
    guard width >= 3 else { return }
    let scale = SignalScales.alone(signal, unit: state.unit, state)
    ScaleBar(scale: scale, value: value, width: width)
      .draw(into: &grid, x: x, y: y, state.theme.area(of: signal))
  }

  // MARK: - Values

  /// Nil where the signal has no such unit.
  private func value(of signal: Signal) -> Float? {
    guard state.unit < state.currentTrack.units(of: signal) else { return nil }
    return state.trace.value(
      track: state.track, signal: signal, step: state.step, unit: state.unit)
  }

  /// Before the first step there were states, but no gates.
  private func moved(_ signal: Signal, _ value: Float) -> Float? {
    let first = state.currentTrack.track.direction == .forward ? 0 : state.lastStep
    guard state.step != first || signal == .c || signal == .h else { return nil }
    return state.trace.previous(
      track: state.track, signal: signal, step: state.step, unit: state.unit
    ).map { value - $0 }
  }
}

/// A value on its scale as a bar: from the left what begins at 0, from the middle to either side what has
/// a sign. It leaves some of its row free, so that bars under each other do not touch.
struct ScaleBar {
  let scale: HeatScale
  let value: Float
  let width: Int

  func draw(into grid: inout Grid, x: Int, y: Int, _ style: Style) {
    let theme = scale.theme
    guard let place = scale.place(of: value) else {
      grid.put("nan", x: x, y: y, theme.bad, limit: width)
      return
    }
    if let ground = theme.ground {
      // The whole of the scale is seen where there is a colour that is quiet enough.
      let rest = Style(theme.bar.background, on: ground)
      for column in 0..<width { grid[x + column, y] = Cell(Self.glyph, rest) }
    } else {
      grid[x + start, y] = Cell("▏", style)
    }
    for column in columns(place) { grid[x + column, y] = Cell(Self.glyph, style) }
  }

  /// Where it begins.
  private var start: Int {
    switch scale.kind {
    case .gate: 0
    case .signed: width / 2
    }
  }

  /// The columns that are filled, from the left of the bar.
  private func columns(_ place: Double) -> Range<Int> {
    switch scale.kind {
    case .gate:
      return 0..<Int((place * Double(width)).rounded())
    case .signed:
      // An odd width would have no middle.
      let length = Int((abs(place - 0.5) * 2 * Double(width / 2)).rounded())
      return place < 0.5 ? start - length..<start : start..<start + length
    }
  }

  private static let glyph: Unicode.Scalar = "▆"
}
