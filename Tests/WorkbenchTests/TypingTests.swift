import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// Characters typed to a network, texts that it writes, and values that are turned.
@Suite struct TypingTests {
  private func workbench(width: Int = 120, height: Int = 40) throws -> Workbench {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state(width: width, height: height))
    workbench.recordAhead()
    workbench.finish()
    return workbench
  }

  private static let length = TestModels.reberText.unicodeScalars.count

  private func text(_ trace: Trace) -> String {
    (0..<trace.length).compactMap { trace.tokenText(at: $0) }.joined()
  }

  private func changes(_ workbench: Workbench) -> [String] {
    workbench.state.arrangement.branches.whatIf.changes.map(\.source)
  }

  private func values(_ trace: Trace) -> [[Float]] {
    trace.layout[0].signals.map {
      trace.window(
        WindowRequest(track: 0, signal: $0, steps: 0..<trace.recordedSteps, units: 0..<8)
      ).values
    }
  }

  // MARK: - Typing

  @Test func whatIsTypedIsReadAtOnce() throws {
    let workbench = try workbench()
    let main = workbench.state.session.trace
    let before = values(main)
    workbench.type("i")
    #expect(workbench.state.typing != nil && workbench.state.step == Self.length - 1)
    for (index, letter) in ["B", "T", "X"].enumerated() {
      workbench.type(letter)
      #expect(workbench.state.session.length == Self.length + index + 1)
      #expect(workbench.state.step == Self.length + index)
      #expect(workbench.state.trace.tokenText(at: workbench.state.step) == letter)
    }
    #expect(changes(workbench) == ["insert \"BTX\" @ \(Self.length)"])
    workbench.press(.backspace)
    #expect(changes(workbench) == ["insert \"BT\" @ \(Self.length)"])
    workbench.press(.escape)
    #expect(workbench.state.typing == nil)
    let typed = workbench.state.session.trace
    // The same as a run of the whole text.
    let model = try #require(workbench.state.session.model)
    let whole = try TraceRecorder(network: model.network, input: typed.input)
    whole.recordAll()
    #expect(values(typed) == values(whole.trace))
    // One thing to be undone, and one line to be replayed.
    workbench.type("U")
    #expect(workbench.state.session.trace === main && values(main) == before)
    workbench.type("R")
    #expect(workbench.state.session.trace === typed)
    #expect(workbench.state.journal.lines.suffix(3) == ["type \"BT\"", "undo", "redo"])
  }

  /// What is expected next stands in grey behind the cursor, the likeliest first; gone after Esc.
  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func guessesStandBehindTheCursor(_ width: Int, _ height: Int) throws {
    let workbench = try workbench(width: width, height: height)
    workbench.type("iBT")
    let trace = workbench.state.trace
    let readout = try #require(trace.readout)
    let step = trace.length - 1
    let likeliest = readout.block(step..<step + 1).likeliest(3, at: step)
      .map { TestModels.letters[$0] }
    #expect(workbench.state.guesses == likeliest)
    let row = likeliest.joined(separator: " ")
    func isShown() -> Bool {
      workbench.frame().text.split(separator: "\n").contains { line in
        let text = String(line.reversed().drop { $0 == " " }.reversed())
        return text.hasSuffix(" " + row) || text.hasSuffix("T" + row)
      }
    }
    #expect(isShown(), "\(workbench.frame().text)")
    #expect(workbench.frame().text.contains("takes one back"))
    workbench.press(.escape)
    #expect(workbench.state.guesses.isEmpty && !isShown())
  }

  @Test func careless() throws {
    let workbench = try workbench()
    workbench.type("iq")
    #expect(
      workbench.state.message?.text.contains("the network does not know q; it reads B T P") == true)
    #expect(workbench.state.message?.isError == true && !workbench.state.hasQuit)
    workbench.press(.backspace)
    #expect(workbench.state.message?.text == Words.nothingTyped)
    workbench.press(.left)
    #expect(workbench.state.message?.text == Words.typingEndsWithEsc)
    workbench.press(.enter)
    #expect(workbench.state.message?.isError == true)
    #expect(changes(workbench).isEmpty)
    // Another unit and lane can be watched meanwhile.
    workbench.press(.down, .tab)
    #expect(workbench.state.unit == 1 && workbench.state.lane == 1 && workbench.state.typing != nil)
    workbench.handle(.paste("BTQX"))
    workbench.finish()
    #expect(changes(workbench) == ["insert \"BT\" @ \(Self.length)"])
    workbench.press(.escape)
    workbench.type(":type BQ\r")
    #expect(workbench.state.prompt?.fault?.range == 6..<7)
    #expect(changes(workbench) == ["insert \"BT\" @ \(Self.length)"])
  }

  @Test func numbersAreNotTyped() throws {
    let scene = try Scene(
      TestModels.letters(.lstm), .features([Float](repeating: 0.5, count: 7 * 5), width: 7))
    let workbench = scene.workbench(scene.state(width: 80, height: 24))
    workbench.type("i")
    #expect(workbench.state.message?.text == Words.typingNeedsSymbols)
    #expect(workbench.state.typing == nil)
  }

  // MARK: - Writing

  /// The text is that of a generator; undone, the run is the one that was there.
  @Test(arguments: [
    ("generate 20", 20, 1.0, 1 as UInt64), ("generate 12 temperature 0.5 seed 4", 12, 0.5, 4),
    ("generate seed 3", 200, 1, 3), ("generate 9 temperature 0", 9, 0, 1),
  ])
  func theNetworkGoesOn(
    _ line: String, _ count: Int, _ temperature: Double, _ seed: UInt64
  ) throws {
    let workbench = try workbench()
    let main = workbench.state.session.trace
    workbench.type(":\(line)\r")
    #expect(workbench.state.prompt == nil, "\(workbench.state.prompt?.fault?.message ?? "")")
    let trace = workbench.state.session.trace
    let model = try #require(workbench.state.session.model)
    var generator = try SymbolGenerator(
      model.network, choice: TokenChoice(temperature: temperature, seed: seed))
    guard case .tokens(let start) = main.input, case .tokens(let found) = trace.input else {
      return
    }
    generator.read(start)
    let written = try (0..<count).map { _ in try generator.next() }
    #expect(found == start + written)
    #expect(workbench.state.step == Self.length - 1)
    #expect(workbench.state.message?.text == Words.generated(count, after: Self.length - 1))
    workbench.type("U")
    #expect(workbench.state.session.trace === main)
  }

  /// A change made later is in force while the network writes, and the text is another then.
  @Test func aChangeRewritesTheText() throws {
    let workbench = try workbench()
    workbench.type(":generate 40\r")
    let before = text(workbench.state.trace)
    workbench.type(":clamp c = 2 @ \(Self.length)..\r")
    #expect(text(workbench.state.trace) != before)
    #expect(text(workbench.state.trace).hasPrefix(TestModels.reberText))
    workbench.type("U")
    #expect(text(workbench.state.trace) == before)
  }

  /// A text that takes long is written between frames, and any key stops it.
  @Test func aLongTextIsWrittenInSlices() throws {
    let workbench = try workbench()
    let main = workbench.state.session.trace
    for scalar in ":generate 900000".unicodeScalars { workbench.handle(.key(.character(scalar))) }
    workbench.handle(.key(.enter))
    guard case .write = workbench.state.pending else {
      Issue.record("it is not being written")
      return
    }
    #expect(workbench.isBusy && workbench.state.session.trace === main)
    #expect(workbench.frame().text.contains("writing, "))
    workbench.press("l")
    #expect(!workbench.isBusy && workbench.state.session.trace === main)
    #expect(workbench.state.arrangement.branches.isEmpty)
    #expect(!workbench.state.journal.lines.contains { $0.hasPrefix("generate") })
  }

  @Test(arguments: [
    ("generate many", 9, 4), ("generate 9 temperature hot", 23, 3), ("generate 9 seed -1", 16, 2),
    ("generate 9 until", 16, 1), ("generate 9 @ 0", 13, 1), ("generate 9 @ 999", 13, 3),
    ("generate seed x", 14, 1), ("generate 9 until q", 9, 9),
    ("turn up", 5, 2), ("turn 0", 5, 1),
  ])
  func faultsAreMarked(_ line: String, _ start: Int, _ count: Int) throws {
    let workbench = try workbench()
    let main = workbench.state.session.trace
    workbench.type(":\(line)\r")
    let fault = try #require(workbench.state.prompt?.fault, "\(line)")
    #expect(fault.range == start..<start + count, "\(fault.message)")
    #expect(workbench.state.session.trace === main && workbench.state.arrangement.branches.isEmpty)
  }

  // MARK: - Turning

  @Test(arguments: [
    (Float(0.42), 1, SignalRange.unit, Float(0.45)), (0.42, -1, .unit, 0.4), (0.45, 1, .unit, 0.5),
    (0.98, 3, .unit, 1), (0.02, -2, .unit, 0), (-0.97, -1, .signedUnit, -1),
    (0.05, 1, .signedUnit, 0.1), (0.05, -1, .signedUnit, 0), (-3.14, 1, .unbounded, -3.1),
    (2, 10, .unbounded, 3),
  ])
  func aKnobGoesByNotches(
    _ value: Float, _ notches: Int, _ range: SignalRange, _ turned: Float
  ) {
    #expect(Knob.turned(value, by: notches, range) == turned)
  }

  /// Turned on and on it is one change and one thing to be undone; h and what follows go with it.
  @Test func aValueIsTurned() throws {
    let workbench = try workbench()
    let main = workbench.state.session.trace
    workbench.type(":go 5\r", "j")
    workbench.press(.tab)
    let value = main.value(track: 0, signal: .f, step: 5, unit: 1)
    let expected = Knob.turned(Knob.turned(value, by: 1, .unit), by: 1, .unit)
    workbench.type("..")
    let written = "\(expected)".hasSuffix(".0") ? "\(Int(expected))" : "\(expected)"
    let found = workbench.state.trace.value(track: 0, signal: .f, step: 5, unit: 1)
    #expect(found == expected && changes(workbench).count == 1, "\(written) \(changes(workbench))")
    #expect(
      workbench.state.trace.value(track: 0, signal: .c, step: 5, unit: 1)
        != main.value(track: 0, signal: .c, step: 5, unit: 1))
    #expect(
      workbench.state.trace.value(track: 0, signal: .f, step: 4, unit: 1)
        == main.value(track: 0, signal: .f, step: 4, unit: 1))
    #expect(workbench.state.message?.text.hasPrefix("f[1] = ") == true)
    workbench.type("U")
    #expect(workbench.state.session.trace === main)
  }

  // MARK: - What is seen

  /// A changed value has a line under it, in its lane alone.
  @Test(arguments: [Capabilities.ColorDepth.none, .direct])
  func changedPlacesAreMarked(_ colors: Capabilities.ColorDepth) throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state(width: 120, height: 40, colors: colors))
    workbench.recordAhead()
    workbench.finish()
    let before = workbench.frame()
    workbench.type(":clamp f[3] = 0.5 @ 2..4\r")
    let marks = ChangeMarks(
      workbench.state,
      of: .signal(TracedSignal(workbench.state.trace, track: 0, signal: .f)))
    #expect(marks.touch(4..<5, [3]) && !marks.touch(5..<9, [3]) && !marks.touch(2..<3, [2]))
    let other = ChangeMarks(
      workbench.state, of: .signal(TracedSignal(workbench.state.trace, track: 0, signal: .i)))
    #expect(other.isEmpty)
    let after = workbench.frame()
    var marked = 0
    for y in 0..<40 {
      for x in 0..<120 {
        let isLined = { (cell: Cell) in
          cell.scalar == "▁" || cell.style.attributes.contains(.underline)
        }
        if isLined(after[x, y]) && !isLined(before[x, y]) { marked += 1 }
      }
    }
    #expect(marked >= 3)
  }

  /// Where two steps share a column, the line stands under that column.
  @Test func aMarkStandsUnderTheColumnOfItsStep() throws {
    let scene = try Scene(
      try TestModels.letters(.lstm), .tokens((0..<66).map { ($0 * $0 / 5 + $0) % 7 }))
    let workbench = scene.workbench(scene.state(width: 120, height: 40, colors: .direct))
    workbench.recordAhead()
    workbench.finish()
    workbench.type("Z")
    workbench.type(":clamp f[3] = 0.5 @ 10..11\r")
    let grid = workbench.frame()
    let lane = try #require(workbench.state.currentTrack.signals.firstIndex(of: .f))
    let frame = try #require(LanesLayout(workbench.state).frames[lane])
    #expect(frame.time.cellsPerLine == 2 && frame.units.cellsPerLine == 1)
    let y = frame.heat.y + frame.units.offset(of: 3) + frame.units.cellSize - 1
    let lined = (0..<frame.heat.width).filter {
      let cell = grid[frame.heat.x + $0, y]
      return cell.scalar == "▁" || cell.style.attributes.contains(.underline)
    }
    let columns = Set((10...11).map { $0 / frame.time.perLine })
    #expect(Set(lined) == columns)
  }

  /// On a branch view 6 compares with the run without changes, and says how far apart they are.
  @Test(arguments: [(80, 24), (120, 40)])
  func aBranchIsComparedWithMain(_ width: Int, _ height: Int) throws {
    let workbench = try workbench(width: width, height: height)
    workbench.type(":clamp f[3] = 0.5 @ 2..\r", "6")
    #expect(workbench.state.otherRuns.first?.name == "main")
    let screen = workbench.frame().text
    #expect(screen.contains("KL ") && screen.contains("likeliest"), "\(screen)")
    workbench.type("U")
    #expect(workbench.state.otherRuns.isEmpty)
  }
}
