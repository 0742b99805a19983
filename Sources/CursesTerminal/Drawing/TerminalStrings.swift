import Screen

/// What a terminal understands, as far as frames need it: taken from terminfo once, so that drawing asks
/// nobody.
struct TerminalStrings {
  /// "CSI row;column H" (ECMA-48): its short forms may be used.
  var movesByECMA = true
  /// Moves to a column and row, from 0, where that is not so.
  var move: (_ x: Int, _ y: Int) -> [UInt8] = { _, _ in [] }
  // The same for what only helps to be short.
  var movesForward = true
  var movesBack = true
  var backspaces = true
  var returns = true
  /// A line feed goes down and stays in its column.
  var feedsDown = true

  /// Clears the screen; the cursor is then at its top left.
  var clear = Array("\u{1B}[H\u{1B}[2J".utf8)
  /// Erases to the end of the row; empty where there is no such.
  var eraseToEnd = Array("\u{1B}[K".utf8)
  /// Knows "CSI n X", which erases so many.
  var erasesSome = true
  /// What is erased has the ground that is selected.
  var erasesWithGround = true

  /// All that was selected is off.
  var reset = SelectCode("")
  /// The attributes that it has.
  var attributes: [(attribute: Attributes, code: SelectCode)] = [
    (.bold, SelectCode("1")), (.dim, SelectCode("2")), (.underline, SelectCode("4")),
    (.reverse, SelectCode("7")),
  ]
  /// Knows 22, 24 and 27, which switch attributes off one by one.
  var endsAttributes = true
  /// Knows 39 and 49, which switch colours off one by one.
  var endsColors = true
  /// Attributes that it loses with colours.
  var colorless: Attributes = []
  /// Colours of 8, 16 or 256 by their numbers, and any colour.
  var ink: (_ ink: Ink, _ isGround: Bool) -> SelectCode = TerminalStrings.standardInk
  /// May move while attributes are on.
  var movesStyled = true
  /// A character in the last column leaves the cursor there until the next one comes, so that the very
  /// last place of the screen can be written.
  var waitsAtMargin = true

  /// Reversed, an ink is seen as a ground, exactly.
  var hasReverse: Bool {
    attributes.contains { $0.attribute == .reverse && $0.code == SelectCode("7") }
  }

  var knownAttributes: Attributes { attributes.reduce([]) { $0.union($1.attribute) } }

  /// The codes that everybody copied from xterm.
  static func standardInk(_ ink: Ink, _ isGround: Bool) -> SelectCode {
    if let color = ink.color {
      return SelectCode("\(isGround ? 48 : 38);2;\(color.red);\(color.green);\(color.blue)")
    }
    let index = ink.index ?? 0
    switch index {
    case 0..<8: return SelectCode(String((isGround ? 40 : 30) + index))
    case 8..<16: return SelectCode(String((isGround ? 92 : 82) + index))
    default: return SelectCode("\(isGround ? 48 : 38);5;\(index)")
    }
  }
}
