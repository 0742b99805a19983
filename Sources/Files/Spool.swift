#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes that have to wait on the disk until their place in a file is known. They have no name there, so
/// that nothing of them is left however the program ends.
public final class Spool {
  /// Bytes so far.
  public private(set) var count = 0
  private let path: String
  private let descriptor: CInt
  private var buffer: [UInt8] = []

  private static let bufferSize = 1 << 16

  /// - Parameter path: of the file that they are for: they wait in its folder, and errors name it.
  public init(for path: String) throws(FileError) {
    self.path = path
    var folder = "./"
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) { folder = String(path[...slash]) }
    // A device's folder is no place for files.
    if folder == "/dev/" { folder = "/tmp/" }
    if let nameless = openNameless(in: folder, O_RDWR, 0o600) {
      descriptor = nameless
      return
    }
    let name = folder + Leftovers.newName()
    descriptor = systemOpen(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(.create, path: path, code: errno) }
    unlink(name)
  }

  deinit { close(descriptor) }

  /// Appends bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    count += bytes.count
    if bytes.count + buffer.count <= Self.bufferSize {
      buffer += bytes
      return
    }
    try flush()
    if bytes.count <= Self.bufferSize {
      buffer += bytes
    } else {
      try writeAll(bytes)
    }
  }

  /// Hands everything out again, piece by piece, from the beginning.
  public func read(_ take: (UnsafeRawBufferPointer) throws -> Void) throws {
    try flush()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    var offset = 0
    while offset < count {
      let found = pread(descriptor, piece.baseAddress, piece.count, off_t(offset))
      if found < 0 && errno == EINTR { continue }
      guard found > 0 else {
        throw FileError.system(.open, path: path, code: found < 0 ? errno : EIO)
      }
      try take(UnsafeRawBufferPointer(rebasing: piece[..<found]))
      offset += found
    }
  }

  private func flush() throws(FileError) {
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
      try writeAll(UnsafeRawBufferPointer(bytes))
    }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var done = 0
    while done < bytes.count {
      #if canImport(Glibc)
        let written = Glibc.write(
          descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30))
      #else
        let written = Darwin.write(
          descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30))
      #endif
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw .system(.write, path: path, code: errno) }
      done += written
    }
  }
}
