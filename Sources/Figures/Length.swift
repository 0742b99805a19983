/// A length on paper, as journals ask for it.
public struct Length: Sendable, Hashable, CustomStringConvertible {
  public let millimetres: Double

  /// - Precondition: a figure can be that wide (`allowed`).
  public init(millimetres: Double) { self.millimetres = millimetres }

  /// Between a thumbnail and a poster.
  public static let allowed = 40.0...1000.0

  /// Of a column in most journals.
  public static let column = Length(millimetres: 84)
  /// Of a page in most journals.
  public static let page = Length(millimetres: 174)

  /// Reads "84mm", "8.4cm", "3.3in" or "240pt"; nil for what is none of that or not `allowed`.
  public init?(_ text: String) {
    let units: [(suffix: String, millimetres: Double)] = [
      ("mm", 1), ("cm", 10), ("in", 25.4), ("pt", 25.4 / 72),
    ]
    guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
    let digits = text.dropLast(unit.suffix.count)
    guard !digits.isEmpty, digits.allSatisfy({ "0123456789.".contains($0) }),
      let number = Double(digits), Self.allowed.contains(number * unit.millimetres)
    else { return nil }
    millimetres = number * unit.millimetres
  }

  /// PostScript's: 72 an inch.
  public var points: Double { millimetres / 25.4 * 72 }

  public var description: String { Decimal.text(millimetres, decimals: 2) + "mm" }
}

/// Numbers of a drawing, with no more digits than they need.
enum Decimal {
  static func text(_ value: Double, decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
    let scaled = Int((abs(value) * scale).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int(scale))
    guard rest > 0 else { return sign + String(whole) }
    var fraction = String(rest)
    fraction = String(repeating: "0", count: decimals - fraction.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return "\(sign)\(whole).\(fraction)"
  }
}
