/// Reads the little JSON that model files hold, token by token.
///
/// A library's decoder is not used here for two reasons: it keeps one of two equal keys without a
/// word, and it builds a tree of whatever a hostile file nests. This one has no recursion at all:
/// the caller asks for the token that its grammar has next, so anything deeper is refused at once.
/// https://www.rfc-editor.org/rfc/rfc8259
struct JSONCursor {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  /// Every method that fails throws `badHeader` with the byte and what was expected there.
  typealias Problem = ModelFileError.Problem

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next byte that is not white space; nil at the end.
  mutating func peek() -> UInt8? {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0a, 0x0d: offset += 1
      default: return bytes[offset]
      }
    }
    return nil
  }

  mutating func expect(_ character: Character) throws(Problem) {
    guard let byte = peek(), byte == character.asciiValue else {
      throw .badHeader(offset: offset, expected: "'\(character)'")
    }
    offset += 1
  }

  mutating func expectEnd() throws(Problem) {
    if peek() != nil { throw .badHeader(offset: offset, expected: "nothing more") }
  }

  /// Whether another element follows in a list: steps over its comma, or over `end`.
  ///
  /// - Parameter isFirst: whether none was read yet, so that no comma stands before it.
  mutating func hasNext(isFirst: Bool, end: Character) throws(Problem) -> Bool {
    let next = peek()
    if next == end.asciiValue {
      offset += 1
      return false
    }
    if isFirst { return true }
    guard next == UInt8(ascii: ",") else {
      throw .badHeader(offset: offset, expected: "',' or '\(end)'")
    }
    offset += 1
    return true
  }

  /// A string, its escapes resolved. Costs its length.
  mutating func string(_ what: String = "a string") throws(Problem) -> String {
    guard peek() == UInt8(ascii: "\"") else { throw .badHeader(offset: offset, expected: what) }
    offset += 1
    var text: [UInt8] = []
    while true {
      guard offset < bytes.count else {
        throw .badHeader(offset: offset, expected: "'\"' at the end of the string")
      }
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        let result = String(decoding: text, as: UTF8.self)
        // Decoding puts U+FFFD where bytes are not UTF-8, and then the bytes are others.
        guard result.utf8.elementsEqual(text) else {
          throw .badHeader(offset: offset - 1, expected: "valid UTF-8 before the end of the string")
        }
        return result
      case UInt8(ascii: "\\"):
        text.append(contentsOf: Array(String(try escape()).utf8))
      case 0..<0x20:
        throw .badHeader(offset: offset, expected: "no control character in a string")
      default:
        text.append(byte)
        offset += 1
      }
    }
  }

  /// The digits of a number as they stand, for a caller who knows what may be there.
  mutating func number(_ what: String) throws(Problem) -> String {
    _ = peek()
    let start = offset
    while offset < bytes.count, offset - start < 40 {
      switch bytes[offset] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        offset += 1
        continue
      default: break
      }
      break
    }
    guard offset > start else { throw .badHeader(offset: start, expected: what) }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  /// Steps over a value of any kind, however deep, without recursion.
  mutating func skipValue() throws(Problem) {
    var ends: [UInt8] = []
    repeat {
      switch peek() {
      case UInt8(ascii: "\"")?: _ = try string()
      case UInt8(ascii: "{")?:
        ends.append(UInt8(ascii: "}"))
        offset += 1
      case UInt8(ascii: "[")?:
        ends.append(UInt8(ascii: "]"))
        offset += 1
      case let end? where end == ends.last:
        ends.removeLast()
        offset += 1
      case UInt8(ascii: ",")? where !ends.isEmpty, UInt8(ascii: ":")? where !ends.isEmpty:
        offset += 1
      default:
        if !take("true"), !take("false"), !take("null") { _ = try number("a value") }
      }
    } while !ends.isEmpty
  }

  /// Steps over a word where it stands here.
  mutating func take(_ word: String) -> Bool {
    _ = peek()
    guard bytes[min(offset, bytes.count)...].starts(with: word.utf8) else { return false }
    offset += word.utf8.count
    return true
  }

  private mutating func escape() throws(Problem) -> Unicode.Scalar {
    let start = offset
    let failure = Problem.badHeader(offset: start, expected: "an escape that JSON knows")
    guard offset + 1 < bytes.count else { throw failure }
    let kind = bytes[offset + 1]
    offset += 2
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(kind)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let first = codeUnit() else { throw failure }
      if let scalar = Unicode.Scalar(first) { return scalar }
      // Beyond U+FFFF a character is written as two surrogates.
      guard UTF16.isLeadSurrogate(first), offset + 1 < bytes.count,
        bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
      else { throw failure }
      offset += 2
      guard let second = codeUnit(), UTF16.isTrailSurrogate(second) else { throw failure }
      let value = 0x10000 + (UInt32(first) - 0xd800) << 10 + (UInt32(second) - 0xdc00)
      guard let scalar = Unicode.Scalar(value) else { throw failure }
      return scalar
    default: throw failure
    }
  }

  /// Four hexadecimal digits.
  private mutating func codeUnit() -> UInt16? {
    guard offset + 4 <= bytes.count else { return nil }
    var value: UInt16 = 0
    for byte in bytes[offset..<offset + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        return nil
      }
      value = value << 4 | UInt16(digit)
    }
    offset += 4
    return value
  }
}
