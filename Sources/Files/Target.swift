#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where an `AtomicFile` goes, and by which way.
struct Target {
  /// The place that is replaced, with symbolic links followed.
  let place: String
  /// What is written in the meantime; nil where the target is written to directly.
  let temporary: String?
  /// The permissions of the file that stands there now.
  let replacedMode: mode_t?

  init(path: String, createNew: Bool) throws(FileError) {
    var status = stat()
    if createNew {
      if lstat(path, &status) == 0 {
        guard stat(path, &status) == 0 else { throw .alreadyExists(path: path) }
        if status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory(path: path) }
        // What goes into a pipe or a device replaces nothing.
        guard isWrittenDirectly(path, status) else { throw .alreadyExists(path: path) }
        self.init(direct: path)
        return
      }
      guard errno == ENOENT else { throw .system(.create, path: path, code: errno) }
      self.init(place: path, replacedMode: nil)
      return
    }
    if stat(path, &status) == 0 {
      let kind = status.st_mode & S_IFMT
      if kind == S_IFDIR { throw .isDirectory(path: path) }
      if isWrittenDirectly(path, status) {
        self.init(direct: path)
        return
      }
      // A rename would replace a file that its owner has made read-only.
      guard access(path, W_OK) == 0 else { throw .system(.open, path: path, code: errno) }
      self.init(place: try followLinks(path), replacedMode: status.st_mode)
    } else if errno == ENOENT {
      if path.isEmpty || path.hasSuffix("/") {
        throw .system(.create, path: path, code: ENOENT)
      }
      self.init(place: try followLinks(path), replacedMode: nil)
    } else {
      throw .system(.open, path: path, code: errno)
    }
  }

  private init(direct path: String) {
    place = path
    temporary = nil
    replacedMode = nil
  }

  private init(place: String, replacedMode: mode_t?) {
    self.place = place
    self.replacedMode = replacedMode
    // Its own name, not one made from the target's: that might already be as long as a name may be.
    let number = String(UInt64.random(in: .min ... .max), radix: 16)
    temporary = folder(of: place) + ".unfinished-" + number + ".tmp"
  }

  /// Opens the temporary file, or the pipe or device itself.
  func open(path: String) throws(FileError) -> CInt {
    while true {
      let descriptor: CInt
      if let temporary {
        // What replaces a private file is private from its first byte on.
        descriptor = systemOpen(
          temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, replacedMode == nil ? 0o666 : 0o600)
      } else {
        descriptor = systemOpen(place, O_WRONLY | O_APPEND | O_CLOEXEC, 0)
      }
      if descriptor >= 0 { return descriptor }
      if errno == EINTR { continue }
      throw .system(temporary == nil ? .open : .create, path: path, code: errno)
    }
  }

  /// Renames the finished file into its place; the `errno` where that fails.
  func moveIntoPlace(createNew: Bool) -> CInt? {
    guard let temporary else { return nil }
    if createNew {
      // link refuses where rename would replace: no moment between a look and the move.
      if link(temporary, place) == 0 {
        unlink(temporary)
        syncFolder()
        return nil
      }
      let code = errno
      guard [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EMLINK, EXDEV].contains(code) else { return code }
      // No hard links here (FAT, some network file systems): reserve the name, then rename onto it.
      let reserved = systemOpen(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard reserved >= 0 else { return errno }
      close(reserved)
      if rename(temporary, place) != 0 {
        let code = errno
        unlink(place)
        return code
      }
    } else if rename(temporary, place) != 0 {
      return errno
    }
    syncFolder()
    return nil
  }

  func removeTemporary() {
    if let temporary { unlink(temporary) }
  }

  /// Makes the new name itself survive a power cut. The file is in place whether or not this works.
  private func syncFolder() {
    let name = folder(of: place)
    let descriptor = systemOpen(name.isEmpty ? "." : name, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// Whether bytes go to where a path leads as they come. /dev/stdout may be a regular file that the
/// shell holds open; it must not be swapped for another under the shell's feet.
private func isWrittenDirectly(_ path: String, _ status: stat) -> Bool {
  status.st_mode & S_IFMT != S_IFREG || path.hasPrefix("/dev/") || path.hasPrefix("/proc/")
}

/// Everything up to the last slash, with it; empty where there is none.
private func folder(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
  return String(path[...slash])
}

/// The path behind a chain of symbolic links, whether or not a file is there.
private func followLinks(_ path: String) throws(FileError) -> String {
  var place = path
  for _ in 0..<40 {
    var bytes = [CChar](repeating: 0, count: 4096)
    let length = readlink(place, &bytes, bytes.count)
    // Not a link, or nothing there: this is the end of the chain.
    guard length > 0 else { return place }
    let link = String(decoding: bytes[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    place = link.hasPrefix("/") ? link : folder(of: place) + link
  }
  throw .system(.open, path: path, code: ELOOP)
}

private func systemOpen(_ path: String, _ flags: CInt, _ mode: mode_t) -> CInt {
  #if canImport(Glibc)
    Glibc.open(path, flags, mode)
  #elseif canImport(Darwin)
    Darwin.open(path, flags, mode)
  #endif
}
