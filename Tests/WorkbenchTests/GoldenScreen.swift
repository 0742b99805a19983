import Screen
import Testing

@testable import Workbench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A screen that is compared with a file of Golden/.
struct GoldenScreen: Sendable, CustomTestStringConvertible {
  /// "lanes/80x24-colour": the file without its ending.
  let name: String
  var ending = "txt"
  let draw: @Sendable () throws -> Grid

  var testDescription: String { name }

  /// What is stored for the screen; nil where nothing is.
  var stored: String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += block[..<count]
    }
  }

  func store(_ dump: String) throws {
    mkdir(path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }, 0o755)
    let file = try #require(fopen(path, "w"), "\(path) cannot be written")
    defer { fclose(file) }
    _ = dump.withCString { fputs($0, file) }
  }

  private var path: String {
    #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
      + "/Golden/\(name).\(ending)"
  }

  /// The first rows that differ, old and new.
  static func differences(_ old: String, _ new: String, limit: Int = 8) -> String {
    let (old, new) = (lines(old), lines(new))
    var words: [String] = []
    for row in 0..<max(old.count, new.count) {
      let (before, after) = (
        row < old.count ? old[row] : "(none)", row < new.count ? new[row] : "(none)"
      )
      guard before != after else { continue }
      guard words.count < 3 * limit else {
        words.append("… and more")
        break
      }
      words += ["line \(row + 1)", "  old \(before)", "  new \(after)"]
    }
    return words.joined(separator: "\n")
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
