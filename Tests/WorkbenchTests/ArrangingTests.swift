import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing

@testable import Workbench

/// Orders, pins and filters of the units.
@Suite struct ArrangingTests {
  private static let lanes = [
    GroundTruthLane(
      name: "since B", kind: .number, values: (0..<30).map { Float($0 % 10) }),
    GroundTruthLane(name: "letter", kind: .symbol, values: [], symbols: ["a"]),
    GroundTruthLane(
      name: "held", kind: .flag, values: (0..<30).map { $0 % 10 > 4 ? 1 : 0 }),
  ]

  private func start(_ cell: CellKind = .lstm, lanes: [GroundTruthLane] = lanes) throws -> State {
    let model = try TestModels.letters(cell)
    let tokens = try #require(model.vocabulary).tokens(of: TestModels.reberText)
    return try Scene(model, .tokens(tokens), lanes: lanes).recordedState()
  }

  private func type(_ state: inout State, _ line: String) {
    run(&state, press(&state, keys(":" + line) + [.enter]))
  }

  /// Slices until nothing is left to be done.
  private func run(_ state: inout State, _ effects: [Effect]) {
    var waiting = effects
    while let effect = waiting.popLast() {
      if effect == .goOn { waiting += update(&state, .goOn) }
    }
  }

  private func shown(_ state: State) -> [Int] { (0..<state.shownCount).map(state.unit(at:)) }

  /// As Inspector orders them.
  private func expected(_ key: OrderKey, _ state: State) -> [Int] {
    var ordering = key.ordering(state, track: 0)
    ordering.advance(budget: .max)
    return ordering.units ?? []
  }

  // MARK: - Orders

  @Test(arguments: [
    ("activity", OrderKey.activity(.h)), ("variance", .variance(.h)), ("half-life", .halfLife),
    ("similarity", .similarity(.h)), ("since B", .lane(0)), ("held", .lane(2)), ("si", nil),
    ("var", .variance(.h)),
  ])
  func ordersGoByTheirNames(_ name: String, _ key: OrderKey?) throws {
    var state = try start()
    type(&state, "lane h")
    type(&state, "order " + name)
    guard let key else {
      #expect(state.prompt?.fault?.range == 6..<8)
      return
    }
    #expect(state.arrangement[track: 0].key == key)
    #expect(shown(state) == expected(key, state))
    #expect(shown(state) != Array(0..<8))
    #expect(state.pending == nil && state.ordering == nil)
    #expect(state.message?.isError == false)
    type(&state, "order " + name)
    #expect(shown(state) == expected(key, state).reversed(), "the same again turns them round")
    type(&state, "order index")
    #expect(shown(state) == Array(0..<8))
    #expect(state.arrangement == Arrangement())
  }

  @Test func oneKeyGoesThroughAllOrdersAndBack() throws {
    var state = try start()
    let names = OrderKey.all(state).map { $0.name(state) }
    #expect(
      names == [
        "index", "activity", "variance", "half-life", "similarity", "since B", "held", "loss",
        "entropy",
      ])
    for name in names.dropFirst() + ["index"] {
      run(&state, press(&state, ["o"]))
      #expect(state.arrangement[track: 0].key.name(state) == name)
    }
    for name in names.reversed() {
      run(&state, press(&state, ["O"]))
      #expect(state.arrangement[track: 0].key.name(state) == name)
    }
    let gru = try start(.gru, lanes: [])
    #expect(
      OrderKey.all(gru).map { $0.name(gru) }
        == ["index", "activity", "variance", "similarity", "loss", "entropy"])
  }

  @Test func theKnownLanesHaveTheirOwnKey() throws {
    var state = try start()
    for lane in [0, 2, nil] {
      run(&state, press(&state, ["s"]))
      #expect(state.orderLane == lane)
    }
    run(&state, press(&state, ["o", "s"]))
    #expect(state.orderLane == 0)
  }

  @Test func theTableSortsByItsColumns() throws {
    var state = try start()
    run(&state, press(&state, ["5"]))
    run(&state, press(&state, [.tab, .tab, "s"]))
    #expect(state.arrangement[track: 0].key == .column("f"))
    let order = shown(state)
    #expect(order != Array(0..<8))
    run(&state, press(&state, ["s"]))
    #expect(shown(state) == order.reversed())
    run(&state, press(&state, ["o"]))
    #expect(state.arrangement[track: 0].key == .activity(.z), "the other orders from the first")
  }

  @Test func anOrderCanBeStoppedAndUndone() throws {
    let scene = try Scene.letters()
    var unrecorded = scene.state()
    #expect(press(&unrecorded, ["j", "o"]) == [.record(through: 29)])
    #expect(unrecorded.pending == .order(.activity(.z), track: 0))
    #expect(unrecorded.journal.lines.last == "next-order")
    #expect(press(&unrecorded, [.escape]) == [])
    #expect(unrecorded.pending == nil)
    #expect(unrecorded.arrangement == Arrangement())
    #expect(unrecorded.journal.lines.last == "next-unit")

    var state = try start()
    run(&state, press(&state, keys("jjjo")))
    let order = shown(state)
    #expect(state.unit == 3)
    run(&state, press(&state, ["U"]))
    #expect(shown(state) == Array(0..<8))
    run(&state, press(&state, ["R"]))
    #expect(shown(state) == order)
  }

  @Test func everyTrackKeepsItsOrder() throws {
    let scene = try Scene(try TestModels.bidirectional(), text: TestModels.reberText)
    var state = scene.recordedState()
    run(&state, press(&state, ["o", "]"]))
    #expect(shown(state) == Array(0..<state.currentTrack.units))
    run(&state, press(&state, ["["]))
    #expect(shown(state) == expected(.activity(.z), state))
  }

  // MARK: - Pins

  @Test func pinnedUnitsStayOnTopOfEveryOrder() throws {
    var state = try start()
    run(&state, press(&state, keys("jjjjjp")))
    #expect(shown(state) == [5, 0, 1, 2, 3, 4, 6, 7])
    #expect((state.unit, state.placeOfUnit) == (5, 0))
    type(&state, "pin 2,6..7")
    #expect(shown(state) == [5, 2, 6, 7, 0, 1, 3, 4])
    run(&state, press(&state, ["o"]))
    #expect(Array(shown(state).prefix(4)) == [5, 2, 6, 7])
    let rest = expected(.activity(.z), state).filter { ![5, 2, 6, 7].contains($0) }
    #expect(Array(shown(state).dropFirst(4)) == rest)
    type(&state, "unpin 2")
    #expect(Array(shown(state).prefix(3)) == [5, 6, 7])
    state.unit = 5
    run(&state, press(&state, ["p"]))
    #expect(state.arrangement[track: 0].pins == [6, 7])
    run(&state, press(&state, ["P"]))
    #expect(state.arrangement[track: 0].pins == [])
    #expect(shown(state) == expected(.activity(.z), state))
  }

  @Test(arguments: [
    ("pin 9", 4, "there are units 0..7"), ("pin 3..1", 4, "backwards"),
    ("pin role=latch", 4, "3,5..9"), ("unpin", nil, "nothing is pinned"),
  ])
  func whatCannotBePinned(_ line: String, _ start: Int?, _ words: String) throws {
    var state = try self.start()
    type(&state, line)
    #expect(state.prompt?.fault?.range?.lowerBound == start)
    #expect(state.prompt?.fault?.message.contains(words) == true)
    #expect(state.arrangement == Arrangement())
  }

  // MARK: - The filter

  @Test func aFilterShowsOnlyWhatFits() throws {
    var state = try start()
    run(&state, press(&state, keys("&3,5..6") + [.enter]))
    #expect(shown(state) == [3, 5, 6])
    #expect(state.unit == 3, "the unit in hand is hidden, so the first that is shown")
    run(&state, press(&state, keys("jjjjjjjjj")))
    #expect(state.unit == 6)
    run(&state, press(&state, ["o"]))
    #expect(shown(state) == expected(.activity(.z), state).filter([3, 5, 6].contains))
    type(&state, "pin 0")
    #expect(shown(state).first == 0 && state.shownCount == 4, "pinned units are always shown")
    // The filter stands in the line to be changed; nothing typed shows all.
    _ = press(&state, ["&"])
    #expect(state.prompt?.string == "3,5..6")
    run(&state, press(&state, [.control("u"), .enter]))
    #expect(state.shownCount == 8)
    #expect(state.prompt == nil)
  }

  @Test func statisticsAreMeasuredWhereAFilterAsksForThem() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    workbench.type(":filter mean(f)>0.5")
    workbench.press(.enter)
    let statistics = try #require(workbench.state.statistics[0])
    let expected = statistics.filter { $0.signals[.f]?.mean ?? 0 > 0.5 }.map(\.unit)
    #expect(!expected.isEmpty && expected.count < 8)
    #expect(shown(workbench.state) == expected)
    workbench.press(.escape)
    #expect(workbench.state.shownCount == 8)
    #expect(workbench.state.journal.lines.last == "filter off")
    workbench.type("U")
    #expect(shown(workbench.state) == expected)
  }

  @Test func aFilterThatNothingFitsChangesNothing() throws {
    var state = try start()
    type(&state, "filter half-life>1e9")
    #expect(state.message?.isError == true)
    #expect(state.arrangement == Arrangement())
    type(&state, "filter half-life>1e9")
    #expect(state.prompt?.fault?.message.contains("no unit is half-life>1e9") == true)
  }

  @Test func aFaultyFilterHasItsPlace() throws {
    var state = try start()
    _ = press(&state, keys("&role=cuonter") + [.enter])
    #expect(state.prompt?.fault?.range == 5..<12)
    #expect(state.prompt?.fault?.message.contains("no role 'cuonter'") == true)
  }

  @Test func goingToAHiddenUnitTakesTheFilterAway() throws {
    var state = try start()
    type(&state, "filter 3..5")
    type(&state, "unit 4")
    #expect(state.shownCount == 3)
    type(&state, "unit 7")
    #expect(state.unit == 7 && state.shownCount == 8)
    #expect(state.message?.text.contains("hid unit 7") == true)
  }

  /// What is drawn has as many rows as units are shown.
  @Test(arguments: ViewKind.allCases)
  func everyViewShowsWhatIsLeft(_ view: ViewKind) throws {
    for (width, height) in [(60, 16), (80, 24), (120, 40)] {
      let scene = try Scene.letters()
      let workbench = scene.workbench(scene.state(width: width, height: height))
      workbench.type(":view \(view.name)")
      workbench.press(.enter)
      workbench.type(":filter 2,6")
      workbench.press(.enter)
      workbench.type(":pin 6")
      workbench.press(.enter)
      let text = workbench.frame().text
      #expect(workbench.state.shown == [6, 2])
      #expect(!text.contains("too small"))
    }
  }
}
