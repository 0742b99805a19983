#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lines of a file of any length, a piece of it at a time in memory.
///
/// Not safe to share between threads.
final class LineReader {
  let path: String
  /// Bytes of the file; nil where that is a pipe.
  let size: Int?
  /// Bytes of the lines handed out so far.
  private(set) var offset = 0
  private let descriptor: CInt
  private let isOwner: Bool
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  private static let pieceSize = 1 << 20
  /// A file of anything else than lines would be read into memory whole.
  static let longestLine = 256 << 20

  /// - Parameter path: `-` is standard input.
  init(path: String) throws(SequenceFileError) {
    self.path = path == "-" ? "standard input" : path
    isOwner = path != "-"
    descriptor = isOwner ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO
    guard descriptor >= 0 else { throw .cannotRead(path: path, code: errno) }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    if isKnown, status.st_mode & S_IFMT == S_IFDIR {
      if isOwner { close(descriptor) }
      throw .isDirectory(path: path)
    }
    size = isKnown && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  deinit { if isOwner { close(descriptor) } }

  /// A line as it stands in the file.
  enum Line {
    /// Without its LF.
    case whole(ArraySlice<UInt8>)
    /// Longer than `longestLine`.
    case tooLong
  }

  /// The next line; nil at the end. What comes after the last LF is a line where it is not empty.
  func next() throws(SequenceFileError) -> Line? {
    var searched = start
    while true {
      if let end = lineFeed(from: searched) {
        defer { start = end + 1 }
        offset += end + 1 - start
        return .whole(buffer[start..<end])
      }
      searched = buffer.count
      if isAtEnd {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        offset += buffer.count - start
        return .whole(buffer[start...])
      }
      if buffer.count - start > Self.longestLine { return .tooLong }
      searched -= start
      try fill()
    }
  }

  /// How many lines a file has.
  static func count(path: String) throws(SequenceFileError) -> Int {
    let reader = try LineReader(path: path)
    var count = 0
    while true {
      switch try reader.next() {
      case .whole?: count += 1
      case .tooLong?, nil: return count
      }
    }
  }

  private func lineFeed(from first: Int) -> Int? {
    buffer.withUnsafeBytes { bytes -> Int? in
      guard first < bytes.count, let base = bytes.baseAddress else { return nil }
      return memchr(base + first, 0x0a, bytes.count - first).map {
        UnsafeRawPointer($0) - base
      }
    }
  }

  /// Reads on behind what has not been handed out.
  private func fill() throws(SequenceFileError) {
    buffer.removeFirst(start)
    start = 0
    let kept = buffer.count
    // A long line is read in ever larger pieces, so that moving it costs little.
    let wanted = max(Self.pieceSize, kept)
    buffer.append(contentsOf: repeatElement(0, count: wanted))
    let found = buffer.withUnsafeMutableBytes { bytes in
      var count: Int
      repeat {
        count = read(descriptor, bytes.baseAddress! + kept, wanted)
      } while count < 0 && errno == EINTR
      return count
    }
    let code = errno
    buffer.removeLast(wanted - max(found, 0))
    guard found >= 0 else { throw .cannotRead(path: path, code: code) }
    isAtEnd = found == 0
  }
}
