import Recurrent

/// A line of a file of sequences as the network reads it: text, or an object of JSON.
struct SequenceLine {
  let vocabulary: Vocabulary?
  let tokenCount: Int
  let isJSON: Bool
  /// Whether the vocabulary has a CR or a mark of its own.
  private let knowsReturn: Bool
  private let knowsMark: Bool

  /// Longer names would make arrays of names unwieldy.
  static let longestID = 1000

  init(vocabulary: Vocabulary?, tokenCount: Int, isJSON: Bool) {
    self.vocabulary = vocabulary
    self.tokenCount = tokenCount
    self.isJSON = isJSON
    let known = (vocabulary?.symbols ?? []).lazy.flatMap(\.unicodeScalars)
    knowsReturn = known.contains("\r")
    knowsMark = known.contains("\u{FEFF}")
  }

  /// Why a line is none; the words.
  struct Fault: Error {
    let reason: String
  }

  func read(
    _ line: ArraySlice<UInt8>, isFirst: Bool
  ) throws(Fault) -> (id: String?, input: InputSequence) {
    var line = line
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if isFirst, !knowsMark || isJSON, line.starts(with: mark) { line = line.dropFirst(3) }
    if line.last == 0x0d, !knowsReturn || isJSON { line = line.dropLast() }
    if line.isEmpty { throw Fault(reason: "is empty; a sequence has at least one symbol") }
    guard isJSON else {
      guard let text = String(validating: line, as: UTF8.self) else {
        throw Fault(reason: "is not UTF-8")
      }
      return (nil, .tokens(try tokens(of: text)))
    }
    return try line.withUnsafeBufferPointer { bytes throws(Fault) in
      try object(UnsafeRawBufferPointer(bytes))
    }
  }

  private func tokens(of text: String) throws(Fault) -> [Int] {
    if text.isEmpty { throw Fault(reason: "is empty; a sequence has at least one symbol") }
    guard let vocabulary else {
      throw Fault(reason: "is text, but the model has no vocabulary; give --vocab or tokens")
    }
    do {
      return try vocabulary.tokens(of: text)
    } catch {
      throw Fault(reason: "\(error)")
    }
  }

  private func object(
    _ bytes: UnsafeRawBufferPointer
  ) throws(Fault) -> (id: String?, input: InputSequence) {
    var cursor = JSONCursor(bytes)
    var (id, text, tokens) = (String?.none, String?.none, [Int]?.none)
    do throws(ModelFileError.Problem) {
      try cursor.expect("{")
      var isFirst = true
      var seen: Set<String> = []
      while try cursor.hasNext(isFirst: isFirst, end: "}") {
        isFirst = false
        let key = try cursor.string("a key in quotes")
        try cursor.expect(":")
        guard ["id", "text", "tokens"].contains(key) else {
          try cursor.skipValue()
          continue
        }
        guard seen.insert(key).inserted else {
          throw .badHeader(offset: cursor.offset, expected: "'\(key)' once")
        }
        switch key {
        case "id": id = try Self.id(&cursor)
        case "text": text = try cursor.string("the text in quotes")
        default: tokens = try Self.numbers(&cursor)
        }
      }
      try cursor.expectEnd()
    } catch {
      guard case .badHeader(let offset, let expected) = error else {
        throw Fault(reason: "is no JSON object")
      }
      throw Fault(reason: "expected \(expected) at byte \(offset)")
    }
    if let id, id.utf8.count > Self.longestID {
      throw Fault(reason: "its id has \(id.utf8.count) bytes; at most \(Self.longestID) are read")
    }
    switch (text, tokens) {
    case (let text?, nil): return (id, .tokens(try self.tokens(of: text)))
    case (nil, let tokens?):
      if tokens.isEmpty { throw Fault(reason: "has no tokens") }
      if let step = tokens.firstIndex(where: { !(0..<tokenCount).contains($0) }) {
        throw Fault(
          reason:
            "\(NetworkError.tokenOutOfRange(step: step, token: tokens[step], count: tokenCount))"
        )
      }
      return (id, .tokens(tokens))
    case (nil, nil): throw Fault(reason: "has neither 'text' nor 'tokens'")
    case (_?, _?): throw Fault(reason: "has both 'text' and 'tokens'; keep one")
    }
  }

  /// A text or a number, as text.
  private static func id(_ cursor: inout JSONCursor) throws(ModelFileError.Problem) -> String? {
    if cursor.take("null") { return nil }
    if cursor.peek() == UInt8(ascii: "\"") { return try cursor.string() }
    return try cursor.number("a text or a number for 'id'")
  }

  private static func numbers(_ cursor: inout JSONCursor) throws(ModelFileError.Problem) -> [Int] {
    try cursor.expect("[")
    var numbers: [Int] = []
    while try cursor.hasNext(isFirst: numbers.isEmpty, end: "]") {
      let offset = cursor.offset
      guard let number = Int(try cursor.number("a token's number")) else {
        throw .badHeader(offset: offset, expected: "a whole number")
      }
      numbers.append(number)
    }
    return numbers
  }
}
