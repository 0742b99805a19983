import CTestProcess
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A process to be started.
struct ChildSpecification {
  var executable: String
  var arguments: [String]
  var environment: [String: String] = [:]
  var workingFolder: String?
  var streams = Streams.files(input: "/dev/null", output: "/dev/null", error: "/dev/null")

  enum Streams {
    /// Paths.
    case files(input: String, output: String, error: String)
    /// All three are a terminal, the controlling one of a new session.
    case terminal(String)
  }

  struct Failure: Error {
    let call: String
    let code: Int32
  }

  /// Starts it.
  ///
  /// - Returns: the process's id.
  func spawn() throws -> pid_t {
    let argv = ([executable] + arguments).map { strdup($0) } + [nil]
    let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    let paths: [String]
    let isSession: Bool
    switch streams {
    case .files(let input, let output, let error):
      (paths, isSession) = ([input, output, error], false)
    case .terminal(let path): (paths, isSession) = ([path, path, path], true)
    }
    let texts = ([executable] + paths).map { strdup($0) }
    let folder = workingFolder.map { strdup($0)! }
    defer { for text in argv + envp + texts + [folder] { free(text) } }
    let process = argv.withUnsafeBufferPointer { argv in
      envp.withUnsafeBufferPointer { envp in
        var child = test_child(
          executable: texts[0], arguments: argv.baseAddress, environment: envp.baseAddress,
          folder: folder, input: texts[1], output: texts[2], error: texts[3],
          is_session: isSession ? 1 : 0)
        return test_spawn(&child)
      }
    }
    guard process >= 0 else { throw Failure(call: "posix_spawn \(executable)", code: errno) }
    return process
  }
}
