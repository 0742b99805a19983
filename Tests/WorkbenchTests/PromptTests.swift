import Demos
import Screen
import Testing

@testable import Workbench

@Suite struct PromptTests {
  private func open(_ more: [Key] = []) throws -> State {
    var state = try Scene.letters().recordedState()
    #expect(press(&state, keys(":screen") + [.enter]) == [])
    #expect(press(&state, keys("trace.csv") + more) == [])
    return state
  }

  private func text(_ state: State) -> String? {
    state.prompt?.string
  }

  @Test(
    arguments: [
      ([], "trace.csv"), (keys("2"), "trace.csv2"), ([.backspace], "trace.cs"),
      ([.control("u")], ""), ([.control("u"), .backspace], ""),
      ([.control("u")] + keys("q ?el1"), "q ?el1"), ([.control("u")] + keys("春é"), "春é"),
      ([.control("u")] + keys("春é") + [.backspace, .backspace], ""),
      ([.up, .down, .pageUp, .end, .right, .delete], "trace.csv"),
      ([.home, "a", .delete], "arace.csv"),
      ([.left, .left, .backspace, "x"], "trace.xsv"), ([.control("w")], ""),
      ([.control("a"), .control("k"), "b"], "b"), ([.home, .control("u")], "trace.csv"),
      ([.control("l"), .control("x")], "trace.csv"),
    ] as [([Key], String)])
  func typingChangesTheName(_ keys: [Key], _ expected: String) throws {
    var state = try open(keys)
    #expect(text(state) == expected)
    #expect(state.prompt?.question == .argument(of: .screen))
    #expect(state.step == 0 && !state.hasQuit && state.help == nil)
    #expect(press(&state, [.escape]) == [])
    #expect(state.prompt == nil)
  }

  @Test(arguments: [
    ("a b", "a b"), ("a\nb\r\n", "ab"), ("\u{1B}[31mred\u{7F}\u{9B}m", "[31mredm"), ("", ""),
    ("春\0", "春"),
  ])
  func aPasteLosesItsControls(_ pasted: String, _ expected: String) throws {
    var state = try open([.control("u")])
    #expect(update(&state, .paste(pasted)) == [])
    #expect(text(state) == expected)
  }

  @Test func aPasteElsewhereDoesNothing() throws {
    var state = try Scene.letters().recordedState()
    let before = render(state)
    #expect(update(&state, .paste("12lq?e")) == [])
    #expect(render(state) == before)
    #expect(state.prompt == nil && !state.hasQuit)
    _ = press(&state, ["?"])
    _ = update(&state, .paste("q"))
    #expect(state.help == 0)
  }

  @Test(arguments: ["", " ", "   "])
  func aNameIsNeeded(_ name: String) throws {
    var state = try open([.control("u")] + keys(name))
    #expect(press(&state, [.enter]) == [])
    #expect(
      state.prompt?.fault?.message == Words.emptyArgument(of: .screen), "and it can be put right")
    #expect(press(&state, ["a", .enter]) == [.writeScreen(path: name + "a")])
  }

  @Test func whatIsRecordedIsWrittenAtOnce() throws {
    var state = try Scene.letters().recordedState()
    #expect(press(&state, ["e", .enter]) == [.export(ExportRequest(path: "trace.csv"))])
    #expect(state.exportForm == nil && state.pending == nil)
    #expect(update(&state, .exported(path: "trace.csv", steps: 30)) == [])
    #expect(state.message == .init(text: "trace.csv: 30 steps written", isError: false))
    #expect(update(&state, .exportFailed(message: "disk full")) == [])
    #expect(state.message == .init(text: "disk full", isError: true))
  }

  /// A span in force is what is exported, unless other steps are asked for.
  @Test(
    arguments: [
      ([], ":export a", nil), (keys("llVl"), ":export a", "2..3"),
      (keys("lllVh"), ":export a", "2..3"),
      (keys("llVl"), ":export a --steps 0..", "0.."), (keys("llVl"), ":export a --steps 7", "7"),
      (keys("llVlV"), ":export a", nil), (keys(":span 4..9\r"), ":export a --units 1", "4..9"),
    ] as [([Key], String, String?)])
  func aSpanIsExported(_ before: [Key], _ line: String, _ steps: String?) throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, before)
    let effects = press(&state, keys(line) + [.enter])
    guard case .export(let request) = effects.first else { throw CancellationError() }
    #expect(request.options.steps == steps)
  }

  @Test(
    arguments: [
      (["y"], true), (["Y"], true), (["n"], false), (["N"], false), ([.escape], false),
      ([.enter], false), (["x", " ", .left, "y"], true), (["q", "n"], false),
    ] as [([Key], Bool)])
  func aFileIsReplacedOnlyForAYes(_ keys: [Key], _ isReplaced: Bool) throws {
    var state = try Scene.letters().recordedState()
    _ = update(&state, .exportExists(ExportRequest(path: "a.csv")))
    #expect(state.prompt?.question == .replace(Instruction(.export, "a.csv"), path: "a.csv"))
    let effects = press(&state, keys)
    #expect(
      effects == (isReplaced ? [.export(ExportRequest(path: "a.csv", mayReplace: true))] : []))
    #expect(state.prompt == nil)
    #expect(state.message?.text == (isReplaced ? nil : Words.exportKept))
    #expect(!state.hasQuit)
  }

  @Test func whatIsNotRecordedIsComputedFirst() throws {
    let scene = try Scene.letters()
    var state = scene.state()
    scene.recorder.record(through: 3)
    #expect(press(&state, ["e", .enter]) == [.record(through: 29)])
    #expect(state.pending == .export(ExportRequest(path: "trace.csv")))
    scene.recorder.record(through: 9)
    #expect(update(&state, .recorded) == [.record(through: 29)])
    // Meanwhile a person may look at what is there, and not start another.
    #expect(press(&state, keys("lllllllllje")) == [])
    #expect(state.step == 9 && state.exportForm == nil)
    scene.recorder.recordAll()
    #expect(update(&state, .recorded) == [.export(ExportRequest(path: "trace.csv"))])
    #expect(state.pending == nil && state.step == 9)
  }

  @Test func escapeStopsAnExport() throws {
    let scene = try Scene.letters()
    var state = scene.state()
    scene.recorder.record(through: 3)
    _ = press(&state, ["e", .enter])
    #expect(press(&state, [.escape]) == [])
    #expect(state.pending == nil)
    #expect(state.message?.text == Words.stopped)
    scene.recorder.recordAll()
    #expect(update(&state, .recorded) == [], "and it stays so")
  }

  @Test func aStepThatTheExportHasNotReachedEndsItAndSaysSo() throws {
    let scene = try Scene.letters()
    var state = scene.state()
    scene.recorder.record(through: 3)
    _ = press(&state, ["e", .enter])
    #expect(press(&state, keys(":20\r")) == [.record(through: 20)])
    #expect(state.pending == .reach(step: 20))
    #expect(state.message?.text == Words.exportKept)
  }

  // MARK: - The help

  /// Half a screen, and never past an end.
  @Test func pagesOfTheHelp() throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, ["?"])
    let (page, last) = (state.height / 2, HelpView.bindings(state).count - 1)
    try #require(last > 3 * page)
    for (key, place) in [
      (Key.pageDown, page), (.pageDown, 2 * page), (.pageUp, page), (.up, page - 1), (.pageUp, 0),
      (.end, last), (.pageDown, last), (.pageUp, last - page),
    ] {
      _ = press(&state, [key])
      #expect(state.help == place, "\(key)")
    }
  }

  /// The footer speaks of a tour where there is one.
  @Test(arguments: [true, false]) func theFooterNamesATour(_ hasTour: Bool) throws {
    let tour = hasTour ? Tour(stops: [TourStop(step: 0, text: "here")]) : nil
    let state = try Scene(
      TestModels.letters(.lstm), .tokens([0, 1, 2]), tour: tour
    ).recordedState()
    let words = FooterKeys(state, room: 400).items.map(\.words)
    #expect(words.contains("tour") == hasTour)
    #expect(words.contains("quit"))
    let bindings = HelpView.bindings(state).map(\.instruction.command)
    #expect(bindings.contains(.tour) == hasTour)
    #expect(bindings.contains(.tourNext) == hasTour)
    #expect(bindings.contains(.tourBack) == hasTour)
  }

  @Test func theChosenLineOfTheHelpIsAlwaysSeen() throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, ["?"])
    let bindings = HelpView.bindings(state)
    for (index, binding) in bindings.enumerated() {
      #expect(state.help == index)
      let chosen = render(state).text.split(separator: "\n").first { $0.contains("▸") }
      #expect(chosen?.contains(binding.words) == true, "\(binding.words)")
      #expect(render(state).text.contains(":" + binding.usage))
      _ = press(&state, [.down])
    }
    #expect(state.help == bindings.count - 1, "the last stays")
    _ = press(&state, [.home, .up])
    #expect(state.help == 0)
    #expect(state.step == 0 && state.unit == 0)
  }

  /// What is typed narrows the help; Backspace widens it again, Escape first forgets what was typed.
  @Test func theHelpIsFilteredByTyping() throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, keys("?") + [.down, "e", "x", "p", "o"])
    #expect(state.helpFilter == "expo" && state.help == 0)
    #expect(HelpView.bindings(state).map(\.instruction.command) == [.export, .exportUnit])
    #expect(render(state).text.contains("/expo▏ 2 lines"))
    _ = press(&state, keys(" unit"))
    #expect(HelpView.bindings(state).map(\.instruction.command) == [.exportUnit])
    _ = press(&state, keys("zz"))
    #expect(render(state).text.contains("nothing here has that"))
    #expect(press(&state, [.enter, .down, .up, .end, .pageDown]) == [] && state.help == 0)
    _ = press(&state, Array(repeating: .backspace, count: 7))
    #expect(state.helpFilter == "expo")
    _ = press(&state, [.escape])
    #expect(state.help == 0 && state.helpFilter == nil)
    // A slash lets it begin with a letter that moves.
    _ = press(&state, keys("/jump") + [.enter])
    #expect(state.help == nil && state.helpFilter == nil && state.letterFor == .jump)
    // What is of no use here is found as well.
    _ = press(&state, [.escape] + keys("?difference"))
    #expect(HelpView.bindings(state).contains { $0.instruction.command == .difference })
    _ = press(&state, [.escape, .escape])
    #expect(state.help == nil && state.step == 0)
  }

  @Test func helpAnswersForACommand() throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, keys(":help export") + [.enter])
    let help = try #require(state.help)
    #expect(HelpView.bindings(state)[help].instruction.command == .export)
    #expect(render(state).text.contains(":export FILE"))
    _ = press(&state, [.escape, .escape])
    _ = press(&state, keys(":help") + [.enter])
    #expect(state.help == 0 && state.helpFilter == nil)
  }

  /// Where not all is seen, it is said how much there is in which direction.
  @Test(arguments: [(80, 24), (60, 16), (200, 60)])
  func theHelpSaysThatThereIsMore(_ width: Int, _ height: Int) throws {
    var state = try Scene.letters().recordedState()
    _ = update(&state, .resize(width: width, height: height))
    _ = press(&state, ["?"])
    let count = HelpView.bindings(state).count
    func seen() -> Int {
      // Without the footer, which speaks of some keys as well.
      let text = render(state).text.split(separator: "\n").dropLast().joined(separator: "\n")
      return HelpView.bindings(state).filter { text.contains($0.words.prefix(40)) }.count
    }
    func number(_ mark: String) -> Int {
      let text = render(state).text
      guard let place = text.firstRange(of: mark + " ") else { return 0 }
      return Int(text[place.upperBound...].prefix { $0.isNumber }) ?? -1
    }
    #expect(number("▲") == 0 && number("▼") == count - seen())
    _ = press(&state, [.end])
    #expect(number("▼") == 0 && number("▲") == count - seen())
    #expect((number("▲") == 0) == (height == 60))
  }

  @Test func theHelpDoesWhatIsChosen() throws {
    var state = try Scene.letters().recordedState()
    let bindings = HelpView.bindings(state)
    func choose(_ command: Command) throws {
      let place = try #require(bindings.firstIndex { $0.instruction.command == command })
      _ = press(&state, ["?"] + Array(repeating: .down, count: place) + [.enter])
      #expect(state.help == nil)
    }
    try choose(.lastStep)
    #expect(state.step == 29)
    try choose(.go)
    #expect(state.prompt?.string == "go ", "it has to be told where")
    _ = press(&state, ["4", .enter])
    #expect(state.step == 4)
    try choose(.mark)
    #expect(state.letterFor == .mark)
  }

  @Test(arguments: [
    (Key.character("q"), 0), (.character("?"), 0), (.escape, 0), (.right, 1), (.tab, 0),
    (.character("3"), 0), (.backspace, 0), (.shiftRight, 10),
  ])
  func aKeyThatNamesNothingLeavesTheHelp(_ key: Key, _ step: Int) throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, ["?", key])
    #expect(state.help == nil)
    #expect(state.step == step)
    #expect(!state.hasQuit)
  }
}
