import Inspector
import Recurrent
import Screen

/// Why a value is what it is: its causes from the strongest down, each with a number and a bar, and
/// under the sequence where they stand in time.
struct WhyView {
  let state: State
  let answer: WhyAnswer
  /// The causes that have rows, by their places, the strongest first.
  let ranked: [Int]
  let question: WhyQuestion

  init(state: State) {
    self.state = state
    answer = WhyAnswer(state)
    ranked = answer.ranked
    question = state.whyQuestion
  }

  /// Whether the causes are steps, which have places under the sequence.
  private var hasSteps: Bool {
    switch answer {
    case .write, .prediction: true
    case .gate, .out, .awaited, .stopped, .refused: false
    }
  }

  func layout(in body: Rect) -> WhyLayout {
    WhyLayout(state, body: body, hasSteps: hasSteps, count: ranked.count)
  }

  func draw(into grid: inout Grid, at body: Rect) {
    let layout = layout(in: body)
    drawTabs(into: &grid, at: body, y: layout.tabs)
    drawQuestion(into: &grid, at: body, y: layout.question)
    switch answer {
    case .write(let writes): drawWrites(writes, layout, into: &grid)
    case .gate(let split): drawGate(split, layout, into: &grid)
    case .out(let out): drawOut(out, layout, into: &grid)
    case .prediction(let answer): drawPrediction(answer, layout, into: &grid)
    case .awaited: say(Words.explaining, into: &grid, layout)
    case .stopped: say(Words.whyStopped, into: &grid, layout)
    case .refused(let error): say(error.description, into: &grid, layout)
    }
    drawKeys(into: &grid, at: body, y: layout.keys)
  }

  /// A sentence in as many lines as it takes.
  private func say(_ text: String, into grid: inout Grid, _ layout: WhyLayout) {
    let width = min(72, layout.causes.width)
    for (row, line) in TourBox.wrapped(text, width: width).enumerated() {
      grid.put(line, x: layout.causes.x, y: layout.question + 2 + row, state.theme.text)
    }
  }

  // MARK: - Above

  /// The kinds of questions, and the trail.
  private func drawTabs(into grid: inout Grid, at body: Rect, y: Int) {
    let theme = state.theme
    var x = body.x
    for tab in Self.tabs(from: body.x, width: body.width) {
      let isShown = tab.mode == question.mode
      x = grid.put(tab.text, x: tab.x, y: y, isShown ? theme.accent.with(.underline) : theme.muted)
    }
    let trail = state.why.trail.map { name(of: $0) + " › " }.joined()
    guard !trail.isEmpty else { return }
    let room = body.maxX - x - 3
    // The last questions are the nearest.
    let shown = trail.displayWidth <= room ? trail : "… " + String(trail.suffix(max(0, room - 2)))
    grid.put(shown, x: body.maxX - min(room, shown.displayWidth), y: y, theme.muted, limit: room)
  }

  /// As questions where they have room, else as the words that `:why` takes.
  static func tabs(
    from start: Int, width: Int
  ) -> [(mode: WhyState.Mode, text: String, x: Int)] {
    func laid(_ name: (WhyState.Mode) -> String, gap: Int) -> [(WhyState.Mode, String, Int)] {
      var x = start
      return WhyState.Mode.allCases.map { mode in
        defer { x += name(mode).displayWidth + gap }
        return (mode, name(mode), x)
      }
    }
    let questions = laid(Words.question(of:), gap: 3)
    let end = questions.last.map { $0.2 + $0.1.displayWidth } ?? start
    // The trail stands beside them.
    return end - start + tabsKeepFree <= width ? questions : laid(Words.name(of:), gap: 2)
  }

  private static let tabsKeepFree = 16

  /// "c[2] @ 23".
  private func name(of question: WhyQuestion) -> String {
    let step = state.trace.stepNumber(at: question.step)
    if question.mode.isOfPrediction { return "y @ \(step)" }
    let layout = state.trace.layout[question.track]
    let layer = state.trace.layout.count > 1 ? state.trackNames[question.track] + "." : ""
    return "\(layer)\(question.signal.rawValue)[\(layout.number(of: question.unit))] @ \(step)"
  }

  /// "why is c[2] -7.90 at step 23 ?", and what the answer is.
  private func drawQuestion(into grid: inout Grid, at body: Rect, y: Int) {
    let theme = state.theme
    let bold = theme.text.with(.bold)
    var x = body.x
    let value: String
    let (before, after): (String, String)
    if question.mode.isOfPrediction {
      let output = (try? state.predictionQuestion)?.target.output
      let symbol = output.map(state.session.outputSymbol) ?? "y"
      (before, after) = (
        Words.whatRested("\(symbol)", isNext: state.session.predictsNext), " " + Words.restedOn
      )
      value = output.flatMap(said).map { Numbers.value($0) } ?? ""
    } else {
      let name = "\(question.signal.rawValue)[\(state.unitNumber)]"
      before = question.mode == .out ? Words.whatDoes(name) : Words.whyIs(name)
      after = question.mode == .out ? " " + Words.downstream : ""
      value = recorded.map { Numbers.value($0) } ?? ""
    }
    x = grid.put(before + " ", x: x, y: y, bold)
    x = grid.put(value, x: x, y: y, theme.accent)
    x = grid.put(after + " " + Words.whyStep(state) + " ?", x: x, y: y, bold) + 2
    let words = Words.explained(question.mode, question.signal, state.currentTrack.cell)
    guard x + 20 < body.maxX else { return }
    let fitting = words.first { $0.displayWidth <= body.maxX - x } ?? words[words.count - 1]
    grid.put(fitting.fitted(to: body.maxX - x), x: x, y: y, theme.muted)
  }

  /// The value that is asked about.
  private var recorded: Float? {
    let layout = state.currentTrack
    guard state.isRecorded, layout.signals.contains(question.signal),
      question.unit < layout.units(of: question.signal)
    else { return nil }
    return state.trace.value(
      track: question.track, signal: question.signal, step: question.step, unit: question.unit)
  }

  /// What the readout says of an output.
  func said(_ output: Int) -> Float? {
    guard state.isRecorded, let readout = state.trace.readout else { return nil }
    let row = readout.block(state.step..<state.step + 1).row(state.step)
    let value = row[row.startIndex + output]
    return value.isNaN ? nil : value
  }

  private func drawKeys(into grid: inout Grid, at body: Rect, y: Int) {
    let theme = state.theme
    var keys = state.tourStop == nil ? Words.whyKeys : Array(Words.whyKeys.prefix(2))
    if state.why.trail.isEmpty { keys.removeAll { $0.0 == "Backspace" } }
    func width(_ keys: [(String, String)]) -> Int {
      keys.reduce(-3) { $0 + $1.0.displayWidth + 1 + $1.1.displayWidth + 3 }
    }
    var x = body.maxX - width(keys)
    for (key, words) in keys where x >= body.x {
      x = grid.put(key, x: x, y: y, theme.accent) + 1
      x = grid.put(words, x: x, y: y, theme.muted) + 3
    }
  }
}
