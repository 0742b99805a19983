import CNcurses

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Signals, and giving the terminal back when the program dies of one.
///
/// A handler may touch nothing but plain memory and async-signal-safe calls, hence the globals: a
/// flag and a pipe that wakes the loop for signals that end or stop the program politely; the
/// saved terminal settings and a prepared byte string for those that end it at once.
enum TerminalGuard {
  private nonisolated(unsafe) static var pending: sig_atomic_t = 0
  private nonisolated(unsafe) static var pipeRead: Int32 = -1
  private nonisolated(unsafe) static var pipeWrite: Int32 = -1
  private nonisolated(unsafe) static var settings = termios()
  private nonisolated(unsafe) static var farewell = UnsafeMutablePointer<UInt8>.allocate(
    capacity: 1)
  private nonisolated(unsafe) static var farewellCount = 0

  private static let polite: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGTSTP]
  private static let fatal: [Int32] = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

  static var wakeDescriptor: Int32 { pipeRead }

  /// Notes how the terminal is before ncurses touches it.
  static func remember() {
    tcgetattr(STDIN_FILENO, &settings)
  }

  /// Takes over the signals; after ncurses has started, so that its own handlers are replaced.
  static func arm() {
    var ends: [Int32] = [-1, -1]
    if pipeRead < 0 && pipe(&ends) == 0 {
      pipeRead = ends[0]
      pipeWrite = ends[1]
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
    }
    prepareFarewell()
    for number in polite {
      gs_handle_signal(number) { number in
        TerminalGuard.pending = sig_atomic_t(number)
        var byte: UInt8 = 1
        _ = write(TerminalGuard.pipeWrite, &byte, 1)
      }
    }
    for number in fatal {
      gs_handle_signal(number) { number in
        _ = write(STDOUT_FILENO, TerminalGuard.farewell, TerminalGuard.farewellCount)
        tcsetattr(STDIN_FILENO, TCSANOW, &TerminalGuard.settings)
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  /// Gives the signals back.
  static func disarm() {
    for number in polite + fatal { signal(number, SIG_DFL) }
  }

  /// The signal that has come since the last call, if any.
  static func takeSignal() -> TerminalInput? {
    let number = Int32(pending)
    guard number != 0 else { return nil }
    pending = 0
    var bytes = [UInt8](repeating: 0, count: 16)
    while read(pipeRead, &bytes, bytes.count) > 0 {}
    return number == SIGTSTP ? .suspend : .end(signal: number)
  }

  /// What ends bracketed paste, colours, the hidden cursor and the alternate screen, ready to be
  /// written from a handler; terminfo's padding marks, `$<…>`, are taken out.
  private static func prepareFarewell() {
    var bytes: [UInt8] = []
    for name in ["BD", "sgr0", "cnorm", "rmkx", "rmcup"] {
      guard let value = gs_terminfo(name) else { continue }
      var text = Array(String(cString: value).utf8)
      while let start = text.firstIndex(of: UInt8(ascii: "$")),
        start + 1 < text.count, text[start + 1] == UInt8(ascii: "<"),
        let end = text[start...].firstIndex(of: UInt8(ascii: ">"))
      {
        text.removeSubrange(start...end)
      }
      bytes += text
    }
    farewell = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes.count))
    farewell.initialize(from: bytes, count: bytes.count)
    farewellCount = bytes.count
  }
}
