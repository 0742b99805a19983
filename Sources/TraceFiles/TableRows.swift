/// The rows of a CSV file (RFC 4180), one after the other, as places in its bytes. Rows end in LF or
/// CRLF; blank ones are passed over.
struct TableRows {
  typealias Problem = TraceFileError.Problem

  struct Field {
    /// Without the quotes around it.
    let bytes: Range<Int>
    let isQuoted: Bool
    /// Whether quotes inside are doubled.
    let hasQuotes: Bool

    var isMissing: Bool { bytes.isEmpty && !isQuoted }
  }

  private let bytes: UnsafeRawBufferPointer
  private var offset = 0
  private var nextLine = 1
  /// The line on which the last row began, from 1.
  private(set) var line = 0

  /// - Parameter bytes: alive for as long as the rows are read.
  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  /// Text, by its first bytes: a table's first row is never far away and holds no zeros.
  static func looksLikeTable(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let start = bytes.prefix(4096)
    return start.contains(comma) && !start.contains(0)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The next row's fields in the place of those in `fields`.
  ///
  /// - Returns: whether there was one.
  mutating func next(into fields: inout [Field]) throws(Problem) -> Bool {
    repeat {
      guard offset < bytes.count else { return false }
      fields.removeAll(keepingCapacity: true)
      line = nextLine
      while try field(into: &fields) {}
    } while fields.count == 1 && fields[0].isMissing
    return true
  }

  /// Takes a field with what ends it; whether the row goes on.
  private mutating func field(into fields: inout [Field]) throws(Problem) -> Bool {
    var end: Int
    if offset < bytes.count, bytes[offset] == Self.quote {
      let start = offset + 1
      var hasQuotes = false
      end = start
      while true {
        guard end < bytes.count else { throw .table(line: line, .openQuote) }
        if bytes[end] == Self.quote {
          guard end + 1 < bytes.count, bytes[end + 1] == Self.quote else { break }
          hasQuotes = true
          end += 1
        } else if bytes[end] == Self.newline {
          nextLine += 1
        }
        end += 1
      }
      fields.append(Field(bytes: start..<end, isQuoted: true, hasQuotes: hasQuotes))
      end += 1
    } else {
      end = offset
      while end < bytes.count, bytes[end] != Self.comma, bytes[end] != Self.newline { end += 1 }
      let isCRLF =
        end > offset && bytes[end - 1] == Self.carriageReturn
        && (end == bytes.count || bytes[end] == Self.newline)
      if isCRLF { end -= 1 }
      fields.append(Field(bytes: offset..<end, isQuoted: false, hasQuotes: false))
    }
    if end < bytes.count, bytes[end] == Self.comma {
      offset = end + 1
      return true
    }
    if end < bytes.count, bytes[end] == Self.carriageReturn { end += 1 }
    if end < bytes.count {
      guard bytes[end] == Self.newline else { throw .table(line: line, .afterQuote) }
      end += 1
    }
    nextLine += 1
    offset = end
    return false
  }

  // MARK: - What is in a field

  func isSame(_ field: Field, as other: Field) -> Bool {
    field.hasQuotes == other.hasQuotes
      && bytes[field.bytes].elementsEqual(bytes[other.bytes])
  }

  /// Nil where it is not UTF-8.
  func text(_ field: Field) -> String? {
    guard field.hasQuotes else { return String(validating: bytes[field.bytes], as: UTF8.self) }
    var plain: [UInt8] = []
    var isSecond = false
    for byte in bytes[field.bytes] {
      isSecond = byte == Self.quote && !isSecond
      if !isSecond || byte != Self.quote { plain.append(byte) }
    }
    return String(validating: plain, as: UTF8.self)
  }

  /// A text for a message, whatever is in it.
  func shown(_ field: Field) -> String {
    String(decoding: bytes[field.bytes].prefix(400), as: UTF8.self)
  }

  /// A number from 0 on, of at most 18 digits.
  func count(_ field: Field) -> Int? {
    guard (1...18).contains(field.bytes.count) else { return nil }
    var number = 0
    for byte in bytes[field.bytes] {
      guard (48...57).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 48)
    }
    return number
  }

  /// The Float32 that lies nearest to a decimal number. Nil where it is none.
  func float(_ field: Field) -> Float? {
    DecimalNumber.float(UnsafeRawBufferPointer(rebasing: bytes[field.bytes]))
  }
}

/// Decimal numbers as Float32, rounded once.
enum DecimalNumber {
  /// Powers of ten that a Double holds exactly.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// Few digits and a small power of ten come out of one exact product or quotient (Clinger 1990);
  /// anything else is left to the library.
  static func float(_ bytes: UnsafeRawBufferPointer) -> Float? {
    var place = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { place = 1 }
    var mantissa = 0
    var digits = 0
    var exponent = 0
    var hasPoint = false
    scan: while place < bytes.count {
      switch bytes[place] {
      case 48...57:
        mantissa = mantissa * 10 + Int(bytes[place] - 48)
        digits += 1
        if hasPoint { exponent -= 1 }
        // 15 digits are exact in a Double.
        guard digits <= 15 else { return slow(bytes) }
      case UInt8(ascii: ".") where !hasPoint: hasPoint = true
      default: break scan
      }
      place += 1
    }
    guard digits > 0 else { return slow(bytes) }
    if place < bytes.count {
      guard let written = self.exponent(bytes[place...]) else { return slow(bytes) }
      exponent += written
    }
    guard powers.indices.contains(abs(exponent)) else { return slow(bytes) }
    let power = powers[abs(exponent)]
    let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
    // Halfway between two Float32, or below the normal ones, a second rounding might differ.
    guard value.bitPattern & 0x1fff_ffff != 0x1000_0000, value == 0 || value > 1.2e-38 else {
      return slow(bytes)
    }
    return Float(isNegative ? -value : value)
  }

  /// "e-05".
  private static func exponent(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
    guard bytes.count >= 2, bytes.count <= 5, bytes.first.map({ $0 | 32 }) == UInt8(ascii: "e")
    else { return nil }
    return Int(String(decoding: bytes.dropFirst(), as: UTF8.self))
  }

  private static func slow(_ bytes: UnsafeRawBufferPointer) -> Float? {
    let text = String(decoding: bytes, as: UTF8.self)
    // R and pandas write NA; hexadecimal numbers nobody writes.
    if text == "NA" { return .nan }
    return text.utf8.contains { $0 | 32 == UInt8(ascii: "x") } ? nil : Float(text)
  }
}
