import ArgumentParser
import ModelFiles
import TraceFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads an HDF5 file, Keras's or a trace, in a process of its own first: libhdf5 before 1.14 crashes on some damaged files,
/// and a crash must not be what the person sees.
enum DamageProbe {
  enum Failure: Error, CustomStringConvertible {
    case damaged(path: String)
    case endless(path: String)

    var description: String {
      switch self {
      case .damaged(let path):
        "\(path): is damaged: the HDF5 library breaks down on it; save it anew"
      case .endless(let path):
        "\(path): is damaged: the HDF5 library does not come to an end with it; save it anew"
      }
    }
  }

  private static let patience = Duration.seconds(10)

  /// - Throws: `Failure` where the file brings the reading process down. Anything else that is wrong
  ///   is left to the reader, which says it better.
  static func check(_ path: String) throws {
    guard isHDF5(path), let child = spawn(path) else { return }
    let clock = ContinuousClock()
    let end = clock.now + patience
    var status: CInt = 0
    while true {
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child { break }
      if ended < 0 && errno != EINTR { return }
      if clock.now > end {
        kill(child, SIGKILL)
        waitpid(child, &status, 0)
        throw Failure.endless(path: path)
      }
      usleep(2000)
    }
    // The low seven bits are the signal that ended it.
    if status & 0x7F != 0 { throw Failure.damaged(path: path) }
  }

  private static func spawn(_ path: String) -> pid_t? {
    var child = pid_t()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    let words: [String] = ["gatescope", ProbeCommand.name, "--", path]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    // Without it a crash prints a backtrace at leisure.
    var environment: [UnsafeMutablePointer<CChar>?] = [strdup("SWIFT_BACKTRACE=enable=no"), nil]
    defer { for pointer in arguments + environment { free(pointer) } }
    let code = posix_spawn(
      &child, Process.executable, &actions, nil, &arguments, &environment)
    return code == 0 ? child : nil
  }

  /// HDF5 by its first bytes, or Keras's archive by its name.
  private static func isHDF5(_ path: String) -> Bool {
    if path.lowercased().hasSuffix(".keras") { return true }
    let file = open(path, O_RDONLY | O_NONBLOCK)
    guard file >= 0 else { return false }
    defer { close(file) }
    var magic = [UInt8](repeating: 0, count: 4)
    return read(file, &magic, 4) == 4 && magic == [0x89] + Array("HDF".utf8)
  }
}

/// What the probe runs; nobody types it.
struct ProbeCommand: ParsableCommand {
  static let name = "probe-model-file"
  static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

  @Argument var path: String

  func run() throws {
    _ = try? ModelReader.report(path: path)
    _ = try? ModelReader.read(path: path)
    _ = try? TraceReader.read(path: path)
    _ = try? TraceReader.tokens(path: path)
  }
}
