import Screen

/// Why something cannot be set.
public enum SettingsError: Error, Equatable, Sendable {
  case unknownName(String)
  case badValue(Settings.Name, String)
  /// A list, or a map, where a word should stand.
  case notAWord(String)
  /// Something else than a command's name and its keys.
  case notKeys(String)
  case badCommand(String, why: String)
  case unknownKey(String, command: String)
  /// A digit shows a view, and nothing else.
  case digit(String, command: String)
  /// The terminal never hands it on.
  case terminalsOwn(Key, command: String)
  /// Two commands of the file want the same key.
  case taken(Key, by: String, command: String)
  /// Others have taken its last key.
  case noKeyLeft(command: String, takenBy: String)
  /// Whoever is in the program must get out of it.
  case noWayOut(command: String)
  case twice(String)
  case notYAML(String)
  case unreadable(String)
}

extension SettingsError: CustomStringConvertible {
  /// What is wrong and what next, in one line.
  public var description: String {
    switch self {
    case .unknownName(let name):
      "there is no setting '\(name)'; \(Self.list(Settings.Name.allCases.map(\.rawValue), "and")) "
        + "can be set"
    case .badValue(let name, let text):
      "\(name.rawValue) cannot be '\(text)'; "
        + Self.list(name.words, "or")
        + " can"
    case .notAWord(let name): "\(name): takes one word, as in `\(name): \(Self.example(of: name))`"
    case .notKeys(let what):
      "\(what): takes a list of keys, as in `step-forward: [l, Right]`"
    case .badCommand(let name, let why): "keys: '\(name)' is no command: \(why)"
    case .unknownKey(let key, let command):
      "\(command): there is no key '\(key)'; a sign, Right, PgDn, Space, Shift-Tab, ^L are keys"
    case .digit(let key, let command):
      "\(command): \(key) is a digit, and digits choose views"
    case .terminalsOwn(let key, let command):
      "\(command): the terminal keeps \(key.label) for itself; choose another"
    case .taken(let key, let other, let command):
      "\(command): \(key.label) is already the key of \(other); choose another"
    case .noKeyLeft(let command, let other):
      "\(command) has no key left, since \(other) took it; give it one, or type :\(command)"
    case .noWayOut(let command):
      "\(command): needs a key, or there is no way out; give it one, as in `\(command): [q]`"
    case .twice(let name): "\(name) stands twice; this one is left out"
    case .notYAML(let why): "cannot be read (\(why)); write it as `name: value`"
    case .unreadable(let why): why
    }
  }

  private static func list(_ words: [String], _ last: String) -> String {
    Words.list(words, joint: last)
  }

  private static func example(of name: String) -> String {
    Settings.Name(rawValue: name).flatMap { Settings.choices(of: $0).first } ?? "word"
  }
}

extension Settings.Name {
  /// What it may be set to, as messages say it.
  var words: [String] {
    let more: [String] =
      switch self {
      case .limits: [Words.anyNumber]
      case .memory: [Words.anySize]
      case .theme, .palette, .colors, .mouse, .speed: []
      }
    return Settings.choices(of: self) + more
  }
}
