/// How fast one value of a track changes over the steps.
public struct Pace: Sendable, Equatable {
  /// Autocorrelation time: after how many steps the value's correlation with itself has first fallen
  /// to 1/e, read off between the two steps on whose sides that is; infinite where it has not within
  /// half of the steps; NaN of a value that stands still.
  public var time: Double
  /// Mean |change| from step to step over the spread (standard deviation); NaN of a value that stands
  /// still.
  public var movement: Double

  /// Whether it stands still, or is no number at some step.
  public var isStill: Bool { time.isNaN }

  static let still = Pace(time: .nan, movement: .nan)

  /// - Parameter values: one a step.
  init(of values: [Float]) {
    self = Self.paces(of: [values], Autocorrelation(count: values.count))[0]
  }

  private init(time: Double, movement: Double) {
    self.time = time
    self.movement = movement
  }

  /// - Parameters:
  ///   - columns: one or two, each as many values as `correlation` counts.
  static func paces(of columns: [[Float]], _ correlation: Autocorrelation) -> [Pace] {
    var paces = columns.map { _ in Pace.still }
    var moving: [(index: Int, values: [Double])] = []
    for (index, values) in columns.enumerated() {
      guard let (centred, movement) = moved(values) else { continue }
      paces[index].movement = movement
      moving.append((index, centred))
    }
    guard !moving.isEmpty else { return paces }
    for ((index, _), time) in zip(moving, correlation.times(of: moving.map(\.values))) {
      paces[index].time = time
    }
    return paces
  }

  /// The values without their mean, and how far they go; nil where they stand still or are no numbers.
  private static func moved(_ values: [Float]) -> (centred: [Double], movement: Double)? {
    guard values.count > 2, values.allSatisfy(\.isFinite) else { return nil }
    let count = values.count
    let mean = values.reduce(0) { $0 + Double($1) } / Double(count)
    let centred = values.map { Double($0) - mean }
    let power = centred.reduce(0) { $0 + $1 * $1 }
    let spread = (power / Double(count)).squareRoot()
    // What is left of a constant in Float32 is no movement.
    let size = values.reduce(0) { max($0, Double(abs($1))) }
    guard spread > 1e-6 * size else { return nil }
    var moved = 0.0
    for step in 1..<count { moved += abs(centred[step] - centred[step - 1]) }
    return (centred, moved / Double(count - 1) / spread)
  }
}
