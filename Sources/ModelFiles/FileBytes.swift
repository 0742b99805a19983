import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a file, mapped and not copied, or bytes that are in memory already.
///
/// A file that somebody truncates while it is mapped would stop the program (SIGBUS); readers
/// therefore copy what they need and let go of the mapping, and never keep it while a model is used.
/// A trace that is too large for that is read where it lies.
package final class FileBytes: @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer
  package let isMapped: Bool

  package convenience init(_ array: [UInt8]) {
    self.init(copying: array)
  }

  init(copying source: some Collection<UInt8>) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 8)
    copy.copyBytes(from: source)
    bytes = UnsafeRawBufferPointer(copy)
    isMapped = false
  }

  /// Numbers as this machine stores them.
  convenience init(copying numbers: [Float]) {
    self.init(copying: numbers.withUnsafeBytes { Array($0) })
  }

  /// A regular file that is not empty: mapped, or copied where it is no larger than `limit` bytes, so
  /// that nothing that happens to it matters any more.
  package static func read(
    path: String, copiedUpTo limit: Int
  ) throws(ModelFileError) -> FileBytes {
    let mapped = try FileBytes(path: path)
    return mapped.bytes.count <= limit ? FileBytes(copying: mapped.bytes) : mapped
  }

  /// Maps a regular file that is not empty.
  package init(path: String) throws(ModelFileError) {
    // Without O_NONBLOCK a pipe that nobody writes to would hang here.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ModelFileError(path, .cannotOpen(code: errno))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw ModelFileError(path, .cannotOpen(code: errno))
    }
    guard let kind = FileKind(mode: status.st_mode) else {
      throw ModelFileError(path, .notRegular(.device))
    }
    guard kind == .regular else { throw ModelFileError(path, .notRegular(kind)) }
    guard status.st_size > 0 else { throw ModelFileError(path, .empty) }
    guard let size = Int(exactly: status.st_size),
      let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED
    else {
      throw ModelFileError(path, .cannotOpen(code: errno))
    }
    bytes = UnsafeRawBufferPointer(start: address, count: size)
    isMapped = true
    Self.note(path)
  }

  /// The one file that is mapped, for a message when it is shortened; nil where there are none or several.
  /// Files are opened one after the other.
  package nonisolated(unsafe) private(set) static var mappedPath: UnsafePointer<CChar>?
  private nonisolated(unsafe) static var mappedCount = 0

  private static func note(_ path: String) {
    mappedCount += 1
    // Never freed: a handler may be reading it.
    mappedPath = mappedCount == 1 ? UnsafePointer(strdup(shownText(path))) : nil
  }

  private static func forget() {
    mappedCount -= 1
    mappedPath = nil
  }

  deinit {
    if isMapped {
      Self.forget()
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    } else {
      bytes.deallocate()
    }
  }
}

/// What stands at a path.
public enum FileKind: String, Sendable {
  case regular = "a regular file"
  case directory = "a directory"
  case pipe = "a pipe"
  case socket = "a socket"
  case device = "a device"

  init?(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .directory
    case S_IFIFO: self = .pipe
    case S_IFSOCK: self = .socket
    case S_IFCHR, S_IFBLK: self = .device
    default: return nil
    }
  }
}
