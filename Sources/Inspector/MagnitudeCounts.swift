/// How large values are, as counts by size: any quantile of millions of them in 64 kB, and within 1/32 of
/// its value.
///
/// A bin is an exponent with the first five bits of the mantissa, so bins are as wide as their values are
/// large.
public struct MagnitudeCounts: Sendable, Equatable {
  private var bins: [Int] = []
  /// Finite values that are in it.
  public private(set) var count = 0

  /// Bits of the mantissa that a bin leaves out.
  private static let shift: UInt32 = 18
  private static let binCount = 1 << (31 - 18)

  public init() {}

  /// Takes in the absolute values of the finite ones among `values`.
  public mutating func add(_ values: UnsafeBufferPointer<Float>) {
    if bins.isEmpty { bins = Array(repeating: 0, count: Self.binCount) }
    var finite = 0
    bins.withUnsafeMutableBufferPointer { bins in
      for value in values where value.isFinite {
        bins[Int(abs(value).bitPattern >> Self.shift)] += 1
        finite += 1
      }
    }
    count += finite
  }

  /// The least size that `share` of the values (0…1) do not pass, as the upper end of its bin; 0 where
  /// there are no values.
  public func quantile(_ share: Double) -> Float {
    guard count > 0 else { return 0 }
    let wanted = max(1, Int((share * Double(count)).rounded(.up)))
    var passed = 0
    for (index, number) in bins.enumerated() {
      passed += number
      if passed >= wanted {
        // The first bin is 0 with what is next to nothing.
        return index == 0 ? 0 : Float(bitPattern: (UInt32(index) + 1) << Self.shift).nextDown
      }
    }
    return 0
  }
}

/// How far the values of a signal go, of each unit and of all.
public struct SignalExtent: Sendable, Equatable {
  /// The largest finite absolute value of each unit.
  public private(set) var largest: [Float]
  public private(set) var magnitudes = MagnitudeCounts()

  public init(units: Int) { largest = Array(repeating: 0, count: units) }

  /// - Parameter values: (steps, units), row-major.
  public mutating func add(_ values: [Float]) {
    values.withUnsafeBufferPointer { values in
      magnitudes.add(values)
      largest.withUnsafeMutableBufferPointer { largest in
        for start in stride(from: 0, to: values.count, by: max(1, largest.count)) {
          for unit in largest.indices {
            let value = abs(values[start + unit])
            if value > largest[unit], value.isFinite { largest[unit] = value }
          }
        }
      }
    }
  }

  /// The largest of all.
  public var limit: Float { largest.max() ?? 0 }

  /// What nine in ten values do not pass: one unit that runs away does not take the colours from all the
  /// others. The largest where nearly all are 0.
  public var usual: Float { Self.usual(magnitudes, largest: limit) }

  public static func usual(_ magnitudes: MagnitudeCounts, largest: Float) -> Float {
    let quantile = magnitudes.quantile(0.9)
    return quantile > 0 ? min(quantile, largest) : largest
  }
}
