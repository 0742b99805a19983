#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A process that is started and waited for.
enum Child {
  struct Failure: Error, CustomStringConvertible {
    let code: Int32
    var description: String { "cannot start a process: \(String(cString: strerror(code)))" }
  }

  /// This program.
  static let program: String = {
    #if os(Linux)
      let path = "/proc/self/exe"
    #else
      let path = CommandLine.arguments[0]
    #endif
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }()

  static func start(_ arguments: [String]) throws -> pid_t {
    let words: [UnsafeMutablePointer<CChar>?] =
      ([program] + arguments).map { strdup($0) } + [nil]
    // A crash would print a backtrace at leisure, and OpenBLAS start threads for nothing.
    let settings = ["SWIFT_BACKTRACE=enable=no", "OPENBLAS_NUM_THREADS=1"]
    let environment: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
    defer { for word in words + environment { free(word) } }
    var process = pid_t()
    let code = posix_spawn(&process, program, nil, nil, words, environment)
    guard code == 0 else { throw Failure(code: code) }
    return process
  }
}

/// Files that are left for a person, or for a child.
enum Saved {
  struct Failure: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): cannot be written" }
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "wb") else { throw Failure(path: path) }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Failure(path: path) }
  }
}
