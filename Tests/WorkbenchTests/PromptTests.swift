import Screen
import Testing

@testable import Workbench

@Suite struct PromptTests {
  private func open(_ more: [Key] = []) throws -> State {
    var state = try Scene.letters().recordedState()
    #expect(press(&state, ["e"] + more) == [])
    return state
  }

  private func text(_ state: State) -> String? {
    state.prompt.map { String(String.UnicodeScalarView($0.text)) }
  }

  @Test(
    arguments: [
      ([], "trace.csv"), (keys("2"), "trace.csv2"), ([.backspace], "trace.cs"),
      ([.control("u")], ""), ([.control("u"), .backspace], ""),
      ([.control("u")] + keys("q ?el1"), "q ?el1"), ([.control("u")] + keys("春é"), "春é"),
      ([.control("u")] + keys("春é") + [.backspace, .backspace], ""),
      ([.left, .right, .up, .down, .home, .end, .pageUp, .tab, .backTab, .delete], "trace.csv"),
      ([.control("l"), .control("x")], "trace.csv"),
    ] as [([Key], String)])
  func typingChangesTheName(_ keys: [Key], _ expected: String) throws {
    var state = try open(keys)
    #expect(text(state) == expected)
    #expect(state.prompt?.question == .exportPath)
    #expect(state.step == 0 && !state.hasQuit && state.help == nil)
    #expect(press(&state, [.escape]) == [])
    #expect(state.prompt == nil)
    #expect(state.message == .init(text: Words.exportKept, isError: false))
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
    #expect(state.prompt == nil)
    #expect(state.message == .init(text: Words.exportEmptyName, isError: true))
  }

  @Test func whatIsRecordedIsWrittenAtOnce() throws {
    var state = try open()
    #expect(press(&state, [.enter]) == [.export(path: "trace.csv", mayReplace: false)])
    #expect(state.prompt == nil && state.pending == nil)
    #expect(update(&state, .exported(path: "trace.csv", steps: 30)) == [])
    #expect(state.message == .init(text: "trace.csv: 30 steps written", isError: false))
    #expect(update(&state, .exportFailed(message: "disk full")) == [])
    #expect(state.message == .init(text: "disk full", isError: true))
  }

  @Test(
    arguments: [
      (["y"], true), (["Y"], true), (["n"], false), (["N"], false), ([.escape], false),
      ([.enter], false), (["x", " ", .left, "y"], true), (["q", "n"], false),
    ] as [([Key], Bool)])
  func aFileIsReplacedOnlyForAYes(_ keys: [Key], _ isReplaced: Bool) throws {
    var state = try Scene.letters().recordedState()
    _ = update(&state, .exportExists(path: "a.csv"))
    #expect(state.prompt?.question == .replace(path: "a.csv"))
    let effects = press(&state, keys)
    #expect(effects == (isReplaced ? [.export(path: "a.csv", mayReplace: true)] : []))
    #expect(state.prompt == nil)
    #expect(state.message?.text == (isReplaced ? nil : Words.exportKept))
    #expect(!state.hasQuit)
  }

  @Test func whatIsNotRecordedIsComputedFirst() throws {
    let scene = try Scene.letters()
    var state = scene.state()
    scene.recorder.record(through: 3)
    #expect(press(&state, ["e", .enter]) == [.record(through: 29)])
    #expect(state.pending == .export(path: "trace.csv", mayReplace: false))
    scene.recorder.record(through: 9)
    #expect(update(&state, .recorded) == [.record(through: 29)])
    // Meanwhile a person may look at what is there, and not start another.
    #expect(press(&state, keys("9lje")) == [])
    #expect(state.step == 9 && state.prompt == nil)
    scene.recorder.recordAll()
    #expect(update(&state, .recorded) == [.export(path: "trace.csv", mayReplace: false)])
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
    #expect(press(&state, keys("20l")) == [.record(through: 20)])
    #expect(state.pending == .reach(step: 20))
    #expect(state.message?.text == Words.exportKept)
  }

  // MARK: - The help

  @Test func theHelpScrollsAsFarAsItHasLines() throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, ["?"])
    #expect(state.help == 0)
    _ = press(&state, ["k"])
    #expect(state.help == 0)
    _ = press(&state, Array(repeating: .down, count: 50))
    let last = try #require(state.help)
    #expect((1..<30).contains(last))
    #expect(render(state).text.contains("quit"))
    #expect(render(state).text.contains(Words.helpEnd))
    _ = press(&state, [.up])
    #expect(state.help == last - 1, "the first key up is seen")
    #expect(render(state).text.contains(Words.helpMore))
    #expect(state.step == 0 && state.unit == 0)
    // A larger window shows all of it.
    _ = update(&state, .resize(width: 120, height: 40))
    _ = press(&state, [.pageUp])
    #expect(state.help == 0)
  }

  @Test(arguments: [
    (Key.character("q"), 0), (.character("?"), 0), (.escape, 0), (.character("l"), 1), (.right, 1),
    (.character("!"), 0),
  ])
  func anyOtherKeyLeavesTheHelp(_ key: Key, _ step: Int) throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, ["?", key])
    #expect(state.help == nil)
    #expect(state.step == step)
    #expect(!state.hasQuit)
  }
}
