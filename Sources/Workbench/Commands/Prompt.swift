import Screen

/// A line that is being typed in the footer.
public struct Prompt: Sendable, Equatable {
  public enum Question: Sendable, Hashable {
    /// Any command, after `:`.
    case line
    /// What a command needs.
    case argument(of: Command)
    /// Whether a file may be replaced: one key is the answer.
    case replace(Instruction, path: String)
  }

  public let question: Question
  public private(set) var text: [Unicode.Scalar]
  /// How many scalars stand before the cursor.
  public private(set) var cursor: Int
  /// What was wrong with the line when it was sent, until it is changed.
  public var fault: InstructionError?
  /// The words that the one at the cursor may become, while they are gone through.
  public private(set) var offer: Offer?
  /// How far back in what was typed before; 0 is the line itself.
  private var recalled = 0
  /// The line before somebody went back.
  private var draft: [Unicode.Scalar] = []

  /// Words to choose from.
  public struct Offer: Sendable, Equatable {
    public var words: [String]
    public var chosen: Int
    /// Where the word begins that they stand for.
    var start: Int
  }

  public init(_ question: Question, text: String = "") {
    self.question = question
    self.text = Array(text.unicodeScalars)
    cursor = self.text.count
  }

  public var string: String { String(String.UnicodeScalarView(text)) }

  // MARK: - Typing

  /// What a key does to a line.
  ///
  /// - Returns: false for a key that does nothing to one.
  mutating func edit(_ key: Key) -> Bool {
    switch key {
    case .backspace: eraseBefore()
    case .delete: eraseAfter()
    case .left, .shiftLeft, .control("b"): moveCursor(to: cursor - 1)
    case .right, .shiftRight, .control("f"): moveCursor(to: cursor + 1)
    case .home, .control("a"): moveCursor(to: 0)
    case .end, .control("e"): moveCursor(to: text.count)
    case .control("u"): eraseToStart()
    case .control("k"): eraseToEnd()
    case .control("w"): eraseWord()
    case .character(let scalar): insert([scalar])
    case .control, .enter, .escape, .tab, .backTab, .up, .down, .shiftUp, .shiftDown, .pageUp,
      .pageDown:
      return false
    }
    return true
  }

  mutating func insert(_ scalars: some Collection<Unicode.Scalar>) {
    let kept = scalars.prefix(max(0, Self.limit - text.count))
    text.insert(contentsOf: kept, at: cursor)
    cursor += kept.count
    touch()
  }

  /// What a person types on one line; a paste may hold anything.
  private static let limit = 10_000

  mutating func eraseBefore() {
    guard cursor > 0 else { return }
    cursor -= 1
    text.remove(at: cursor)
    touch()
  }

  mutating func eraseAfter() {
    guard cursor < text.count else { return }
    text.remove(at: cursor)
    touch()
  }

  /// The word before the cursor, with the blanks after it.
  mutating func eraseWord() {
    var start = cursor
    while start > 0, text[start - 1] == " " { start -= 1 }
    while start > 0, text[start - 1] != " " { start -= 1 }
    text.removeSubrange(start..<cursor)
    cursor = start
    touch()
  }

  mutating func eraseToStart() {
    text.removeSubrange(..<cursor)
    cursor = 0
    touch()
  }

  mutating func eraseToEnd() {
    text.removeSubrange(cursor...)
    touch()
  }

  mutating func moveCursor(to place: Int) {
    cursor = min(max(place, 0), text.count)
    offer = nil
  }

  private mutating func touch() {
    fault = nil
    offer = nil
    recalled = 0
  }

  private mutating func replaceText(_ new: [Unicode.Scalar]) {
    text = new
    cursor = new.count
    fault = nil
    offer = nil
  }

  // MARK: - What was typed before

  /// An older line, or a newer one; those that begin otherwise than the draft are passed over.
  mutating func recall(older: Bool, from typed: [String]) {
    if recalled == 0 { draft = text }
    let wanted = String(String.UnicodeScalarView(draft))
    var place = recalled
    while true {
      place += older ? 1 : -1
      guard place > 0 else {
        guard recalled > 0 else { return }
        recalled = 0
        replaceText(draft)
        return
      }
      guard place <= typed.count else { return }
      let line = typed[typed.count - place]
      guard line.hasPrefix(wanted) else { continue }
      recalled = place
      replaceText(Array(line.unicodeScalars))
      return
    }
  }

  // MARK: - Completion

  /// Puts in what the words that fit have in common; where that is nothing more, the next of them.
  mutating func complete(with fitting: (words: [String], start: Int), backwards: Bool) {
    if var offer {
      let count = offer.words.count
      offer.chosen = (offer.chosen + (backwards ? count - 1 : 1)) % count
      put(offer.words[offer.chosen], from: offer.start)
      self.offer = offer
      return
    }
    guard let first = fitting.words.first else { return }
    let typed = cursor - fitting.start
    let common = fitting.words.dropFirst().reduce(Array(first.unicodeScalars)) { common, word in
      zip(common, word.unicodeScalars).prefix { $0 == $1 }.map(\.0)
    }
    if fitting.words.count == 1 || common.count > typed {
      put(String(String.UnicodeScalarView(common)), from: fitting.start)
      if fitting.words.count == 1, cursor == text.count, common.last != "(" { insert([" "]) }
      return
    }
    let chosen = backwards ? fitting.words.count - 1 : 0
    put(fitting.words[chosen], from: fitting.start)
    offer = Offer(words: fitting.words, chosen: chosen, start: fitting.start)
  }

  private mutating func put(_ word: String, from start: Int) {
    let scalars = Array(word.unicodeScalars)
    text.replaceSubrange(start..<cursor, with: scalars)
    cursor = start + scalars.count
    fault = nil
  }
}
