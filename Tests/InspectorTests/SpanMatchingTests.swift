import Recurrent
import Testing

@testable import Inspector

/// Spans of traces that are drawn: a row a unit, a character a step. `+` is on, `-` on the negative
/// side, `.` off, `n` not a number.
@Suite struct SpanMatchingTests {
  private func trace(_ rows: [String], cell: CellKind = .rnn, on: Float = 0.8) throws -> Trace {
    let units = rows.map { Array($0) }
    let layout = [TrackLayout(track: Track(layer: 0), cell: cell, units: rows.count)]
    let tokens = InputSequence.tokens(Array(repeating: 0, count: units[0].count))
    return try handMadeTrace(layout, input: tokens) { _, _, step, unit in
      switch units[unit][step] {
      case "+": on
      case "-": -on
      case "n": .nan
      default: 0.1
      }
    }
  }

  private func matching(
    _ trace: Trace, _ steps: Range<Int>, signal: Signal = .h, threshold: Float = 0.3,
    isOffBefore: Bool = false, isOffAfter: Bool = false, shortest: Int = 2, limit: Int = 50,
    budget: Int = .max
  ) -> SpanMatching {
    let query = SpanQuery(
      track: 0, signal: signal, steps: steps, threshold: threshold, isOffBefore: isOffBefore,
      isOffAfter: isOffAfter, shortest: shortest)
    var matching = SpanMatching(query, in: trace, limit: limit)
    while !matching.advance(budget: budget) {}
    return matching
  }

  /// "0+ 2-: 12..<15 1 other".
  private func words(_ match: SpanMatch) -> String {
    let units = match.units.map { "\($0.unit)\($0.isNegative ? "-" : "+")" }
    return "\(units.joined(separator: " ")): \(match.steps) \(match.otherCount)"
  }

  @Test func theSameUnitsAreFoundRankedByHowManyHowAloneAndHowLong() throws {
    let found = matching(
      try trace([
        "+++...+++......++++..++.....",
        "+++...+++......++++..++.++..",
        "............++......+++.....",
        ".++...++++..++.........+....",
      ]), 0..<3)
    #expect(
      found.units == [OnUnit(unit: 0, isNegative: false), OnUnit(unit: 1, isNegative: false)])
    // All of both: alone for long, alone, and with one more or two.
    #expect(
      (found.matches ?? []).map(words) == [
        "0+ 1+: 15..<19 0", "0+ 1+: 6..<9 1", "0+ 1+: 21..<23 1", "1+: 24..<26 0",
      ])
    #expect(found.matches?.map(\.score) == [1, 1, 1, 0.5])
    #expect(found.progress == 1)
  }

  @Test func aPlaceIsAsLongAsTheSameUnitsStayOn() throws {
    let found = matching(
      try trace([
        "++..++++++..",
        "++...+++++++",
        "++....++....",
      ]), 0..<2)
    #expect(
      (found.matches ?? []).map(words) == ["0+ 1+ 2+: 6..<8 0"], "the rest is its longer self")
  }

  @Test(arguments: [
    (false, false, ["0+ 1+: 7..<10 0", "0+ 1+: 3..<5 0"]),
    // At 3 unit 1 has been on before; at 7 both begin, and unit 0 stays on when unit 1 goes off.
    (true, false, ["0+ 1+: 7..<10 0", "1+: 2..<5 0"]),
    (false, true, ["0+ 1+: 3..<5 0", "0+: 7..<11 0"]),
    (true, true, ["0+: 7..<11 0", "1+: 2..<5 0"]),
  ])
  func offBesideTheSpan(_ before: Bool, _ after: Bool, _ expected: [String]) throws {
    let found = matching(
      try trace([
        "...++..++++.++",
        "..+++..+++..++",
      ]), 12..<14, isOffBefore: before, isOffAfter: after)
    #expect(found.units?.count == 2)
    #expect((found.matches ?? []).map(words) == expected)
  }

  @Test func unitsThatAreOnBesideTheSpanDoNotCountWhereTheyShouldBeOff() throws {
    let rows = [
      ".++..",
      "+++..",
      ".+++.",
      "++++.",
    ]
    func units(_ before: Bool, _ after: Bool) throws -> [Int]? {
      matching(try trace(rows), 1..<3, isOffBefore: before, isOffAfter: after).units?.map(\.unit)
    }
    #expect(try units(false, false) == [0, 1, 2, 3])
    #expect(try units(true, false) == [0, 2])
    #expect(try units(false, true) == [0, 1])
    #expect(try units(true, true) == [0])
  }

  @Test func theOtherSideOfAUnitIsAnotherUnit() throws {
    let found = matching(
      try trace([
        "--...++...--.",
        "++...++...++.",
      ]), 0..<2)
    #expect((found.matches ?? []).map(words) == ["0- 1+: 10..<12 0", "1+: 5..<7 1"])
  }

  @Test func gatesAreOnUpwardsOnly() throws {
    let rows = ["++..++", "--..--"]
    #expect(matching(try trace(rows, cell: .lstm), 0..<2, signal: .f).units?.map(\.unit) == [0])
    #expect(matching(try trace(rows, cell: .lstm), 0..<2, signal: .h).units?.map(\.unit) == [0, 1])
  }

  @Test func whatHasNoBoundsPassesThroughTanh() throws {
    // tanh 0.305 is 0.296, tanh 0.315 is 0.305.
    for (value, isOn) in [(Float(0.305), false), (0.315, true)] {
      let found = matching(try trace(["++.."], cell: .lstm, on: value), 0..<2, signal: .c)
      #expect(found.units?.isEmpty == !isOn)
    }
    #expect(
      matching(try trace(["++"], cell: .lstm, on: 1e9), 0..<2, signal: .c, threshold: 1.5)
        .units == [], "nothing reaches that")
  }

  @Test func defaultThresholds() {
    #expect(SpanQuery.defaultThreshold(for: .unit) == 0.5)
    #expect(SpanQuery.defaultThreshold(for: .signedUnit) == 0.3)
    #expect(SpanQuery.defaultThreshold(for: .unbounded) == 0.3)
  }

  @Test func whatIsNotANumberIsOff() throws {
    let found = matching(try trace(["++.+n+++", "+++++++."]), 0..<2)
    #expect((found.matches ?? []).map(words) == ["0+ 1+: 5..<7 0"])
  }

  @Test func whereNothingIsOnThereIsNothingToMatch() throws {
    let found = matching(try trace(["..++", ".+.+"]), 0..<2)
    #expect(found.units == [])
    #expect(found.matches == [])
    #expect(found.progress == 1)
  }

  @Test func theSpanItselfAndItsNeighboursAreNotOtherPlaces() throws {
    let found = matching(try trace(["..++++++..++", "........+..."]), 4..<6)
    #expect((found.matches ?? []).map(words) == ["0+: 10..<12 0"])
    #expect(matching(try trace(["++++++++"]), 2..<4).matches == [])
  }

  @Test func oneStepMatchesOneStep() throws {
    let found = matching(try trace(["+.+..++"]), 0..<1)
    #expect((found.matches ?? []).map(words) == ["0+: 5..<7 0", "0+: 2..<3 0"])
    #expect(matching(try trace(["++.+..+++"]), 0..<2, shortest: 9).query.shortest == 2)
  }

  @Test func noMoreThanTheLimit() throws {
    let rows = [String(repeating: "++.", count: 30)]
    #expect(matching(try trace(rows), 0..<2).matches?.count == 29)
    let few = matching(try trace(rows), 0..<2, limit: 3).matches
    #expect(few?.map(\.steps) == [3..<5, 6..<8, 9..<11])
  }

  // MARK: - Against the definition

  /// Every span that cannot be longer, what is on through all of it, and the best that do not overlap.
  private func expected(
    _ rows: [[Bool]], _ span: Range<Int>, shortest: Int, before: Bool, after: Bool
  ) -> [String] {
    let count = rows[0].count
    func units(_ steps: Range<Int>) -> [Int] {
      rows.indices.filter { unit in
        rows[unit][steps].allSatisfy { $0 }
          && !(before && steps.lowerBound > 0 && rows[unit][steps.lowerBound - 1])
          && !(after && steps.upperBound < count && rows[unit][steps.upperBound])
      }
    }
    let query = Set(units(span))
    var places: [(shared: [Int], others: Int, steps: Range<Int>)] = []
    for start in 0..<count {
      for end in start + shortest..<max(start + shortest, count + 1) where end <= count {
        let on = units(start..<end)
        let shared = on.filter(query.contains)
        func goesOn(_ steps: Range<Int>) -> Bool { units(steps).filter(query.contains) == shared }
        guard !shared.isEmpty, !(start..<end).overlaps(span),
          !(start > 0 && goesOn(start - 1..<end)), !(end < count && goesOn(start..<end + 1))
        else { continue }
        places.append((shared, on.count - shared.count, start..<end))
      }
    }
    places.sort { a, b in
      if a.shared.count != b.shared.count { return a.shared.count > b.shared.count }
      if a.others != b.others { return a.others < b.others }
      if a.steps.count != b.steps.count { return a.steps.count > b.steps.count }
      return a.steps.lowerBound < b.steps.lowerBound
    }
    var chosen: [Range<Int>] = []
    return places.compactMap { place in
      guard !chosen.contains(where: place.steps.overlaps) else { return nil }
      chosen.append(place.steps)
      let units = place.shared.map { "\($0)+" }.joined(separator: " ")
      return "\(units): \(place.steps) \(place.others)"
    }
  }

  @Test(arguments: 0..<30)
  func randomTracesAsTheDefinitionSays(_ seed: Int) throws {
    var numbers = TestNumbers(seed: UInt64(seed))
    let (unitCount, stepCount) = (1 + seed % 6, 22)
    var rows: [[Bool]] = []
    for _ in 0..<unitCount {
      var isOn = true
      rows.append(
        (0..<stepCount).map { _ in
          if numbers.bits() % 4 == 0 { isOn.toggle() }
          return isOn
        })
    }
    let start = Int(numbers.bits() % 18)
    let span = start..<start + 1 + Int(numbers.bits() % 4)
    let drawn = try trace(rows.map { String($0.map { $0 ? "+" : "." }) })
    for (before, after) in [(false, false), (true, false), (false, true), (true, true)] {
      for shortest in 1...3 where shortest <= span.count {
        let expected = expected(rows, span, shortest: shortest, before: before, after: after)
        for budget in [1, .max] {
          let found = matching(
            drawn, span, isOffBefore: before, isOffAfter: after, shortest: shortest,
            budget: budget)
          #expect((found.matches ?? []).map(words) == expected)
        }
      }
    }
  }
}
