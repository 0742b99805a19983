import Inspector

/// How one unit of a signal moves over all recorded steps: what can be told of signals that have different
/// scales, where a difference says nothing.
struct UnitCourse {
  /// Mean |change| from step to step.
  let movement: Double
  /// The same as a share of the standard deviation; nil of what stands still.
  let share: Double?
  let range: ClosedRange<Float>
  let steps: Int

  /// A longer trace is not read between two frames.
  private static let mostSteps = 200_000

  /// - Returns: nil for fewer than two steps, or more than can be read at once, or values that are no
  ///   numbers.
  init?(_ signal: TracedSignal, unit: Int) {
    let recorded = signal.trace.recordedSteps
    guard unit < signal.units, (2...Self.mostSteps).contains(recorded) else { return nil }
    let values = signal.trace.values(
      track: signal.track, signal: signal.signal, steps: 0..<recorded, unit: unit)
    guard let low = values.min(), let high = values.max(), values.allSatisfy(\.isFinite) else {
      return nil
    }
    steps = recorded
    range = low...high
    movement =
      zip(values, values.dropFirst()).reduce(0) { $0 + abs(Double($1.1) - Double($1.0)) }
      / Double(recorded - 1)
    let mean = values.reduce(0) { $0 + Double($1) } / Double(recorded)
    let spread =
      (values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      / Double(recorded)).squareRoot()
    share = spread > 0 ? movement / spread : nil
  }
}
