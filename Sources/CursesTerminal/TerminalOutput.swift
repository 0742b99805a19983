#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The way to the terminal. What ncurses sends it sends at once, so the order stays.
enum TerminalOutput {
  /// The terminal opened once more, without blocking: to make standard output so would make it so for the
  /// shell too. Standard output where that cannot be.
  private nonisolated(unsafe) static var descriptor = STDOUT_FILENO

  static func prepare() {
    guard descriptor == STDOUT_FILENO, let name = ttyname(STDOUT_FILENO) else { return }
    let own = open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    if own >= 0 { descriptor = own }
  }

  /// Waits until all has been taken; what a terminal that has gone does not take is lost, and so is what
  /// one that stands still does not take when the program is to end.
  static func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let count = send(part.baseAddress, part.count)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if count < 0 && errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          if poll(&waiting, 1, 1000) == 0 && TerminalGuard.isEnding { return }
        } else if count >= 0 || errno != EINTR {
          return
        }
      }
    }
  }

  /// From a handler: as much as is taken at once.
  static func writeLast(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    if poll(&waiting, 1, 100) > 0 { _ = send(bytes, count) }
  }

  private static func send(_ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }
}
