/// What is said of commands: what is asked for, and what is wrong with a line.
extension Words {
  static func question(for command: Command) -> String {
    questions[command] ?? command.rawValue + ": "
  }
  private static let questions: [Command: String] = [
    .filter: "show units: ", .search: "search: ", .find: "find: ",
    .record: "write what was done to: ",
    .screen: "write this screen to: ", .figure: "draw this view into: ",
    .set: "set (a name, a value): ",
    .compare: "compare with: ", .clamp: "clamp ", .scale: "scale ", .add: "add ",
    .freeze: "freeze ", .edit: "edit ", .patch: "patch ", .token: "token ", .initial: "initial ",
    .branch: "branch ",
  ]
  static func emptyArgument(of command: Command) -> String {
    command == .export ? exportEmptyName : "something is needed here; Esc leaves"
  }
  static let emptyLine = "a command is needed; Tab shows them"
  static func noSuchCommand(_ name: String, nearest: String?) -> String {
    "no command is called \(name); " + (nearest.map { "\($0)?" } ?? "? shows them all")
  }
  static func severalCommands(_ name: String, _ names: [String]) -> String {
    "\(name) could be " + list(names, joint: "or")
  }
  static func noCommandFits(meant name: String) -> String {
    "no command begins like this; did you mean :\(name)?"
  }
  static let noCommandFits = "no command begins like this; Esc leaves"
  static func takesNothing(_ name: String) -> String { "\(name) takes nothing after it" }
  static func nothingToForce(_ name: String) -> String { "\(name) has no form with !" }
  static func argumentNeeded(_ name: String, _ what: String) -> String {
    "\(name) needs its \(what): \(name) \(what)"
  }
  static func noCount(_ text: String) -> String { "\(text) is no count; 1 is the least" }
  static func noNumber(_ text: String) -> String { "\(text) is no number from 0 on" }
  static func noSuchUnit(_ unit: Int) -> String { "unit \(unit) is not in this trace" }
  static func noSuchUnit(_ unit: Int, last: Int) -> String {
    "there is no unit \(unit); the last is \(last)"
  }
  static let signalNoun = "signal"
  static let layerNoun = "layer"
  static let layoutNoun = "layout"
  static let viewNoun = "view"
  static func noneOf(_ names: [String], _ noun: String, _ name: String) -> String {
    "\(name) is no \(noun); there is \(list(names, joint: "and"))"
  }
  static func letterNeeded(_ text: String) -> String { "\(text) is no letter; one is needed" }
  static func letterAwaited(_ command: Command) -> String {
    command == .mark ? "mark: a letter" : "jump to: a letter"
  }
  static func marked(_ letter: String, _ state: State) -> String {
    "'\(letter) comes back to step \(state.stepNumber), unit \(state.unitNumber)"
  }
  static func noSuchMark(_ letter: String, known: [String]) -> String {
    known.isEmpty
      ? "nothing is marked \(letter); m\(letter) marks a place"
      : "nothing is marked \(letter); there is \(list(known.sorted(), joint: "and"))"
  }
  static let nowhereBack = "there is no place to go back to"
  static let nowhereForth = "there is no place to go forth to"
  static let nothingToUndo = "nothing to undo"
  static let nothingToRedo = "nothing to redo"
  static let terminalDecidesSize = "the terminal says how large it is; size is for replays"
  static func noSize(_ text: String) -> String {
    "\(text) is no size, such as 120x40; 1000 is the most"
  }
  static func optionNeedsValue(_ name: String) -> String { "\(name) needs a value, such as 0..7" }
  static func noSuchOption(_ name: String, known: [String]) -> String {
    "\(name) is no option; there is \(list(known, joint: "and"))"
  }
  static func journalHeader(_ name: String) -> String {
    "# gatescope \(name): replay it with --replay FILE"
  }

  /// "a, b and c".
  static func list(_ names: [String], joint: String) -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "nothing" }
    return names.dropLast().joined(separator: ", ") + " \(joint) \(last)"
  }
  static func replayWouldReplace(_ instruction: Instruction, _ path: String) -> String {
    "\(path) exists; `\(instruction.command.rawValue)! \(instruction.argument)` replaces it"
  }

  // Settings.
  static func isSet(_ name: String, _ value: String, _ choices: [String]) -> String {
    "\(name): \(value)  (\(list(choices, joint: "or")))"
  }
  static let anyNumber = "a number"
  static let anySize = "any other size from 1M on"
  /// In a legend: each unit's own largest value.
  static let ownLargest = "max"
  static let ownKeys = "your own keys"
  static func settingsProblem(_ problem: String, others: Int) -> String {
    problem + (others > 0 ? " (and \(others) more)" : "")
  }
}
