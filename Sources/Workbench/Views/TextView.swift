import Inspector
import Recurrent
import Screen

/// The sequence as running text, each token on the colour of one signal of the unit in hand: so one
/// can go from unit to unit and look for the one that means something.
struct TextView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    drawHeadline(into: &grid, at: body)
    let page = TextPage(state, body: body)
    let (scale, values) = shades(page.layout.steps)
    for (token, value) in zip(page.layout.tokens, values) {
      draw(token, value, scale, page, into: &grid)
    }
    underlineFound(page, into: &grid)
    drawGutter(page, into: &grid)
    SignalValues(state: state, isLong: page.hasLongValues).draw(into: &grid, at: page.values)
    TextAside(state: state, page: page).draw(into: &grid)
  }

  // MARK: - Tokens

  /// What the tokens of some steps are coloured by; nil where there is nothing yet.
  func shades(_ steps: Range<Int>) -> (HeatScale, [Float?]) {
    if let parts = PredictedText(state) {
      return (parts.scale, steps.map { parts[$0] })
    }
    if let said = state.saidInHand {
      return (HeatScale(.gate, state.theme), self.said(said, steps))
    }
    let hasUnit = state.unit < state.currentTrack.units(of: state.currentSignal)
    let recorded = hasUnit ? steps.clamped(to: 0..<state.trace.recordedSteps) : 0..<0
    let window = state.trace.window(
      WindowRequest(
        track: state.track, signal: state.currentSignal, steps: recorded,
        units: hasUnit ? state.unit..<state.unit + 1 : 0..<0))
    return (
      SignalScales.alone(state.currentSignal, unit: state.unit, state),
      steps.map { recorded.contains($0) ? window[$0, state.unit] : nil }
    )
  }

  private func said(_ said: ReadoutQuantity, _ all: Range<Int>) -> [Float?] {
    // A page may begin behind what is recorded, while the way there is still being computed.
    let recorded = all.clamped(to: 0..<state.trace.recordedSteps)
    let values = state.saidOfTokens(said, recorded)
    return all.map { step in
      guard recorded.contains(step) else { return nil }
      let value = values[step - recorded.lowerBound]
      return value.isNaN ? nil : value / state.saidLimit
    }
  }

  private func draw(
    _ token: TextLayout.Token, _ value: Float?, _ scale: HeatScale, _ page: TextPage,
    into grid: inout Grid
  ) {
    let (x, y) = (page.text.x + token.column, page.y(of: token))
    let columns = min(token.width, page.text.maxX - x)
    let style = style(of: token.step, value, scale)
    let hasGround = state.theme.capabilities.heatByColor && value != nil
    if hasGround || token.step == state.step {
      for column in 0..<columns { grid[x + column, y] = Cell(" ", style) }
    }
    let inset = (token.width - max(1, token.text.displayWidth)) / 2
    grid.put(token.text, x: x + inset, y: y, style, limit: columns - inset)
    guard let value, !state.theme.capabilities.heatByColor else { return }
    let mark = TextMark(scale).cell(for: value)
    for column in 0..<columns { grid[x + column, y + 1] = mark }
  }

  /// - Parameter value: nil where there is none yet.
  private func style(of step: Int, _ value: Float?, _ scale: HeatScale) -> Style {
    if step == state.step { return state.theme.present }
    guard let value else { return state.theme.muted }
    if state.theme.capabilities.heatByColor { return scale.inkStyle(on: scale.cell(for: value)) }
    // The mark under it says the value; what is strong is bold as well.
    return TextMark(scale).isStrong(value) ? state.theme.text.with(.bold) : state.theme.text
  }

  /// Where the expression that was searched for holds.
  private func underlineFound(_ page: TextPage, into grid: inout Grid) {
    guard let findings = state.findings else { return }
    let found = Set(findings.hits(in: page.layout.steps))
    for token in page.layout.tokens where found.contains(token.step) {
      let place = Rect(
        x: page.text.x + token.column, y: page.y(of: token), width: token.width, height: 1)
      grid.restyle(place) { $0.with(.underline) }
    }
  }

  /// An arrow at the line that the present stands in, so that it is found in every palette.
  private func drawGutter(_ page: TextPage, into grid: inout Grid) {
    guard let token = page.layout.tokens.first(where: { $0.step == state.step }) else { return }
    grid.put("▶", x: page.text.x - 1, y: page.y(of: token), state.theme.accent)
  }

  // MARK: - Words

  private func drawHeadline(into grid: inout Grid, at body: Rect) {
    let theme = state.theme
    var x: Int
    let legend: TextLegend
    if let parts = PredictedText(state) {
      x = grid.put(parts.name, x: body.x, y: body.y, theme.accent) + 2
      x = grid.put(parts.words, x: x, y: body.y, theme.muted, limit: body.maxX - x) + 3
      legend = TextLegend(parts.scale)
    } else if let said = state.saidInHand {
      x = grid.put(said.rawValue, x: body.x, y: body.y, theme.accent) + 2
      x = grid.put(Words.said(said), x: x, y: body.y, theme.muted, limit: body.maxX - x) + 3
      let end = "\(Numbers.fixed(state.saidLimit, decimals: 1)) \(Words.nats)"
      legend = TextLegend(HeatScale(.gate, theme), from: "0", to: end)
    } else {
      x = grid.put(state.unitWords, x: body.x, y: body.y, theme.accent) + 2
      x = grid.put(state.currentSignal.rawValue, x: x, y: body.y, theme.text.with(.bold)) + 1
      let name = state.name(of: state.currentSignal).fitted(to: body.width / 3)
      x = grid.put(name, x: x, y: body.y, theme.muted) + 3
      legend = TextLegend(
        SignalScales.alone(state.currentSignal, unit: state.unit, state),
        isClipped: SignalScales.clips(state.currentSignal, unit: state.unit, state))
    }
    if x + legend.width < body.maxX { x = legend.draw(into: &grid, x: x, y: body.y) + 3 }
    if let words = UnitWords(state).follows, state.saidInHand == nil, PredictedText(state) == nil,
      x + words.text.displayWidth <= body.maxX
    {
      grid.put(words.text, x: x, y: body.y, words.style)
    }
    if case .features(_, width: 0) = state.trace.input {
      grid.put(Words.unknownInput.fitted(to: body.width), x: body.x, y: body.y + 1, theme.muted)
    }
  }
}

/// A value under its token where colours do not tell it: a bar of eight heights; a negative amount has
/// the colour of its sign, and without colours it is shaded.
struct TextMark {
  private let scale: HeatScale

  init(_ scale: HeatScale) { self.scale = scale }

  func cell(for value: Float) -> Cell {
    let shade = scale.cell(for: value)
    let capabilities = scale.theme.capabilities
    guard capabilities.unicode, let place = scale.place(of: value) else { return shade }
    let amount = amount(place)
    switch scale.kind {
    case .signed where place < 0.5 && capabilities.colors == .none:
      return Cell(Self.shades[min(Int(amount * 5), 4)], shade.style)
    case .gate, .signed:
      return Cell(BarGlyph.level(Float(amount), in: 0...1), shade.style)
    }
  }

  /// In the upper fifth of what can be.
  func isStrong(_ value: Float) -> Bool {
    scale.place(of: value).map { amount($0) >= 0.8 } ?? false
  }

  private func amount(_ place: Double) -> Double {
    switch scale.kind {
    case .gate: place
    case .signed: abs(place - 0.5) * 2
    }
  }

  private static let shades: [Unicode.Scalar] = ["▁", "·", "░", "▒", "▓"]
}

/// What the colours of the text, or the marks under it, stand for.
struct TextLegend {
  private let scale: HeatScale
  private let low: String
  private let high: String

  /// - Parameter isClipped: whether there are values beyond the scale, which its ends stand for.
  init(_ scale: HeatScale, isClipped: Bool = false) {
    switch scale.kind {
    case .gate: self.init(scale, from: "0", to: "1")
    case .signed(let limit):
      let text = Numbers.limit(limit)
      self.init(
        scale, from: (isClipped ? "≤-" : "-") + text, to: (isClipped ? "≥+" : "+") + text)
    }
  }

  init(_ scale: HeatScale, from low: String, to high: String) {
    self.scale = scale
    self.low = low
    self.high = high
  }

  private static let rampWidth = 9

  var width: Int { low.displayWidth + high.displayWidth + Self.rampWidth + 2 }

  /// - Returns: the column after it.
  func draw(into grid: inout Grid, x: Int, y: Int) -> Int {
    let theme = scale.theme
    var column = grid.put(low, x: x, y: y, theme.muted) + 1
    for place in 0..<Self.rampWidth {
      let share = Float(place) / Float(Self.rampWidth - 1)
      let value: Float
      switch scale.kind {
      case .gate: value = share
      case .signed(let limit): value = (share * 2 - 1) * limit
      }
      grid[column, y] =
        theme.capabilities.heatByColor ? scale.cell(for: value) : TextMark(scale).cell(for: value)
      column += 1
    }
    return grid.put(high, x: column + 1, y: y, theme.muted)
  }
}
