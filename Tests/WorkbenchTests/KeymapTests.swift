import Foundation
import Screen
import Testing

@testable import Workbench

@Suite struct KeymapTests {
  @Test func everyCommandIsThereAndNoKeyHasTwo() {
    #expect(Set(Keymap.standard.bindings.map(\.instruction.command)) == Set(Command.allCases))
    let texts = Keymap.standard.bindings.map(\.instruction.description)
    #expect(Set(texts).count == texts.count)
    let keys = Keymap.standard.bindings.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
    for binding in Keymap.standard.bindings {
      for key in binding.keys {
        #expect(Keymap.standard.instruction(for: key) == binding.instruction)
      }
    }
  }

  /// So that the help has two columns on a screen of 120.
  @Test func wordsAreShort() {
    for binding in Keymap.standard.bindings { #expect(binding.words.displayWidth <= 44) }
  }

  /// README.md has the table between `<!-- keys -->` and `<!-- /keys -->`.
  @Test(.enabled(if: readme != nil, "README.md has no table of keys yet"))
  func theReadmeHasTheSameKeys() throws {
    var text = try #require(Self.readme)
    let start = try #require(text.range(of: "<!-- keys -->"), "README.md has no <!-- keys -->")
    let end = try #require(text.range(of: "<!-- /keys -->"), "README.md has no <!-- /keys -->")
    if ProcessInfo.processInfo.environment["GATESCOPE_RECORD"] == "1" {
      text.replaceSubrange(
        start.upperBound..<end.lowerBound, with: "\n\(Keymap.standard.markdown)\n")
      try text.write(to: Self.readmePath, atomically: true, encoding: .utf8)
      return
    }
    let table = text[start.upperBound..<end.lowerBound]
      .trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(table == Keymap.standard.markdown)
  }

  private static let readmePath = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "README.md")

  static let readme = try? String(contentsOf: readmePath, encoding: .utf8)
}
