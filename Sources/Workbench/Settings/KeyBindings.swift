import Screen

extension Keymap {
  /// Gives an instruction these keys and no others; whoever had them loses them.
  public mutating func bind(_ instruction: Instruction, to keys: [Key]) {
    var isKnown = false
    for group in groups.indices {
      for place in groups[group].bindings.indices {
        let isMeant = groups[group].bindings[place].instruction == instruction
        isKnown = isKnown || isMeant
        if isMeant {
          groups[group].bindings[place].keys = keys
        } else {
          groups[group].bindings[place].keys.removeAll { keys.contains($0) }
        }
      }
    }
    guard !isKnown, !keys.isEmpty else { return }
    // What has no line of its own, such as `go 0`, says its name.
    let binding = Binding(
      keys: keys, instruction: instruction, words: instruction.description, footer: nil)
    if let own = groups.firstIndex(where: { $0.title == Words.ownKeys }) {
      groups[own].bindings.append(binding)
    } else {
      groups.append(Group(title: Words.ownKeys, bindings: [binding]))
    }
  }

  /// Whether a key may stand for an instruction at all.
  static func check(_ key: Key, for instruction: Instruction) throws(SettingsError) {
    switch key {
    case .character("0"..."9") where instruction.command != .view:
      throw .digit(key.label, command: instruction.description)
    case .control("c"), .control("z"), .control("s"), .control("q"):
      throw .terminalsOwn(key, command: instruction.description)
    case .character, .control, .left, .right, .up, .down, .shiftLeft, .shiftRight, .shiftUp,
      .shiftDown, .home, .end, .pageUp, .pageDown, .enter, .escape, .tab, .backTab, .backspace,
      .delete:
      break
    }
  }
}
