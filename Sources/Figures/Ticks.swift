#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Round numbers along an axis.
enum Ticks {
  /// At most `count` of them, 1, 2 or 5 × 10ⁿ apart, from `low` to `high`; none where those are no range.
  static func values(_ low: Double, _ high: Double, count: Int) -> [Double] {
    guard low < high, low.isFinite, high.isFinite, count > 0 else { return [] }
    let interval = interval(high - low, count: count)
    let first = (low / interval - 1e-9).rounded(.up)
    let last = (high / interval + 1e-9).rounded(.down)
    guard first <= last else { return [] }
    // Multiples, so that nothing adds up to 0.30000000000000004.
    return stride(from: first, through: last, by: 1).map { $0 * interval }
  }

  /// The least of 1, 2, 5 × 10ⁿ that goes into `span` no more than `count` - 1 times, or so.
  static func interval(_ span: Double, count: Int) -> Double {
    let least = span / Double(max(1, count - 1)) * (1 - 1e-9)
    let power = pow(10, log10(least).rounded(.down))
    return ([1, 2, 5, 10].first { $0 * power >= least } ?? 10) * power
  }

  /// The same of whole numbers, an interval of 1 at the least.
  static func wholeInterval(_ least: Double) -> Int {
    var power = 1
    while power < 1_000_000_000 {
      for step in [1, 2, 5] where Double(step * power) >= least { return step * power }
      power *= 10
    }
    return power
  }

  /// As many decimals as tell the ticks apart; a real minus.
  static func text(_ value: Double, interval: Double) -> String {
    if abs(value) >= 1e6 || value != 0 && interval < 1e-4 {
      return scientific(value)
    }
    let decimals = max(0, Int((-log10(interval) + 1e-9).rounded(.up)))
    let text = Decimal.text(value, decimals: min(decimals, 6))
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  private static func scientific(_ value: Double) -> String {
    let exponent = Int(log10(abs(value) * (1 + 1e-12)).rounded(.down))
    let mantissa = Decimal.text(value / pow(10, Double(exponent)), decimals: 2)
    return "\(mantissa)e\(exponent)".replacing("-", with: "−")
  }
}
