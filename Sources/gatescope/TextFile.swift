import Files

/// Text from a file or from standard input.
enum TextFile {
  enum Failure: Error, CustomStringConvertible {
    case notUTF8(path: String, offset: Int)

    var description: String {
      switch self {
      case .notUTF8(let path, let offset):
        "\(path): is not UTF-8 at byte \(offset); convert it first"
      }
    }
  }

  /// What messages call a path.
  static func name(of path: String) -> String { path == "-" ? "standard input" : path }

  /// The whole text of `path`, `-` for standard input.
  static func read(_ path: String) throws -> String { try text(bytes(path), path: path) }

  /// The lines of a text, as every system ends them, without the mark that Windows begins a file with.
  static func lines(of text: String) -> [Substring] {
    // By scalars: CR LF is one Character.
    let scalars = text.unicodeScalars
    return scalars.dropFirst(scalars.first == byteOrderMark ? 1 : 0)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in Substring(line.last == "\r" ? line.dropLast() : line) }
  }

  /// A text to learn from: its lines end in LF whatever system it is from.
  static func corpus(_ path: String) throws -> String {
    let text = try read(path)
    // By bytes: CR LF is one Character.
    guard text.utf8.contains(UInt8(ascii: "\r")) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n"), bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      bytes.append(byte)
    }
    if bytes.count < text.utf8.count {
      Process.say("\(name(of: path)): line ends of CR LF are read as LF")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// U+FEFF at the start of a file says only that it is UTF-8.
  static let byteOrderMark: Unicode.Scalar = "\u{FEFF}"

  /// The bytes of `path`, `-` for standard input.
  static func bytes(_ path: String) throws -> [UInt8] { try InputBytes.read(path) }

  /// Proves that bytes are UTF-8.
  static func text(_ bytes: [UInt8], path: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure.notUTF8(path: name(of: path), offset: firstInvalid(bytes))
    }
    return text
  }

  private static func firstInvalid(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput, .error: return offset
      }
    }
  }
}
