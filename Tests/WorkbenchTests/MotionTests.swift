import Screen
import Testing

@testable import Workbench

/// `update` alone: where keys lead, over thirty recorded steps of eight units.
@Suite struct MotionTests {
  /// Where a person is: step, unit, lane.
  struct Place: Equatable, Sendable, CustomStringConvertible {
    var step = 10
    var unit = 3
    var lane = 0
    var view = ViewKind.lanes
    var description: String { "step \(step) unit \(unit) lane \(lane) \(view)" }
  }

  private func place(_ state: State) -> Place {
    Place(step: state.step, unit: state.unit, lane: state.lane, view: state.view)
  }

  private func start() throws -> State {
    var state = try Scene.letters().recordedState()
    state.step = 10
    state.unit = 3
    return state
  }

  static let moves: [([Key], Place)] = [
    ([.right], Place(step: 11)), (["l"], Place(step: 11)), ([.left], Place(step: 9)),
    (["h"], Place(step: 9)), ([.home], Place(step: 0)), (["g"], Place(step: 0)),
    ([.end], Place(step: 29)), (["G"], Place(step: 29)),
    // A screenful of the 22 steps that fit, two of which stay.
    ([.pageUp], Place(step: 0)), ([.pageDown], Place(step: 29)),
    ([.home, .pageDown], Place(step: 20)), ([.end, .pageUp], Place(step: 9)),
    ([.down], Place(unit: 4)), (["j"], Place(unit: 4)), ([.up], Place(unit: 2)),
    (["k"], Place(unit: 2)), (keys("kkkkk"), Place(unit: 0)), (keys("jjjjjjj"), Place(unit: 7)),
    ([.tab], Place(lane: 1)), ([.backTab], Place(lane: 5)),
    (Array(repeating: .tab, count: 6), Place(lane: 0)), ([.backTab, .tab], Place(lane: 0)),
    (["v"], Place(view: .cell)), (keys("vv"), Place(view: .unit)), (["2"], Place(view: .cell)),
    (keys("2v"), Place(view: .unit)), (["]"], Place()), (["["], Place()),
    // Ten at once.
    (["L"], Place(step: 20)), (["H"], Place(step: 0)), ([.shiftRight], Place(step: 20)),
    (["L", .shiftLeft], Place(step: 10)), (keys("LL"), Place(step: 29)),
    ([.shiftDown], Place(unit: 7)), ([.shiftUp], Place(unit: 0)),
    // A digit is a view, whatever follows, and nothing else.
    (["3", "l"], Place(step: 11, view: .unit)), (["3", .right], Place(step: 11, view: .unit)),
    (keys("12l"), Place(step: 11, view: .cell)), (keys("23G"), Place(step: 29, view: .unit)),
    (keys("2j"), Place(unit: 4, view: .cell)), (keys("1l"), Place(step: 11)),
    (["2", .tab], Place(lane: 1, view: .cell)), (["2", .home], Place(step: 0, view: .cell)),
    (["2", .escape], Place(view: .cell)), (keys("21"), Place()), (keys("0l"), Place(step: 11)),
    (keys("9l"), Place(step: 11)),
    // Numbers after a colon: a step, or so many with a sign.
    (line("23"), Place(step: 23)), (line("+12"), Place(step: 22)), (line("-5"), Place(step: 5)),
    (line("+99"), Place(step: 29)), (line("-99"), Place(step: 0)), (line("0"), Place(step: 0)),
    (line("500"), Place(step: 29)), (line("step-forward 3"), Place(step: 13)),
    (line("next-lane 1000000000"), Place(lane: 4)),
    (line("previous-lane 1000000000"), Place(lane: 2)),
  ]

  @Test(arguments: moves)
  func keysLeadToAPlace(_ keys: [Key], _ expected: Place) throws {
    var state = try start()
    let effects = press(&state, keys)
    #expect(place(state) == expected)
    #expect(effects == [], "nothing needs computing")
  }

  private static func line(_ text: String) -> [Key] { keys(":" + text) + [.enter] }

  /// Digits that name no view say so; the others wait for nothing.
  @Test func digitsChooseViewsAndNothingElse() throws {
    var state = try start()
    for (index, view) in ViewKind.allCases.enumerated() where view != .table {
      _ = press(&state, keys(String(index + 1)))
      #expect(state.view == view && state.message == nil)
    }
    for digit in keys("09") {
      _ = press(&state, [digit])
      #expect(state.view == .flow)
      #expect(state.message?.text == Words.unknownKey(digit.label))
    }
  }

  @Test(arguments: [
    ("+", "no command"), ("-", "no command"), ("+x", "no command"), ("--3", "no command"),
    ("+0", "is no count"), ("+99999999999999999999", "is no count"),
    ("99999999999999999999", "is no number"), ("+3 4", "no command"), ("٣", "no command"),
  ])
  func whatIsNoNumberSaysSo(_ text: String, _ message: String) throws {
    var state = try start()
    _ = press(&state, Self.line(text))
    #expect(state.step == 10)
    #expect(
      state.prompt?.fault?.message.contains(message) == true, "\(text): \(state.prompt as Any)")
  }

  @Test func theFirstAndLastStepSaySo() throws {
    var state = try start()
    let ends: [([Key], String?)] = [
      (["g"], nil), (["h"], Words.atStart), (["l"], nil), (["G"], nil), (["l"], Words.atEnd),
      ([.pageDown], Words.atEnd), (["h"], nil), (Self.line("+99"), nil),
      (Self.line("+9"), Words.atEnd), (Self.line("999"), "29 is the last step"),
      (Self.line("30"), "29 is the last step"), (Self.line("29"), nil),
    ]
    for (keys, message) in ends {
      _ = press(&state, keys)
      #expect(state.message?.text == message, "\(keys)")
      #expect(state.message?.isError != true)
    }
  }

  @Test func layersAndDirectionsGoRound() throws {
    let scene = try Scene(try TestModels.bidirectional(), text: TestModels.reberText)
    var state = scene.recordedState()
    state.unit = 5
    var seen: [Int] = []
    for _ in 0..<4 {
      _ = press(&state, ["]"])
      seen.append(state.track)
    }
    #expect(seen == [1, 2, 3, 0])
    #expect(state.unit == 4, "the upper layer has five units")
    #expect(state.message == nil)
    _ = press(&state, ["["])
    #expect(state.track == 3)
    _ = press(&state, keys("[["))
    #expect(state.track == 1)
    _ = press(&state, Self.line("next-layer 9"))
    #expect(state.track == 2)
  }

  @Test func oneLayerSaysSo() throws {
    var state = try start()
    _ = press(&state, ["]"])
    #expect(state.message?.text == Words.oneTrack)
  }

  @Test func aLaneThatIsNotThereIsLeft() throws {
    // An LSTM under a tanh RNN: six lanes, then one.
    let network = try TestModels.network([
      .init(cell: .lstm, inputSize: 7, hiddenSize: 8),
      .init(cell: .rnn, inputSize: 8, hiddenSize: 2),
    ])
    let scene = try Scene(.init(network: network), .tokens([0, 1, 2]))
    var state = scene.recordedState()
    _ = press(&state, [.backTab, "j", "]"])
    #expect((state.track, state.lane, state.unit) == (1, 0, 1))
    #expect(render(state).text.contains("hidden state"))
  }

  @Test(arguments: [Key.character("~"), .character("é"), .delete, .control("x")])
  func aKeyWithoutACommandSaysItsName(_ key: Key) throws {
    var state = try start()
    #expect(press(&state, [key]) == [])
    #expect(state.message == .init(text: Words.unknownKey(key.label), isError: false))
    #expect(state.message?.text.hasPrefix(key.label) == true)
    #expect(place(state) == Place())
    _ = press(&state, ["l"])
    #expect(state.message == nil)
  }

  @Test func quitAndRedraw() throws {
    var state = try start()
    #expect(press(&state, [.control("l")]) == [.redraw])
    #expect(!state.hasQuit)
    #expect(press(&state, ["q"]) == [])
    #expect(state.hasQuit)
  }

  @Test(arguments: [(0, 0), (1, 1), (1, 100), (300, 1), (-5, -5), (59, 16), (60, 16), (300, 100)])
  func everyCommandWorksAtEverySize(_ width: Int, _ height: Int) throws {
    var state = try start()
    _ = update(&state, .resize(width: width, height: height))
    #expect((state.width, state.height) == (width, height))
    for command in Command.allCases where command != .quit {
      let binding = try #require(
        Keymap.standard.bindings.first { $0.instruction.command == command })
      if let key = binding.keys.first {
        _ = press(&state, [key])
      } else {
        _ = press(&state, keys(":\(command.rawValue) 1") + [.enter])
      }
      let grid = render(state)
      #expect((grid.width, grid.height) == (max(0, width), max(0, height)))
      _ = press(&state, [.escape])
    }
  }
}
