import Screen

/// Shows the help; where something is asked for, what has to do with it, the command of that name
/// chosen.
func openHelp(_ state: inout State, _ text: String) throws(InstructionError) {
  guard !text.isEmpty else {
    state.help = 0
    return
  }
  guard state.keymap.bindings.contains(where: { $0.hasWords(of: text) }) else {
    throw InstructionError(Words.noHelp(text), at: 0..<text.unicodeScalars.count)
  }
  // What comes nearest is the first.
  state.help = 0
  state.helpFilter = text
}

/// A key while the help is shown: it moves the choice, does what is chosen, looks for something, or
/// leaves and does what it does elsewhere.
func readHelp(_ state: inout State, _ key: Key, elsewhere: (inout State, Key) -> [Effect])
  -> [Effect]
{
  let bindings = HelpView.bindings(state)
  let last = max(0, bindings.count - 1)
  let chosen = min(state.help ?? 0, last)
  let page = max(1, state.height / 2)
  switch key {
  case .down: state.help = min(chosen + 1, last)
  case .up: state.help = max(chosen - 1, 0)
  case .pageDown: state.help = min(chosen + page, last)
  case .pageUp: state.help = max(chosen - page, 0)
  case .home: state.help = 0
  case .end: state.help = last
  case .enter: return bindings.indices.contains(chosen) ? choose(&state, bindings[chosen]) : []
  case .escape where state.helpFilter != nil: look(&state, for: nil)
  case .escape, "?", .control("p"): state.help = nil
  case .backspace:
    guard let filter = state.helpFilter else {
      state.help = nil
      return elsewhere(&state, key)
    }
    look(&state, for: filter.isEmpty ? nil : String(filter.dropLast()))
  case .character(let scalar):
    if let filter = state.helpFilter {
      look(&state, for: filter + String(scalar))
      return []
    }
    // Where nothing has been typed, what moves and leaves elsewhere does so here; a digit is a view.
    switch scalar {
    case "j": state.help = min(chosen + 1, last)
    case "k": state.help = max(chosen - 1, 0)
    case "q": state.help = nil
    case "/": look(&state, for: "")
    case "0"..."9", " ":
      state.help = nil
      return elsewhere(&state, key)
    default: look(&state, for: String(scalar))
    }
  case .control, .left, .right, .shiftLeft, .shiftRight, .shiftUp, .shiftDown, .tab, .backTab,
    .delete:
    state.help = nil
    return elsewhere(&state, key)
  }
  return []
}

/// The first line of those that are left is chosen.
private func look(_ state: inout State, for filter: String?) {
  state.helpFilter = filter
  state.help = 0
}

private func choose(_ state: inout State, _ binding: Keymap.Binding) -> [Effect] {
  state.help = nil
  let instruction = binding.instruction
  // What has to be told a number or a name is left to be finished on the line.
  switch instruction.command.argument {
  case .number where instruction.argument.isEmpty, .choice where instruction.argument.isEmpty:
    state.prompt = Prompt(.line, text: instruction.command.rawValue + " ")
    return []
  case .optional where binding.keys.isEmpty:
    state.prompt = Prompt(.line, text: instruction.command.rawValue + " ")
    return []
  case .none, .count, .number, .choice, .text, .optional, .letter:
    return obey(&state, instruction)
  }
}

extension Keymap.Binding {
  /// Whether each of some words stands in what it is called, how it is typed or what it does.
  func hasWords(of filter: String) -> Bool {
    let text = "\(usage) \(words)".lowercased()
    return hasInitials(filter)
      || filter.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
  }

  /// Whether some letters are the beginnings of the words of its name, in order: "nl" of next-lane, "vla" of
  /// view lanes. One letter is no more than a letter.
  func hasInitials(_ letters: String) -> Bool {
    let letters = Array(letters.lowercased())
    guard letters.count > 1, !letters.contains(" ") else { return false }
    let parts = instruction.description.lowercased()
      .split { $0 == "-" || $0 == " " }.map(Array.init)
    // How many letters are used up once some parts have had their turn.
    var reached: Set<Int> = [0]
    for part in parts {
      for start in reached {
        var end = start
        while end < letters.count, end - start < part.count, letters[end] == part[end - start] {
          end += 1
          reached.insert(end)
        }
      }
    }
    return reached.contains(letters.count)
  }

  static let lastRank = 5

  /// How near it comes to what is looked for, 0 the nearest: it is called that, is called something that
  /// begins so, has a word in its name that does, or words that begin with its letters, or has it in it; the
  /// words about it come last.
  func rank(of filter: String) -> Int {
    let name = instruction.command.rawValue
    let filter = filter.lowercased()
    if name == filter { return 0 }
    if name.hasPrefix(filter) { return 1 }
    if name.split(separator: "-").contains(where: { $0.hasPrefix(filter) }) { return 2 }
    if hasInitials(filter) { return 3 }
    return name.contains(filter) ? 4 : Self.lastRank
  }
}
