#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A line on standard error that says how far a long work is; nothing where that is no terminal.
struct ProgressBar {
  private let isTerminal: Bool
  private var lastShown: ContinuousClock.Instant?
  private static let width = 24

  /// - Parameter isSilent: show nothing, for the terminal shows something else.
  init(isSilent: Bool = false) { isTerminal = !isSilent && isatty(STDERR_FILENO) == 1 }

  /// Shows how far it is, 0…1, and some words behind it, ten times a second at most.
  mutating func show(_ fraction: Double, words: () -> String) {
    let now = ContinuousClock.now
    guard isTerminal, lastShown.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
    lastShown = now
    let filled = Int(fraction * Double(Self.width))
    var line = "[" + String(repeating: "#", count: filled)
    line += String(repeating: ".", count: Self.width - filled) + "] " + words()
    write("\r" + String(line.prefix(columns - 1)) + "\u{1B}[K")
  }

  /// Clears the line.
  mutating func finish() {
    if isTerminal && lastShown != nil { write("\r\u{1B}[K") }
  }

  private var columns: Int {
    var size = winsize()
    let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20
    return known ? Int(size.ws_col) : 80
  }

  private func write(_ text: String) {
    _ = text.withCString { Self.send(STDERR_FILENO, $0, strlen($0)) }
  }

  #if canImport(Glibc)
    private static let send = Glibc.write
  #else
    private static let send = Darwin.write
  #endif
}
