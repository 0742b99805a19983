import CNcurses

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Signals, and giving the terminal back when the program dies of one.
///
/// A handler may touch nothing but plain memory and async-signal-safe calls, hence the globals:
/// flags, and a pipe that wakes the loop, for signals that ask for something; the saved terminal
/// settings and a prepared byte string for those that end the program at once.
enum TerminalGuard {
  private nonisolated(unsafe) static var ending: sig_atomic_t = 0
  private nonisolated(unsafe) static var isSuspending: sig_atomic_t = 0
  private nonisolated(unsafe) static var hasContinued: sig_atomic_t = 0
  private nonisolated(unsafe) static var hasResized: sig_atomic_t = 0
  private nonisolated(unsafe) static var pipeRead: Int32 = -1
  private nonisolated(unsafe) static var pipeWrite: Int32 = -1
  private nonisolated(unsafe) static var settings = termios()
  private nonisolated(unsafe) static var farewell = UnsafeMutablePointer<UInt8>.allocate(
    capacity: 1)
  private nonisolated(unsafe) static var farewellCount = 0
  nonisolated(unsafe) static var lastWords: (@convention(c) (Int32) -> Void)?

  /// Whether a signal has asked for the end.
  static var isEnding: Bool { ending != 0 }

  /// How long a terminal that takes nothing may hold up the end.
  private static let patience: UInt32 = 2

  /// What a signal asks the loop to do.
  enum Request {
    case end(signal: Int32)
    case suspend
    /// The program was stopped from outside and goes on: the terminal may look anyhow.
    case takeBack
    /// The terminal may have another size.
    case followSize
  }

  private static let ends: [Int32] = [SIGINT, SIGTERM, SIGHUP]
  private static let asks: [Int32] = [SIGTSTP, SIGCONT, SIGWINCH]
  private static let fatal: [Int32] = [
    SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGALRM, SIGUSR1, SIGUSR2,
    SIGXCPU,
  ]

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
    TerminalOutput.prepare()
    gs_make_signal_stack()
    for number in Self.ends {
      gs_handle_signal(number) { number in
        // The second one does not wait for a loop that is busy or stuck.
        if TerminalGuard.ending != 0 { TerminalGuard.die(of: number) }
        TerminalGuard.ending = sig_atomic_t(number)
        alarm(TerminalGuard.patience)
        TerminalGuard.wake()
      }
    }
    for number in asks {
      gs_handle_signal(number) { number in
        if number == SIGTSTP { TerminalGuard.isSuspending = 1 }
        if number == SIGCONT { TerminalGuard.hasContinued = 1 }
        if number == SIGWINCH { TerminalGuard.hasResized = 1 }
        TerminalGuard.wake()
      }
    }
    for number in fatal {
      gs_handle_signal(number) { number in TerminalGuard.die(of: number) }
    }
    // The size may have changed between ncurses's look at it and now.
    hasResized = 1
  }

  private static func wake() {
    var byte: UInt8 = 1
    _ = write(pipeWrite, &byte, 1)
  }

  private static func die(of number: Int32) {
    let code = errno
    TerminalOutput.writeLast(farewell, farewellCount)
    tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    errno = code
    lastWords?(number)
    // The loop has not come to the end in time.
    if number == SIGALRM && ending != 0 { _exit(128 + Int32(ending)) }
    signal(number, SIG_DFL)
    raise(number)
  }

  /// Gives the signals back.
  static func disarm() {
    for number in ends + asks + fatal { signal(number, SIG_DFL) }
  }

  /// The most pressing of what signals have asked for since the last call, if anything.
  static func takeRequest() -> Request? {
    // Emptied before the flags are read: a signal that comes in between wakes the loop once more.
    var bytes = [UInt8](repeating: 0, count: 16)
    while read(pipeRead, &bytes, bytes.count) > 0 {}
    if ending != 0 { return .end(signal: Int32(ending)) }
    if isSuspending != 0 {
      isSuspending = 0
      return .suspend
    }
    if hasContinued != 0 {
      hasContinued = 0
      return .takeBack
    }
    if hasResized != 0 {
      hasResized = 0
      return .followSize
    }
    return nil
  }

  /// What SIGCONT asks for has been done.
  static func forgetContinued() { hasContinued = 0 }

  /// What ends the mouse's reports, bracketed paste, colours, the hidden cursor and the alternate screen,
  /// ready to be written from a handler.
  private static func prepareFarewell() {
    var bytes: [UInt8] = TerminalModes.hasMouse ? Array(TerminalModes.mouseOff.utf8) : []
    for name in ["BD", "sgr0", "op", "cnorm", "rmkx", "rmcup"] {
      bytes += TerminalStrings.sequence(name) ?? []
    }
    farewell = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes.count))
    farewell.initialize(from: bytes, count: bytes.count)
    farewellCount = bytes.count
  }
}
