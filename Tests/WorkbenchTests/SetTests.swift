import Recurrent
import Screen
import Testing

@testable import Workbench

/// `:set`, `S`, and what they change on the screen.
@Suite struct SetTests {
  private func state(_ colors: Capabilities.ColorDepth = .direct) throws -> State {
    var state = try Scene.letters().recordedState(colors: colors)
    (state.width, state.height) = (120, 40)
    return state
  }

  private func run(_ state: inout State, _ line: String) throws {
    _ = update(&state, .instruct(try Instruction(parsing: line)))
  }

  @Test func aThemeIsShownAtOnceAndReplayed() throws {
    var state = try state()
    try run(&state, "set theme light")
    #expect(state.theme == Theme(.light, Capabilities(colors: .direct, unicode: true)))
    #expect(state.message?.text.hasPrefix("theme: light  (dark, light, ") == true)
    try run(&state, "set palette grey")
    #expect(state.theme.family == .grey && state.theme.name == .light)
    // A theme that uses less than the terminal has does not forget what that has.
    try run(&state, "set theme monochrome")
    try run(&state, "set theme dark")
    #expect(state.theme.capabilities.colors == .direct)
    #expect(state.journal.lines.suffix(2) == ["set theme monochrome", "set theme dark"])
  }

  /// What the terminal has is not forgotten, whatever a person says.
  @Test func colorsAreSetAndLeftToTheTerminalAgain() throws {
    var state = try state()
    for (word, depth) in [
      ("256", Capabilities.ColorDepth.indexed), ("none", .none), ("16", .sixteen), ("8", .eight),
      ("auto", .direct), ("24bit", .direct),
    ] {
      try run(&state, "set colors \(word)")
      #expect(state.theme.terminal.colors == depth && state.theme.name == .dark)
      let shown = word == "auto" ? "24bit" : word
      #expect(state.message?.text == "colors: \(shown)  (auto, 24bit, 256, 16, 8 or none)")
    }
  }

  @Test func speedAndMouseAreSet() throws {
    var state = try state()
    try run(&state, "set speed 30")
    #expect(State.speeds[state.speed] == 30)
    _ = press(&state, ["+"])
    #expect(state.settings.speed == 60)
    try run(&state, "set mouse off")
    #expect(!state.settings.mouse && state.settings.speed == 60)
  }

  @Test(arguments: [
    ("set theme blue", 10..<14), ("set colour red", 4..<10), ("set speed  3", 11..<12),
  ])
  func whatIsWrongIsMarkedOnTheLine(_ line: String, _ range: Range<Int>) throws {
    var state = try state()
    let before = state.settings
    _ = press(&state, [":"] + keys(line) + [.enter])
    #expect(state.prompt?.fault?.range == range)
    #expect(state.settings == before)
  }

  @Test(arguments: [
    ("set ", ["theme", "palette", "colors", "mouse", "speed", "limits", "memory"]),
    ("set m", ["mouse", "memory"]), ("set memory 4", ["4G"]),
    ("set theme ", ["dark", "light", "high-contrast", "monochrome"]),
    ("set theme m", ["monochrome"]),
    ("set limits ", ["quantile", "lane", "unit", "fixed"]), ("set nothing ", []),
    ("set theme dark ", []),
  ])
  func itCompletes(_ line: String, _ words: [String]) throws {
    let state = try state()
    #expect(Completion(state: state, prompt: Prompt(.line, text: line)).fitting.words == words)
    let argument = Prompt(.argument(of: .set), text: String(line.dropFirst(4)))
    #expect(Completion(state: state, prompt: argument).fitting.words == words)
  }

  // MARK: - Limits

  private func limit(_ scale: HeatScale) -> Float? {
    switch scale.kind {
    case .gate: nil
    case .signed(let limit): limit
    }
  }

  @Test func limitsReachAsFarAsTheyAreSet() throws {
    var state = try state()
    let extent = try #require(state.extents[0][.c])
    let largest = extent.largest
    let lane = Numbers.roundedUp(largest.max() ?? 0)
    let usual = Numbers.roundedUp(extent.usual)
    #expect(usual < lane, "else there is nothing to be clipped")
    func limits(_ signal: Signal) -> [Float?] {
      (0..<8).map { limit(SignalScales(signal, state)[$0]) }
    }
    #expect(limits(.c) == Array(repeating: usual, count: 8))
    #expect(
      SignalScales.alone(.c, unit: 3, state).kind == .signed(limit: Numbers.roundedUp(largest[3])))
    let clipped = ["≤-", "≥+"].map { $0 + Numbers.limit(usual) }
    let whole = ["-", "+"].map { $0 + Numbers.limit(lane) }
    #expect(try clipped.allSatisfy(legend(state).contains))
    for (key, wanted, words) in [
      ("S", Array(repeating: lane, count: 8), whole),
      ("S", largest.map { Numbers.roundedUp($0) }, ["-max", "+max"]),
      ("S", Array(repeating: 1, count: 8), ["≤-1", "≥+1"]),
      ("S", Array(repeating: usual, count: 8), clipped),
    ] {
      _ = press(&state, keys(key))
      #expect(limits(.c) == wanted)
      let legend = try legend(state)
      #expect(words.allSatisfy(legend.contains), "\(legend)")
      #expect(legend.contains("≥") == words[1].contains("≥"), "only where something is clipped")
      // What has bounds keeps them.
      #expect(limits(.h) == Array(repeating: 1, count: 8) && limits(.f).allSatisfy { $0 == nil })
    }
    try run(&state, "set limits 2.5")
    #expect(limits(.c) == Array(repeating: 2.5, count: 8))
    #expect(SignalScales.alone(.c, unit: 3, state).kind == .signed(limit: 2.5))
    // The number is kept for the next time.
    _ = press(&state, keys("SSSS"))
    #expect(limits(.c) == Array(repeating: 2.5, count: 8))
  }

  /// The row with the lane's name.
  private func legend(_ state: State) throws -> String {
    try #require((0..<40).map { render(state).text(row: $0) }.first { $0.contains("c cell") })
  }

  /// One unit that runs away: the others are seen, and its number is the true one.
  @Test(arguments: [(80, 24), (120, 40)])
  func oneUnitDoesNotTakeTheColoursFromTheOthers(_ width: Int, _ height: Int) throws {
    var state = try state()
    (state.width, state.height) = (width, height)
    let scales = SignalScales(.c, state)
    let most = try #require(limit(scales.lane))
    let trace = state.trace
    var beyond = 0
    for step in 0..<30 {
      for unit in 0..<8 {
        let value = trace.value(track: 0, signal: .c, step: step, unit: unit)
        guard abs(value) > most else { continue }
        beyond += 1
        #expect(scales[unit].place(of: value) == (value < 0 ? 0 : 1))
        (state.step, state.unit) = (step, unit)
        #expect(render(state).text.contains(Numbers.fixed(value)), "\(step) \(unit)")
      }
    }
    #expect(beyond > 0 && Double(beyond) <= 0.1 * 240)
  }

  /// Each unit's largest value has the colour of the end.
  @Test(arguments: [ViewKind.lanes, .cell])
  func withItsOwnLimitsEveryUnitReachesTheEnd(_ view: ViewKind) throws {
    var state = try state()
    state.view = view
    try run(&state, "set limits unit")
    let byUnit = render(state)
    try run(&state, "set limits lane")
    #expect(render(state) != byUnit)
    let scales = SignalScales(.c, state)
    #expect(!scales.isOfEachUnit)
  }

  @Test func keysThatAreBoundElsewhereDoThatEverywhere() throws {
    var settings = Settings()
    settings.keymap.bind(Instruction(.nextUnit), to: ["K"])
    settings.keymap.bind(Instruction(.quit), to: [.control("x")])
    settings.keymap.bind(Instruction(.lane, "c"), to: ["x"])
    var state = try state()
    state.adopt(settings)
    _ = press(&state, ["K", "x"])
    #expect(state.unit == 1 && state.currentSignal == .c)
    _ = press(&state, ["j"])
    #expect(state.unit == 1 && state.message?.text == Words.unknownKey("j"))
    _ = press(&state, [.escape])
    let footer = render(state).text(row: 39)
    #expect(footer.contains("^X quit") && footer.contains("K unit"))
    _ = update(&state, .resize(width: 120, height: 60))
    _ = press(&state, ["?"])
    #expect(render(state).text.contains(Words.ownKeys))
    _ = press(&state, [.escape, "q"])
    #expect(!state.hasQuit)
    _ = press(&state, [.control("x")])
    #expect(state.hasQuit)
  }
}
