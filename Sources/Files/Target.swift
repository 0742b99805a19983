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
    temporary = folder(of: place) + Leftovers.newName()
  }

  /// Opens the unfinished file, or the pipe or device itself.
  ///
  /// Where the file system can, an unfinished file has no name at all (O_TMPFILE, open(2)): whatever
  /// ends the program, nothing is left. Elsewhere its name is held by a lock, see `Leftovers`.
  func open(path: String) throws(FileError) -> (descriptor: CInt, isNamed: Bool) {
    guard let temporary else { return (try openDirectly(path: path), true) }
    Leftovers.sweep(folder(of: place))
    // What replaces a private file is private from its first byte on.
    let mode: mode_t = replacedMode == nil ? 0o666 : 0o600
    if let nameless = openNameless(in: folderName, O_WRONLY, mode) {
      Leftovers.hold(nameless)
      return (nameless, false)
    }
    while true {
      let descriptor = systemOpen(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      if descriptor >= 0 {
        Leftovers.note(temporary)
        Leftovers.hold(descriptor)
        // Between the creation and the lock a sweep may have taken it for a leftover.
        if Leftovers.hasName(descriptor) { return (descriptor, true) }
        Leftovers.forget(temporary)
        close(descriptor)
        continue
      }
      if errno == EINTR { continue }
      throw .system(.create, path: path, code: errno)
    }
  }

  /// Opens a pipe or a device. A pipe is not waited for by the system, which would hold the program with
  /// its terminal for as long as nobody reads.
  private func openDirectly(path: String) throws(FileError) -> CInt {
    var status = stat()
    let isPipe = stat(place, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    let waiting = PipeWaiting()
    while true {
      let descriptor = systemOpen(
        place, O_WRONLY | O_APPEND | O_CLOEXEC | (isPipe ? O_NONBLOCK : 0), 0)
      if descriptor >= 0 { return descriptor }
      if errno == EINTR { continue }
      guard isPipe && errno == ENXIO else { throw .system(.open, path: path, code: errno) }
      guard waiting.goesOn() else { throw .noReader(path: path) }
      usleep(20_000)
    }
  }

  /// Gives a file without a name its temporary one, or, for a new file, its place at once.
  ///
  /// - Returns: whether it is in its place already; the `errno` where it got no name.
  func name(_ descriptor: CInt, createNew: Bool) -> (isInPlace: Bool, code: CInt?) {
    #if os(Linux)
      let source = descriptorPath(descriptor)
      if createNew {
        if linkat(AT_FDCWD, source, AT_FDCWD, place, AT_SYMLINK_FOLLOW) == 0 {
          syncFolder()
          return (true, nil)
        }
        if errno == EEXIST { return (false, EEXIST) }
      }
      guard let temporary else { return (false, nil) }
      Leftovers.note(temporary)
      if linkat(AT_FDCWD, source, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0 {
        return (false, nil)
      }
      let code = errno
      Leftovers.forget(temporary)
      return (false, code)
    #else
      return (false, nil)
    #endif
  }

  /// Renames the finished file into its place; the `errno` where that fails.
  func moveIntoPlace(createNew: Bool) -> CInt? {
    guard let temporary else { return nil }
    if createNew {
      // link refuses where rename would replace: no moment between a look and the move.
      if link(temporary, place) == 0 {
        removeTemporary()
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
    Leftovers.forget(temporary)
    syncFolder()
    return nil
  }

  func removeTemporary() {
    guard let temporary else { return }
    unlink(temporary)
    Leftovers.forget(temporary)
  }

  private var folderName: String {
    let name = folder(of: place)
    return name.isEmpty ? "." : name
  }

  /// Makes the new name itself survive a power cut. The file is in place whether or not this works.
  private func syncFolder() {
    let descriptor = systemOpen(folderName, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// A file that has no name in its folder, so that nothing is left of it however the program ends; nil where
/// the file system has no such thing (O_TMPFILE, open(2)).
func openNameless(in folder: String, _ access: CInt, _ mode: mode_t) -> CInt? {
  #if os(Linux)
    // Swift imports no O_TMPFILE.
    let descriptor = systemOpen(folder, access | 0o20_000_000 | O_DIRECTORY | O_CLOEXEC, mode)
    guard descriptor >= 0 else { return nil }
    // By this way it gets its name.
    if Glibc.access(descriptorPath(descriptor), F_OK) == 0 { return descriptor }
    close(descriptor)
  #endif
  return nil
}

/// linkat(2) takes it from those who may not link a descriptor itself (CAP_DAC_READ_SEARCH).
func descriptorPath(_ descriptor: CInt) -> String { "/proc/self/fd/\(descriptor)" }

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

func systemOpen(_ path: String, _ flags: CInt, _ mode: mode_t) -> CInt {
  #if canImport(Glibc)
    Glibc.open(path, flags, mode)
  #elseif canImport(Darwin)
    Darwin.open(path, flags, mode)
  #endif
}
