import Recurrent

/// Places of a text at which something begins: after a blank line a speech, a scene, a paragraph.
enum Beginnings {
  /// The places after blank lines; where there are none those after line breaks, and where there is
  /// none either nothing.
  ///
  /// - Parameter isLineEach: every line is something of its own, such as a poem.
  static func places(
    in tokens: ArraySlice<Int32>, _ vocabulary: Vocabulary, isLineEach: Bool = false
  ) -> [Int] {
    guard let newline = number(of: "\n", vocabulary) else { return [] }
    let carriageReturn = number(of: "\r", vocabulary)
    var afterLine: [Int] = []
    var afterBlank: [Int] = []
    var isBlank = false
    for place in tokens.indices {
      if tokens[place] == newline {
        let next = place + 1
        if next < tokens.endIndex, tokens[next] != newline, tokens[next] != carriageReturn {
          afterLine.append(next)
          if isBlank { afterBlank.append(next) }
        }
        isBlank = true
      } else if tokens[place] != carriageReturn {
        isBlank = false
      }
    }
    return isLineEach || afterBlank.isEmpty ? afterLine : afterBlank
  }

  static func number(of symbol: String, _ vocabulary: Vocabulary) -> Int32? {
    vocabulary.symbols.firstIndex(of: symbol).map { Int32($0) }
  }
}
