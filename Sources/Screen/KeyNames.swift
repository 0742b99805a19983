extension Key {
  /// The key of a name as people write it: a sign for itself, `Right`, `PgDn`, `Space`, `Shift-Tab`,
  /// `^L`, `Ctrl-L`, or what `label` gives. Words and the letter after Ctrl in either case.
  public init?(named name: String) {
    let scalars = name.unicodeScalars
    if let only = scalars.first, scalars.count == 1 {
      if let key = Self.named[name] {
        self = key
      } else if only.displayWidth > 0 {
        self = .character(only)
      } else {
        return nil
      }
      return
    }
    let word = name.lowercased()
    if let key = Self.named[word] {
      self = key
      return
    }
    for prefix in ["^", "ctrl-", "c-"] where word.hasPrefix(prefix) {
      let rest = word.dropFirst(prefix.count).unicodeScalars
      guard rest.count == 1, let letter = rest.first, ("a"..."z").contains(letter) else {
        return nil
      }
      self = Self.sameAsControl[letter] ?? .control(letter)
      return
    }
    return nil
  }

  /// A terminal sends one byte for both.
  private static let sameAsControl: [Unicode.Scalar: Key] = [
    "h": .backspace, "i": .tab, "j": .enter, "m": .enter,
  ]

  private static let named: [String: Key] = [
    "left": .left, "←": .left, "right": .right, "→": .right, "up": .up, "↑": .up, "down": .down,
    "↓": .down, "shift-left": .shiftLeft, "shift-←": .shiftLeft, "shift-right": .shiftRight,
    "shift-→": .shiftRight, "shift-up": .shiftUp, "shift-↑": .shiftUp, "shift-down": .shiftDown,
    "shift-↓": .shiftDown, "home": .home, "end": .end, "pgup": .pageUp, "pageup": .pageUp,
    "pgdn": .pageDown,
    "pagedown": .pageDown, "enter": .enter, "return": .enter, "esc": .escape, "escape": .escape,
    "tab": .tab, "shift-tab": .backTab, "backtab": .backTab, "bs": .backspace,
    "backspace": .backspace, "del": .delete, "delete": .delete, "space": .character(" "),
  ]
}
