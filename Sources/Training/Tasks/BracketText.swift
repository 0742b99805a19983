import Recurrent

/// Nested brackets of three kinds and quoted strings, as a machine that knows what may follow.
///
/// Outside quotes a closing bracket must be that of the last open one, and none may open at depth
/// 8. Between quotes brackets are characters like any other.
struct BracketText: Sendable {
  static let symbols = ["(", ")", "[", "]", "{", "}", "\"", "a"]
  static let deepest = 8

  static let quote: Int32 = 6
  static let letter: Int32 = 7
  static let openings: [Int32] = [0, 2, 4]
  static let closings: [Int32] = [1, 3, 5]

  /// The brackets that are open, by the symbol that closes each.
  private(set) var open: [Int32] = []
  private(set) var isQuoted = false

  var depth: Int { open.count }
  /// The one bracket that may close; nil where none is open, or between quotes.
  var closing: Int32? { isQuoted ? nil : open.last }

  func isLegal(_ symbol: Int32) -> Bool {
    if isQuoted { return true }
    if Self.openings.contains(symbol) { return depth < Self.deepest }
    if Self.closings.contains(symbol) { return symbol == open.last }
    return true
  }

  /// Takes a legal symbol.
  mutating func take(_ symbol: Int32) {
    if symbol == Self.quote {
      isQuoted.toggle()
    } else if !isQuoted && Self.openings.contains(symbol) {
      open.append(symbol + 1)
    } else if !isQuoted && Self.closings.contains(symbol) {
      open.removeLast()
    }
  }

  /// A symbol that may follow. Inside brackets the closing one is the likeliest, so that whoever
  /// guesses best must remember which; deep places are seldom, but come.
  func next(_ random: inout RandomSource) -> Int32 {
    if isQuoted {
      let ends = random.chance(0.2)
      return ends ? Self.quote : random.choice(Self.openings + Self.closings + [Self.letter])
    }
    if let closing, random.chance(0.5) { return closing }
    if depth < Self.deepest && random.chance(0.72) { return random.choice(Self.openings) }
    return random.chance(0.6) ? Self.quote : Self.letter
  }

  /// The first `length` symbols of a text without end.
  static func text(length: Int, _ random: inout RandomSource) -> [Int32] {
    var text = BracketText()
    return (0..<length).map { _ in
      let symbol = text.next(&random)
      text.take(symbol)
      return symbol
    }
  }
}
