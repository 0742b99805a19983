import Screen
import Testing

@testable import Workbench

/// Sessions as command files.
@Suite struct ReplayTests {
  private final class Files {
    var texts: [String: String] = [:]
    var exports: [ExportRequest] = []
  }

  private func workbench(_ files: Files, headless: Bool = true) throws -> Workbench {
    let scene = try Scene.letters()
    var state = scene.state()
    state.isHeadless = headless
    return scene.workbench(state) { text, path in
      files.texts[path] = text
    } export: { request in
      defer { files.exports.append(request) }
      let isThere = files.exports.contains { $0.path == request.path }
      return isThere && !request.mayReplace ? .exists : .written
    }
  }

  /// Whatever keys were pressed, the file of them leads to the same screen and the same files.
  @Test(arguments: [
    keys("Llljj"), keys("lllhhljjkG") + [.tab, .tab], keys(" v "),
    keys("lllllmaL'a''") + [.control("o")], keys("/XX") + [.enter, "n", "N"],
    keys(":unit 3") + [.enter] + keys(">>><2"), keys("5s") + [.tab, .tab, "s", "j"],
    keys("E") + [.enter] + keys("E") + [.enter, "y"], [.pageDown, .pageDown, .pageUp],
    keys("malUlRmb") + [.end],
    keys("e") + [.control("u")] + keys("a b.csv") + [.tab, .tab] + keys("3..4") + [.enter],
    keys("Vlle") + [.tab, .right, .up, .up, .right, .enter],
    keys(":screen shot.txt") + [.enter], keys("ooojjpOP") + keys("pkk"),
    keys(":order variance") + [.enter] + keys(":order variance") + [.enter],
    keys("lllllllllVll*nnN"), keys("lllllllllV*") + [.escape, "V", "l"],
    keys(":span 3..5") + [.enter] + keys(":match 0.2") + [.enter, "n"],
    keys("n") + [.escape] + keys("lll"),
    keys("&mean(f)>0.5") + [.enter] + keys("jj") + [.escape, "o", .escape, "U"],
  ])
  func aReplayIsTheSession(_ keys: [Key]) throws {
    let typed = Files()
    let session = try workbench(typed, headless: false)
    session.handle(.resize(width: 100, height: 30))
    for key in keys {
      session.handle(.key(key))
      session.handle(.playTick)
      session.finish()
    }
    session.type(":record")
    session.press(.enter)
    session.type("session.gs")
    session.press(.enter)
    let file = try #require(typed.texts["session.gs"])

    let replayed = Files()
    let replay = try workbench(replayed)
    try replay.replay(file.split(separator: "\n", omittingEmptySubsequences: false))
    #expect(replay.screenText(for: "a.ans") == session.screenText(for: "a.ans"))
    #expect(replay.state.place == session.state.place)
    #expect(replay.state.arrangement == session.state.arrangement)
    #expect(replayed.texts["shot.txt"] == typed.texts["shot.txt"])
    #expect(replayed.exports.last == typed.exports.last)
  }

  @Test func motionsAreOneLine() throws {
    let files = Files()
    let workbench = try workbench(files)
    workbench.type("lllllllhhjj:record a")
    workbench.press(.enter)
    #expect(
      files.texts["a"] == """
        # gatescope reber: replay it with --replay FILE
        size 80x24
        step-forward 7
        step-back 2
        next-unit 2

        """)
  }

  @Test(arguments: [
    ("go 3\nfly", 2, "no command"), ("# a\n\n  go x", 3, "no number"),
    ("export a\nexport a", 2, "export! a"), ("search ZZ\ngo 2\nsearch", 3, "TOKENS"),
    ("mark", 1, "LETTER"), ("jump q", 1, "nothing is marked"), ("size 5", 1, "no size"),
    ("undo", 1, "nothing to undo"),
  ])
  func aLineThatCannotBeDoneIsNamed(_ text: String, _ line: Int, _ words: String) throws {
    let workbench = try workbench(Files())
    let error = #expect(throws: ReplayError.self) {
      try workbench.replay(text.split(separator: "\n", omittingEmptySubsequences: false))
    }
    #expect(error?.line == line)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func quitEndsAReplay() throws {
    let workbench = try workbench(Files())
    try workbench.replay(["go 3", "quit", "go 5"])
    #expect(workbench.state.step == 3)
  }

  @Test func aScreenKeepsItsColoursWhereItIsToldTo() throws {
    let workbench = try workbench(Files())
    try workbench.replay(["go 12", "size 100x30"])
    let plain = workbench.screenText(for: "a.txt")
    #expect(plain.split(separator: "\n", omittingEmptySubsequences: false).count == 31)
    #expect(!plain.contains("\u{1B}"))
    let coloured = workbench.screenText(for: "a.ans")
    #expect(coloured.contains("38;2;255;198;107"))
    #expect(coloured.split(separator: "\n").allSatisfy { $0.hasSuffix("\u{1B}[0m") })
  }
}
