#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Unfinished files that have a name: none of them outlives the program that wrote it.
///
/// Each is held by a lock (flock(2)) for as long as somebody writes it. What is not held was left by
/// a program that was killed; the next one that writes into the folder removes it. What SIGINT,
/// SIGTERM and SIGHUP end is removed by their handlers.
public enum Leftovers {
  private static let prefix = ".unfinished-"
  private static let suffix = ".tmp"

  /// Names that a handler of signals may read at any moment; a slot that is nil is free.
  private static let slotCount = 16
  private nonisolated(unsafe) static let slots = {
    let slots = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: slotCount)
    slots.initialize(repeating: nil, count: slotCount)
    return slots
  }()

  /// Its own name, not one made from the target's: that might already be as long as a name may be.
  static func newName() -> String {
    prefix + String(UInt64.random(in: .min ... .max), radix: 16) + suffix
  }

  /// Makes SIGINT, SIGTERM and SIGHUP remove what is unfinished before they end the program; where
  /// one of them is ignored or handled already, nothing is changed. For programs, at their start.
  public static func removeOnSignals() {
    // Made here: a handler must not be the first to touch it.
    _ = slots
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number, SIG_IGN)
      if unsafeBitCast(before, to: Int.self) != unsafeBitCast(SIG_DFL, to: Int.self) {
        signal(number, before)
        continue
      }
      signal(number) { Leftovers.end($0) }
    }
  }

  /// What the handlers do: only what signal-safety(7) allows.
  public static func end(_ number: CInt) {
    removeAll()
    signal(number, SIG_DFL)
    raise(number)
  }

  /// Only what signal-safety(7) allows.
  public static func removeAll() {
    for index in 0..<slotCount {
      if let name = slots[index] { unlink(name) }
    }
  }

  /// Remembers a name for the handlers. Where there is no room, a later run removes the file.
  static func note(_ path: String) {
    guard let free = (0..<slotCount).first(where: { slots[$0] == nil }) else { return }
    slots[free] = strdup(path)
  }

  static func forget(_ path: String) {
    for index in 0..<slotCount {
      // The text stays: a handler may be reading it.
      if let name = slots[index], strcmp(name, path) == 0 { slots[index] = nil }
    }
  }

  /// Takes the lock that says that somebody still writes.
  static func hold(_ descriptor: CInt) {
    while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
  }

  static func hasName(_ descriptor: CInt) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) != 0 || status.st_nlink > 0
  }

  /// Removes what nobody holds from a folder; "" is the one where the program runs.
  static func sweep(_ folder: String) {
    for name in folderNames(in: folder, where: isOurs) ?? [] { remove(folder + name) }
  }

  private static func isOurs(_ name: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    let number = name.dropFirst(prefix.count).dropLast(suffix.count)
    return (1...16).contains(number.utf8.count) && UInt64(number, radix: 16) != nil
  }

  private static func remove(_ path: String) {
    let descriptor = systemOpen(path, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), flock(descriptor, LOCK_EX | LOCK_NB) == 0
    else { return }
    unlink(path)
  }
}
