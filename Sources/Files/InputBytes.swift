#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads files that are taken into memory whole, and stops at a limit: a device or a pipe may never end.
public enum InputBytes {
  /// What is read at most; the program takes another from `limitName`.
  public nonisolated(unsafe) static var limit = 256 << 20
  public static let limitName = "GATESCOPE_READ_LIMIT"

  /// - Parameter path: `-` is standard input.
  /// - Throws: `InputBytesError` with `path`, or "standard input".
  public static func read(_ path: String) throws(InputBytesError) -> [UInt8] {
    let isStandard = path == "-"
    let name = isStandard ? "standard input" : path
    let descriptor = isStandard ? STDIN_FILENO : systemOpen(path, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { throw .unreadable(path: name, code: errno) }
    defer { if !isStandard { close(descriptor) } }
    var bytes: [UInt8] = []
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      guard status.st_size <= limit else { throw .tooLong(path: name, limit: limit) }
      bytes.reserveCapacity(Int(status.st_size))
    }
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, &block, block.count)
      #else
        let count = Darwin.read(descriptor, &block, block.count)
      #endif
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path: name, code: errno) }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw .tooLong(path: name, limit: limit) }
      bytes += block[..<count]
    }
  }
}

/// Why a file cannot be read into memory.
public enum InputBytesError: Error, Equatable, Sendable, CustomStringConvertible {
  case unreadable(path: String, code: Int32)
  case tooLong(path: String, limit: Int)

  public var description: String {
    switch self {
    case .unreadable(let path, let code):
      return "\(path): cannot be read: \(String(cString: strerror(code)))"
    case .tooLong(let path, let limit):
      let size = limit % (1 << 20) == 0 ? "\(limit >> 20)M" : "\(limit) bytes"
      return "\(path): is longer than \(size), the most that is read; "
        + "\(InputBytes.limitName)=4G would allow more"
    }
  }
}
