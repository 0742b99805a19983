import Files
import Inspector

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds the folder demos/ and what is in it.
public struct DemoCatalog: Sendable {
  public let folder: String

  /// Looks where `GATESCOPE_DEMOS` says, beside the program and above it (as in a checkout), in
  /// `../share/gatescope/demos` from the program, and in the working directory.
  public init(environment: [String: String], executable: String) throws(DemoError) {
    var places: [String] = []
    if let given = environment["GATESCOPE_DEMOS"], !given.isEmpty {
      places = [given]
    } else {
      var parts = executable.split(separator: "/").map(String.init)
      if !parts.isEmpty { parts.removeLast() }
      places.append("/" + parts.joined(separator: "/") + "/../share/gatescope/demos")
      while !parts.isEmpty {
        places.append("/" + parts.joined(separator: "/") + "/demos")
        parts.removeLast()
      }
      places.append("demos")
    }
    guard let found = places.first(where: isDirectory) else {
      throw .noFolder(places: places)
    }
    folder = found
  }

  /// All demos, from the easiest on.
  public func all() throws(DemoError) -> [Demo] {
    var demos: [Demo] = []
    for name in names { demos.append(try demo(named: name)) }
    return demos.sorted { ($0.order, $0.name) < ($1.order, $1.name) }
  }

  /// The demos' names, in alphabetical order: every folder that has a demo.yml.
  public var names: [String] {
    let names = folderNames(in: folder) {
      !$0.hasPrefix(".") && access("\(folder)/\($0)/demo.yml", R_OK) == 0
    }
    return (names ?? []).sorted()
  }

  /// - Throws: `DemoError` where there is none of that name, or its demo.yml cannot be read.
  public func demo(named name: String) throws(DemoError) -> Demo {
    let names = names
    guard names.contains(name) else { throw .unknown(name: name, known: names) }
    return try Demo(folder: "\(folder)/\(name)")
  }
}

/// Why a demo does not open.
public enum DemoError: Error, Equatable, Sendable {
  case noFolder(places: [String])
  case unknown(name: String, known: [String])
  case unreadable(path: String, code: Int32)
  case notUTF8(path: String)
  case malformed(path: String, reason: String)
  case unknownVariant(demo: String, name: String, known: [String])
}

extension DemoError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noFolder(let places):
      "no demos found in \(places.first ?? "demos"); set GATESCOPE_DEMOS to the folder demos/"
    case .unknown(let name, let known):
      "there is no demo '\(name)'; " + proposed(name, known, "there are: ")
    case .unreadable(let path, let code):
      "\(path): cannot be read: \(String(cString: strerror(code)))"
    case .notUTF8(let path):
      "\(path): is not UTF-8 text"
    case .malformed(let path, let reason):
      "\(path): \(reason)"
    case .unknownVariant(let demo, let name, let known) where known.isEmpty:
      "demo '\(demo)' has no variant '\(name)'; it has one model only"
    case .unknownVariant(let demo, let name, let known):
      "demo '\(demo)' has no variant '\(name)'; " + proposed(name, known, "it has ")
    }
  }
}

/// The name that was meant, or those that there are.
private func proposed(_ name: String, _ known: [String], _ thereAre: String) -> String {
  if let meant = nearestName(to: name, among: known) { return "did you mean '\(meant)'?" }
  return thereAre + known.joined(separator: ", ")
}

private func isDirectory(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// A small text file, whole.
func readText(_ path: String) throws(DemoError) -> String {
  let bytes: [UInt8]
  do {
    bytes = try InputBytes.read(path)
  } catch {
    switch error {
    case .unreadable(let path, let code): throw .unreadable(path: path, code: code)
    case .tooLong: throw .malformed(path: path, reason: "is longer than any demo")
    }
  }
  guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(path: path) }
  return text
}
