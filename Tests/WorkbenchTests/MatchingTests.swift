import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// Spans of steps, and where the same units are on.
@Suite struct MatchingTests {
  private func start() throws -> State {
    var state = try Scene.letters().recordedState()
    type(&state, "lane z")
    state.step = 10
    return state
  }

  private func type(_ state: inout State, _ line: String) {
    run(&state, press(&state, keys(":" + line) + [.enter]))
  }

  private func run(_ state: inout State, _ effects: [Effect]) {
    var waiting = effects
    while let effect = waiting.popLast() {
      if effect == .goOn { waiting += update(&state, .goOn) }
    }
  }

  private func expected(_ state: State, _ query: SpanQuery) -> SpanMatching {
    var matching = SpanMatching(query, in: state.trace)
    while !matching.advance(budget: .max) {}
    return matching
  }

  // MARK: - The span

  @Test func aSpanGoesFromWhereItWasBegunToTheStepInHand() throws {
    var state = try start()
    #expect(state.span == nil)
    run(&state, press(&state, ["V"]))
    #expect(state.span == 10..<11)
    run(&state, press(&state, keys("lll")))
    #expect(state.span == 10..<14)
    run(&state, press(&state, keys("hhhhh")))
    #expect(state.span == 8..<11)
    run(&state, press(&state, ["V"]))
    #expect(state.span == nil)
    run(&state, press(&state, ["V", .escape]))
    #expect(state.span == nil)
    #expect(state.journal.lines.suffix(2) == ["span", "span"])
    type(&state, "span 3..9")
    #expect(state.span == 3..<10)
    #expect(state.step == 9)
    type(&state, "span 9..3")
    #expect(state.span == 3..<10)
    #expect(state.step == 3)
  }

  @Test(arguments: [
    ("span -1..3", 5..<10, "no span"), ("place 0", nil, "no list yet"),
    ("span 3", 5..<6, "no span"), ("span 3..30", 5..<10, "is 29"),
    ("span ..", 5..<7, "no span"), ("match 0", 6..<7, "no threshold"),
    ("match 0.4  beyond", 11..<17, "no threshold"), ("match nan", 6..<9, "no threshold"),
  ])
  func aFaultHasItsPlace(_ line: String, _ range: Range<Int>?, _ words: String) throws {
    var state = try start()
    type(&state, line)
    #expect(state.prompt?.fault?.range == range)
    #expect(state.prompt?.fault?.message.contains(words) == true)
    #expect(state.spanStart == nil && state.matches == nil && state.pending == nil)
  }

  // MARK: - Matches

  @Test(arguments: [
    ("*", 0.3, false, false), (":match 0.2", 0.2, false, false),
    (":match after 0.25 before", 0.25, true, true), (":match before", 0.3, true, false),
    (":match 0.999", 0.999, false, false),
  ])
  func theSameUnitsAreLookedFor(_ typed: String, _ threshold: Float, _ before: Bool, _ after: Bool)
    throws
  {
    var state = try start()
    run(&state, press(&state, keys("Vll" + typed) + (typed == "*" ? [] : [.enter])))
    let query = SpanQuery(
      track: 0, signal: .z, steps: 10..<13, threshold: threshold, isOffBefore: before,
      isOffAfter: after)
    let found = expected(state, query)
    let units = try #require(found.units)
    guard !units.isEmpty else {
      #expect(state.matches == nil && state.span == 10..<13)
      #expect(state.message?.text.contains("no unit's z is on") == true)
      return
    }
    let matches = try #require(state.matches)
    #expect(matches.query == query)
    #expect(matches.units == units)
    #expect(matches.places == found.matches)
    #expect(state.span == nil)
  }

  @Test func nAndNGoThroughThePlacesByRank() throws {
    var state = try start()
    run(&state, press(&state, keys("Vl*")))
    let places = try #require(state.matches?.places)
    try #require(places.count > 2)
    var seen = [state.step]
    for key in [Key]([.character("n"), "n", "N", "N", "N", "n"]) {
      run(&state, press(&state, [key]))
      seen.append(state.step)
    }
    let starts = places.map(\.steps.lowerBound)
    #expect(seen == [0, 1, 2, 1, 0, starts.count - 1, 0].map { starts[$0] })
    run(&state, press(&state, [.control("o")]))
    run(&state, press(&state, keys("/XX") + [.enter]))
    #expect(state.matches == nil, "a search has its own places")
    #expect(state.step == 22)
  }

  @Test func aPlaceIsGoneToByItsRankOrAClick() throws {
    var state = try start()
    run(&state, press(&state, keys("Vl*")))
    let places = try #require(state.matches?.places)
    type(&state, "place 3")
    #expect(state.matches?.chosen == 2)
    #expect(state.step == places[2].steps.lowerBound)
    type(&state, "place 99")
    #expect(state.prompt?.fault?.range == 6..<8)
    #expect(state.prompt?.fault?.message.contains("1 to \(places.count)") == true)
    run(&state, press(&state, [.escape]))
    let list = FrameLayout(state).matches
    let event = MouseEvent(.press(.left), at: Point(x: list.x + 9, y: list.y + 2))
    run(&state, update(&state, .mouse(event)))
    #expect(state.matches?.chosen == 1)
    #expect(state.step == places[1].steps.lowerBound)
    #expect(state.journal.lines.last == "place 2")
  }

  @Test func aDragIsASpan() throws {
    var state = try start()
    let strip = FrameLayout(state).sequence
    func mouse(_ kind: MouseEvent.Kind, _ step: Int) {
      let layout = StripLayout(state, x: strip.x, width: strip.width)
      let event = MouseEvent(kind, at: Point(x: layout.column(of: step), y: strip.y))
      run(&state, update(&state, .mouse(event)))
    }
    mouse(.press(.left), 7)
    #expect(state.span == nil)
    for step in [8, 9, 4] { mouse(.drag(.left), step) }
    mouse(.release(nil), 4)
    #expect(state.span == 4..<8)
    #expect(state.step == 4)
    #expect(state.journal.lines.suffix(2) == ["go 7", "span 7..4"])
  }

  @Test func theUnitsThatAreOnStandOnTop() throws {
    var state = try start()
    run(&state, press(&state, keys("Vl*")))
    let on = try #require(state.matches?.units.map(\.unit))
    #expect(!on.isEmpty && on.count < 8)
    let shown = (0..<8).map(state.unit(at:))
    #expect(shown == on + (0..<8).filter { !on.contains($0) })
    for unit in 0..<8 {
      #expect((UnitMark(unit, state) != nil) == on.contains(unit))
    }
    let last = try #require(on.last)
    type(&state, "pin \(last)")
    #expect(state.unit(at: 0) == last)
    run(&state, press(&state, [.escape]))
    #expect(state.matches == nil)
    #expect(state.journal.lines.last == "match off")
    #expect((0..<8).map(state.unit(at:)) == [last] + (0..<8).filter { $0 != last })
  }

  /// n goes through what was found last; what could not be looked for has found nothing.
  @Test func anExpressionAndASpanTakeTurns() throws {
    var state = try start()
    run(&state, press(&state, keys("Vl*")))
    let matches = try #require(state.matches)
    type(&state, "find z[0] >")
    #expect(state.prompt?.fault != nil)
    #expect(state.matches == matches)
    run(&state, press(&state, [.escape]))
    type(&state, "find z[0] > 0")
    #expect(state.matches == nil && state.findings != nil)
    type(&state, "match 0")
    #expect(state.findings != nil)
    run(&state, press(&state, [.escape]))
    type(&state, "match 1.5")
    #expect(state.matches == nil && state.findings != nil, "nothing is on")
    run(&state, press(&state, ["V", "l", "*"]))
    #expect(state.matches != nil && state.findings == nil)
  }

  @Test func withoutASpanTheStepInHandIsOne() throws {
    var state = try start()
    run(&state, press(&state, ["*"]))
    #expect(state.matches?.query.steps == 10..<11)
    #expect(state.matches?.query.shortest == 1)
  }

  @Test func whereNothingIsOnTheSpanStays() throws {
    var state = try start()
    run(&state, press(&state, ["V", "l"]))
    type(&state, "match 0.999")
    #expect(state.matches == nil)
    #expect(state.span == 10..<12)
    #expect(state.message?.text.contains("no unit's z is on at 0.999") == true)
  }

  @Test func thePlacesAreListedWhereThereIsRoom() throws {
    for (width, height, rows) in [(120, 40, 9), (80, 24, 5), (60, 16, 0)] {
      var state = try start()
      (state.width, state.height) = (width, height)
      run(&state, press(&state, keys("Vl*")))
      let frame = FrameLayout(state)
      let count = try #require(state.matches?.places.count)
      #expect(frame.matches.height == (rows == 0 ? 0 : min(rows, count + 1)))
      #expect((state.message == nil) == (rows > 0))
      let text = render(state).text
      #expect(text.contains("Esc closes") == (rows > 0))
      #expect(text.contains("place 1 of \(count)") == (rows == 0))
    }
  }

  @Test func theWorkCanBeStopped() throws {
    let scene = try Scene.letters()
    var state = scene.state()
    #expect(press(&state, ["*"]) == [.record(through: 29)])
    #expect(state.journal.lines.last == "match")
    #expect(press(&state, [.escape]) == [])
    #expect(state.pending == nil && state.matches == nil)
    #expect(state.journal.lines.last != "match")
  }
}
