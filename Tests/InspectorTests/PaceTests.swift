import Foundation
import Recurrent
import Testing

@testable import Inspector

/// How fast c and h are, on values whose pace is known.
@Suite struct PaceTests {
  /// A wave's correlation with itself is a wave of the same length: 1/e at arccos(1/e) of its turn.
  @Test(arguments: [40.0, 100, 250]) func aWaveHasAKnownTime(length: Double) {
    let count = 20 * Int(length)
    let values = (0..<count).map { Float(sin(2 * .pi * Double($0) / length)) }
    let pace = Pace(of: values)
    let wanted = length * acos(exp(-1)) / (2 * .pi)
    // Fewer terms than steps shrink the later correlations a little.
    #expect(abs(pace.time - wanted) < 0.02 * wanted, "\(pace.time), not \(wanted)")
    // Mean |Δ| of a wave is 4 amplitudes a turn, its spread 1/√2.
    #expect(abs(pace.movement - 4 / length * 2.0.squareRoot()) < 0.002)
  }

  /// The definition, written down without any speed.
  private func time(_ values: [Float]) -> Double {
    let count = values.count
    let exact = values.map { Double($0) }
    let mean = exact.reduce(0, +) / Double(count)
    let all = exact.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    func correlation(_ lag: Int) -> Double {
      (0..<count - lag).reduce(0) { $0 + (exact[$1] - mean) * (exact[$1 + lag] - mean) } / all
    }
    guard let lag = (1...count / 2).first(where: { correlation($0) < exp(-1) }) else {
      return .infinity
    }
    let before = correlation(lag - 1)
    return Double(lag - 1) + (before - exp(-1)) / (before - correlation(lag))
  }

  /// What forgets soon is summed lag by lag, what lasts is transformed; two columns at once are what each
  /// is alone.
  @Test(arguments: [
    (500, 0.9), (500, 0.3), (501, 0.99), (64, 0.999), (1000, 0.999), (49, 0.99), (1023, 0.98),
  ])
  func agreesWithTheDefinition(count: Int, kept: Double) {
    var numbers = SystemLikeNumbers(state: UInt64(count))
    let columns = (0..<2).map { _ in
      var value = 0.0
      return (0..<count).map { _ -> Float in
        value = kept * value + numbers.next()
        return Float(value)
      }
    }
    let both = Pace.paces(of: columns, Autocorrelation(count: count))
    for (column, pace) in zip(columns, both) {
      let wanted = time(column)
      #expect(
        pace.time == wanted || abs(pace.time - wanted) < 1e-9 * wanted,
        "\(pace.time), not \(wanted)")
      #expect(abs(Pace(of: column).time - pace.time) < 1e-9 * wanted || wanted == .infinity)
    }
  }

  /// Both ways of finding it are asked for.
  @Test func someAreSummedAndSomeTransformed() {
    let slow = (0..<4000).map { Float(sin(2 * .pi * Double($0) / 3000)) }
    let quick = (0..<4000).map { Float(sin(2 * .pi * Double($0) / 40)) }
    #expect(Pace(of: slow).time > Double(Autocorrelation.few))
    #expect(Pace(of: quick).time < Double(Autocorrelation.few))
    #expect(abs(Pace(of: slow).time - time(slow)) < 1e-8 * time(slow))
    // A straight line's first half is like all of it.
    #expect(Pace(of: (0..<4000).map { $0 < 3 ? 1 : 0 }).time < 4)
  }

  @Test func whatStandsStillHasNoPace() {
    #expect(Pace(of: Array(repeating: 0.3, count: 50)).isStill)
    // The last bits of a constant are no movement.
    #expect(Pace(of: (0..<50).map { Float(1).nextUp + ($0 % 2 == 0 ? 0 : Float.ulpOfOne) }).isStill)
    #expect(Pace(of: [1, .nan, 2, 3]).isStill)
    #expect(Pace(of: [1, 2]).isStill)
    // One step up in the middle: still the same after half of the steps.
    #expect(Pace(of: (0..<10).map { $0 < 9 ? 0 : 1 }).time < 2)
    let ramp = Pace(of: (0..<100).map(Float.init))
    #expect(ramp.time > 20 && ramp.time < 50)
  }

  /// c of unit 0 is slow and its h fast, unit 1 the other way round, unit 2 stands still.
  private func trace() throws -> Trace {
    let layout = TrackLayout(track: Track(layer: 0), cell: .lstm, units: 4)
    return try handMadeTrace([layout], input: .tokens(Array(repeating: 0, count: 200))) {
      _, signal, step, unit in
      let slow = Float(sin(2 * .pi * Double(step) / 100))
      let fast = Float(sin(2 * .pi * Double(step) / 20))
      switch (signal, unit) {
      case (.c, 0), (.c, 3), (.h, 1): return 100 * slow
      case (.h, 0), (.h, 3), (.c, 1): return fast
      default: return 0.5
      }
    }
  }

  @Test(arguments: [1, 1000, Int.max]) func theVerdictCountsUnits(budget: Int) throws {
    let study = PaceStudy(of: try trace(), track: 0)
    while !study.advance(budget: budget) {}
    let report = try #require(study.report)
    #expect(report.steps == 0..<200 && report.shownSignal == .h)
    let verdict = try #require(report.verdict)
    #expect(verdict.isSlower && verdict.units == 2 && verdict.of == 4 && verdict.still == 1)
    #expect(abs(verdict.factor - 5) < 0.3, "\(verdict.factor)")
    #expect(report.cell?[0].time ?? 0 > 4 * report.shown[0].time)
  }

  /// Honest where it is not so.
  @Test func theVerdictSaysFasterWhereItIs() throws {
    let layout = TrackLayout(track: Track(layer: 0), cell: .lstm, units: 1)
    let trace = try handMadeTrace([layout], input: .tokens(Array(repeating: 0, count: 200))) {
      _, signal, step, _ in Float(sin(2 * .pi * Double(step) / (signal == .c ? 20 : 200)))
    }
    let study = PaceStudy(of: trace, track: 0)
    study.advance(budget: .max)
    let verdict = try #require(study.report?.verdict)
    #expect(!verdict.isSlower && verdict.units == 1 && abs(verdict.factor - 10) < 0.5)
  }

  @Test func aCellWithoutCHasHAlone() throws {
    let trace = try hiddenTrace((0..<60).map { [Float(sin(Double($0))), 0] })
    let study = PaceStudy(of: trace, track: 0)
    study.advance(budget: .max)
    let report = try #require(study.report)
    #expect(report.cell == nil && report.verdict == nil && report.shown.count == 2)
    #expect(report.shown[1].isStill && !report.shown[0].isStill)
  }

  @Test func theMedianKnowsTheInfinite() {
    #expect(PaceReport.median([3, 1, 2]) == 2)
    #expect(PaceReport.median([1, 2, .infinity, .infinity]).isInfinite)
    #expect(PaceReport.median([1, 3, .nan]) == 2)
    #expect(PaceReport.median([]).isNaN)
  }
}

/// Numbers in -1…1 that are the same every time.
private struct SystemLikeNumbers {
  var state: UInt64
  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 40) / Double(1 << 23) - 1
  }
}
