import Foundation
import Screen
import Testing

@testable import Workbench

@Suite struct KeymapTests {
  @Test func everyCommandHasAKeyAndNoKeyHasTwo() {
    #expect(Set(Keymap.bindings.map(\.command)) == Set(Command.allCases))
    #expect(Keymap.bindings.count == Command.allCases.count)
    let keys = Keymap.bindings.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
    for binding in Keymap.bindings {
      for key in binding.keys { #expect(Keymap.command(for: key) == binding.command) }
    }
  }

  /// README.md has the table between `<!-- keys -->` and `<!-- /keys -->`.
  @Test(.enabled(if: readme != nil, "README.md has no table of keys yet"))
  func theReadmeHasTheSameKeys() throws {
    let text = try #require(Self.readme)
    let start = try #require(text.range(of: "<!-- keys -->"), "README.md has no <!-- keys -->")
    let end = try #require(text.range(of: "<!-- /keys -->"), "README.md has no <!-- /keys -->")
    let table = text[start.upperBound..<end.lowerBound]
      .trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(table == Keymap.markdown)
  }

  static let readme: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try? String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    return text?.contains("<!-- keys -->\nKEYS\n") == true ? nil : text
  }()
}
