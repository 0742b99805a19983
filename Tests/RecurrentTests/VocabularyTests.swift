import Recurrent
import Testing

@Suite struct VocabularyTests {
  static let texts: [(symbols: [String], text: String, tokens: [Int])] = [
    (["a", "b"], "abba", [0, 1, 1, 0]),
    (["a", "b"], "", []),
    (["a", "ab", "abc", "b", "c"], "abcabab", [2, 1, 1]),
    (["the", "th", "t", "h", "e"], "ththe", [1, 0]),
    (["\r", "\n"], "\r\n\n", [0, 1, 1]),
    (["\r\n", "\r", "\n"], "\r\n\n\r", [0, 2, 1]),
    (["👩", "\u{200D}", "🔬", "👩‍🔬"], "👩‍🔬👩🔬", [3, 0, 2]),
    (["👩", "\u{200D}", "🔬"], "👩‍🔬", [0, 1, 2]),
    (["é", "e", "\u{301}"], "ée\u{301}", [0, 1, 2]),
    (["e\u{301}", "e"], "e\u{301}e", [0, 1]),
    (["a", "", "b"], "ab", [0, 2]),
    (["a", "a"], "aa", [0, 0]),
    (["春", "眠"], "眠春", [1, 0]),
    (["\0", " "], " \0", [1, 0]),
  ]

  @Test(arguments: texts)
  func theLongestSymbolMatches(_ symbols: [String], _ text: String, _ tokens: [Int]) throws {
    let vocabulary = Vocabulary(symbols)
    #expect(vocabulary.count == symbols.count)
    #expect(try vocabulary.tokens(of: text) == tokens)
  }

  static let unknown: [(symbols: [String], text: String, message: String)] = [
    (["a", "b"], "x", #""x" at position 0 is not in the model's vocabulary: a b"#),
    (["a", "b"], "abA", #""A" at position 2 is not in the model's vocabulary: a b"#),
    (["a"], "a\r\n", #""\r" at position 1 is not in the model's vocabulary: a"#),
    (["👩"], "👩‍🔬", #""\u{200D}" at position 1 is not in the model's vocabulary: 👩"#),
    (["é"], "e\u{301}", #""e" at position 0 is not in the model's vocabulary: é"#),
    // Longest match does not go back: ab is taken, and bc never tried.
    (["ab", "a", "bc"], "abc", #""c" at position 2 is not in the model's vocabulary: ab a bc"#),
    (["\n"], "x", #""x" at position 0 is not in the model's vocabulary: \n"#),
  ]

  @Test(arguments: unknown)
  func anUnknownSymbolIsNamedWithItsPlace(
    _ symbols: [String], _ text: String, _ message: String
  ) {
    let error = #expect(throws: UnknownSymbol.self) { try Vocabulary(symbols).tokens(of: text) }
    #expect(error?.description == message)
  }

  @Test func aLongVocabularyIsCutShort() {
    let symbols = (0..<100).map { "<\($0)>" }
    let error = #expect(throws: UnknownSymbol.self) { try Vocabulary(symbols).tokens(of: "x") }
    let shown = symbols.prefix(40).joined(separator: " ")
    #expect(
      error?.description
        == "\"x\" at position 0 is not in the model's vocabulary: \(shown) … (100 in all)")
  }
}
