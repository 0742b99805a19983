import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing

@testable import Workbench

/// Two signals, layers or runs side by side, and their difference.
@Suite struct CompareTests {
  private static let text = "BTBPTTVPXTVVETEBPBTSSXS"

  private static func models(_ path: String) throws -> TrainedModel {
    switch path {
    case "dir/gru.pt": try TestModels.letters(.gru, units: 5)
    case "turned.pt":
      try TrainedModel(
        network: TestModels.letters(.lstm).network,
        vocabulary: Vocabulary(TestModels.letters.reversed()))
    case "few.pt":
      try TrainedModel(
        network: TestModels.letters(.lstm).network,
        vocabulary: Vocabulary(["B", "T", "P", "E", "S", "X", "?"]))
    case "narrow.pt":
      try TrainedModel(
        network: TestModels.network([LayerShape(cell: .lstm, inputSize: 2, hiddenSize: 2)]))
    default: throw NoSuchFile(path: path)
    }
  }

  private struct NoSuchFile: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): no such file" }
  }

  private func workbench(_ scene: Scene, _ change: (inout State) -> Void = { _ in }) -> Workbench {
    var state = scene.state(width: 120, height: 40, colors: .direct)
    change(&state)
    let workbench = Workbench(state: state, recorder: scene.recorder, readModel: Self.models) {
      _, _ in .written
    }
    workbench.finish()
    return workbench
  }

  private func type(_ workbench: Workbench, _ line: String) {
    workbench.type(":" + line)
    workbench.press(.enter)
  }

  // MARK: - With what

  @Test(arguments: [
    (Signal.z, "h"), (.f, "i"), (.i, "f"), (.o, "f"), (.c, "h"), (.h, "c"),
  ])
  func theLikeliestIsASignalOfTheSameKindOrTheMemory(_ signal: Signal, _ second: String) throws {
    var state = try Scene.letters().recordedState()
    state.lane = state.currentTrack.signals.firstIndex(of: signal)!
    let pair = try Comparison.of(state)
    #expect(pair.first.signal == signal && pair.second.signal.rawValue == second)
    #expect(pair.lanes[0].name == Words.name(of: signal, in: .lstm))
  }

  @Test func oneKeyGoesThroughAllThatThereIs() throws {
    let scene = try Scene(try TestModels.bidirectional(), text: TestModels.reberText)
    var state = scene.recordedState()
    state.view = .compare
    state.lane = 1
    var seen: [String] = []
    for _ in 0..<9 {
      let pair = try Comparison.of(state)
      seen.append(pair.letters + ": " + pair.lanes[1].name)
      _ = press(&state, ["c"])
    }
    #expect(
      seen == [
        "f − i: input gate", "f − o: output gate", "f: layer 0 backwards", "f: layer 1 forwards",
        "f: layer 1 backwards", "f − z: candidate", "f − c: cell state, slow",
        "f − h: hidden state, fast", "f − i: input gate",
      ])
  }

  @Test(arguments: [
    ("o", "f − o", "output gate"), ("l1.bwd", "f", "layer 1 backwards"),
    ("l1.bwd c", "f − c", "layer 1 backwards · cell state, slow"),
  ])
  func whatIsTypedIsCompared(_ line: String, _ letters: String, _ name: String) throws {
    let scene = try Scene(try TestModels.bidirectional(), text: TestModels.reberText)
    let workbench = workbench(scene)
    workbench.press(.tab)
    type(workbench, "compare " + line)
    let pair = try Comparison.of(workbench.state)
    #expect(workbench.state.view == .compare)
    #expect(pair.letters == letters && pair.lanes[1].name == name)
  }

  @Test(arguments: [
    ("compare q", 8..<9, "q is no signal"), ("compare l0.fwd u", 15..<16, "reber has no u"),
    ("compare run", 8..<11, "no other run"), ("compare l7.fwd", 8..<14, "no signal and no layer"),
    ("compare text", 8..<12, "text needs"), ("compare z", 8..<9, "the lane in hand itself"),
  ])
  func whatCannotBeComparedIsNamed(_ line: String, _ range: Range<Int>, _ words: String) throws {
    let workbench = workbench(try .letters())
    type(workbench, line)
    let fault = try #require(workbench.state.prompt?.fault)
    #expect(fault.message.contains(words), "\(fault.message)")
    #expect(fault.range == nil || fault.range == range)
    #expect(workbench.state.view == .lanes)
  }

  // MARK: - Second runs

  @Test func anotherTextIsRecordedAsTheCursorReachesIt() throws {
    let scene = try Scene.letters()
    let workbench = workbench(scene)
    type(workbench, "compare text " + Self.text)
    let run = try #require(workbench.state.otherRuns.first)
    #expect(workbench.state.view == .compare && run.name == "“\(Self.text.prefix(17))…”")
    #expect(run.trace.recordedSteps == 1 && run.trace.length == 23)
    workbench.type("lllllllll")
    #expect(run.trace.recordedSteps == 10 && scene.session.trace.recordedSteps == 10)
    let pair = try Comparison.of(workbench.state)
    let survey = try #require(workbench.state.overviews.survey(of: pair.difference))
    #expect(survey.steps == 10)
    // Past its end only the first goes on.
    workbench.type("G")
    #expect(run.trace.recordedSteps == 23 && workbench.state.step == 29)
    #expect(survey.steps == 23)
    let screen = workbench.frame().text
    #expect(screen.contains("from step 23 on there is only reber"))
    #expect(screen.contains(Words.onlyOneHere))

    type(workbench, "compare off")
    #expect(workbench.state.otherRuns.isEmpty && workbench.state.message == nil)
    #expect(try !Comparison.of(workbench.state).isOfRuns)
  }

  @Test func whatItReadIsRecordedExactly() throws {
    let scene = try Scene.letters()
    let workbench = workbench(scene)
    type(workbench, "compare text " + Self.text)
    workbench.type("G")
    let run = try #require(workbench.state.otherRuns.first)
    let plain = try Scene(try TestModels.letters(.lstm), text: Self.text)
    plain.recorder.recordAll()
    for step in 0..<23 {
      for unit in 0..<8 {
        #expect(
          run.trace.value(track: 0, signal: .c, step: step, unit: unit)
            == plain.session.trace.value(track: 0, signal: .c, step: step, unit: unit))
      }
    }
  }

  @Test func anotherModelReadsTheSameInput() throws {
    let workbench = workbench(try .letters())
    workbench.type("lllllll")
    type(workbench, "lane z")
    type(workbench, "compare model dir/gru.pt")
    #expect(workbench.state.otherRuns.first?.name == "gru.pt")
    // It has no z, but n; h is in both.
    #expect(workbench.state.view == .compare)
    #expect(workbench.frame().text.contains("gru.pt has no z; n comes nearest"))
    workbench.press(.backTab)
    let pair = try Comparison.of(workbench.state)
    #expect(pair.second.trace.recordedSteps == 8 && pair.difference.units == 5)
    #expect(workbench.frame().text.contains("units 5 to 7 are only in reber"))
    // c goes to what can be compared: r, u, n for a lane that the other has none of.
    workbench.press(.backTab, "c", "c")
    #expect(try Comparison.of(workbench.state).isOfRuns)
  }

  /// Symbols that another model numbers otherwise stay the same symbols.
  @Test func tokensGoBySymbolNotByNumber() throws {
    let workbench = workbench(try .letters())
    type(workbench, "compare model turned.pt")
    let trace = try #require(workbench.state.otherRuns.first?.trace)
    for step in 0..<30 {
      #expect(trace.tokenText(at: step) == workbench.state.trace.tokenText(at: step))
      #expect(trace.token(at: step) == 6 - workbench.state.trace.token(at: step)!)
    }
  }

  @Test(arguments: [
    ("model nowhere.pt", "nowhere.pt: no such file"), ("text BTQ", "not in the model's vocabulary"),
    ("model few.pt", "few.pt has no symbol V, which step 4 reads"),
    ("model narrow.pt", "narrow.pt: step 3: token 2"),
  ])
  func aRunThatCannotBeMadeIsSaid(_ what: String, _ words: String) throws {
    let workbench = workbench(try .letters())
    type(workbench, "compare " + what)
    let message = try #require(workbench.state.message)
    #expect(message.isError && message.text.contains(words), "\(message.text)")
    #expect(workbench.state.view == .lanes && workbench.state.otherRuns.isEmpty)
  }

  @Test func theWayOfASecondRunGoesInSlicesAndCanBeStopped() throws {
    let scene = try Scene.letters()
    var state = scene.recordedState()
    state.step = 20
    state.otherRuns = [
      try OtherRunOpener(session: scene.session, readModel: Self.models)
        .open(.text(Self.text + Self.text))
    ]
    let recorder = try #require(state.otherRuns[0].recorder)
    #expect(update(&state, .otherOpened) == [.recordOther(0, through: 20)])
    #expect(state.view == .compare && state.pending == .reachOther)
    recorder.record(through: 9)
    #expect(update(&state, .otherRecorded) == [.recordOther(0, through: 20)])
    recorder.record(through: 20)
    #expect(update(&state, .otherRecorded) == [] && state.pending == nil)

    #expect(press(&state, ["l", "l"]) == [.recordOther(0, through: 21)])
    _ = press(&state, [.escape])
    #expect(state.pending == nil && state.view == .lanes)
    #expect(update(&state, .otherRecorded) == [])
  }

  @Test func aReplayComparesAgain() throws {
    let workbench = workbench(try .letters())
    workbench.type("lllll")
    type(workbench, "compare text " + Self.text)
    workbench.type("d", "lll")
    let again = self.workbench(try .letters())
    try again.replay(workbench.state.journal.lines.filter { !$0.hasPrefix("size") })
    #expect(again.frame().text == workbench.frame().text)
    #expect(again.state.comparison == workbench.state.comparison)
  }

  // MARK: - What is drawn

  /// From both traces, value by value, to the colours of the difference.
  @Test(arguments: [TimeScale.normal, .steps(2)], [Representative.mean, .extreme])
  func theDifferenceIsFirstMinusSecond(_ time: TimeScale, _ what: Representative) throws {
    let scene = try Scene(
      try TestModels.calm(units: 12), .tokens((0..<300).map { ($0 * $0 / 5 + $0) % 7 }))
    let workbench = workbench(scene) { state in
      state.lane = 4
      state.zoom.time = time
      state.zoom.reduction = what
    }
    type(workbench, "compare text " + String(repeating: Self.text, count: 9))
    workbench.type(":250\r", ":100\r", "d")
    let state = workbench.state
    let pair = try Comparison.of(state)
    let grid = render(state)
    let frame = CompareLayout(state, pair, body: FrameLayout(state).body).frames[0]
    let measured = try #require(state.overviews.survey(of: pair.difference))
    let survey = measured.summary
    var worst: Float = 0
    var checked = 0
    for step in 0..<207 {
      for unit in 0..<12 { worst = max(worst, abs(difference(pair, step, unit))) }
    }
    #expect(survey.worst == worst && survey.count == 207 * 12)
    #expect(measured.magnitudes.count == survey.count)
    let usual = SignalExtent.usual(measured.magnitudes, largest: worst)
    let scale = HeatScale(.signed(limit: Numbers.roundedUp(usual)), state.theme)
    for column in frame.time.cells {
      let steps = frame.time.things(in: column).clamped(to: 0..<207)
      for unit in 0..<12 where !frame.isUnderCursor(column, of: state.step) {
        let found = frame.color(
          ofTime: column, y: frame.heat.y + unit * frame.units.cellSize, in: grid)
        guard !steps.isEmpty else {
          #expect(found == state.theme.ground)
          continue
        }
        let values = steps.map { difference(pair, $0, unit) }
        let value =
          what == .mean
          ? values.reduce(0, +) / Float(values.count)
          : values.reduce(values[0]) { abs($1) > abs($0) ? $1 : $0 }
        let wanted = scale.cell(for: value, isDimmed: column * frame.time.perCell > state.step)
          .style.background
        if !isClose(found, wanted) { Issue.record("steps \(steps) unit \(unit): \(value)") }
        checked += 1
      }
    }
    #expect(checked > 500)
  }

  private func difference(_ pair: Comparison, _ step: Int, _ unit: Int) -> Float {
    let values = [pair.first, pair.second].map {
      $0.trace.value(track: $0.track, signal: $0.signal, step: step, unit: unit)
    }
    return values[0] - values[1]
  }

  private func isClose(_ a: Color?, _ b: Color?) -> Bool {
    guard let a, let b else { return false }
    return zip([a.red, a.green, a.blue], [b.red, b.green, b.blue]).allSatisfy {
      abs(Int($0) - Int($1)) <= 1
    }
  }

  /// A filter and an order are those of the first; units that the second has none of stay empty.
  @Test(arguments: [false, true], [TimeScale.normal, .everything])
  func onlyWhatIsShownIsCompared(_ isDifference: Bool, _ time: TimeScale) throws {
    let workbench = workbench(try .letters())
    workbench.type("lllllllll")
    type(workbench, "lane h")
    type(workbench, "compare model dir/gru.pt")
    type(workbench, "filter 1,4..7")
    workbench.press("O")
    if isDifference { workbench.press("d") }
    if time != .normal { workbench.press("Z") }
    let state = workbench.state
    #expect(state.shownCount == 5)
    let pair = try Comparison.of(state)
    for frame in CompareLayout(state, pair, body: FrameLayout(state).body).frames {
      #expect(frame.units.count == 5 && frame.units.things == 0..<5)
    }
    #expect(workbench.frame().text.contains("units 5 to 7 are only in reber"))
  }

  /// What has no bounds has the same colours for the same values on both sides.
  @Test func bothSidesHaveTheSameLimits() throws {
    let workbench = workbench(try .letters())
    type(workbench, "lane c")
    type(workbench, "compare text " + Self.text)
    workbench.type("G")
    let lines = workbench.frame().text.split(separator: "\n").filter {
      $0.contains("  c ") || $0.hasPrefix("  c")
    }
    let headers = lines.filter { $0.contains("-") && $0.contains("+") }
    #expect(headers.count == 2)
    let limits = headers.map { line in
      line.split(separator: " ").filter { $0.contains("-") || $0.contains("+") }
    }
    #expect(Set(limits).count == 1 && limits[0].count == 2)
  }
}

extension Comparison {
  var second: TracedSignal { lanes[1].signal }
  var difference: SignalSource { differences[0] }
  var letters: String { letters(of: lanes[1]) }
}
