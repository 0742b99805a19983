import Recurrent

/// Finds the places of a trace where the same units are on as in a span, in slices: call `advance`
/// until `matches` is there.
///
/// The best place has, as in LSTMVis,
/// 1. the most of the query's units on together for `shortest` steps or more,
/// 2. of those the fewest other units that are on through all of it as well,
/// 3. the longest time for which these units stay on together,
/// 4. the earliest step.
/// Places do not overlap each other nor the query's span: of those that do, the best is kept. One pass
/// over the trace; holds a few numbers a unit and 32,768 candidates.
public struct SpanMatching {
  public let query: SpanQuery
  /// The units that are on in the query's span, by number; nil until it has been looked at. Where
  /// there are none there is nothing to match.
  public private(set) var units: [OnUnit]?
  /// The places, the best first, `limit` at most; nil while they are computed.
  public private(set) var matches: [SpanMatch]?

  /// How many matches are kept unless another number is asked for, as in LSTMVis.
  public static let usualLimit = 50

  private let trace: Trace
  private let unitCount: Int
  private let stepCount: Int
  private let reach: Float
  private var runs: UnitRuns
  private var candidates: SpanCandidates
  private var selection: SpanSelection
  private var nextStep = 0

  /// - Parameters:
  ///   - query: a span that has been recorded, and a signal that the track has.
  ///   - trace: looked at as far as it has been recorded now.
  public init(_ query: SpanQuery, in trace: Trace, limit: Int = usualLimit) {
    precondition(!query.steps.isEmpty && query.steps.upperBound <= trace.recordedSteps)
    self.query = query
    self.trace = trace
    let layout = trace.layout[query.track]
    unitCount = layout.units(of: query.signal)
    stepCount = trace.recordedSteps
    let range = layout.range(of: query.signal)
    reach = query.reach(in: range)
    let hasNegatives =
      switch range {
      case .unit: false
      case .signedUnit, .unbounded: true
      }
    runs = UnitRuns(sides: hasNegatives ? 2 : 1, units: unitCount)
    selection = SpanSelection(query, sides: hasNegatives ? 2 : 1, units: unitCount)
    candidates = SpanCandidates(limit: limit)
  }

  /// How much of the work is done, 0…1.
  public var progress: Double {
    if matches != nil { return 1 }
    let span = selection.window(in: stepCount).count
    let done = selection.seenSteps + nextStep
    return Double(done) / Double(max(1, span + stepCount))
  }

  /// Works on.
  ///
  /// - Parameter budget: about how many values may be looked at; a million take a few milliseconds.
  /// - Returns: whether `matches` is there now.
  @discardableResult
  public mutating func advance(budget: Int) -> Bool {
    var left = budget
    while matches == nil {
      if units == nil {
        select(&left)
      } else if nextStep < stepCount {
        search(&left)
      } else {
        finish()
      }
      if left <= 0 { break }
    }
    return matches != nil
  }

  private static let blockSteps = 32

  private func values(_ steps: Range<Int>) -> [Float] {
    trace.window(
      WindowRequest(
        track: query.track, signal: query.signal, steps: steps, units: 0..<unitCount)
    ).values
  }

  /// Which units are on in the span.
  private mutating func select(_ left: inout Int) {
    let window = selection.window(in: stepCount)
    let start = window.lowerBound + selection.seenSteps
    let steps = start..<min(start + Self.blockSteps, window.upperBound)
    let block = values(steps)
    for (row, step) in steps.enumerated() {
      selection.see(block[row * unitCount..<(row + 1) * unitCount], at: step, reach: reach)
    }
    left -= block.count
    guard steps.upperBound == window.upperBound else { return }
    let channels = selection.channels
    units = runs.onUnits(channels)
    candidates.queryChannels = channels
    if channels.isEmpty { matches = [] }
  }

  private mutating func search(_ left: inout Int) {
    let steps = nextStep..<min(nextStep + Self.blockSteps, stepCount)
    let block = values(steps)
    for (row, step) in steps.enumerated() {
      block.withUnsafeBufferPointer { block in
        runs.see(block.baseAddress! + row * unitCount, reach: reach)
      }
      pass(step)
    }
    left -= 3 * block.count
    nextStep = steps.upperBound
  }

  /// After `runs` has seen a step: what ended before it may have been a place.
  private mutating func pass(_ step: Int) {
    candidates.collect(endingBefore: step, runs, query)
    runs.turn(at: step)
  }

  private mutating func finish() {
    // Past the last step everything is off.
    runs.end()
    candidates.collect(endingBefore: stepCount, runs, query)
    let count = Double(candidates.queryChannels.count)
    matches = candidates.best(apartFrom: query.steps).map { candidate in
      SpanMatch(
        steps: candidate.steps, units: runs.onUnits(candidate.channels),
        otherCount: candidate.otherCount, score: Double(candidate.sharedCount) / count)
    }
  }
}

/// Which units are on through the whole of a query's span, and off beside it where that is asked.
struct SpanSelection {
  private let query: SpanQuery
  private let sides: Int
  private let unitCount: Int
  /// By channel: the positive sides of all units, then the negative ones.
  private var isOn: [Bool]
  private(set) var seenSteps = 0

  init(_ query: SpanQuery, sides: Int, units: Int) {
    self.query = query
    self.sides = sides
    unitCount = units
    isOn = Array(repeating: true, count: sides * units)
  }

  var channels: [Int] { isOn.indices.filter { isOn[$0] } }

  /// The steps that decide.
  func window(in stepCount: Int) -> Range<Int> {
    let first = query.steps.lowerBound - (query.isOffBefore ? 1 : 0)
    let end = query.steps.upperBound + (query.isOffAfter ? 1 : 0)
    return max(0, first)..<min(end, stepCount)
  }

  mutating func see(_ values: ArraySlice<Float>, at step: Int, reach: Float) {
    let shouldBeOn = query.steps.contains(step)
    for (unit, value) in values.enumerated() {
      if (value >= reach) != shouldBeOn { isOn[unit] = false }
      if sides == 2, (value <= -reach) != shouldBeOn { isOn[unitCount + unit] = false }
    }
    seenSteps += 1
  }
}

/// Since when each unit has been on, on either side, while the steps go by.
struct UnitRuns {
  let unitCount: Int
  /// By channel: the first step of the run it is in, `notOn` where it is off.
  private(set) var starts: [Int]
  /// By channel, at the step that was seen last.
  private(set) var isOn: [Bool]

  static let notOn = Int.max

  init(sides: Int, units: Int) {
    unitCount = units
    starts = Array(repeating: Self.notOn, count: sides * units)
    isOn = Array(repeating: false, count: sides * units)
  }

  /// By unit: one is never on at both sides.
  func onUnits(_ channels: [Int]) -> [OnUnit] {
    channels.map { OnUnit(unit: $0 % unitCount, isNegative: $0 >= unitCount) }
      .sorted { $0.unit < $1.unit }
  }

  /// Whether its run has ended with the step before.
  func hasEnded(_ channel: Int) -> Bool { starts[channel] != Self.notOn && !isOn[channel] }

  /// Takes in a step; `starts` still tells of the one before.
  mutating func see(_ values: UnsafePointer<Float>, reach: Float) {
    let unitCount = unitCount
    let hasNegatives = isOn.count > unitCount
    isOn.withUnsafeMutableBufferPointer { isOn in
      for unit in 0..<unitCount { isOn[unit] = values[unit] >= reach }
      guard hasNegatives else { return }
      for unit in 0..<unitCount { isOn[unitCount + unit] = values[unit] <= -reach }
    }
  }

  /// Everything goes off.
  mutating func end() {
    for channel in isOn.indices { isOn[channel] = false }
  }

  /// Goes on to the step that was seen.
  mutating func turn(at step: Int) {
    isOn.withUnsafeBufferPointer { isOn in
      starts.withUnsafeMutableBufferPointer { starts in
        for channel in isOn.indices {
          starts[channel] = isOn[channel] ? min(starts[channel], step) : Self.notOn
        }
      }
    }
  }
}
