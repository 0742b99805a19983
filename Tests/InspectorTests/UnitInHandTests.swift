import Recurrent
import Testing

@testable import Inspector

/// A signal without a unit means the unit in hand, where there is one and one value is wanted.
@Suite struct UnitInHandTests {
  private func search(_ source: String, track: Int = 0, unit: Int?) throws -> TraceSearch {
    try SignalExpression(source).bound(
      to: ExpressionScope(
        trace: ExpressionTrace.make(), track: track, unit: unit, lanes: ExpressionTrace.lanes))
  }

  /// What was written, and the same with unit 2 written out.
  @Test(arguments: [
    ("f < 0.5", "f[2] < 0.5"),
    ("f<.5&&rise(c)", "f[2]<.5&&rise(c[2])"),
    ("  abs( c - c' ) > 1", "  abs( c[2] - c[2]' ) > 1"),
    ("f[0] < 0.5 || f > 0.9", "f[0] < 0.5 || f[2] > 0.9"),
    ("(c)' > 0", "(c[2])' > 0"),
    ("!isnan(f)", "!isnan(f[2])"),
    ("max(f, i, 0.5) == i", "max(f[2], i[2], 0.5) == i[2]"),
    ("l0.c > 0 && fwd.c < 1 && l0.fwd.c != 2", "l0.c[2] > 0 && fwd.c[2] < 1 && l0.fwd.c[2] != 2"),
    ("token == \"月\" && c > 0", "token == \"月\" && c[2] > 0"),
    // What looks at several units has all of them, and only that.
    ("any(f > 0.9)", "any(f > 0.9)"),
    ("any(f) > i", "any(f) > i[2]"),
    ("all(f > i[0])", "all(f > i[0])"),
    ("count(rise(c)) > 1 && c > 0", "count(rise(c)) > 1 && c[2] > 0"),
    ("c > mean(c) && c < max(c)", "c[2] > mean(c) && c[2] < max(c)"),
    ("mean(abs(c)) < sum(h) + h", "mean(abs(c)) < sum(h) + h[2]"),
    ("any(max(f, i) > 0.9)", "any(max(f, i) > 0.9)"),
    ("l1.fwd.h[1] > c", "l1.fwd.h[1] > c[2]"),
    ("c > lane(\"depth\")", "c[2] > lane(\"depth\")"),
  ])
  func standsForTheSignal(source: String, named: String) throws {
    let found = try search(source, unit: 2)
    #expect(found.expression.source == named)
    let expected = try search(named, unit: nil)
    let steps = 0..<ExpressionTrace.length
    #expect(found.hits(in: steps) == expected.hits(in: steps))
    #expect(found.columns.map(\.name) == expected.columns.map(\.name))
  }

  /// Units of another layer have nothing to do with the one in hand.
  @Test(arguments: [
    (
      "l1.fwd.h > 0.5",
      "l1.fwd.h > 0.5 is said of 3 units; write any(l1.fwd.h > 0.5), "
        + "all(l1.fwd.h > 0.5) or one unit, l1.fwd.h[0]"
    ),
    (
      "c[0..1] > 0.5",
      "c[0..1] > 0.5 is said of 2 units; write any(c[0..1] > 0.5), "
        + "all(c[0..1] > 0.5) or one unit, c[0]"
    ),
    ("c", "c is a number, not a condition; compare it: c > 0.5"),
  ])
  func whatItDoesNotReachIsStillAFault(source: String, message: String) throws {
    let error = #expect(throws: ExpressionError.self) { try search(source, unit: 2) }
    #expect(error?.description == message)
  }

  @Test func itIsOfTheLayerInHand() throws {
    #expect(
      try search("h > 0.5 && l0.c[0] > 0", track: 2, unit: 1).expression.source
        == "h[1] > 0.5 && l0.c[0] > 0")
    let error = #expect(throws: ExpressionError.self) {
      try search("h > 0.5 && l0.c > 0", track: 2, unit: 1)
    }
    #expect(error?.description.hasPrefix("h > 0.5 && l0.c > 0 is said of 4 units") == true)
  }

  /// A file that holds units 4, 7 and 9: the one in hand goes by its number.
  @Test func aPartOfTheUnitsHasNumbersOfItsOwn() throws {
    let layout = TrackLayout(track: Track(layer: 0), cell: .rnn, units: 3, unitNumbers: [4, 7, 9])
    let trace = try handMadeTrace([layout], input: .tokens([0, 0, 0])) { _, _, step, unit in
      step == unit ? 1 : 0
    }
    let found = try SignalExpression("h > 0.5").bound(
      to: ExpressionScope(trace: trace, unit: 1))
    #expect(found.expression.source == "h[7] > 0.5")
    #expect(found.hits(in: 0..<3) == [1])
  }

  /// A projection leaves h fewer units than c has.
  @Test func aSignalThatLacksTheUnitSaysSo() throws {
    let layout = TrackLayout(track: Track(layer: 0), cell: .lstm, units: 4, projectedUnits: 2)
    let trace = try handMadeTrace([layout], input: .tokens([0])) { _, _, _, _ in 1 }
    let error = #expect(throws: ExpressionError.self) {
      try SignalExpression("c > 0 && h > 0").bound(to: ExpressionScope(trace: trace, unit: 3))
    }
    #expect(error?.description == "unit 3 of 2; there is h[0] to h[1]")
    #expect(error?.range == 9..<10)
  }
}
