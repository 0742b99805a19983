import Recurrent
import Testing

@testable import Inspector

@Suite struct TraceComparisonTests {
  private typealias Reference = TraceComparison.Reference

  /// Three steps of an RNN of two units: step + unit / 10.
  private func trace() throws -> Trace {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 2)]
    return try handMadeTrace(layout, input: .tokens([0, 0, 0])) { _, _, step, unit in
      Float(step) + Float(unit) / 10
    }
  }

  private static let values: [Float] = [0, 0.1, 1, 1.1, 2, 2.1]

  @Test(
    arguments: ["h", "l0_fwd_h"],
    [[3, 2], [1, 3, 2], [3, 1, 2], [3, 1, 1, 2]])
  func takesNamesAndAxesOfOne(name: String, shape: [Int]) throws {
    let comparison = TraceComparison(
      try trace(), [.init(name: name, shape: shape, values: Self.values)])
    #expect(comparison.agrees)
    #expect(comparison.entries.map(\.worst?.difference) == [0])
    #expect(comparison.missing.isEmpty)
  }

  @Test(arguments: [[2, 3], [6], [4, 2], [], [3, 2, 0], [0]])
  func refusesOtherShapes(shape: [Int]) throws {
    let comparison = TraceComparison(
      try trace(), [.init(name: "h", shape: shape, values: Self.values)])
    #expect(!comparison.agrees)
    #expect(comparison.misfits == [.init(name: "h", expected: [3, 2], found: shape)])
  }

  @Test func tellsTheWorstStepAndUnitAndTheFirstBeyond() throws {
    var values = Self.values
    values[2] += 1e-3
    values[5] -= 0.5
    let comparison = TraceComparison(
      try trace(), [.init(name: "h", shape: [3, 2], values: values)])
    let entry = try #require(comparison.entries.first)
    #expect(!comparison.agrees && !entry.isWithin)
    #expect(entry.beyondCount == 2 && entry.firstStepBeyond == 1 && entry.valueCount == 6)
    #expect(entry.worst?.step == 2 && entry.worst?.unit == 1)
    #expect(entry.worst?.ours == 2.1 && entry.worst?.reference == values[5])
  }

  /// 2e-5 + 2e-6 · |reference| around 2.1 is 2.42e-5.
  @Test(arguments: [(Float(2.4e-5), true), (2.5e-5, false), (-2.4e-5, true), (-2.5e-5, false)])
  func theToleranceGrowsWithTheValue(offset: Float, agrees: Bool) throws {
    var values = Self.values
    values[5] += offset
    let comparison = TraceComparison(
      try trace(), [.init(name: "h", shape: [3, 2], values: values)])
    #expect(comparison.agrees == agrees)
  }

  @Test func aToleranceOfItsOwn() throws {
    var values = Self.values
    values[0] += 0.09
    let references = [Reference(name: "h", shape: [3, 2], values: values)]
    #expect(TraceComparison(try trace(), references, tolerance: .init(absolute: 0.1)).agrees)
    #expect(!TraceComparison(try trace(), references, tolerance: .init(absolute: 0)).agrees)
  }

  @Test(arguments: [
    (Float.nan, Float.nan, true), (.infinity, .infinity, true), (.nan, 1, false),
    (1, .nan, false), (.infinity, 1, false), (1, .infinity, false), (.infinity, -.infinity, false),
  ])
  func numbersThatAreNone(ours: Float, reference: Float, agrees: Bool) throws {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 1)]
    let trace = try handMadeTrace(layout, input: .tokens([0])) { _, _, _, _ in ours }
    let comparison = TraceComparison(
      trace, [.init(name: "h", shape: [1, 1], values: [reference])])
    #expect(comparison.agrees == agrees)
    #expect((comparison.entries[0].worst?.difference == 0) == agrees)
  }

  @Test func saysWhatIsMissingAndWhatNamesNothing() throws {
    let trace = try mixedTrace()
    let references: [Reference] = [
      .init(name: "l1_fwd_u", shape: [1], values: []), .init(name: "c", shape: [3, 2], values: []),
      .init(name: "x", shape: [3], values: []), .init(name: "l9_fwd_h", shape: [3], values: []),
    ]
    let comparison = TraceComparison(trace, references)
    #expect(!comparison.agrees && comparison.entries.isEmpty)
    #expect(comparison.misfits.map(\.name) == ["l1_fwd_u"])
    // Which c, of two tracks?
    #expect(comparison.unknown == ["c", "l9_fwd_h"])
    #expect(comparison.missing.count == 15 && !comparison.missing.contains("l1_fwd_u"))
    #expect(TraceComparison(trace, []).agrees == false)
  }

  /// With several layers `h` is what PyTorch gives: the last layer's, both directions side by side.
  @Test func hOfAStackIsTheLastLayers() throws {
    let layout = [
      TrackLayout(track: Track(layer: 0), cell: .rnn, units: 3),
      TrackLayout(track: Track(layer: 1, direction: .forward), cell: .rnn, units: 1),
      TrackLayout(track: Track(layer: 1, direction: .backward), cell: .rnn, units: 1),
    ]
    let trace = try handMadeTrace(layout, input: .tokens([0, 0])) { track, _, step, _ in
      Float(10 * track + step)
    }
    let comparison = TraceComparison(
      trace, [.init(name: "h", shape: [2, 1, 2], values: [10, 20, 11, 21])])
    #expect(comparison.agrees)
    #expect(comparison.missing == ["l0_fwd_h", "l1_fwd_h", "l1_bwd_h"])
    #expect(TraceComparison.names(in: trace) == comparison.missing + ["h"])
  }
}
