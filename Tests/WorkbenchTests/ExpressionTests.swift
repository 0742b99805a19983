import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// `:find` and `:break`: expressions over the thirty letters of the Reber-like LSTM.
@Suite struct ExpressionTests {
  /// The steps at which an expression holds, looked at apart from the program.
  private func hits(_ source: String, _ scene: Scene) throws -> [Int] {
    let recorder = try TraceRecorder(
      network: #require(scene.session.model?.network), input: scene.session.trace.input,
      symbols: scene.session.trace.symbols)
    recorder.recordAll()
    return try SignalExpression(source)
      .bound(to: ExpressionScope(trace: recorder.trace, lanes: scene.session.lanes))
      .hits(in: 0..<recorder.trace.length)
  }

  private func line(_ workbench: Workbench, _ text: String) {
    workbench.type(":" + text)
    workbench.press(.enter)
  }

  // MARK: - find

  @Test(arguments: [
    "f[2] > 0.7", "rise(c[1])", "token == \"E\"", "any(o) > 0.99", "token == 'B' && token' == 'E'",
  ])
  func hitsAreGoneThroughForthAndBack(_ source: String) throws {
    let scene = try Scene.letters()
    let expected = try hits(source, scene).filter { $0 > 0 }
    try #require(expected.count > 1)
    let workbench = scene.workbench(scene.state())
    line(workbench, "find " + source)
    var seen = [workbench.state.step]
    for _ in expected.dropFirst() {
      workbench.type("n")
      seen.append(workbench.state.step)
    }
    #expect(seen == expected)
    var back: [Int] = []
    for _ in expected.dropFirst() {
      workbench.type("N")
      back.append(workbench.state.step)
    }
    #expect(back == expected.dropLast().reversed())
    #expect(workbench.state.pending == nil && !workbench.isBusy)
  }

  /// A signal without a unit is that of the unit in hand when the line is sent.
  @Test func theUnitInHandIsMeant() throws {
    let scene = try Scene.letters()
    let expected = try hits("f[2] > 0.7 && any(o > 0.5)", scene).filter { $0 > 0 }
    let workbench = scene.workbench(scene.state())
    line(workbench, "unit 2")
    line(workbench, "find f > 0.7 && any(o > 0.5)")
    #expect(workbench.state.step == expected.first)
    // Another unit in hand changes nothing of it.
    workbench.type("jn")
    #expect(workbench.state.step == expected[1])
    #expect(workbench.state.findings?.search.expression.source == "f[2] > 0.7 && any(o > 0.5)")
    line(workbench, "find h > 99")
    #expect(workbench.state.message?.text == "h[3] > 99 holds nowhere")
    line(workbench, "break c > 99")
    #expect(workbench.frame().text.contains("stop where c[3] > 99"))
    #expect(workbench.state.journal.lines.contains("break c > 99"))
  }

  @Test func whatWasFoundIsSaid() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    // BTBPVVETEBPBTXSEPEBTBTXXTVVETE has E at 6, 8, 15, 17, 27, 29.
    line(workbench, "find token == \"E\"")
    #expect(workbench.state.step == 6)
    #expect(workbench.state.message?.text == "found 1 of 6")
    workbench.type("G")
    workbench.type("n")
    #expect(workbench.state.step == 6)
    #expect(workbench.state.message?.text == "found 1 of 6; \(Words.searchWrapped)")
    workbench.type("N")
    #expect(workbench.state.step == 29)
    #expect(workbench.state.message?.text == "found 6 of 6; \(Words.searchWrapped)")
    line(workbench, "find step == 12")
    #expect(workbench.state.step == 12)
    workbench.type("n")
    #expect(workbench.state.step == 12 && workbench.state.message?.text == "it holds here only")
    line(workbench, "find step > 99")
    #expect(workbench.state.step == 12)
    #expect(workbench.state.message?.text == "step > 99 holds nowhere")
  }

  /// n and N follow whichever search was the last.
  @Test func theLastSearchIsRepeated() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    line(workbench, "find token == \"X\"")
    #expect(workbench.state.step == 13)
    workbench.type("/S")
    workbench.press(.enter)
    #expect(workbench.state.step == 14 && workbench.state.findings == nil)
    workbench.type("n")
    #expect(workbench.state.step == 14)
    line(workbench, "find token == \"X\"")
    workbench.type("n")
    #expect(workbench.state.step == 23)
  }

  @Test func onlyTheStepsOnTheWayAreComputed() throws {
    let scene = try Scene(
      try TestModels.letters(.lstm), .tokens((0..<3000).map { $0 % 1000 == 500 ? 6 : $0 % 6 }))
    let workbench = scene.workbench(scene.state())
    workbench.finish()
    line(workbench, "find token == \"V\"")
    #expect(workbench.state.step == 500)
    #expect(scene.session.trace.recordedSteps == 512)
    #expect(workbench.state.message?.text == "found 1 of 1 so far")
    #expect(workbench.state.findings?.lookedAt == 512, "recorded steps are looked at, no others")
    workbench.type("N")
    #expect(workbench.state.step == 2500, "the last of all")
    #expect(workbench.state.findings?.hits == [500, 1500, 2500])
  }

  @Test func aLongSearchCanBeStopped() throws {
    let scene = try Scene(
      try TestModels.letters(.lstm, units: 64), .tokens((0..<200_000).map { $0 % 7 }))
    let workbench = scene.workbench(scene.state())
    workbench.finish()
    for key in keys(":find step == 199999") + [.enter] { workbench.handle(.key(key)) }
    #expect(workbench.isBusy && workbench.state.pending != nil)
    workbench.advance()
    #expect(workbench.frame().text.contains("0 found, any key stops"))
    workbench.press(.escape)
    #expect(workbench.state.step == 0 && workbench.state.pending == nil && !workbench.isBusy)
    #expect(scene.session.trace.recordedSteps < 199_999)
  }

  // MARK: - Faults

  @Test(arguments: [
    ("find f[99] < 1", 7..<9, "unit 99 of 8"), ("find  f[0] <", 12..<13, "ends"),
    ("find q > 1", 5..<6, "'q'"), ("break c[0] = 1", 11..<12, "'=='"),
    ("break lane(\"x\") > 1", 6..<15, "no lanes"),
  ])
  func aFaultIsMarkedAndTheLineStays(_ text: String, _ range: Range<Int>, _ words: String) throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    line(workbench, text)
    let fault = try #require(workbench.state.prompt?.fault)
    #expect(fault.range == range)
    #expect(fault.message.contains(words), "\(fault.message)")
    #expect(workbench.state.findings == nil && workbench.state.trigger == nil)
    let rows = workbench.frame().text.split(separator: "\n", omittingEmptySubsequences: false)
    let marks =
      String(repeating: " ", count: 2 + range.lowerBound)
      + String(repeating: "^", count: range.count)
    #expect(rows[22] == " :" + text)
    #expect(rows[23].hasPrefix(marks + " "), "\(rows[23])")
  }

  @Test func theQuestionAloneAsks() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    line(workbench, "find")
    #expect(workbench.state.prompt?.question == .argument(of: .find))
    workbench.type("f[9]>0")
    workbench.press(.enter)
    #expect(workbench.state.prompt?.fault?.range == 2..<3)
    workbench.press(.control("u"))
    workbench.type("token=='X'")
    workbench.press(.enter)
    #expect(workbench.state.step == 13)
    // Nothing typed looks for it again.
    line(workbench, "find")
    workbench.press(.enter)
    #expect(workbench.state.step == 22)
  }

  @Test(arguments: [
    ("find f[2] < 0.1 && r", "find f[2] < 0.1 && rise("), ("find tok", "find token "),
    ("find abs(c[1])>1||st", "find abs(c[1])>1||step "), ("break cou", "break count("),
  ])
  func namesAreCompleted(_ typed: String, _ completed: String) throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, keys(":" + typed) + [.tab])
    #expect(state.prompt?.string == completed)
  }

  // MARK: - break

  /// E at 6, 8, 15, 17, 27, 29.
  @Test(arguments: [
    ("G", [6, 8, 15, 17, 27, 29]), (":+9\r", [6, 8, 15, 17, 26, 27, 29]),
    (":20\r", [6, 8, 15, 17, 20]),
    ("l", Array(1...9)), (":go 7\r", [6, 7]),
  ])
  func runningStopsWhereItHolds(_ motion: String, _ steps: [Int]) throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    line(workbench, "break token == \"E\"")
    #expect(workbench.frame().text.contains("stop where token == \"E\""))
    var seen: [Int] = []
    for _ in steps {
      workbench.type(motion)
      seen.append(workbench.state.step)
      let isHit = scene.session.trace.tokenText(at: workbench.state.step) == "E"
      #expect(
        (workbench.state.message?.text == "stopped: token == \"E\"") == isHit, "\(seen)")
    }
    #expect(seen == steps)
  }

  @Test func backwardsToo() throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, keys("G:break token == \"E\"") + [.enter])
    var seen: [Int] = []
    for _ in 0..<7 {
      _ = press(&state, ["g"])
      seen.append(state.step)
    }
    #expect(seen == [27, 17, 15, 8, 6, 0, 0])
    _ = press(&state, keys("G") + keys(":-9\r"))
    #expect(state.step == 0)
    // A jump is no motion.
    _ = press(&state, keys("ma") + keys("/X") + [.enter] + keys("'a"))
    #expect(state.step == 0)
    _ = press(&state, keys(":break") + [.enter] + keys("G"))
    #expect(state.step == 29 && state.trigger == nil)
  }

  @Test func playingStopsWhereItHolds() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    line(workbench, "break token == \"E\" && step > 6")
    workbench.type(" ")
    #expect(workbench.frame().text.contains("break: token == \"E\" && st…  ▶ 4/s"))
    for step in 1...8 {
      #expect(workbench.state.isPlaying)
      workbench.handle(.playTick)
      workbench.finish()
      #expect(workbench.state.step == step)
    }
    #expect(!workbench.state.isPlaying)
    workbench.handle(.playTick)
    #expect(workbench.state.step == 8)
    workbench.type("l ")
    #expect(workbench.state.isPlaying && workbench.state.step == 9)
  }

  @Test func runningCanBeStopped() throws {
    let scene = try Scene(
      try TestModels.letters(.lstm, units: 64), .tokens((0..<200_000).map { $0 % 7 }))
    let workbench = scene.workbench(scene.state())
    line(workbench, "break step == 199998")
    workbench.handle(.key("G"))
    #expect(workbench.isBusy)
    while scene.session.trace.recordedSteps < 2000 { workbench.advance() }
    #expect(workbench.state.step == 0, "the cursor waits")
    #expect(workbench.frame().text.contains("running to step 199999, any key stops"))
    workbench.press(.escape)
    let stopped = workbench.state.step
    #expect(stopped > 0 && stopped < 199_998 && !workbench.isBusy)
    workbench.press("h")
    #expect(workbench.state.step == stopped - 1 && workbench.state.pending == nil)
  }

  // MARK: - What is repeated

  /// A replay of what was done leads to the same step, though counts of a kind are one line.
  @Test func aReplayStopsWhereItStopped() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    workbench.finish()
    line(workbench, "break token == \"E\"")
    workbench.type("lllllllllll")
    workbench.type(" ")
    for _ in 0..<7 {
      workbench.handle(.playTick)
      workbench.finish()
    }
    line(workbench, "break")
    line(workbench, "find rise(c[1])")
    workbench.type("nnN")
    let again = try Scene.letters()
    var state = again.state()
    state.isHeadless = true
    let replayed = again.workbench(state)
    try replayed.replay(workbench.state.journal.file(of: workbench.state).map { $0[...] })
    #expect(replayed.state.step == workbench.state.step)
    #expect(workbench.state.step > 8)
    #expect(workbench.state.journal.lines.contains("break token == \"E\""))
    #expect(replayed.frame().text == workbench.frame().text)
  }

  @Test func layersThatReadBackwardsAreSearched() throws {
    let scene = try Scene(try TestModels.bidirectional(), text: TestModels.reberText)
    let workbench = scene.workbench(scene.state())
    line(workbench, "layer l0.bwd")
    line(workbench, "find c[1] > c[1]'")
    let trace = scene.session.trace
    let expected = (1..<30).filter { step in
      trace.value(track: 1, signal: .c, step: step, unit: 1)
        > trace.previous(track: 1, signal: .c, step: step, unit: 1) ?? .nan
    }
    #expect(workbench.state.step == expected.first)
    #expect(workbench.state.findings?.hits.filter { $0 > 0 } == expected)
  }
}
