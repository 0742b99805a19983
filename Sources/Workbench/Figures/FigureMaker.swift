import Figures
import Inspector
import Recurrent
import Screen

/// Makes a figure of what is seen: the screen's values, limits, colours, order and selection, for paper.
struct FigureMaker {
  /// With the theme of the figure.
  let state: State
  let request: FigureRequest
  /// What is drawn of the sequence; never empty.
  var steps: Range<Int>
  let selection: TraceSelection

  /// A figure is light, unless a person has chosen another theme for it.
  ///
  /// - Throws: `FigureRefusal`.
  init(_ seen: State, _ request: FigureRequest, theme: Theme.Name = .light) throws(FigureRefusal) {
    self.request = request
    var shown = seen
    shown.theme = Theme(
      theme, Capabilities(colors: .direct, unicode: true), palette: seen.theme.family)
    let selection = try request.selection(of: seen.trace)
    if request.units != nil {
      shown.shown = (0..<shown.shownCount).map { seen.unit(at: $0) }.filter { unit in
        selection.units.contains { $0.contains(unit) }
      }
      if shown.shown?.isEmpty == true { throw .noUnits }
    }
    state = shown
    self.selection = selection
    var steps = selection.steps
    if request.steps == nil, request.isAsSeen { steps = Self.seenSteps(seen) }
    self.steps = steps.clamped(to: 0..<seen.trace.recordedSteps)
    if self.steps.isEmpty { throw .noSteps }
  }

  /// - Throws: `FigureRefusal` where the view has no figure, or nothing to show yet.
  func figure() throws(FigureRefusal) -> Figure {
    switch state.view {
    case .lanes: return try lanes()
    case .cell: return cell()
    case .unit: return unit()
    case .text: return text()
    case .compare: return try compare()
    case .why: return try why()
    case .flow: return try flow()
    case .table: throw .noFigure(.table)
    }
  }

  // MARK: - What is seen

  /// The steps that the view shows now.
  private static func seenSteps(_ state: State) -> Range<Int> {
    let body = FrameLayout(state).body
    switch state.view {
    case .lanes, .compare, .table, .flow:
      return state.frameInHand?.time.things ?? 0..<state.session.length
    case .cell: return state.step..<state.step + 1
    case .text: return TextPage(state, body: body).layout.steps
    case .unit, .why: return StripLayout(state, x: body.x, width: body.width).steps
    }
  }

  /// The places of the units that are drawn.
  var places: Range<Int> {
    guard request.isAsSeen, request.units == nil, state.view == .lanes || state.view == .compare
    else {
      return 0..<state.shownCount
    }
    return state.frameInHand?.units.things ?? 0..<state.shownCount
  }

  /// The place of the unit in hand among those that are drawn; nil where it is not one of them.
  var markedPlace: Int? {
    guard request.marksUnit else { return nil }
    return places.firstIndex { state.unit(at: $0) == state.unit }.map { $0 - places.lowerBound }
  }

  // MARK: - Parts that several views have

  func figure(_ panels: [Figure.Panel], title: String, hasTime: Bool = true) -> Figure {
    let layer = state.trackWords
    let caption = request.caption ?? layer
    return Figure(
      caption: Glyphs.line(caption),
      title: [state.runName, layer, title].filter { !$0.isEmpty }.joined(separator: ", "),
      time: hasTime ? time : nil, panels: panels, width: request.width, columns: request.columns,
      inks: Figure.Inks(state.theme))
  }

  /// The steps with what is read at them.
  var time: TimeAxis {
    let tokens: [String] =
      switch state.trace.input {
      case .tokens: steps.map { state.trace.tokenText(at: $0).map(Glyphs.alone) ?? "" }
      case .features: []
      }
    return TimeAxis(
      numbers: steps.map { state.trace.stepNumber(at: $0) }, tokens: tokens, present: present)
  }

  /// The step in hand, by its place among those that are drawn.
  private var present: Int? {
    request.marksStep && steps.contains(state.step) ? state.step - steps.lowerBound : nil
  }

  /// "c[3]", with the number that the unit has.
  func name(_ signal: Signal) -> String { "\(signal.rawValue)[\(state.unitNumber)]" }

  /// A number as papers write it.
  static func minus(_ number: String) -> String { number.replacing("-", with: "−") }

  func color(of signal: Signal) -> Color { state.theme.line(of: signal).foreground ?? Color(0) }

  /// Colours of what pushes up, and down: the ends of the palette of signed values.
  var signs: (up: Color, down: Color) {
    let palette = state.theme.signed
    return (palette.color(at: 0.85, depth: .direct), palette.color(at: 0.15, depth: .direct))
  }

  static func bar(_ scales: SignalScales) -> ColorBar {
    bar(scales.lane, isOfEachUnit: scales.isOfEachUnit, isClipped: scales.isClipped)
  }

  /// The colours of a scale and its limits, as the screen's legends have them.
  static func bar(
    _ scale: HeatScale, isOfEachUnit: Bool = false, isClipped: Bool = false
  ) -> ColorBar {
    let low: String
    let high: String
    switch scale.kind {
    case .gate: (low, high) = ("0", "1")
    case .signed where isOfEachUnit: (low, high) = ("−" + Words.ownLargest, "+" + Words.ownLargest)
    case .signed(let limit):
      let number = Numbers.limit(limit)
      (low, high) = isClipped ? ("≤ −" + number, "≥ +" + number) : ("−" + number, "+" + number)
    }
    return ColorBar(colors: ramp(scale), low: low, high: high)
  }

  static func ramp(_ scale: HeatScale) -> [Color] {
    (0...32).map { place in
      let share = Float(place) / 32
      let value: Float =
        switch scale.kind {
        case .gate: share
        case .signed(let limit): (share * 2 - 1) * limit
        }
      return color(of: value, scale) ?? Color(0)
    }
  }

  /// The colour of a value on the screen's scale; what is no number has that of errors.
  static func color(of value: Float, _ scale: HeatScale) -> Color? {
    let style = scale.cell(for: value).style
    return value.isNaN ? style.foreground : style.background
  }
}
