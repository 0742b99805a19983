import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program that the tests run: the real one, built beside them.
enum BuiltProgram {
  /// The repository, told by this file's place in it.
  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static let demos = repository + "/demos"
  static let reberModel = demos + "/reber/model.safetensors"
  static let addingModel = demos + "/adding/model.safetensors"

  /// The path of `gatescope`: in the folder of the test bundle or above, wherever that was built.
  static let path: String = {
    var starts = Bundle.allBundles.map(\.bundlePath) + CommandLine.arguments
    #if os(Linux)
      if let here = realpath("/proc/self/exe", nil) {
        starts.insert(String(cString: here), at: 0)
        free(here)
      }
    #endif
    starts.append(repository + "/.build/debug/gatescope")
    for start in starts where start.contains("/") {
      var folder = URL(fileURLWithPath: start)
      for _ in 0..<5 {
        folder.deleteLastPathComponent()
        let candidate = folder.appendingPathComponent("gatescope").path
        var isFolder = ObjCBool(false)
        if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder),
          !isFolder.boolValue, access(candidate, X_OK) == 0
        {
          return candidate
        }
      }
    }
    return "gatescope was not found beside the tests"
  }()

  /// The variables that the program gets: few, so that the person's own do not matter.
  static func environment(_ changes: [String: String] = [:]) -> [String: String] {
    var variables = [
      "GATESCOPE_DEMOS": demos, "TERM": "xterm-256color", "LC_ALL": utf8Locale,
      "PATH": "/usr/bin:/bin", "XDG_CONFIG_HOME": "/nonexistent",
    ]
    for name in ["HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
      variables[name] = ProcessInfo.processInfo.environment[name]
    }
    return variables.merging(changes) { _, new in new }
  }

  private static var utf8Locale: String {
    #if os(Linux)
      "C.UTF-8"
    #else
      "en_US.UTF-8"
    #endif
  }

  /// Runs the program without a terminal, to its end.
  ///
  /// - Parameter input: what it finds at its standard input.
  static func run(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:],
    in folder: TemporaryFolder? = nil
  ) throws -> Outcome {
    try run(executable: path, arguments, input: input, environment: environment, in: folder)
  }

  /// The same through the shell: `"$G"` is the program.
  static func shell(_ script: String, in folder: TemporaryFolder? = nil) throws -> Outcome {
    try run(executable: "/bin/sh", ["-c", script], environment: ["G": path], in: folder)
  }

  /// Shell: waits until the program in the background has begun a file, which has no name where the
  /// file system can do without.
  static let untilItWrites = """
    while ! ls .unfinished-* >/dev/null 2>&1; do
      kill -0 $! 2>/dev/null || break
      ls -l /proc/$!/fd 2>/dev/null | grep -q '(deleted)' && break
    done
    """

  private static func run(
    executable: String, _ arguments: [String], input: [UInt8] = [],
    environment changes: [String: String] = [:], in folder: TemporaryFolder?
  ) throws -> Outcome {
    let own = try TemporaryFolder()
    try own.write(input, to: "stdin")
    var child = ChildSpecification(executable: executable, arguments: arguments)
    child.environment = environment(changes)
    child.workingFolder = folder?.path
    child.streams = .files(
      input: own.file("stdin"), output: own.file("stdout"), error: own.file("stderr"))
    let process = try child.spawn()
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return Outcome(
      end: ProcessEnd(status: status), output: try own.read("stdout"),
      error: String(decoding: try own.read("stderr"), as: UTF8.self))
  }

  struct Outcome {
    let end: ProcessEnd
    let output: [UInt8]
    let error: String
    var text: String { String(decoding: output, as: UTF8.self) }
  }
}

/// How a process ended, or that it was stopped.
enum ProcessEnd: Equatable {
  case exited(Int32)
  case signalled(Int32)
  case stopped(Int32)

  init(status: Int32) {
    let low = status & 0x7F
    if low == 0 {
      self = .exited((status >> 8) & 0xFF)
    } else if low == 0x7F {
      self = .stopped((status >> 8) & 0xFF)
    } else {
      self = .signalled(low)
    }
  }
}

/// A folder that goes away with the object.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("gatescope-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: false)
  }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  /// Names of everything in it, sorted.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}
