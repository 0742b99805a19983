import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// Changes and branches, as a person makes them.
@Suite struct WhatIfTests {
  private func workbench(_ scene: Scene? = nil) throws -> Workbench {
    let scene = try scene ?? Scene.letters()
    return scene.workbench(scene.state(width: 120, height: 40))
  }

  private static func values(_ trace: Trace) -> [[Float]] {
    trace.layout[0].signals.map {
      trace.window(
        WindowRequest(
          track: 0, signal: $0, steps: 0..<trace.recordedSteps,
          units: 0..<trace.layout[0].units(of: $0))
      ).values
    }
  }

  // MARK: - Changes

  /// What is typed, and the change that is kept of it.
  @Test(arguments: [
    ("clamp f[3] = 0.5 @ 4..9", "f[3] = 0.5 @ 4..9"), ("clamp o*=.5", "o *= 0.5"),
    ("scale o 0.5", "o *= 0.5"), ("scale o = 0.5 @ 3", "o *= 0.5 @ 3"),
    ("add c[2] 1 @ 7", "c[2] += 1 @ 7"), ("add c[2] -1", "c[2] -= 1"),
    ("freeze c[3] @ 5..", "freeze c[3] @ 5.."), ("edit c[3] = 1", "c[3] = 1 @ 0"),
    ("patch c[3] @ 4 from main", "c[3] @ 4 from main"), ("initial c[3] = 1", "c0[3] = 1"),
    ("initial h *= 0", "h0 *= 0"), ("token 4 X", "token = \"X\" @ 4"),
    ("token insert 4 X", "insert \"X\" @ 4"), ("token delete 4..5", "delete 4..5"),
    ("without o", "o = 1"),
  ])
  func aCommandIsAChange(_ line: String, _ change: String) throws {
    let workbench = try workbench()
    let main = workbench.state.session.trace
    workbench.type(":" + line + "\r")
    #expect(workbench.state.prompt == nil, "\(workbench.state.prompt?.fault?.message ?? "")")
    let entries = workbench.state.arrangement.branches.whatIf.entries
    #expect(entries.map(\.change.source) == [change])
    #expect(workbench.state.session.trace !== main)
    #expect(workbench.frame().text.contains("what if b1: 1 change"))
    workbench.type("U")
    #expect(workbench.state.session.trace === main)
    #expect(workbench.state.arrangement.branches.isEmpty)
  }

  /// A fault keeps the prompt open, with marks where it was typed, and nothing has changed.
  @Test(arguments: [
    ("clamp f[9] = 0", "there is f[0] to f[7]", 8, 1),
    ("clamp f[3] = nan", "'nan' is no finite number", 13, 3),
    ("clamp f[3] = 0 @ 99", "there is no step 99", 17, 2),
    ("clamp r[3] = 0", "has no signal r", 6, 1),
    ("freeze f[3]", "there is no f before the first step", 7, 1),
    ("freeze f[9] @ 3..", "there is f[0] to f[7]", 9, 1),
    ("scale o much", "what is to become of it?", 8, 4),
    ("add c[9] 1", "there is c[0] to c[7]", 6, 1),
    ("initial c[9] = 1", "there is c[0] to c[7]", 10, 1),
    ("patch c[3] @ 4", "there is no run 'other'; there is main", 14, 1),
    ("token 4 Q", "the model has no token", 6, 3),
    ("token 99 X", "there is no step 99", 6, 4),
    ("without c", "f, i and o can be held open", 8, 1),
    ("what-if off 1", "nothing is changed here", 12, 1),
    ("what-if turn", "turn is none of on N", 8, 4),
    ("branch main", "there is a branch main already", 7, 4),
    ("branch a b", "letters, digits", 8, 1),
    ("drop main", "main is the run without changes", 5, 4),
    ("drop nobody", "nobody is no branch", 5, 6),
    ("compare branch nobody", "nobody is no branch", 15, 6),
  ])
  func faultsAreMarked(_ line: String, _ words: String, _ start: Int, _ count: Int) throws {
    let workbench = try workbench()
    let before = Self.values(workbench.state.session.trace)
    workbench.type(":" + line + "\r")
    let fault = try #require(workbench.state.prompt?.fault, "\(line)")
    #expect(fault.message.contains(words), "\(fault.message)")
    #expect(fault.range == start..<start + count, "\(fault.message)")
    #expect(workbench.state.arrangement.branches.isEmpty)
    #expect(Self.values(workbench.state.session.trace) == before)
  }

  @Test func theKeyAsksForTheValueInHand() throws {
    let workbench = try workbench()
    workbench.type("lllj")
    workbench.press(.tab)
    workbench.type("!")
    #expect(workbench.state.prompt?.string == "f[1] @ 3 = ")
    workbench.press(.escape)
    workbench.type("Vll!")
    #expect(workbench.state.prompt?.string == "f[1] @ 3..5 = ")
    workbench.type("0\r")
    let changes = workbench.state.arrangement.branches.whatIf.changes
    #expect(changes.map(\.source) == ["f[1] = 0 @ 3..5"])
  }

  /// The list: off, on, drop, each undone.
  @Test func changesAreSwitchedOffAndOn() throws {
    let workbench = try workbench()
    let main = workbench.state.session.trace
    workbench.type(":clamp f[1] = 0 @ 5..\r", ":scale o 0.5\r")
    let both = workbench.state.session.trace
    workbench.type(":what-if off 1\r")
    #expect(workbench.state.arrangement.branches.whatIf.changes.map(\.source) == ["o *= 0.5"])
    workbench.type(":what-if\r")
    #expect(workbench.state.message?.text.contains("1 (off) f[1] = 0 @ 5..   2 o *= 0.5") == true)
    workbench.type(":what-if off 2\r")
    #expect(workbench.state.session.trace === main)
    workbench.type("UU")
    #expect(workbench.state.session.trace === both)
    workbench.type(":what-if drop all\r")
    #expect(workbench.state.session.trace === main)
  }

  // MARK: - Branches

  @Test func branchesAreMadeShownAndDropped() throws {
    let workbench = try workbench()
    let main = workbench.state.session.trace
    workbench.type(":branch first\r", ":clamp f[1] = 0 @ 5..\r", ":branch second\r")
    workbench.type(":token 9 X\r")
    let second = workbench.state.session.trace
    var branches: Branches { workbench.state.arrangement.branches }
    #expect(branches.treeText == "main ─ first 1 ─ *second 2")
    #expect(workbench.frame().text.contains("main ─ first 1 ─ *second 2"))
    workbench.type(":drop first\r")
    #expect(workbench.state.prompt?.fault?.message == "second was made of first; drop it first")
    workbench.press(.escape)
    workbench.type(":switch main\r")
    #expect(workbench.state.session.trace === main)
    workbench.type(":switch second\r")
    #expect(workbench.state.session.trace === second)
    workbench.type(":drop second\r")
    #expect(branches.current == "first" && branches.names == ["main", "first"])
    workbench.type("U")
    #expect(workbench.state.session.trace === second)
    workbench.type(":compare branch main\r")
    #expect(workbench.state.otherRuns.first?.trace === main)
    #expect(workbench.frame().text.contains("KL "))
  }

  /// Units that stand by what is known of the sequence stand by their numbers once it is another one.
  @Test func otherTokensAreNotOrderedByWhatIsKnown() throws {
    let scene = try Scene.letters()
    let lane = GroundTruthLane(
      name: "depth", kind: .number, values: (0..<scene.session.length).map { Float($0 % 5) })
    let session = Session(
      model: scene.session.model, trace: scene.session.trace, name: "letters",
      exportName: "letters.csv", lanes: [lane])
    let state = State(
      session: session, width: 80, height: 24,
      theme: Theme(.dark, Capabilities(colors: .none, unicode: true)))
    let workbench = scene.workbench(state)
    workbench.type("s", ":token 3 X\r")
    #expect(workbench.state.session.lanes.isEmpty)
    #expect(workbench.state.arrangement[track: 0].key == .index)
    #expect(!workbench.frame().text.contains("by depth"))
    workbench.type("U")
    #expect(workbench.frame().text.contains("by depth"))
  }

  // MARK: - Files

  @Test(arguments: [
    ("- f[3] = 0 @ 2..4\n- off: o *= 0.5\n", nil, ["f[3] = 0 @ 2..4"], 2),
    ("model: 0a1b2c3d\nchanges:\n- 'token = \"b\" @ 3'\n", "0a1b2c3d", ["token = \"b\" @ 3"], 1),
    ("model: '12345678'\nchanges: []\n", "12345678", [], 0),
    ("changes:\n", nil, [], 0),
  ])
  func aFileIsRead(_ text: String, _ model: String?, _ changes: [String], _ count: Int) throws {
    let file = try WhatIfFile(text: text)
    #expect(file.model == model)
    #expect(file.whatIf.changes.map(\.source) == changes)
    #expect(file.whatIf.entries.count == count)
    #expect(try WhatIfFile(text: file.text) == file)
  }

  @Test(arguments: [
    ("", "there is no list of changes"), ("[", "line "), ("just words\n", "no list of changes"),
    ("- [1, 2]\n", "line 1 is no change"), ("- on: f = 1\n", "line 1 is no change"),
    ("changes:\n- f[3] = 0\n- f[3 = 0\n", "line 3: the ] is missing"),
    ("change: []\n", "line 1: there is no entry 'change'"),
    ("- f[3] = .inf\n", "line 1: '.inf' is not a number"),
  ])
  func aBadFileIsRefused(_ text: String, _ words: String) {
    do {
      _ = try WhatIfFile(text: text)
      Issue.record("nothing is wrong with it")
    } catch {
      #expect("\(error)".contains(words), "\(error)")
      #expect(!"\(error)".contains("\n"))
    }
  }

  @Test func aFileOfAnotherModelIsRefused() throws {
    let network = try TestModels.letters(.lstm).network
    let other = try TestModels.letters(.gru).network
    let file = WhatIfFile(WhatIf(), for: network)
    try file.check(network)
    #expect(throws: WhatIfFileError.self) { try file.check(other) }
  }
}
