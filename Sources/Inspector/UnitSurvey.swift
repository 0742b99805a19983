import Recurrent

/// What every unit of a track did, found in slices, all units at once: in one pass over the steps, and
/// where there is a c in another over that. A trace that is computed again when it is read is read as
/// seldom as can be.
public struct UnitSurvey {
  /// A unit an entry, once `advance` has said that they are there.
  public private(set) var statistics: [UnitStatistics] = []

  private let trace: Trace
  private let track: Int
  private let layout: TrackLayout
  private let units: Range<Int>
  private let stepCount: Int
  private var columns: [Signal: Columns]
  private var life: [HalfLife]
  private var course: Course
  private var roles: [RoleCounts]
  private var isSecond = false
  private var next = 0

  /// - Parameter units: which of them; nil for all.
  public init(of trace: Trace, track: Int, units: Range<Int>? = nil) {
    self.trace = trace
    self.track = track
    layout = trace.layout[track]
    stepCount = trace.recordedSteps
    let units = units ?? 0..<layout.units
    self.units = units
    let layout = layout
    columns = Dictionary(
      uniqueKeysWithValues: layout.signals.map { signal in
        (signal, Columns(units: units.clamped(to: 0..<layout.units(of: signal))))
      })
    life = Array(repeating: HalfLife(), count: units.count)
    course = Course(units: units.count, steps: stepCount)
    roles = Array(repeating: RoleCounts(spread: .nan), count: units.count)
  }

  /// c changes by as much as it is spread, which is known after the first pass only.
  private var hasSecond: Bool { layout.signals.contains(.c) }

  /// How much of it is done, 0…1.
  public var progress: Double {
    Double((isSecond ? stepCount : 0) + next) / Double((hasSecond ? 2 : 1) * max(stepCount, 1))
  }

  /// Looks at some more steps.
  ///
  /// - Parameter budget: about how many values may be looked at.
  /// - Returns: whether `statistics` are there.
  public mutating func advance(budget: Int) -> Bool {
    let row = max(1, units.count * layout.signals.count)
    var left = max(1, budget / row)
    while left > 0 {
      let steps = next..<min(next + min(left, Self.blockSteps), stepCount)
      if isSecond { takeRoles(steps) } else { take(steps) }
      left -= max(1, steps.count)
      next = steps.upperBound
      guard next == stepCount else { continue }
      guard hasSecond, !isSecond else {
        finish()
        return true
      }
      beginSecond()
    }
    return false
  }

  private static let blockSteps = 256

  // MARK: - First pass: moments

  private mutating func take(_ steps: Range<Int>) {
    guard !steps.isEmpty else { return }
    for signal in layout.signals {
      guard var columns = columns.removeValue(forKey: signal) else { continue }
      let values = values(of: signal, steps, columns.units)
      columns.take(values)
      self.columns[signal] = columns
      let count = columns.units.count
      if signal == .f {
        for (place, value) in values.enumerated() { life[place % count].add(value) }
      }
      if signal == layout.memory {
        for (place, value) in values.enumerated() {
          course.add(value, unit: place % count, step: steps.lowerBound + place / count)
        }
      }
    }
  }

  private func values(of signal: Signal, _ steps: Range<Int>, _ units: Range<Int>) -> [Float] {
    trace.window(WindowRequest(track: track, signal: signal, steps: steps, units: units)).values
  }

  // MARK: - Second pass: what depends on them

  private mutating func beginSecond() {
    isSecond = true
    next = 0
    roles = (0..<units.count).map { place in
      RoleCounts(spread: columns[.c]?.spread(at: place) ?? .nan)
    }
  }

  private mutating func takeRoles(_ steps: Range<Int>) {
    guard !steps.isEmpty, let units = columns[.c]?.units, !units.isEmpty else { return }
    for (place, value) in values(of: .c, steps, units).enumerated() {
      roles[place % units.count].add(value)
    }
  }

  private mutating func finish() {
    statistics = units.enumerated().map { place, unit in
      var signals: [Signal: UnitStatistics.OfSignal] = [:]
      for signal in layout.signals {
        guard let columns = columns[signal], place < columns.units.count else { continue }
        signals[signal] = columns.statistics(at: place, stepCount)
      }
      return UnitStatistics(
        unit: unit, signals: signals,
        halfLife: layout.signals.contains(.f) ? life[place].steps : .nan,
        counts: roles[place], course: course.means(of: place))
    }
  }
}

/// The moments of one signal, a unit an entry.
private struct Columns {
  let units: Range<Int>
  private var counts: [Double]
  private var sums: [Double]
  private var moves: [Double]
  private var lows: [Double]
  private var highs: [Double]
  private var last: [Float]
  /// Apart from `sums`, whose quotient is nearer to the mean of all: the mean so far and Σ (v − mean)², as the values come (Welford 1962).
  private var means: [Double]
  private var squares: [Double]

  init(units: Range<Int>) {
    self.units = units
    let zeros = [Double](repeating: 0, count: units.count)
    (counts, sums, moves, lows, highs) = (zeros, zeros, zeros, zeros, zeros)
    (means, squares) = (zeros, zeros)
    last = Array(repeating: .nan, count: units.count)
  }

  /// - Parameter values: (steps, units).
  mutating func take(_ values: [Float]) {
    for start in stride(from: 0, to: values.count, by: max(1, units.count)) {
      for unit in 0..<units.count {
        let value = values[start + unit]
        defer { last[unit] = value }
        guard value.isFinite else { continue }
        let number = Double(value)
        counts[unit] += 1
        sums[unit] += number
        let off = number - means[unit]
        means[unit] += off / counts[unit]
        squares[unit] += off * (number - means[unit])
        if number < 0.1 { lows[unit] += 1 }
        if number > 0.9 { highs[unit] += 1 }
        if last[unit].isFinite { moves[unit] += abs(number - Double(last[unit])) }
      }
    }
  }

  func spread(at unit: Int) -> Double {
    unit < units.count ? (squares[unit] / counts[unit]).squareRoot() : .nan
  }

  func statistics(at unit: Int, _ steps: Int) -> UnitStatistics.OfSignal {
    let count = counts[unit]
    guard count > 0 else { return UnitStatistics.OfSignal() }
    return UnitStatistics.OfSignal(
      mean: sums[unit] / count, spread: spread(at: unit),
      movement: steps > 1 ? moves[unit] / Double(steps - 1) : 0,
      lowShare: lows[unit] / count, highShare: highs[unit] / count)
  }
}

/// The track's memory over time: means of equal parts of the steps.
private struct Course {
  private let parts: Int
  private let steps: Int
  private var sums: [Double]
  private var counts: [Double]

  init(units: Int, steps: Int) {
    self.steps = steps
    parts = min(UnitStatistics.courseParts, steps)
    sums = Array(repeating: 0, count: units * parts)
    counts = sums
  }

  mutating func add(_ value: Float, unit: Int, step: Int) {
    guard value.isFinite else { return }
    // Part p has the steps from ⌊p·T/parts⌋ on: the last p that begins no later than the step.
    let part = ((step + 1) * parts - 1) / steps
    sums[unit * parts + part] += Double(value)
    counts[unit * parts + part] += 1
  }

  func means(of unit: Int) -> [Float] {
    (0..<parts).map { part in
      let place = unit * parts + part
      return counts[place] > 0 ? Float(sums[place] / counts[place]) : .nan
    }
  }
}

/// How c of a unit changes from step to step, beside its spread.
struct RoleCounts {
  let spread: Double
  private var last = Float.nan
  private var before = Double.nan
  private(set) var changes = 0
  private(set) var still = 0
  private(set) var even = 0

  init(spread: Double) { self.spread = spread }

  mutating func add(_ c: Float) {
    let change = Double(c - last)
    last = c
    guard change.isFinite else { return }
    changes += 1
    if abs(change) < 0.1 * spread { still += 1 }
    // About as the change before, and not by nothing.
    if before.isFinite, abs(change) > 0.1 * spread, abs(change - before) < 0.35 * abs(change) {
      even += 1
    }
    before = change
  }
}
