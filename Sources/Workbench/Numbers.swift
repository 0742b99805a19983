/// Numbers as the screen writes them.
enum Numbers {
  /// `value` with a fixed number of decimals; beyond a million, or where that would show nothing
  /// but zeros of a number that is none, three digits and a power of ten.
  static func fixed(_ value: Float, decimals: Int = 2) -> String {
    fixed(Double(value), decimals: decimals)
  }

  static func fixed(_ value: Double, decimals: Int = 2) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    guard abs(value) < 1e6 else { return scientific(value) }
    let scale = (0..<decimals).reduce(1) { product, _ in product * 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(scaled) }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
  }

  /// The value of a signal, in seven columns below a thousand: two decimals, and below a tenth as many
  /// more, or a power of ten, as leave two digits or three of it. So a product agrees with its factors as
  /// they are written, and what is written as nothing is less than a billionth.
  static func value(_ value: Float) -> String {
    let size = abs(value)
    guard size < 0.0995, size >= 1e-9 else { return fixed(value) }
    if size >= 0.00995 { return fixed(value, decimals: 3) }
    return size >= 0.000995 ? fixed(value, decimals: 4) : small(value)
  }

  static func value(_ value: Double) -> String { self.value(Float(value)) }

  /// "+0.12", "-3.40", "+0.042": a value with its sign; nothing has none.
  static func signed(_ value: Float) -> String { withSign(self.value(value)) }

  /// The same with a fixed number of decimals; what these show as nothing has no sign.
  static func signed(_ value: Float, decimals: Int) -> String {
    withSign(fixed(value, decimals: decimals))
  }

  private static func withSign(_ text: String) -> String {
    let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
    return text.hasPrefix("-") || isZero ? text : "+" + text
  }

  /// As a factor in a product: a negative one stands in brackets.
  static func factor(_ value: Float) -> String {
    let text = self.value(value)
    return text.hasPrefix("-") ? "(\(text))" : text
  }

  /// A value in at most `width` columns, with as many digits as fit.
  static func fitted(_ value: Float, width: Int) -> String {
    let whole = self.value(value)
    if whole.count <= width { return whole }
    let size = abs(value)
    if size < 0.000995 {
      let short = brief(value)
      if short.count <= width { return short }
    }
    for decimals in size < 0.0995 ? [3, 2, 1, 0] : [2, 1, 0] {
      let text = fixed(value, decimals: decimals)
      if text.count <= width { return text }
    }
    return value > 0 ? "big" : "-big"
  }

  /// A limit of a chart in at most `width` columns, five or more: as `fitted`, but what that would show as
  /// zero has the decimals or the power of ten that it takes.
  static func bound(_ value: Float, width: Int) -> String {
    if value == value.rounded() && abs(value) < 1000 { return String(Int(value)) }
    guard value.isFinite, abs(value) < 0.005 else { return fitted(value, width: width) }
    let plain = fixed(value, decimals: 3)
    if abs(value) >= 0.0005, plain.count <= width { return plain }
    let text = brief(value)
    return text.count <= width ? text : value < 0 ? "-0" : "0"
  }

  /// One digit and a power of ten: "-4e-6".
  private static func brief(_ value: Float) -> String {
    guard value != 0 else { return "0" }
    var mantissa = Double(abs(value))
    var exponent = 0
    while mantissa < 0.95 {
      mantissa *= 10
      exponent += 1
    }
    return (value < 0 ? "-" : "") + fixed(mantissa, decimals: 0) + "e-\(exponent)"
  }

  /// With as many decimals as `width` columns leave a number below ten with its sign, so that numbers
  /// of one width line up; larger ones have fewer. Where not even the whole part has room, "big".
  static func written(_ value: Float, width: Int) -> String {
    guard value.isFinite else { return fixed(value) }
    for decimals in (0...min(max(width - 3, 0), 7)).reversed() {
      let text = fixed(value, decimals: decimals)
      if text.count <= width { return text }
    }
    return value > 0 ? "big" : "-big"
  }

  /// Of a size that may be anything: three decimals, or two digits and a power of ten.
  static func small(_ value: Float) -> String {
    guard value.isFinite, value != 0, abs(value) < 0.0095 else { return fixed(value, decimals: 3) }
    var exponent = 0
    var mantissa = Double(abs(value))
    while mantissa < 0.995 {
      mantissa *= 10
      exponent += 1
    }
    return (value < 0 ? "-" : "") + fixed(mantissa, decimals: 1) + "e-\(exponent)"
  }

  /// A legend's limit, with no more decimals than it needs; below a millionth, 0.
  static func limit(_ value: Float) -> String {
    for decimals in 0..<6 {
      let text = fixed(value, decimals: decimals)
      if let shown = Float(text), abs(shown - value) <= abs(value) * 1e-3 { return text }
    }
    return fixed(value, decimals: 6)
  }

  static func percent(_ share: Float) -> String {
    fixed(Double(share) * 100, decimals: 0) + " %"
  }

  /// The next larger of 1, 1.5, 2, 3, 4, 5, 6, 8 × 10ⁿ: limits that rarely move.
  static func roundedUp(_ value: Float) -> Float {
    guard value > 0, value.isFinite else { return 1 }
    var power: Float = 1
    while power * 8 < value && power < 1e37 { power *= 10 }
    while power >= value && power > 1e-37 { power /= 10 }
    let steps: [Float] = [1, 1.5, 2, 3, 4, 5, 6, 8]
    let limit = steps.map { $0 * power }.first { $0 >= value } ?? power * 10
    return limit >= value && limit.isFinite ? limit : value
  }

  private static func scientific(_ value: Double) -> String {
    var mantissa = abs(value)
    var exponent = 0
    while mantissa >= 9.995 {
      mantissa /= 10
      exponent += 1
    }
    return (value < 0 ? "-" : "") + fixed(mantissa) + "e\(exponent)"
  }
}
