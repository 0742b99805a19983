#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a file could not be written. The cases carry the facts; the words are `description`.
public enum FileError: Error, Equatable, Sendable {
  /// A call of the system refused. `code` is its `errno`.
  case system(Operation, path: String, code: Int32)
  case isDirectory(path: String)
  /// Only where a new file was asked for.
  case alreadyExists(path: String)
  /// The target is a pipe or a device, and what should be changed has already gone.
  case notSeekable(path: String)
  /// The target is a FIFO that nobody has opened for reading.
  case noReader(path: String)
  /// The target is a pipe whose reader takes nothing.
  case stuck(path: String)

  /// What was being done.
  public enum Operation: String, Sendable {
    case open, create, write, sync, replace
  }
}

extension FileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let operation, let path, let code):
      "\(path): cannot \(operation.rawValue): \(String(cString: strerror(code)))"
    case .isDirectory(let path):
      "\(path): is a directory; give the name of a file"
    case .alreadyExists(let path):
      "\(path): already exists; choose another name or remove it first"
    case .notSeekable(let path):
      "\(path): is a pipe or a device, but this format needs a regular file"
    case .noReader(let path):
      "\(path): is a pipe that nobody reads; start its reader first"
    case .stuck(let path):
      "\(path): the pipe's reader takes nothing"
    }
  }
}
