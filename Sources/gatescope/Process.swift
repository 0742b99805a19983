#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The process that runs: what it was given, and where it talks to.
enum Process {
  /// The environment's variables.
  static var environment: [String: String] {
    var variables: [String: String] = [:]
    for name in [
      "TERM", "NO_COLOR", "COLORFGBG", "COLORTERM", "GATESCOPE_DEMOS", "HOME", "XDG_CONFIG_HOME",
    ] {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    return variables
  }

  /// Whether a screen can be shown.
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  /// The absolute path of this program, without links.
  static var executable: String {
    #if os(Linux)
      let path = "/proc/self/exe"
    #else
      let path = CommandLine.arguments.first ?? ""
    #endif
    guard let resolved = realpath(path, nil) else { return CommandLine.arguments.first ?? "" }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// A line on standard error.
  static func say(_ line: String) {
    let text = line + "\n"
    _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  }
}
