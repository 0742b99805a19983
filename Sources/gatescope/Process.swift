import Files
import Inspector

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

  /// A message on standard error.
  static func say(_ message: String) {
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines.map { withoutMiddle(String($0)) }.joined(separator: "\n") + "\n"
    let sink = DescriptorSink(descriptor: STDERR_FILENO, name: "standard error")
    try? Array(shownText(text).utf8).withUnsafeBytes { try sink.write($0) }
  }

  /// Lines on standard output, for people.
  ///
  /// - Throws: `FileError` where they do not get there, such as onto a full disk.
  static func tell(_ lines: String) throws {
    try Array(shownText(lines + "\n").utf8).withUnsafeBytes { try DescriptorSink().write($0) }
  }
}
