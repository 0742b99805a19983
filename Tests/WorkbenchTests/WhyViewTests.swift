import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing

@testable import Workbench

/// The view that answers why: what is asked, what follows, what is refused.
@Suite struct WhyViewTests {
  private func state(_ cell: CellKind = .lstm, step: Int = 17) throws -> State {
    var state = try Scene.letters(cell).recordedState()
    state.step = step
    state.unit = 2
    return state
  }

  private func type(_ state: inout State, _ lines: String...) {
    for line in lines { _ = update(&state, .instruct(try! Instruction(parsing: line))) }
  }

  /// Goes on until nothing is pending.
  private func settle(_ state: inout State) {
    while state.pending != nil { _ = update(&state, .goOn) }
  }

  @Test(arguments: [
    (CellKind.lstm, "c", WhyState.Mode.write), (.lstm, "f", .gate), (.lstm, "z", .gate),
    (.lstm, "h", .out), (.gru, "h", .write), (.gru, "n", .gate), (.rnn, "h", .gate),
    (.lstm, "loss", .gradient),
  ])
  func theLaneInHandSaysWhatIsAsked(_ cell: CellKind, _ lane: String, _ mode: WhyState.Mode) throws
  {
    var state = try state(cell)
    type(&state, "lane \(lane)")
    _ = update(&state, .key("w"))
    settle(&state)
    #expect(state.view == .why && state.why.mode == mode)
    #expect(state.unit == 2 && state.step == 17)
    #expect(state.journal.lines.last == "why")
    if case .refused(let error) = WhyAnswer(state) { Issue.record("\(error)") }
  }

  /// A memory that the first letter alone has written: far behind, its bar is not in sight, and what is
  /// must not look as if it were the cause.
  @Test func aCauseOutOfSightIsNamed() throws {
    let letters = TestModels.letters
    let count = letters.count
    func row(_ first: Float, _ others: Float) -> [Float] {
      [first] + Array(repeating: others, count: count - 1)
    }
    // z is 1 always, f keeps all, i opens for the first letter and hardly for the others.
    let layer = try Layer(
      shape: LayerShape(cell: .lstm, inputSize: count, hiddenSize: 1),
      weights: [
        LayerWeights(
          inputWeights: row(9, 9) + row(0, 0) + row(20, 0) + row(0, 0),
          recurrentWeights: [0, 0, 0, 0], inputBias: [0, 100, -7, 0])
      ])
    let model = TrainedModel(
      network: try Network(layers: [layer]), vocabulary: Vocabulary(letters))
    let text = letters[0] + String(repeating: letters[1], count: 299)
    var state = try Scene(model, text: text).recordedState()
    state.step = 299
    type(&state, "why c[0]")
    let grid = render(state)
    let rows = (0..<24).map { grid.text(row: $0) }
    #expect(rows.contains { $0.contains("◂ 0 \(letters[0])") }, "\(rows)")
    #expect(!rows.contains { $0.contains("██") })
    state.step = 9
    type(&state, "why c[0]")
    let near = render(state)
    #expect(!(0..<24).contains { near.text(row: $0).contains("◂") })
  }

  @Test func askedAgainItGoesThroughTheQuestions() throws {
    var state = try state()
    type(&state, "why c[3]")
    var modes: [WhyState.Mode] = []
    for _ in 0..<6 {
      modes.append(state.why.mode)
      _ = update(&state, .key("w"))
      settle(&state)
    }
    #expect(modes == [.write, .gate, .out, .gradient, .integrated, .write])
  }

  @Test(
    arguments: [
      ("c[3]", WhyState.Mode.write, "c", 3, 17, nil), ("f[1] @ 20", .gate, "f", 1, 20, nil),
      ("h[4]@2", .out, "h", 4, 2, nil), ("gate c[5]", .gate, "f", 5, 17, nil),
      ("out", .out, "h", 2, 17, nil), ("@ 9", .write, "c", 2, 9, nil),
      ("y[E] @ 7", .gradient, "c", 2, 7, 3), ("y[3]", .gradient, "c", 2, 17, 3),
      ("integrated y[B]", .integrated, "c", 2, 17, 0), ("l0.fwd.i[6] @ 0", .gate, "i", 6, 0, nil),
      ("l0.z[6]", .gate, "z", 6, 17, nil),
    ] as [(String, WhyState.Mode, String, Int, Int, Int?)])
  func questionsAreRead(
    _ text: String, _ mode: WhyState.Mode, _ signal: String, _ unit: Int, _ step: Int,
    _ output: Int?
  ) throws {
    var state = try state()
    type(&state, "why \(text)")
    settle(&state)
    let question = state.whyQuestion
    #expect(state.message == nil)
    #expect(state.view == .why)
    #expect(question.mode == mode && question.signal.rawValue == signal)
    #expect(question.unit == unit && question.step == step && question.output == output)
  }

  @Test(arguments: [
    ("c[99]", 2..<4, "there is no unit 99; the last is 7"),
    ("c[x]", 2..<3, "x is no number from 0 on"), ("c[", 1..<2, "the bracket is never closed"),
    ("c[]", 2..<3, "is no number"),
    ("q[3]", 0..<1, "q is no signal; there is z, f, i, o, c, h and y"),
    ("r[3]", 0..<1, "r is no signal"),
    ("f[3] @ 900", 7..<10, "there is no step 900; the last is 29"),
    ("f[3] @", 5..<6, "@ is no number"), ("y[月]", 2..<3, "no output is 月; there are 0 to 6"),
    ("l7.c[3]", 0..<2, "l7 is no layer; there is l0.fwd"),
    ("write gate", 6..<10, "gate is no signal"),
    ("gate f[3] @ -1", 12..<14, "-1 is no number"),
  ])
  func faultsAreMarked(_ text: String, _ range: Range<Int>, _ words: String) throws {
    var state = try state()
    let before = state.place
    do throws(InstructionError) {
      _ = try carryOut(&state, Instruction(.why, text))
      Issue.record("\(text) was read")
    } catch {
      #expect(error.range == range)
      #expect(error.message.contains(words), "\(error.message)")
    }
    #expect(state.place == before)
  }

  @Test func aModelWithoutReadoutPredictsNothing() throws {
    let network = try TestModels.network([LayerShape(cell: .lstm, inputSize: 7, hiddenSize: 4)])
    var model = try TestModels.letters(.lstm)
    model.network = network
    var state = try Scene(model, text: "BTXSE").recordedState()
    do throws(InstructionError) {
      _ = try carryOut(&state, Instruction(.why, "gradient c[1]"))
      Issue.record("it was read")
    } catch {
      #expect(error.range == 0..<8 && error.message.contains("no readout"))
    }
    type(&state, "why", "why gate", "why out")
    #expect(WhyAnswer(state).ranked.count > 0)
    _ = update(&state, .key("w"))
    guard case .refused(.noReadout) = WhyAnswer(state) else {
      Issue.record("\(WhyAnswer(state))")
      return
    }
  }

  @Test func aWriteLeadsToItsStepAndBack() throws {
    var state = try state()
    type(&state, "why c[2]")
    guard case .write(let writes) = WhyAnswer(state) else { return }
    _ = press(&state, [.down, .down])
    let expected = writes.writes[writes.ranked[2]].step
    _ = update(&state, .key(.enter))
    #expect(state.step == expected && state.unit == 2 && state.why.mode == .write)
    #expect(state.why.trail.count == 1)
    _ = update(&state, .key(.backspace))
    #expect(state.step == 17 && state.why.trail.isEmpty)
    _ = update(&state, .key(.backspace))
    #expect(state.message?.text == Words.whyBegins)
  }

  @Test func aUnitInAGateLeadsToItsMemoryAStepBefore() throws {
    var state = try state()
    type(&state, "why f[2]")
    guard case .gate(let split) = WhyAnswer(state) else { return }
    for (row, place) in split.ranked.enumerated() {
      guard case .hidden(let unit) = split.parts[place].cause else { continue }
      type(&state, "next-unit \(row + 1)", "previous-unit 1", "tour-next")
      #expect(state.step == 16 && state.unit == unit)
      #expect(state.why.mode == .write && state.currentSignal == .c)
      type(&state, "tour-back")
      #expect(state.step == 17 && state.unit == 2 && state.currentSignal == .f)
      return
    }
  }

  @Test func whatIsTheEndIsSaid() throws {
    var state = try state()
    type(&state, "why f[2]")
    guard case .gate(let split) = WhyAnswer(state) else { return }
    let row = try #require(split.ranked.firstIndex { split.parts[$0].cause == .bias })
    if row > 0 { type(&state, "next-unit \(row)") }
    _ = update(&state, .key(.enter))
    #expect(state.message?.text == Words.whyEnds && state.why.trail.isEmpty)
  }

  @Test func pushesLeadToWhatTheyReach() throws {
    var state = try state()
    type(&state, "why out h[2]")
    guard case .out(let out) = WhyAnswer(state) else { return }
    for (row, place) in out.ranked.enumerated() {
      var there = state
      if row > 0 { type(&there, "next-unit \(row)") }
      type(&there, "tour-next")
      settle(&there)
      switch out.pushes[place].reader {
      case .output(let output):
        #expect(there.why.mode == .gradient && there.chosenOutput == output && there.step == 17)
      case .next(let gate, let unit):
        #expect(there.why.mode == .gate && there.currentSignal == gate)
        #expect(there.unit == unit && there.step == 18)
      case .above: Issue.record("there is one layer")
      }
    }
  }

  @Test func aTokenLeadsToTheUnitThatCarriedIt() throws {
    var state = try state()
    type(&state, "why y")
    settle(&state)
    guard case .prediction(let answer) = WhyAnswer(state) else {
      Issue.record("\(WhyAnswer(state))")
      return
    }
    #expect(answer.steps == 0..<18 && answer.integrated == nil)
    let step = WhyAnswer(state).ranked[1]
    type(&state, "next-unit", "tour-next")
    #expect(state.step == step && state.why.mode == .write)
  }

  /// The text has the colours of the answer, until a lane is taken in hand.
  @Test func theTextIsColouredByTheAnswer() throws {
    var state = try state()
    type(&state, "why y")
    settle(&state)
    type(&state, "view text")
    #expect(PredictedText(state)?[16] != nil && PredictedText(state)?[18] == nil)
    #expect(render(state).text.contains("rested on"))
    type(&state, "next-lane")
    #expect(PredictedText(state) == nil && !render(state).text.contains("rested on"))
  }

  @Test func layersLeadToEachOther() throws {
    var state = try Scene(try TestModels.bidirectional(), text: TestModels.reberText)
      .recordedState()
    state.step = 9
    type(&state, "why l1.fwd.f[1]")
    guard case .gate(let split) = WhyAnswer(state) else { return }
    let row = try #require(
      split.ranked.firstIndex { if case .below(7) = split.parts[$0].cause { true } else { false } })
    if row > 0 { type(&state, "next-unit \(row)") }
    type(&state, "tour-next")
    #expect(state.track == 1 && state.unit == 1 && state.step == 9)
    // A track that reads backwards comes from what follows.
    type(&state, "why gate f[1]")
    guard case .gate(let backwards) = WhyAnswer(state) else { return }
    let hidden = try #require(
      backwards.ranked.firstIndex {
        if case .hidden = backwards.parts[$0].cause { true } else { false }
      })
    if hidden > 0 { type(&state, "next-unit \(hidden)") }
    type(&state, "tour-next")
    #expect(state.step == 10)
  }

  /// A key ends a long search; asked again, it goes on.
  @Test func anyKeyStopsTheSearch() throws {
    var state = try state()
    type(&state, "why y")
    #expect(state.pending == .explain)
    _ = update(&state, .key(.down))
    #expect(state.pending == nil && state.message?.text == Words.stopped)
    guard case .stopped = WhyAnswer(state) else {
      Issue.record("\(WhyAnswer(state))")
      return
    }
    _ = update(&state, .key("w"))
    #expect(state.pending == .explain && state.why.mode == .gradient)
    settle(&state)
    #expect(WhyAnswer(state).ranked.count == 18)
    // It is kept: back at the step nothing has to be found again.
    type(&state, "step-forward")
    settle(&state)
    type(&state, "step-back")
    #expect(state.pending == nil && WhyAnswer(state).ranked.count == 18)
  }

  @Test func aTraceWithoutItsModelKnowsTheWritesAlone() throws {
    var state = try Scene(
      viewing: ViewedTraces.file(of: .letters()), name: "t.npz", symbols: TestModels.letters
    ).recordedState()
    state.step = 12
    type(&state, "why c[3]")
    guard case .write(let writes) = WhyAnswer(state) else {
      Issue.record("\(WhyAnswer(state))")
      return
    }
    #expect(abs(writes.sum - Double(writes.value)) < 1e-5)
    for _ in 0..<4 {
      _ = update(&state, .key("w"))
      guard case .refused(.noModel) = WhyAnswer(state) else {
        Issue.record("\(WhyAnswer(state))")
        return
      }
    }
  }

  @Test func aClickAsksOfAValue() throws {
    func place(_ state: State, _ line: String) -> Point? {
      for y in 0..<state.height {
        for x in 0..<state.width {
          if case .instruction(let instruction)? = Hit(at: Point(x: x, y: y), in: state)?.target,
            instruction.description == line
          {
            return Point(x: x, y: y)
          }
        }
      }
      return nil
    }
    for view in [ViewKind.lanes, .unit] {
      var state = try state()
      (state.width, state.height) = (120, 40)
      state.view = view
      let place = try #require(place(state, "why c[2]"), "\(view)")
      _ = update(&state, .mouse(MouseEvent(.press(.left), at: place)))
      #expect(state.view == .why && state.why.mode == .write && state.unit == 2)
    }
    // In the cell a value that is in hand is asked about.
    var state = try state()
    (state.width, state.height) = (120, 40)
    type(&state, "view cell", "lane f", "unit 3")
    let lane = state.laneInHand
    let cell = (0..<state.height).flatMap { y in (0..<state.width).map { Point(x: $0, y: y) } }
      .first {
        guard case .spot(let spot)? = Hit(at: $0, in: state)?.target else { return false }
        return spot.lane == lane && spot.unit == 3
      }
    _ = update(&state, .mouse(MouseEvent(.press(.left), at: try #require(cell))))
    #expect(state.view == .why && state.why.mode == .gate && state.unit == 3)
    // There a click chooses a cause, another one follows it.
    let second = try #require(place(state, "next-unit 1"))
    _ = update(&state, .mouse(MouseEvent(.press(.left), at: second)))
    #expect(state.whyRow == 1)
    let tab = try #require(place(state, "why out"))
    _ = update(&state, .mouse(MouseEvent(.press(.left), at: tab)))
    #expect(state.why.mode == .out)
  }

  /// What was asked and followed, done again from its journal, shows the same screen.
  @Test func aJournalLeadsToTheSameAnswer() throws {
    let scene = try Scene.letters()
    let first = scene.workbench(scene.state(width: 100, height: 30))
    first.finish()
    first.type("Llljj")
    first.type(":why c[3] @ 14\r")
    first.press(.down, .down, .enter)
    first.type("www")
    first.press(.down)
    let lines = first.state.journal.lines
    let other = try Scene.letters()
    var state = other.state(width: 100, height: 30)
    state.isHeadless = true
    let second = other.workbench(state)
    try second.replay(lines.map { $0[...] })
    #expect(GridDump(second.frame()).description == GridDump(first.frame()).description)
  }

  // MARK: - Screens

  static let screens: [GoldenScreen] =
    [(80, 24), (120, 40)].flatMap { width, height in
      [
        ("write", ":why c[3] @ 17\r"), ("gate", ":why f[3] @ 17\r"), ("out", ":why h[3] @ 17\r"),
        ("gradient", ":why y @ 17\r"), ("integrated", ":why integrated y[E] @ 17\r"),
      ].map { name, keys in
        GoldenTests.screen(
          "why/\(name)-\(width)x\(height)", .init(colors: .indexed), width, height, typing: keys
        ) { try .letters() }
      }
    } + [
      GoldenTests.screen("why/gru-write", .init(), 80, 24, typing: ":why h[3] @ 9\rjj") {
        try .letters(.gru)
      },
      GoldenTests.screen("why/rnn-write", .init(), 80, 24, typing: ":why write @ 9\r") {
        try .letters(.rnn)
      },
      GoldenTests.screen("why/trail", .init(), 80, 24, typing: ":why f[3] @ 17\rjj\rj\r") {
        try .letters()
      },
      GoldenTests.screen("why/without-model", .init(), 80, 24, typing: ":why gate @ 9\r") {
        try ViewedTraces.narrowed()
      },
      GoldenTests.screen("why/smallest", .init(), 60, 16, typing: ":why c[3] @ 17\r") {
        try .letters()
      },
      GoldenTests.screen(
        "why/light", .init(colors: .indexed, theme: .light), 80, 24, typing: ":why y @ 17\r"
      ) {
        try .letters()
      },
    ]
}
