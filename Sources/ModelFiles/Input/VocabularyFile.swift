import Recurrent

/// A vocabulary in a file of its own: a JSON list of symbols, a JSON map from symbols to token
/// numbers, or a line a symbol. In a `.dict`, as LSTMVis has them, a line is a symbol and its number.
public enum VocabularyFile {
  /// - Parameters:
  ///   - text: the file's text. What is no JSON is lines; the last may end in a line break or not.
  ///   - path: for messages; `.json` at its end allows JSON only.
  ///   - count: how many tokens the network reads. A map may leave out number 0, as Keras does,
  ///     where it stands for padding.
  public static func vocabulary(
    text: String, path: String, count: Int
  ) throws(InputFileError) -> Vocabulary {
    let symbols = try symbols(text, path)
    guard symbols.count == count else {
      throw .vocabularyCount(path: path, expected: count, found: symbols.count)
    }
    return Vocabulary(symbols)
  }

  /// The same without a network that says how many there must be.
  public static func symbols(text: String, path: String) throws(InputFileError) -> [String] {
    try symbols(text, path)
  }

  private static func symbols(_ text: String, _ path: String) throws(InputFileError) -> [String] {
    if path.lowercased().hasSuffix(".dict") { return try dictionary(text, path) }
    let first = text.unicodeScalars.first { !$0.properties.isWhitespace }
    if path.hasSuffix(".json") || first == "[" || first == "{" {
      let found: JSON
      do throws(ModelFileError.Problem) {
        found = try Array(text.utf8).withUnsafeBufferPointer {
          bytes throws(ModelFileError.Problem) in
          try json(UnsafeRawBufferPointer(bytes))
        }
      } catch {
        // "[PAD]" begins like JSON and is a line.
        guard path.hasSuffix(".json") else { return lines(text) }
        var reason = error.line
        if case .badHeader(let offset, let expected) = error {
          reason = "byte \(offset): expected \(expected)"
        }
        throw .badVocabulary(path: path, reason: reason)
      }
      switch found {
      case .list(let symbols): return symbols
      case .map(let entries): return try symbols(of: entries, path)
      }
    }
    return lines(text)
  }

  /// Numbers may be left out: nothing has to have 0, for example.
  private static func dictionary(
    _ text: String, _ path: String
  ) throws(InputFileError) -> [String] {
    var entries: [(symbol: String, number: Int)] = []
    for (line, words) in lines(text).enumerated() {
      let scalars = words.unicodeScalars
      guard let blank = scalars.lastIndex(where: { $0 == " " || $0 == "\t" }),
        let number = Int(String(scalars[scalars.index(after: blank)...])), number >= 0
      else {
        throw .badVocabulary(
          path: path, reason: "line \(line + 1): expected a symbol, a blank and its number")
      }
      entries.append((String(scalars[..<blank]), number))
    }
    // Proved against the entries before anything of that length is made.
    let highest = entries.map(\.number).max() ?? -1
    guard highest < 2 * entries.count + 1000 else {
      throw .badVocabulary(
        path: path, reason: "has a token \(highest), but only \(entries.count) symbols")
    }
    var symbols = (0..<highest + 1).map(String.init)
    for (symbol, number) in entries { symbols[number] = symbol }
    return symbols
  }

  private static func lines(_ text: String) -> [String] {
    // By scalars: "\r\n" is one Character.
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines.map { line in String(line.last == "\r" ? line.dropLast() : line) }
  }

  private enum JSON {
    case list([String])
    case map([(symbol: String, number: String)])
  }

  private static func json(
    _ bytes: UnsafeRawBufferPointer
  ) throws(ModelFileError.Problem) -> JSON {
    var cursor = JSONCursor(bytes)
    let result: JSON
    if cursor.peek() == UInt8(ascii: "{") {
      try cursor.expect("{")
      var entries: [(symbol: String, number: String)] = []
      while try cursor.hasNext(isFirst: entries.isEmpty, end: "}") {
        let symbol = try cursor.string("a symbol")
        try cursor.expect(":")
        entries.append((symbol, try cursor.number("a token number")))
      }
      result = .map(entries)
    } else {
      var symbols: [String] = []
      try cursor.expect("[")
      while try cursor.hasNext(isFirst: symbols.isEmpty, end: "]") {
        symbols.append(try cursor.string("a symbol"))
      }
      result = .list(symbols)
    }
    try cursor.expectEnd()
    return result
  }

  private static func symbols(
    of entries: [(symbol: String, number: String)], _ path: String
  ) throws(InputFileError) -> [String] {
    var bySymbol: [Int: String] = [:]
    var seen: Set<String> = []
    for (symbol, text) in entries {
      guard seen.insert(symbol).inserted else {
        throw .badVocabulary(path: path, reason: "\(quoted(symbol)) stands in it twice")
      }
      guard let number = Int(text), number >= 0 else {
        throw .badVocabulary(path: path, reason: "\(quoted(symbol)) has no token number")
      }
      if let other = bySymbol.updateValue(symbol, forKey: number) {
        throw .badVocabulary(
          path: path,
          reason: "token \(number) is both \(quoted(other)) and \(quoted(symbol))")
      }
    }
    // Proved against the entries before anything of that length is made.
    let highest = bySymbol.keys.max() ?? -1
    let missing = highest - entries.count + 1
    guard missing == 0 || (missing == 1 && bySymbol[0] == nil) else {
      let hole = (1...).first { bySymbol[$0] == nil } ?? 0
      throw .badVocabulary(
        path: path, reason: "token \(hole) has no symbol, but token \(highest) has")
    }
    return (0..<highest + 1).map { bySymbol[$0] ?? "" }
  }
}
