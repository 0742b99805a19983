import Foundation
import Recurrent
import Testing

@testable import Inspector

/// A trace of tanh units, steps of units: what h was.
func hiddenTrace(_ steps: [[Float]]) throws -> Trace {
  let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: steps[0].count)]
  let tokens = InputSequence.tokens(Array(repeating: 0, count: steps.count))
  return try handMadeTrace(layout, input: tokens) { _, _, step, unit in steps[step][unit] }
}

/// The order of the only track's units by h.
func ordering(_ order: UnitOrder, _ steps: [[Float]], budget: Int = .max) throws -> UnitOrdering {
  var ordering = UnitOrdering(order, of: .h, in: try hiddenTrace(steps), track: 0)
  while !ordering.advance(budget: budget) {}
  return ordering
}

@Suite struct UnitOrderTests {
  /// Steps of units.
  private static let steps: [[Float]] = [
    [0.1, -0.9, 0.5, 0.0],
    [0.2, -0.8, -0.5, 0.0],
    [0.1, -0.9, 0.5, 0.0],
    [0.2, -0.8, -0.5, 0.0],
  ]

  @Test(arguments: [
    (UnitOrder.index, [0, 1, 2, 3]),
    (.activity, [1, 2, 0, 3]),
    // Units 0 and 1 move by the same little.
    (.variance, [2, 0, 1, 3]),
  ])
  func byAMeasure(_ order: UnitOrder, _ expected: [Int]) throws {
    let ordering = try ordering(order, Self.steps)
    #expect(ordering.units == expected)
    #expect(ordering.progress == 1)
    #expect(ordering.sampled == nil)
  }

  @Test func measuresAreWhatTheyAreByHand() throws {
    let activity = try ordering(.activity, Self.steps).measures
    let variance = try ordering(.variance, Self.steps).measures
    for (found, expected) in zip(
      activity + variance, [0.15, 0.85, 0.5, 0, 0.0025, 0.0025, 0.25, 0])
    {
      #expect(abs(found - expected) < 1e-8)
    }
  }

  @Test func varianceHoldsWhereTheMeanIsFarFromZero() throws {
    // More steps than are looked at in one block.
    let steps = (0..<200).map { [Float(4096) + Float($0 % 2) / 1024] }
    let variance = try ordering(.variance, steps, budget: 1).measures[0]
    #expect(abs(variance - 1 / 4096.0 / 1024) < 1e-15)
  }

  @Test func whatIsNotFiniteIsLeftOutAndWhatCannotBeSaidIsLast() throws {
    let steps: [[Float]] = [[.nan, 0.1, .nan], [.nan, 0.3, 0.9], [.nan, .infinity, 0.9]]
    let activity = try ordering(.activity, steps)
    #expect(activity.units == [2, 1, 0])
    #expect(abs(activity.measures[1] - 0.2) < 1e-7)
    #expect(activity.measures[0].isNaN)
    #expect(try ordering(.similarity, steps).units?.first == 1, "0 and 2 never change")
  }

  @Test(arguments: [UnitOrder.index, .activity, .variance, .halfLife, .similarity])
  func ofOneUnitOrAStepThereIsOneOrder(_ order: UnitOrder) throws {
    #expect(try ordering(order, [[0.5], [0.1]]).units == [0])
    #expect(try ordering(order, [[0.5, 0.5, 0.5]]).units == [0, 1, 2])
  }

  @Test(arguments: [1, 5, 64, 1_000, .max])
  func slicesOfAnySizeComeToTheSame(_ budget: Int) throws {
    var numbers = TestNumbers(seed: 4)
    let steps = (0..<90).map { _ in numbers.values(7, scale: 1) }
    let lane = GroundTruthLane(name: "n", kind: .number, values: numbers.values(90, scale: 1))
    for order in [UnitOrder.activity, .variance, .similarity, .lane(lane)] {
      let whole = try ordering(order, steps)
      #expect(try ordering(order, steps, budget: budget).units == whole.units)
      var sliced = UnitOrdering(order, of: .h, in: try hiddenTrace(steps), track: 0)
      var progress = 0.0
      while !sliced.advance(budget: budget) {
        #expect(sliced.units == nil)
        #expect(sliced.progress >= progress && sliced.progress <= 1)
        progress = sliced.progress
      }
    }
  }

  @Test func byALaneAsFollowingSays() throws {
    let lane = GroundTruthLane(name: "n", kind: .number, values: [0, 1, 0, .nan, 1])
    let steps: [[Float]] = [[0, 1, 0], [0, 0.5, 1], [0, 1, 0], [9, 9, 9], [1, 0.4, 1]]
    let following = LaneFollowing(of: lane, in: try hiddenTrace(steps), track: 0)
    let ordering = try ordering(.lane(lane), steps)
    #expect(ordering.units == [2, 1, 0])
    #expect(ordering.units == following.order)
    #expect(ordering.measures.map { Float($0) } == following.scores)
  }

  // MARK: - Half-life

  private func lstmTrace(
    units: Int, projected: Int? = nil, f: @escaping (Int, Int) -> Float,
    h: @escaping (Int, Int) -> Float = { _, _ in 0 }
  ) throws -> Trace {
    let layout = [
      TrackLayout(track: Track(layer: 0), cell: .lstm, units: units, projectedUnits: projected)
    ]
    return try handMadeTrace(layout, input: .tokens([0, 0, 0])) { _, signal, step, unit in
      signal == .f ? f(step, unit) : signal == .h ? h(step, unit) : 0
    }
  }

  @Test func byHalfLifeAsTheStatisticsSay() throws {
    // Never forgets, forgets all once, halves, keeps nine tenths, and what has no logarithm.
    let gates: [Float] = [1, 0, 0.5, 0.9, -0.5]
    let trace = try lstmTrace(units: 5, f: { step, unit in step == 1 ? gates[unit] : 0.95 })
    let whole = try lstmTrace(units: 5, f: { _, unit in gates[unit] })
    var ordering = UnitOrdering(.halfLife, of: .h, in: whole, track: 0)
    ordering.advance(budget: .max)
    #expect(ordering.units == [0, 3, 2, 1, 4])
    #expect(ordering.measures[0] == .infinity && ordering.measures[1] == 0)
    ordering = UnitOrdering(.halfLife, of: .c, in: trace, track: 0)
    ordering.advance(budget: .max)
    for unit in 0..<4 {
      let expected = UnitStatistics(unit: unit, in: trace, track: 0).halfLife
      #expect(abs(ordering.measures[unit] - expected) <= 1e-12 * abs(expected))
    }
  }

  @Test func withoutAForgetGateThereIsNoHalfLife() throws {
    let layout = TrackLayout(track: Track(layer: 0), cell: .gru, units: 2)
    #expect(!UnitOrder.halfLife.isDefined(in: layout))
    #expect(try ordering(.halfLife, [[0.1, 0.2]]).units == [0, 1])
    let symbols = GroundTruthLane(name: "s", kind: .symbol, values: [0], symbols: ["a"])
    #expect(!UnitOrder.lane(symbols).isDefined(in: layout))
    #expect(try ordering(.lane(symbols), [[0.1, 0.2]]).units == [0, 1])
  }

  @Test(arguments: [UnitOrder.activity, .similarity])
  func unitsPastAProjectedHComeLast(_ order: UnitOrder) throws {
    let h: [[Float]] = [[0.1, 0.2], [0.2, 0.5], [0.1, 0.1]]
    let trace = try lstmTrace(
      units: 4, projected: 2, f: { _, _ in 1 }, h: { step, unit in h[step][unit] })
    var ordering = UnitOrdering(order, of: .h, in: trace, track: 0)
    ordering.advance(budget: .max)
    #expect(ordering.units == (order == .activity ? [1, 0, 2, 3] : [0, 1, 2, 3]))
  }
}
