import Recurrent
import Testing

@testable import Inspector

/// Statistics of signals that are written down, beside what they are by hand.
@Suite struct UnitStatisticsTests {
  /// One LSTM unit over so many steps; gates are open unless said otherwise.
  private func unit(
    steps: Int = 8, f: @escaping (Int) -> Float = { _ in 1 },
    i: @escaping (Int) -> Float = { _ in 0.5 }, o: @escaping (Int) -> Float = { _ in 0.5 },
    c: @escaping (Int) -> Float, h: @escaping (Int) -> Float = { Float($0 % 2) }
  ) throws -> UnitStatistics {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .lstm, units: 1)]
    let tokens = InputSequence.tokens(Array(repeating: 0, count: steps))
    let trace = try handMadeTrace(layout, input: tokens) { _, signal, step, _ in
      switch signal {
      case .f: f(step)
      case .i: i(step)
      case .o: o(step)
      case .c: c(step)
      case .h: h(step)
      case .z, .m, .r, .u, .n, .v, .named: 0
      }
    }
    return UnitStatistics(unit: 0, in: trace, track: 0)
  }

  @Test func meansSpreadsAndMovements() throws {
    let statistics = try unit(steps: 4, c: { [1, 3, 3, 5][$0] })
    let c = try #require(statistics.signals[.c])
    #expect(c.mean == 3)
    #expect(abs(c.spread - 2.0.squareRoot()) < 1e-12)
    #expect(abs(c.movement - 4.0 / 3) < 1e-12)
  }

  @Test func sharesOfSaturatedSteps() throws {
    let statistics = try unit(steps: 10, f: { $0 < 3 ? 0.05 : $0 < 8 ? 0.95 : 0.5 }, c: { _ in 0 })
    let f = try #require(statistics.signals[.f])
    #expect(f.lowShare == 0.3 && f.highShare == 0.5)
  }

  /// c' · f is half after ln ½ / ln f steps.
  @Test(arguments: [(Float(0.5), 1.0), (0.25, 0.5), (0.917_004_04, 8)])
  func halfLife(_ f: Float, _ expected: Double) throws {
    #expect(abs(try unit(f: { _ in f }, c: { _ in 0 }).halfLife - expected) < 1e-5)
  }

  @Test func whatNeverForgetsLastsForEver() throws {
    #expect(try unit(c: { _ in 0 }).halfLife == .infinity)
  }

  /// A latch that is emptied now and then holds what it holds for long.
  @Test func whatIsClearedAtOnceDoesNotCount() throws {
    #expect(try unit(f: { $0 == 3 ? 0 : 1 }, c: { _ in 0 }).halfLife == .infinity)
    let life = try unit(f: { $0 % 4 == 3 ? 1e-4 : 0.917_004_04 }, c: { _ in 0 }).halfLife
    #expect(abs(life - 8) < 1e-5)
    #expect(try unit(f: { $0 == 3 ? 0 : 0.25 }, c: { _ in 0 }).halfLife == 0, "it never keeps")
  }

  /// 3 steps are 3 parts, 96 are 48 of two.
  @Test func theCourseIsTheMemoryInEqualParts() throws {
    #expect(try unit(steps: 3, c: { Float($0) }).course == [0, 1, 2])
    let means = (0..<48).map { 2 * Float($0) + 0.5 }
    #expect(try unit(steps: 96, c: { Float($0) }).course == means)
  }

  @Test func aPartOfTheCourseWithoutANumberIsNone() throws {
    let course = try unit(steps: 4, c: { [2, .nan, .infinity, 4][$0] }).course
    #expect(course[0] == 2 && course[1].isNaN && course[2].isNaN && course[3] == 4)
  }

  @Test func valuesThatAreNotFiniteAreLeftOut() throws {
    let statistics = try unit(steps: 4, c: { [2, .nan, .infinity, 4][$0] })
    #expect(statistics.signals[.c]?.mean == 3)
  }

  @Test func roles() throws {
    #expect(try unit(steps: 20, c: { Float($0) }).role == .counter)
    #expect(try unit(steps: 20, c: { $0 < 10 ? 0 : 5 }).role == .latch)
    #expect(try unit(steps: 20, c: { $0 < 10 ? 0 : 5 }, h: { _ in 0 }).role == .dead)
    // It holds one thing from the first step to the last.
    #expect(try unit(steps: 20, c: { _ in 1 }, h: { _ in 0.7 }).role == .latch)
    #expect(try unit(steps: 20, f: { _ in 0.5 }, c: { _ in 1 }, h: { _ in 0.7 }).role == .none)
    #expect(
      try unit(steps: 20, i: { _ in 0 }, o: { _ in 1 }, c: { Float($0 % 3) }).role == .saturated)
    #expect(
      try unit(steps: 20, f: { $0 % 4 == 0 ? 0 : 1 }, c: { Float(($0 * 7) % 5) }).role == .resetter)
    #expect(try unit(steps: 20, f: { _ in 0.5 }, c: { Float(($0 * 7) % 5) }).role == .none)
  }

  /// More than six in ten steps at which c stands, while f keeps at more than half of them.
  @Test(arguments: [(7, 0, true), (9, 0, false), (7, 9, true), (7, 11, false)])
  func aLatchStandsStillMostly(_ jumps: Int, _ shut: Int, _ isLatch: Bool) throws {
    let c: [Float] = [0, 1, 5, 2, 9, 3, 12, 4, 17, 6]
    let unit = try unit(
      steps: 21, f: { $0 >= 10 && $0 < 10 + shut ? 0.5 : 1 }, c: { c[min($0, jumps)] })
    #expect((unit.role == .latch) == isLatch, "\(unit.role)")
  }

  // MARK: - Lanes

  /// Two tanh units: the first is the lane upside down, the second knows nothing.
  private func following(_ kind: GroundTruthLane.Kind, _ values: [Float], _ first: [Float])
    throws -> LaneFollowing
  {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 2)]
    let tokens = InputSequence.tokens(Array(repeating: 0, count: values.count))
    let trace = try handMadeTrace(layout, input: tokens) { _, _, step, unit in
      unit == 0 ? first[step] : 0.25
    }
    return LaneFollowing(
      of: GroundTruthLane(name: "lane", kind: kind, values: values), in: trace, track: 0)
  }

  @Test func numbersByCorrelation() throws {
    let following = try following(.number, [0, 1, 2, .nan, 4], [8, 6, 4, 99, 0])
    #expect(following.signal == .h)
    #expect(abs(following.scores[0] - 1) < 1e-6, "NaN steps do not count, nor does the sign")
    #expect(following.scores[1].isNaN, "what never changes follows nothing")
    #expect(following.order == [0, 1])
  }

  /// In slices of any size the scores are those of all units at once.
  @Test(arguments: [1, 40, 1_000_000])
  func lanesAreFollowedInSlices(_ budget: Int) throws {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 5)]
    let trace = try handMadeTrace(layout, input: .tokens(Array(repeating: 0, count: 12))) {
      _, _, step, unit in Float((step * (unit + 2) + unit) % 7)
    }
    let lanes = [
      GroundTruthLane(name: "n", kind: .number, values: (0..<12).map { Float($0 % 4) }),
      GroundTruthLane(
        name: "s", kind: .symbol, values: Array(repeating: 0, count: 12), symbols: ["a"]),
      GroundTruthLane(name: "f", kind: .flag, values: (0..<12).map { Float($0 % 2) }),
    ]
    var survey = FollowingSurvey(of: lanes, in: trace, track: 0)
    var slices = 1
    var done = survey.progress
    while !survey.advance(budget: budget) {
      #expect(survey.progress > done && survey.progress < 1)
      done = survey.progress
      slices += 1
    }
    #expect(survey.progress == 1 && survey.advance(budget: budget))
    #expect(slices == (budget == 1 ? 10 : budget == 40 ? 4 : 2))
    #expect(
      survey.following == [
        LaneFollowing(of: lanes[0], in: trace, track: 0), nil,
        LaneFollowing(of: lanes[2], in: trace, track: 0),
      ])
  }

  @Test func flagsByTheBestThreshold() throws {
    let right = try following(.flag, [0, 0, 1, 1, 0], [3, 4, -1, -2, 5])
    #expect(right.scores == [1, 0.5])
    // Of two ones a threshold gets one right, of three zeros all.
    let half = try following(.flag, [0, 0, 1, 1, 0], [3, 4, -1, 3.5, 5])
    #expect(abs(half.scores[0] - 0.75) < 0.1)
    #expect(try following(.flag, [1, 1, 1], [1, 2, 3]).scores[0].isNaN)
  }
}
