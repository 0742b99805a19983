import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A line on standard error that says how far a training is; nothing where that is no terminal.
struct ProgressBar {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var lastShown: ContinuousClock.Instant?
  private static let width = 24

  /// Shows how far it is, ten times a second at most.
  mutating func show(_ progress: TrainingProgress) {
    let now = ContinuousClock.now
    guard isTerminal, lastShown.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
    lastShown = now
    let filled = Int(progress.fraction * Double(Self.width))
    var line = "[" + String(repeating: "#", count: filled)
    line += String(repeating: ".", count: Self.width - filled) + "] "
    line += "\(progress.step)/\(progress.steps)  loss " + FigureWords.decimals(progress.loss, 4)
    if let figure = progress.figures.first {
      line += "  \(figure.name) " + FigureWords.number(figure.value, figure)
    }
    line += "  \(Int(progress.tokensPerSecond / 1000))k tokens/s  "
    line += Self.time(progress.secondsLeft) + " left"
    write("\r" + String(line.prefix(columns - 1)) + "\u{1B}[K")
  }

  /// "45 s", "3:05 min".
  private static func time(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e6).rounded())
    guard whole >= 100 else { return "\(whole) s" }
    let rest = whole % 60
    return "\(whole / 60):\(rest < 10 ? "0" : "")\(rest) min"
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
