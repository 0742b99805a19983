import Recurrent
import Testing

@testable import Inspector

@Suite struct UnitFilterTests {
  private static let layout = TrackLayout(track: Track(layer: 0), cell: .lstm, units: 12)
  private static let lanes = [
    GroundTruthLane(name: "T or P (held)", kind: .flag, values: []),
    GroundTruthLane(name: "state", kind: .symbol, values: [], symbols: ["a"]),
    GroundTruthLane(name: "depth", kind: .number, values: []),
  ]

  private static func filter(_ text: String) throws(UnitFilterError) -> UnitFilter {
    try UnitFilter(text, for: layout, lanes: lanes)
  }

  @Test(arguments: [
    ("3", UnitFilter.units([3..<4])),
    (" 3 , 5..9 ", .units([3..<4, 5..<10])),
    ("..2,10..", .units([0..<3, 10..<12])),
    ("role=counter", .role(.counter)),
    ("role == latch", .role(.latch)), ("slower==2", .measure(.slowness, .equal, 2)),
    ("role != none", .not(.role(.none))),
    ("half-life>10", .measure(.halfLife, .greater, 10)),
    ("slower <= 2.5e1", .measure(.slowness, .lessOrEqual, 25)),
    ("mean(f)>0.8", .measure(.of(.mean, .f), .greater, 0.8)),
    ("mean( c ) != -.5", .measure(.of(.mean, .c), .notEqual, -0.5)),
    ("spread(h)=0", .measure(.of(.spread, .h), .equal, 0)),
    ("low(i)>=.9", .measure(.of(.low, .i), .greaterOrEqual, 0.9)),
    ("high(o)<1", .measure(.of(.high, .o), .less, 1)),
    ("moves(z)>1e-3", .measure(.of(.moves, .z), .greater, 0.001)),
    ("follows(depth)>0.9", .measure(.follows(lane: 2), .greater, 0.9)),
    ("follows(T or P (held))>.9", .measure(.follows(lane: 0), .greater, 0.9)),
    ("!3", .not(.units([3..<4]))),
    (
      "0..5 && role=latch || 7",
      .any([.all([.units([0..<6]), .role(.latch)]), .units([7..<8])])
    ),
    (
      "0..5 && (role=latch||7)",
      .all([.units([0..<6]), .any([.role(.latch), .units([7..<8])])])
    ),
  ])
  func reads(_ text: String, _ expected: UnitFilter) throws {
    #expect(try Self.filter(text) == expected)
  }

  @Test(arguments: [
    ("", UnitFilterError.Problem.empty, 0),
    ("   ", .empty, 0),
    ("meen(f)>1", .unexpected("meen(f)>1"), 0),
    ("3 4", .unexpected("4"), 2),
    ("3 &&", .unexpected(""), 4),
    ("3 & 4", .unexpected("&"), 2),
    ("..", .unexpected(".."), 0),
    ("3,", .unexpected(""), 2),
    ("(3", .missingParenthesis, 2),
    ("3)", .unexpected(")"), 1),
    ("12", .noSuchUnit("12", count: 12), 0),
    ("3..99999999999999999999", .noSuchUnit("99999999999999999999", count: 12), 3),
    ("9..5", .backwards("9..5"), 0),
    ("role=clock", .noSuchRole("clock"), 5),
    ("role=", .noSuchRole(""), 5),
    ("role counter", .missingComparison("role"), 5),
    ("mean>1", .missingSignal("mean"), 4),
    ("mean(f", .missingSignal("mean"), 6),
    ("mean(q)>1", .noSuchSignal("q", known: [.z, .f, .i, .o, .c, .h]), 5),
    ("follows(state)>1", .noSuchLane("state", known: ["T or P (held)", "depth"]), 8),
    ("follows>1", .noSuchLane("", known: ["T or P (held)", "depth"]), 0),
    ("3 && mean( f ) 2", .missingComparison("mean( f )"), 5),
    ("half-life>", .missingNumber(""), 10),
    ("half-life>ten", .missingNumber("ten"), 10),
    ("half-life>1e999", .missingNumber("1e999"), 10),
    ("half-life>1.2.3", .missingNumber("1.2.3"), 10),
    ("half-life>nan", .missingNumber("nan"), 10),
  ])
  func saysWhatIsWrongAndWhere(_ text: String, _ problem: UnitFilterError.Problem, _ offset: Int) {
    #expect(throws: UnitFilterError(problem, at: offset)) { try Self.filter(text) }
    let words = UnitFilterError(problem, at: offset).description
    #expect(!words.isEmpty && !words.contains("\n"))
  }

  @Test func whatIsDeepIsRefused() {
    let deep = String(repeating: "(", count: 10_000) + "1"
    #expect(throws: UnitFilterError(.unexpected(String(deep.dropFirst(64))), at: 64)) {
      try Self.filter(deep)
    }
  }

  @Test func aTrackOfOneUnitHasNoOther() {
    let one = TrackLayout(track: Track(layer: 0), cell: .rnn, units: 1)
    #expect(throws: UnitFilterError(.noSuchUnit("1", count: 1), at: 0)) {
      try UnitFilter("1", for: one)
    }
    #expect(
      UnitFilterError(.noSuchUnit("1", count: 1), at: 0).description
        == "'1' is out of range; there is only unit 0")
  }

  /// A file that holds some units of a layer: they go by their numbers in it.
  @Test(arguments: [
    ("7", [1]), ("3,12", [0, 2]), ("4..12", [1, 2]), ("..9", [0, 1]), ("8..", [2]), ("5", nil),
    ("4..6", nil), ("13", nil),
  ])
  func unitsGoByTheirNumbers(_ text: String, _ expected: [Int]?) throws {
    let some = TrackLayout(track: Track(layer: 0), cell: .rnn, units: 3, unitNumbers: [3, 7, 12])
    guard let expected else {
      #expect(throws: UnitFilterError(.notHere(text, first: 3, last: 12), at: 0)) {
        try UnitFilter(text, for: some)
      }
      return
    }
    let filter = try UnitFilter(text, for: some)
    #expect((0..<3).filter { filter.accepts($0, nil) } == expected)
  }

  // MARK: - Choosing

  /// Units whose c is: nothing, a count, a count that starts over.
  private func chosen(_ text: String) throws -> [Int] {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .lstm, units: 3)]
    let tokens = InputSequence.tokens(Array(repeating: 0, count: 20))
    let trace = try handMadeTrace(layout, input: tokens) { _, signal, step, unit in
      switch signal {
      case .c: unit == 0 ? .nan : unit == 1 ? Float(step) : Float(step % 10)
      case .f: unit == 0 ? 0.5 : 1
      case .h: Float(step % 2)
      case .z, .i, .o, .m, .r, .u, .n, .v, .named: 0.5
      }
    }
    let depth = GroundTruthLane(name: "depth", kind: .number, values: (0..<20).map { Float($0) })
    let filter = try UnitFilter(text, for: layout[0], lanes: [depth])
    let following = [LaneFollowing(of: depth, in: trace, track: 0)]
    return (0..<3).filter { unit in
      let statistics = UnitStatistics(unit: unit, in: trace, track: 0)
      let isChosen = filter.accepts(unit, statistics, following: following)
      if !filter.needsStatistics { #expect(filter.accepts(unit, nil) == isChosen) }
      return isChosen
    }
  }

  @Test(arguments: [
    ("0,2", [0, 2]), ("!1", [0, 2]), ("..1 && !0", [1]), ("0 || 2", [0, 2]),
    ("role=counter", [1, 2]), ("role!=counter", [0]),
    ("half-life>100", [1, 2]), ("half-life<=1", [0]),
    ("mean(c)>5", [1]), ("mean(c)<5", [2]), ("mean(c)!=9.5", [2]), ("mean(c)=9.5", [1]),
    ("!mean(c)>5", [0, 2]),
    ("high(f)=1 && low(f)=0", [1, 2]), ("spread(f)=0 && moves(h)=1", [0, 1, 2]),
    ("follows(depth)>0.99", [1]), ("follows(depth)<2", [1, 2]),
  ])
  func chooses(_ text: String, _ expected: [Int]) throws {
    #expect(try chosen(text) == expected)
  }
}
