import Inspector
import Recurrent
import Screen

/// The sequence as running text, each token on the colour of one signal of the unit in hand: so one
/// can go from unit to unit and look for the one that means something.
struct TextView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    drawHeadline(into: &grid, at: body)
    let area = Self.area(in: body)
    guard area.height > 0 else { return }
    let lines = TextLayout(state, width: area.width, rows: area.height)
    if let said = state.saidInHand {
      draw(lines, by: said, into: &grid, at: area)
      return
    }
    let hasUnit = state.unit < state.currentTrack.units(of: state.currentSignal)
    let recorded = hasUnit ? lines.steps.clamped(to: 0..<state.trace.recordedSteps) : 0..<0
    let window = state.trace.window(
      WindowRequest(
        track: state.track, signal: state.currentSignal, steps: recorded,
        units: hasUnit ? state.unit..<state.unit + 1 : 0..<0))
    let scale = SignalScales.alone(state.currentSignal, unit: state.unit, state)
    for token in lines.tokens {
      let value = recorded.contains(token.step) ? window[token.step, state.unit] : nil
      let style = style(of: token.step, value, scale)
      grid.put(
        token.text, x: area.x + token.column, y: area.y + token.row, style,
        limit: area.width - token.column)
    }
  }

  /// Where the text stands, under the headline and a blank.
  static func area(in body: Rect) -> Rect {
    Rect(x: body.x, y: body.y + 2, width: body.width, height: body.height - 2)
  }

  /// Each token in the colour of what the network said of it: how much of a surprise it was when it
  /// came, or how undecided the network is after it.
  private func draw(
    _ lines: TextLayout, by said: ReadoutQuantity, into grid: inout Grid, at area: Rect
  ) {
    let steps = max(0, lines.steps.lowerBound - 1)..<lines.steps.upperBound
    // A page may begin behind what is recorded, while the way there is still being computed.
    let recorded = steps.clamped(to: 0..<state.trace.recordedSteps)
    let values = state.said(said, recorded)
    let scale = HeatScale(.gate, state.theme)
    for token in lines.tokens {
      let place = token.step - recorded.lowerBound - (said == .loss ? 1 : 0)
      let isThere = token.step < state.trace.recordedSteps && values.indices.contains(place)
      // Nobody foretells the first token.
      let value = isThere && !values[place].isNaN ? values[place] / state.saidLimit : nil
      grid.put(
        token.text, x: area.x + token.column, y: area.y + token.row,
        style(of: token.step, value, scale),
        limit: area.width - token.column)
    }
  }

  /// - Parameter value: nil where there is none yet.
  private func style(of step: Int, _ value: Float?, _ scale: HeatScale) -> Style {
    if step == state.step { return present }
    guard let value else { return state.theme.muted }
    let cell = scale.cell(for: value)
    if state.theme.capabilities.heatByColor { return scale.inkStyle(on: cell) }
    // Without colours weight tells the value; only the present is reversed.
    switch scale.place(of: value) ?? 0.5 {
    case 0.8...: return state.theme.text.with([.bold, .underline])
    case 0.6...: return state.theme.text.with(.bold)
    case ..<0.2: return state.theme.text.with(.dim)
    case _: return state.theme.text
    }
  }

  /// The far end of a palette can look like the accent, so the present has a hue that none of them has:
  /// that of what came true. Greys leave the accent alone.
  private var present: Style {
    let theme = state.theme
    guard theme.capabilities.heatByColor, theme.name != .monochrome, theme.family != .grey,
      let ground = theme.ground
    else { return theme.marked.with(.underline) }
    return Style(ground, on: theme.good.foreground, [.bold, .underline])
  }

  private func drawHeadline(of said: ReadoutQuantity, into grid: inout Grid, at body: Rect) {
    let theme = state.theme
    var x = grid.put(said.rawValue, x: body.x, y: body.y, theme.accent) + 2
    x = grid.put(Words.said(said), x: x, y: body.y, theme.muted, limit: body.maxX - x) + 3
    let end = "\(Numbers.fixed(state.saidLimit, decimals: 1)) \(Words.nats)"
    let legend = Legend(gateFrom: "0", to: end, theme)
    if x + legend.width < body.maxX { legend.draw(into: &grid, x: x, y: body.y, theme) }
  }

  private func drawHeadline(into grid: inout Grid, at body: Rect) {
    if let said = state.saidInHand { return drawHeadline(of: said, into: &grid, at: body) }
    let theme = state.theme
    var x =
      grid.put(state.unitWords, x: body.x, y: body.y, theme.accent)
      + 2
    x = grid.put(state.currentSignal.rawValue, x: x, y: body.y, theme.text.with(.bold)) + 1
    x =
      grid.put(
        state.name(of: state.currentSignal).fitted(to: body.width / 3), x: x, y: body.y, theme.muted
      )
      + 3
    let legend = Legend(
      scale: SignalScales.alone(state.currentSignal, unit: state.unit, state), isNarrow: false)
    if x + legend.width < body.maxX { legend.draw(into: &grid, x: x, y: body.y, theme) }
    if case .features(_, width: 0) = state.trace.input {
      grid.put(Words.unknownInput.fitted(to: body.width), x: body.x, y: body.y + 1, theme.muted)
    }
  }
}

/// Where the tokens of running text stand.
struct TextLayout {
  struct Token {
    let step: Int
    let text: String
    let column: Int
    let row: Int
  }

  let tokens: [Token]

  var steps: Range<Int> {
    guard let first = tokens.first, let last = tokens.last else { return 0..<0 }
    return first.step..<last.step + 1
  }

  /// A page that has the current step on it. Where lines are short a page holds fewer steps than it
  /// could, so the page is made smaller until the step is on it.
  init(_ state: State, width: Int, rows: Int) {
    var visible = max(1, width * rows / 2)
    while true {
      let start = Paging.first(
        showing: state.step, visible: visible, count: state.session.length)
      let tokens = Self.lay(state, from: start, width: width, rows: rows)
      if visible <= 1 || (tokens.last.map { $0.step >= state.step } ?? false) {
        self.tokens = tokens
        return
      }
      visible /= 2
    }
  }

  private static func lay(_ state: State, from start: Int, width: Int, rows: Int) -> [Token] {
    let isSpaced = StripLayout.isSpaced(state)
    var tokens: [Token] = []
    var (row, column) = (0, 0)
    var step = start
    while step < state.session.length && row < rows {
      let symbol = state.trace.tokenText(at: step) ?? number(state, step)
      let text = StripLayout.text(symbol)
      let columns = max(1, text.displayWidth)
      if column + columns > width && column > 0 {
        row += 1
        column = 0
        if row == rows { break }
      }
      tokens.append(Token(step: step, text: text, column: column, row: row))
      column += columns + (isSpaced ? 1 : 0)
      if symbol == "\n" || symbol == "\r\n" {
        row += 1
        column = 0
      }
      step += 1
    }
    return tokens
  }

  /// A numeric input has no tokens; its first number stands for the step.
  private static func number(_ state: State, _ step: Int) -> String {
    switch state.trace.input {
    case .tokens: ""
    case .features(_, width: 0): String(state.trace.stepNumber(at: step)) + " "
    case .features(let values, let width): Numbers.fixed(values[step * width]) + " "
    }
  }
}
