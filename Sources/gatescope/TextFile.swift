#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Text from a file or from standard input.
enum TextFile {
  enum Failure: Error, CustomStringConvertible {
    case unreadable(path: String, code: Int32)
    case notUTF8(path: String, offset: Int)

    var description: String {
      switch self {
      case .unreadable(let path, let code):
        "\(path): cannot be read: \(String(cString: strerror(code)))"
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

  /// U+FEFF at the start of a file says only that it is UTF-8.
  static let byteOrderMark: Unicode.Scalar = "\u{FEFF}"

  /// The bytes of `path`, `-` for standard input.
  static func bytes(_ path: String) throws -> [UInt8] {
    let name = name(of: path)
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY)
    guard descriptor >= 0 else { throw Failure.unreadable(path: name, code: errno) }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, &block, block.count)
      #else
        let count = Darwin.read(descriptor, &block, block.count)
      #endif
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Failure.unreadable(path: name, code: errno) }
      if count == 0 { break }
      bytes += block[..<count]
    }
    return bytes
  }

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
