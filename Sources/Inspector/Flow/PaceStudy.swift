import Recurrent

/// How fast c and h of every unit change: whether "c is slow, h is fast" holds for a trace.
public struct PaceReport: Sendable, Equatable {
  /// The steps that were looked at.
  public let steps: Range<Int>
  /// A unit an entry; nil where there is no c.
  public let cell: [Pace]?
  /// Of `shownSignal`, a unit an entry.
  public let shown: [Pace]
  /// h, or m where h is a projection and no unit's own; the memory of a trace that has neither.
  public let shownSignal: Signal

  /// By how much c moves slower than h, unit by unit: the quotient of their movements, each as a share
  /// of its own spread. Units of which one stands still are left out.
  public var slowness: [Double] {
    guard let cell else { return [] }
    return zip(cell, shown).compactMap { c, h in
      c.isStill || h.isStill ? nil : h.movement / c.movement
    }
  }

  /// What is to be said of them: the larger part of the units, and the median of their quotients.
  public var verdict: Verdict? {
    let all = slowness
    guard !all.isEmpty else { return nil }
    let slower = all.filter { $0 > 1 }
    let faster = all.filter { $0 < 1 }.map { 1 / $0 }
    let isSlower = slower.count >= faster.count
    let most = isSlower ? slower : faster
    guard !most.isEmpty else { return nil }
    return Verdict(
      isSlower: isSlower, factor: Self.median(most), units: most.count, of: shown.count,
      still: shown.count - all.count)
  }

  public struct Verdict: Sendable, Equatable {
    /// Whether it is c that is the slower one in most units.
    public let isSlower: Bool
    /// The median over those units.
    public let factor: Double
    /// In how many it is so.
    public let units: Int
    /// Of how many in all.
    public let of: Int
    /// Of those, where c or h stands still, so that there is no quotient.
    public let still: Int
  }

  /// The median of those that are a number or infinite; NaN of none.
  public static func median(_ values: [Double]) -> Double {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    if !sorted.count.isMultiple(of: 2) || sorted[middle].isInfinite { return sorted[middle] }
    return (sorted[middle - 1] + sorted[middle]) / 2
  }
}

/// Finds a `PaceReport` in slices: reads the steps in order, once, then looks at unit after unit.
///
/// Not safe to share between threads.
public final class PaceStudy {
  public private(set) var report: PaceReport?
  private let trace: Trace
  private let track: Int
  private let steps: Range<Int>
  private let signals: [Signal]
  private let units: Int
  private var columns: [FloatBuffer]  // a signal an entry: (units, steps)
  private var next: Int
  private var unit = 0
  private var paces: [[Pace]]
  private let correlation: Autocorrelation

  /// Values of a signal that are kept at most, and those of a unit.
  private static let mostValues = 1 << 24
  private static let mostSteps = 1 << 20

  /// - Parameter trace: its recorded steps are looked at, the last ones where there are too many.
  public init(of trace: Trace, track: Int) {
    self.trace = trace
    self.track = track
    let layout = trace.layout[track]
    let hasCell = layout.signals.contains(.c)
    let shown = [layout.cellOutput, .h].first(where: layout.signals.contains)
    signals = hasCell ? [.c] + (shown.map { [$0] } ?? []) : [shown ?? layout.memory]
    units = layout.units(of: signals[signals.count - 1])
    let most = min(Self.mostSteps, max(3, Self.mostValues / max(1, units)))
    let kept = min(trace.recordedSteps, most)
    steps = trace.recordedSteps - kept..<trace.recordedSteps
    next = steps.lowerBound
    let size = units * kept
    columns = signals.map { _ in FloatBuffer(uninitialized: size) }
    paces = signals.map { _ in [] }
    correlation = Autocorrelation(count: kept)
  }

  public var progress: Double {
    let read = Double(next - steps.lowerBound) / Double(max(1, steps.count))
    return report != nil ? 1 : 0.3 * read + 0.69 * Double(unit) / Double(max(1, units))
  }

  /// Looks at some more.
  ///
  /// - Parameter budget: about how many values.
  /// - Returns: whether `report` is there.
  @discardableResult
  public func advance(budget: Int) -> Bool {
    var left = budget
    while left > 0, report == nil {
      if next < steps.upperBound {
        left -= read()
      } else if unit < units {
        let found = Pace.paces(of: signals.indices.map { column($0, unit) }, correlation)
        for (index, pace) in found.enumerated() { paces[index].append(pace) }
        // About the transform's stages, or as many sums.
        left -= 2 * Autocorrelation.few * signals.count * steps.count
        unit += 1
      } else {
        let isAlone = signals.count == 1
        report = PaceReport(
          steps: steps, cell: signals[0] == .c ? paces[0] : nil,
          shown: isAlone && signals[0] == .c ? [] : paces[paces.count - 1],
          shownSignal: signals[signals.count - 1])
        columns = []
      }
    }
    return report != nil
  }

  private func read() -> Int {
    let part = next..<min(next + 256, steps.upperBound)
    for (index, signal) in signals.enumerated() {
      let window = trace.window(
        WindowRequest(track: track, signal: signal, steps: part, units: 0..<units))
      let target = columns[index].pointer
      window.values.withUnsafeBufferPointer { values in
        // Units outside: what is written lies together, what is read is small.
        for unit in 0..<units {
          for (row, step) in part.enumerated() {
            target[unit * steps.count + step - steps.lowerBound] = values[row * units + unit]
          }
        }
      }
    }
    next = part.upperBound
    return part.count * units * signals.count
  }

  private func column(_ index: Int, _ unit: Int) -> [Float] {
    Array(
      UnsafeBufferPointer(
        start: columns[index].pointer + unit * steps.count, count: steps.count))
  }
}
