/// A count of bytes as people write it: "512M", "4G", "1.5GiB", in powers of 1024.
public struct MemorySize: Sendable, Hashable, CustomStringConvertible {
  public let bytes: Int

  /// What a trace's values take at most where nobody says otherwise.
  public static let usual = MemorySize(bytes: 1 << 30)

  private init(bytes: Int) { self.bytes = bytes }

  /// Nil where it is no size, or none that a trace could keep to: less than a megabyte, a budget in
  /// which not even a step has room, is a slip, not a wish.
  public init?(_ text: String) {
    let text = text.uppercased()
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let powers = ["": 0, "B": 0, "K": 1, "M": 2, "G": 3, "T": 4]
    var unit = text.dropFirst(digits.count)
    if unit.count > 1, unit.hasSuffix("B") { unit = unit.dropLast(unit.hasSuffix("IB") ? 2 : 1) }
    guard let number = Double(digits), let power = powers[String(unit)] else { return nil }
    let bytes = number * Double(1 << (10 * power))
    guard bytes >= Double(1 << 20), bytes < Double(1 << 50) else { return nil }
    self.bytes = Int(bytes)
  }

  /// In the largest unit of which it is a whole number: "1G", "1536M".
  public var description: String {
    for (unit, power) in [("T", 40), ("G", 30), ("M", 20), ("K", 10)]
    where bytes % (1 << power) == 0 {
      return "\(bytes >> power)\(unit)"
    }
    return String(bytes)
  }
}
