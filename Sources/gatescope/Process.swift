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

  /// How many processors it may run on: of those that the system has, the ones that a scheduler such as
  /// Slurm's has left to it.
  static var processors: Int {
    #if os(Linux)
      // Glibc's module lacks sched_getaffinity; the mask is hexadecimal, with commas.
      if let status = try? TextFile.read("/proc/self/status"),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") })
      {
        let count = line.dropFirst("Cpus_allowed:".count)
          .reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
        if count > 0 { return min(count, 256) }
      }
    #endif
    return max(1, min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 256))
  }

  /// A line on standard error.
  static func say(_ line: String) {
    let text = line + "\n"
    _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  }
}
