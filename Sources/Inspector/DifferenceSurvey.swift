import Recurrent

/// How far two signals are apart: the worst and the mean absolute difference.
public struct DifferenceSummary: Sendable, Equatable {
  /// The largest |a - b|; nil before anything could be compared.
  public private(set) var worst: Float?
  /// Where it was, the first of equal ones.
  public private(set) var step = 0
  public private(set) var unit = 0
  /// Differences that are numbers.
  public private(set) var count = 0
  /// Differences that are none, such as ∞ - ∞.
  public private(set) var notNumbers = 0
  private var sum = 0.0

  public init() {}

  /// nil before anything could be compared.
  public var mean: Double? { count > 0 ? sum / Double(count) : nil }

  /// - Parameter values: differences of consecutive units, from unit 0.
  mutating func add(_ values: UnsafeBufferPointer<Float>, step: Int) {
    // Its own loop, since almost no step has the worst.
    var (rowWorst, rowSum, rowNaNs): (Float, Double, Int) = (-1, 0, 0)
    for value in values {
      let size = abs(value)
      if size.isNaN { rowNaNs += 1 } else { rowSum += Double(size) }
      rowWorst = size > rowWorst ? size : rowWorst
    }
    sum += rowSum
    notNumbers += rowNaNs
    count += values.count - rowNaNs
    if rowWorst >= 0, worst.map({ rowWorst > $0 }) ?? true {
      worst = rowWorst
      self.step = step
      unit = values.firstIndex { abs($0) == rowWorst } ?? 0
    }
  }
}

/// The summary of a difference over all steps that are recorded of both, kept as they come, in slices.
///
/// Not safe to share between threads.
public final class DifferenceSurvey {
  public let source: SignalSource
  public private(set) var summary = DifferenceSummary()
  /// How large the values are.
  public private(set) var magnitudes = MagnitudeCounts()
  /// Steps that are in it.
  public private(set) var steps = 0

  public init(of source: SignalSource) { self.source = source }

  /// Takes in more recorded steps, about `limit` values.
  ///
  /// - Returns: the values that were looked at; less than `limit` where nothing is left.
  public func extend(limit: Int) -> Int {
    let units = source.units
    var work = 0
    while steps < source.recordedSteps && work < limit {
      let part = steps..<min(steps + max(1, 4096 / max(units, 1)), source.recordedSteps)
      let window = source.window(steps: part, units: 0..<units)
      window.values.withUnsafeBufferPointer { magnitudes.add($0) }
      Self.add(window.values, part, units, to: &summary)
      steps = part.upperBound
      work += part.count * units
    }
    return work
  }

  /// The summary of one step.
  ///
  /// - Precondition: the step is recorded of both.
  public static func summary(of source: SignalSource, step: Int) -> DifferenceSummary {
    var summary = DifferenceSummary()
    let window = source.window(steps: step..<step + 1, units: 0..<source.units)
    add(window.values, step..<step + 1, source.units, to: &summary)
    return summary
  }

  private static func add(
    _ values: [Float], _ steps: Range<Int>, _ units: Int, to summary: inout DifferenceSummary
  ) {
    values.withUnsafeBufferPointer { values in
      for (row, step) in steps.enumerated() {
        let start = row * units
        summary.add(UnsafeBufferPointer(rebasing: values[start..<start + units]), step: step)
      }
    }
  }
}
