#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears whole or not at all: written beside its place, synced, then renamed into it.
///
/// Until `commit()` returns, whatever stood at the path stays untouched; when anything fails, or the
/// object goes away without a commit, the half-written file is removed. Symbolic links are followed,
/// so that the file they name is replaced and not the link. A pipe or a device (`/dev/stdout`, a
/// FIFO) cannot be replaced and is written to as the bytes come; a reader that goes away, or never
/// came, is an error and no signal.
public final class AtomicFile {
  /// The path as it was given, for messages.
  public let path: String
  /// Whether `overwrite` reaches everything that was written. Pipes and devices forget.
  public var isSeekable: Bool { target.temporary != nil }
  /// How many bytes have been written so far.
  public var count: UInt64 { flushed + UInt64(buffered) }

  private let target: Target
  /// Whether the unfinished file has a name in its folder.
  private var isNamed: Bool
  private let createNew: Bool
  private var descriptor: CInt
  private var flushed: UInt64 = 0
  private var buffered = 0
  private let buffer: UnsafeMutableRawBufferPointer
  private var failure: FileError?

  /// - Parameters:
  ///   - path: where the file shall appear.
  ///   - createNew: fail where a file already stands at the path, now or when it is committed. Pipes
  ///     and devices are written to all the same.
  ///   - mode: the permissions; nil keeps those of the file that is replaced, or takes the usual
  ///     ones for a new file.
  /// - Throws: `FileError` where the target is a directory or cannot be created.
  public init(path: String, createNew: Bool = false, mode: mode_t? = nil) throws(FileError) {
    self.path = path
    self.createNew = createNew
    target = try Target(path: path, createNew: createNew)
    (descriptor, isNamed) = try target.open(path: path)
    if let mode = mode ?? target.replacedMode, target.temporary != nil {
      _ = fchmod(descriptor, mode & 0o777)
    }
    // Last: an initialiser that throws has no deinit.
    buffer = .allocate(byteCount: 1 << 18, alignment: 64)
  }

  /// Looks, before long work, whether `init(path:createNew:)` would find something at the path that it
  /// must not replace.
  ///
  /// - Throws: `FileError.alreadyExists`, or what else stands in the way.
  public static func check(newAt path: String) throws(FileError) {
    _ = try Target(path: path, createNew: true)
  }

  deinit {
    discard()
    buffer.deallocate()
  }

  /// Appends bytes. Buffered: small writes cost a copy.
  ///
  /// - Throws: `FileError`; the unfinished file is then gone, and a later `commit` throws again.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try checkUsable()
    if bytes.count <= buffer.count - buffered {
      append(bytes)
      return
    }
    try flush()
    if bytes.count < buffer.count {
      append(bytes)
    } else {
      try writeAll(bytes)
    }
  }

  /// Appends bytes.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
      try write(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Appends the text's UTF-8.
  public func write(_ text: String) throws(FileError) {
    try write(Array(text.utf8))
  }

  /// Makes room for `count` more bytes, zeros until they are overwritten.
  ///
  /// - Throws: `FileError.notSeekable` of a pipe.
  public func extend(by count: UInt64) throws(FileError) {
    try checkUsable()
    guard isSeekable else { throw fail(.notSeekable(path: path)) }
    try flush()
    let end = flushed + count
    guard ftruncate(descriptor, off_t(end)) == 0, lseek(descriptor, off_t(end), SEEK_SET) >= 0
    else {
      throw fail(.system(.write, path: path, code: errno))
    }
    flushed = end
  }

  /// Replaces bytes that have been written before, such as a length that is known only at the end.
  ///
  /// - Precondition: `offset + bytes.count <= count`.
  /// - Throws: `FileError.notSeekable` where the bytes have already gone into a pipe.
  public func overwrite(at offset: UInt64, _ bytes: UnsafeRawBufferPointer) throws(FileError) {
    precondition(offset <= count && UInt64(bytes.count) <= count - offset)
    try checkUsable()
    if offset >= flushed {
      let start = Int(offset - flushed)
      UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + bytes.count])
        .copyMemory(from: bytes)
      return
    }
    guard isSeekable else { throw fail(.notSeekable(path: path)) }
    try flush()
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let written = pwrite(
        descriptor, rest.baseAddress, min(rest.count, 1 << 30), off_t(offset) + off_t(done))
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw fail(.system(.write, path: path, code: errno)) }
      done += written
    }
  }

  /// Replaces bytes that have been written before.
  public func overwrite(at offset: UInt64, _ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
      try overwrite(at: offset, UnsafeRawBufferPointer(bytes))
    }
  }

  /// Makes the file appear at its path, whole and safe on the disk. A second call does nothing.
  ///
  /// - Throws: `FileError`; what stood at the path before is then still there.
  public func commit() throws(FileError) {
    if let failure { throw failure }
    guard descriptor >= 0 else { return }
    try flush()
    if target.temporary != nil {
      // Some file systems have nothing to sync and say EINVAL.
      if fsync(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP {
        throw fail(.system(.sync, path: path, code: errno))
      }
    }
    // Over NFS the last write may fail only at a close. That of a copy leaves the lock held, so that
    // nobody takes the file for a leftover before it is in its place. After EINTR it is closed too.
    let copy = dup(descriptor)
    if copy >= 0, close(copy) != 0, errno != EINTR {
      throw fail(.system(.write, path: path, code: errno))
    }
    var isInPlace = false
    if !isNamed {
      let named = target.name(descriptor, createNew: createNew)
      if let code = named.code { throw failReplacing(code) }
      isNamed = true
      isInPlace = named.isInPlace
    }
    if !isInPlace, let code = target.moveIntoPlace(createNew: createNew) {
      throw failReplacing(code)
    }
    let last = descriptor
    descriptor = -1
    if close(last) != 0 && errno != EINTR && target.temporary == nil {
      throw fail(.system(.write, path: path, code: errno))
    }
  }

  private func failReplacing(_ code: CInt) -> FileError {
    fail(
      createNew && code == EEXIST
        ? .alreadyExists(path: path) : .system(.replace, path: path, code: code))
  }

  /// Gives up: removes what was written. Does nothing after a commit.
  public func discard() {
    guard descriptor >= 0 else { return }
    // The name first: while the lock is held, it is nobody else's.
    if isNamed { target.removeTemporary() }
    close(descriptor)
    descriptor = -1
  }

  private func append(_ bytes: UnsafeRawBufferPointer) {
    UnsafeMutableRawBufferPointer(rebasing: buffer[buffered...]).copyMemory(from: bytes)
    buffered += bytes.count
  }

  private func flush() throws(FileError) {
    let count = buffered
    buffered = 0
    try writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    if target.temporary == nil {
      try withoutPipeSignal { () throws(FileError) in try send(bytes) }
    } else {
      try send(bytes)
    }
    flushed += UInt64(bytes.count)
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var done = 0
    var waiting = PipeWaiting()
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      // macOS refuses to write 2 GiB at once.
      let written = Self.systemWrite(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
      if written < 0 && errno == EINTR { continue }
      if written < 0 && errno == EAGAIN {
        guard waiting.goesOn() else { throw fail(.stuck(path: path)) }
        waiting.wait(for: descriptor)
        continue
      }
      guard written > 0 else { throw fail(.system(.write, path: path, code: errno)) }
      done += written
      waiting = PipeWaiting()
    }
  }

  private func checkUsable() throws(FileError) {
    if let failure { throw failure }
    precondition(descriptor >= 0, "the file was committed or discarded before")
  }

  /// Remembers the error, so that no later commit can make a half-written file appear.
  private func fail(_ error: FileError) -> FileError {
    failure = error
    discard()
    return error
  }

  private static func systemWrite(
    _ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int
  ) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #elseif canImport(Darwin)
      Darwin.write(descriptor, bytes, count)
    #endif
  }
}
