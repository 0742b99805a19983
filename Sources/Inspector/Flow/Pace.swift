#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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
    self = .still
    guard values.count > 2, values.allSatisfy(\.isFinite) else { return }
    let count = values.count
    let mean = values.reduce(0) { $0 + Double($1) } / Double(count)
    let centred = values.map { Double($0) - mean }
    let power = centred.reduce(0) { $0 + $1 * $1 }
    let spread = (power / Double(count)).squareRoot()
    // What is left of a constant in Float32 is no movement.
    let size = values.reduce(0) { max($0, Double(abs($1))) }
    guard spread > 1e-6 * size else { return }
    let moved = zip(centred, centred.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) }
    movement = moved / Double(count - 1) / spread
    time = Self.time(centred, power)
  }

  private init(time: Double, movement: Double) {
    self.time = time
    self.movement = movement
  }

  private static func time(_ values: [Double], _ power: Double) -> Double {
    let threshold = exp(-1.0)
    return values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return .nan }
      var before = 1.0
      for lag in 1...max(1, values.count / 2) {
        var sum = SIMD8<Double>.zero
        var place = 0
        let count = values.count - lag
        while place + 8 <= count {
          sum.addProduct(
            UnsafeRawPointer(base + place).loadUnaligned(as: SIMD8<Double>.self),
            UnsafeRawPointer(base + place + lag).loadUnaligned(as: SIMD8<Double>.self))
          place += 8
        }
        var total = sum.sum()
        while place < count {
          total += base[place] * base[place + lag]
          place += 1
        }
        let now = total / power
        if now < threshold {
          return Double(lag - 1) + (before - threshold) / (before - now)
        }
        before = now
      }
      return .infinity
    }
  }
}
