import Screen
import Testing

@testable import Workbench

/// Commands as they are typed: names, arguments, faults, completion, history.
@Suite struct CommandTests {
  private func start() throws -> State {
    var state = try Scene.letters().recordedState()
    state.step = 10
    state.unit = 3
    return state
  }

  private func type(_ state: inout State, _ line: String) -> [Effect] {
    press(&state, keys(":" + line) + [.enter])
  }

  @Test(arguments: [
    ("step-forward", 11, 3), ("step-forward 5", 15, 3), ("step-f 5", 15, 3), ("20", 20, 3),
    ("go 20", 20, 3), ("  go   20  ", 20, 3), (":go 20", 20, 3), ("go 999", 29, 3),
    ("unit 7", 10, 7),
    ("u 7", 10, 7), ("last-step", 29, 3), ("page-back 2", 0, 3), ("next-unit 2", 10, 5),
    ("search XX", 22, 3), ("", 10, 3), ("   ", 10, 3),
  ])
  func linesLeadToAPlace(_ line: String, _ step: Int, _ unit: Int) throws {
    var state = try start()
    #expect(type(&state, line) == [])
    #expect(state.prompt == nil)
    #expect((state.step, state.unit) == (step, unit))
  }

  @Test(arguments: [
    ("view cell", "cell"), ("view t", nil), ("view table", "table"), ("view te", "text"),
    ("view x", nil),
  ])
  func viewsGoByTheirNames(_ line: String, _ view: String?) throws {
    var state = try start()
    _ = type(&state, line)
    #expect(state.view.name == view ?? "lanes")
    #expect((state.prompt?.fault == nil) == (view != nil))
  }

  @Test func lanesAndLayersGoByTheirNames() throws {
    let scene = try Scene(try TestModels.bidirectional(), text: TestModels.reberText)
    var state = scene.recordedState()
    for (line, track, lane) in [
      ("layer l1.bwd", 3, 0), ("layer 0", 0, 0), ("layer l0.b", 1, 0), ("lane c", 1, 4),
      ("layer 1", 2, 4),
    ] {
      _ = type(&state, line)
      #expect((state.track, state.lane) == (track, lane), "\(line)")
    }
  }

  /// The caret stands under what is wrong, and the line stays to be put right.
  @Test(arguments: [
    ("sept-forward", 0..<12, "step-forward?"), ("xyzzy", 0..<5, "? shows them all"),
    ("step", 0..<4, "step-forward or step-back"), ("help qqq", 5..<8, "to do with 'qqq'"),
    ("go", nil, "needs its STEP"), ("go x", 3..<4, "no number"), ("go -1", 3..<5, "no number"),
    ("unit 8", 5..<6, "the last is 7"), ("unit   8", 7..<8, "the last is 7"),
    ("step-forward 0", 13..<14, "1 is the least"), ("step-forward x", 13..<14, "no count"),
    ("lane q", 5..<6, "c, h, loss and entropy"), ("layer 3", 6..<7, "l0.fwd"),
    ("jump x", nil, "mx marks"), ("mark ab", 5..<7, "no letter"),
    ("quit!", 0..<5, "no form with !"),
    ("export a.csv --units 99", 21..<23, "units"), ("export a.csv --unit 9", 13..<19, "no option"),
    ("export a.csv --units", 13..<20, "needs a value"),
    ("export --units 1", nil, "a name is needed"),
    ("size 80x24", nil, "the terminal says"), ("undo", nil, "nothing to undo"),
    ("back", nil, "no place to go back"), ("view q", 5..<6, "lanes, cell"),
  ])
  func aFaultHasItsPlace(_ line: String, _ range: Range<Int>?, _ words: String) throws {
    var state = try start()
    #expect(type(&state, line) == [])
    let fault = try #require(state.prompt?.fault)
    #expect(fault.range == range)
    #expect(fault.message.contains(words), "\(fault.message)")
    #expect(state.prompt?.string == line)
    #expect((state.step, state.unit) == (10, 3))
    let rows = render(state).text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(rows[22] == " :" + line)
    if let range {
      let caret =
        String(repeating: " ", count: 2 + range.lowerBound)
        + String(repeating: "^", count: range.count) + " "
      #expect(rows[23].hasPrefix(caret), "\(rows[23])")
    }
    // The next key takes it away.
    _ = press(&state, ["x"])
    #expect(state.prompt?.fault == nil)
    _ = press(&state, [.escape])
    #expect(state.prompt == nil)
  }

  @Test(arguments: [
    ("ste", "step-"), ("step-", "step-forward"), ("step-f", "step-forward "),
    ("view ", "view lanes"), ("view la", "view lanes "), ("lane ", "lane z"), ("xy", "xy"),
    ("export a.csv --u", "export a.csv --units "), ("go ", "go "),
  ])
  func tabCompletes(_ typed: String, _ completed: String) throws {
    var state = try start()
    _ = press(&state, keys(":" + typed) + [.tab])
    #expect(state.prompt?.string == completed)
  }

  @Test func tabGoesThroughWhatFits() throws {
    var state = try start()
    var seen: [String] = []
    _ = press(&state, keys(":view "))
    for _ in 0..<ViewKind.allCases.count {
      _ = press(&state, [.tab])
      seen.append(state.prompt?.string ?? "")
    }
    #expect(seen == ViewKind.allCases.map { "view " + $0.name })
    _ = press(&state, [.tab, .backTab, .backTab])
    #expect(state.prompt?.string == "view " + ViewKind.allCases.dropLast().last!.name)
    _ = press(&state, [.enter])
    #expect(state.prompt == nil && state.view == ViewKind.allCases.dropLast().last!)
  }

  @Test func whatWasTypedComesBack() throws {
    var state = try start()
    for line in ["go 4", "unit 2", "go 6", "go 4"] { _ = type(&state, line) }
    func recall(_ keys: [Key]) -> String? {
      _ = press(&state, keys)
      return state.prompt?.string
    }
    #expect(recall([":", .up]) == "go 4")
    #expect(recall([.up]) == "go 6")
    #expect(recall([.up]) == "unit 2", "what is typed twice is kept once")
    #expect(recall([.up]) == "unit 2")
    #expect(recall([.down, .down]) == "go 4")
    #expect(recall([.down]) == "", "the line that was begun")
    #expect(recall(keys("un") + [.up]) == "unit 2", "only lines that begin so")
    #expect(recall([.escape, "/", .up]) == "", "each question has its own")
  }

  @Test func backspaceOnNothingLeavesTheLine() throws {
    var state = try start()
    _ = press(&state, [":", .backspace])
    #expect(state.prompt == nil)
  }

  // MARK: - Places

  @Test func marksAndPlacesLeadBack() throws {
    var state = try start()
    _ = press(&state, keys("ma") + ["2"])
    _ = press(&state, keys("G'a"))
    #expect(state.place == Place(step: 10, unit: 3, track: 0, lane: nil, view: .lanes))
    _ = press(&state, keys("''"))
    #expect((state.step, state.view) == (29, .cell))
    _ = press(&state, keys("''"))
    #expect((state.step, state.view) == (10, .lanes))
    _ = press(&state, keys("'x"))
    #expect(state.message == .init(text: Words.noSuchMark("x", known: ["a"]), isError: true))
    _ = press(&state, ["m", .left])
    #expect(state.message?.isError == true && state.letterFor == nil)
    _ = press(&state, ["m", .escape, "l"])
    #expect(state.step == 11 && state.message == nil)
  }

  @Test func placesGoBackAndForth() throws {
    var state = try start()
    _ = press(&state, keys("G") + keys(":5") + [.enter] + keys(":unit 1") + [.enter])
    #expect((state.step, state.unit) == (5, 1))
    var steps: [Int] = []
    for _ in 0..<3 {
      _ = press(&state, [.control("o")])
      steps.append(state.step)
    }
    #expect(steps == [5, 29, 10] && state.unit == 3)
    _ = press(&state, [.control("o")])
    #expect(state.message == .init(text: Words.nowhereBack, isError: true))
    _ = press(&state, [.control("o"), .tab])
    #expect(state.step == 29 && state.lane == 0, "Tab is ^I")
    _ = press(&state, [.tab, .tab])
    #expect((state.step, state.unit, state.lane) == (5, 1, 0))
    _ = press(&state, ["l", .tab])
    #expect(state.lane == 1, "elsewhere Tab is the next lane")
  }

  // MARK: - Undo

  @Test func arrangementsAreUndoneAndRedone() throws {
    var state = try start()
    _ = press(&state, keys("malmb"))
    #expect(state.arrangement.marks.count == 2)
    _ = press(&state, ["U"])
    #expect(state.arrangement.marks.keys.sorted() == ["a"])
    #expect(state.step == 11, "motions stay")
    _ = press(&state, ["U"])
    #expect(state.arrangement.marks.isEmpty)
    _ = press(&state, ["U"])
    #expect(state.message == .init(text: Words.nothingToUndo, isError: true))
    _ = press(&state, ["R", "R"])
    #expect(state.arrangement.marks.count == 2)
    _ = press(&state, keys("UmcR"))
    #expect(state.message == .init(text: Words.nothingToRedo, isError: true))
    #expect(state.arrangement.marks.keys.sorted() == ["a", "c"])
  }
}

/// Two keys that are one.
@Suite struct TwoKeyTests {
  @Test func zAndASlashAskForAnExpression() throws {
    var state = try Scene.letters().recordedState()
    let zoom = state.zoom
    _ = press(&state, keys("z/"))
    #expect(state.prompt?.question == .argument(of: .find))
    #expect(state.zoom == zoom && state.journal.lines.count == 1, "as if z had not been pressed")
    _ = press(&state, [.escape] + keys("zl/"))
    #expect(state.prompt?.question == .argument(of: .search))
    #expect(state.zoom != zoom)
  }
}

/// Everything on one screen means everything.
@Suite struct FitTests {
  @Test func whatNobodyHasReachedIsComputed() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    workbench.type("Z")
    #expect(scene.session.trace.recordedSteps == 30 && workbench.state.step == 0)
    #expect(workbench.state.zoom.time == .everything)
  }

  @Test func escapeLeavesItAndAReplayKnows() throws {
    let scene = try Scene.letters()
    var state = scene.state()
    _ = update(&state, .recorded)
    #expect(press(&state, ["Z"]) == [.record(through: 29)])
    _ = press(&state, [.escape])
    #expect(state.pending == nil && state.zoom.time == .normal && state.zoom.units == .normal)
    #expect(state.journal.lines.suffix(2) == ["fit", "fit"])
  }
}
