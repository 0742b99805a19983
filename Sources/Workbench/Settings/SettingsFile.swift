import Screen
import Yams

/// The settings' file, YAML. A line that cannot be used is named and left out; the others count.
public struct SettingsFile: Sendable {
  public private(set) var settings = Settings()
  public private(set) var problems: [Problem] = []

  /// A file that cannot be read at all.
  public init(unreadable why: String, path: String) {
    problems = [Problem(path: path, line: nil, error: .unreadable(why))]
  }

  /// The first problem, for a line on the screen; nil where there is none.
  public var summary: String? {
    guard let first = problems.first else { return nil }
    let name = first.path.split(separator: "/").last.map(String.init) ?? first.path
    let short = Problem(path: name, line: first.line, error: first.error)
    return Words.settingsProblem("\(short)", others: problems.count - 1)
  }

  /// A line that was left out.
  public struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    /// From 1; nil where it is the whole file.
    public let line: Int?
    public let error: SettingsError

    public init(path: String, line: Int?, error: SettingsError) {
      self.path = path
      self.line = line
      self.error = error
    }

    /// `config.yml:3: what is wrong; what next`.
    public var description: String { path + (line.map { ":\($0)" } ?? "") + ": \(error)" }
  }

  /// - Parameter path: what messages call the file.
  public init(text: String, path: String) {
    var reader = Reader(path: path)
    // A byte order mark is for who reads bytes; libyaml takes it for a part of `---`.
    let scalars = text.unicodeScalars
    reader.read(String(scalars.dropFirst(scalars.first == "\u{FEFF}" ? 1 : 0)))
    reader.settleKeys()
    settings = reader.settings
    problems = reader.problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
  }
}

/// Goes through a file, keeping what can be used.
private struct Reader {
  let path: String
  var settings = Settings()
  var problems: [SettingsFile.Problem] = []
  /// The bindings of the file, with their lines.
  private var rebound: [(instruction: Instruction, keys: [Key], line: Int)] = []
  /// The names that have been read, those of `keys` behind it.
  private var seen: Set<String> = []

  init(path: String) { self.path = path }

  mutating func complain(_ error: SettingsError, _ line: Int?) {
    problems.append(.init(path: path, line: line, error: error))
  }

  /// Where the whole is no YAML, or has a name twice, its entries are read one by one.
  mutating func read(_ text: String) {
    do {
      try readEntries(text, from: 1)
    } catch {
      for chunk in Self.chunks(text) { readChunk(chunk) }
    }
  }

  private mutating func readChunk(_ chunk: Chunk) {
    do {
      try readEntries(chunk.text, from: chunk.line)
    } catch {
      let lines = chunk.text.split(omittingEmptySubsequences: false) { $0.isNewline }
      guard lines.count > 1, lines[0].hasPrefix("keys:") else {
        complain(.notYAML(error.why), chunk.line + error.line - 1)
        // What is indented under an entry shall not cost the entry.
        if error.line > 1 { try? readEntries(String(lines[0]), from: chunk.line) }
        return
      }
      // One key's line shall not cost the others theirs.
      for (index, line) in lines.enumerated().dropFirst() where Self.says(line) {
        do {
          try readEntries("keys:\n" + line, from: chunk.line + index - 1)
        } catch {
          complain(.notYAML(error.why), chunk.line + index)
        }
      }
    }
  }

  private mutating func readEntries(_ text: String, from first: Int) throws(Fault) {
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw Fault(error)
    }
    guard let root else { return }
    guard case .mapping(let entries) = root else {
      throw Fault(why: "it is no map of names to values", line: root.mark?.line ?? 1)
    }
    for (key, value) in entries {
      let line = first + (key.mark?.line ?? 1) - 1
      guard let name = key.scalar?.string else {
        complain(.notYAML("a name is missing"), line)
        continue
      }
      if name == "keys" {
        readKeys(value, from: first, line)
      } else if let word = value.scalar?.string {
        do throws(SettingsError) {
          guard seen.insert(name).inserted else { throw .twice(name) }
          try settings.set(name, word)
        } catch {
          complain(error, line)
        }
      } else {
        complain(Settings.Name(rawValue: name) == nil ? .unknownName(name) : .notAWord(name), line)
      }
    }
  }

  private mutating func readKeys(_ node: Node, from first: Int, _ line: Int) {
    // `keys:` with nothing after it is a person's half-made file.
    if node.scalar?.string.isEmpty == true || node.scalar?.string == "null" { return }
    guard case .mapping(let entries) = node else {
      complain(.notKeys("keys"), line)
      return
    }
    for (key, value) in entries {
      let line = first + (key.mark?.line ?? 1) - 1
      guard let name = key.scalar?.string else {
        complain(.notKeys("keys"), line)
        continue
      }
      do throws(SettingsError) {
        try bind(name, value, line)
      } catch {
        complain(error, line)
      }
    }
  }

  private mutating func bind(_ name: String, _ value: Node, _ line: Int) throws(SettingsError) {
    guard seen.insert("keys \(name)").inserted else { throw .twice(name) }
    let instruction: Instruction
    do throws(InstructionError) {
      instruction = try Instruction(parsing: name)
    } catch {
      throw .badCommand(name, why: error.message)
    }
    let names: [String]
    switch value {
    case .scalar(let scalar): names = [scalar.string]
    case .sequence(let nodes):
      names = nodes.compactMap { $0.scalar?.string }
      guard names.count == nodes.count else { throw .notKeys(name) }
    case .mapping, .alias: throw .notKeys(name)
    }
    var keys: [Key] = []
    for text in names {
      guard let key = Key(named: text) else { throw .unknownKey(text, command: name) }
      try Keymap.check(key, for: instruction)
      if let other = rebound.first(where: { $0.keys.contains(key) }) {
        throw .taken(key, by: other.instruction.description, command: name)
      }
      keys.append(key)
    }
    if keys.isEmpty && instruction.command == .quit { throw .noWayOut(command: name) }
    rebound.append((instruction, keys, line))
  }

  /// Binds what the file has bound, then looks who has lost the last key.
  mutating func settleKeys() {
    for (instruction, keys, _) in rebound { settings.keymap.bind(instruction, to: keys) }
    for binding in Keymap.standard.bindings where !binding.keys.isEmpty {
      let instruction = binding.instruction
      guard settings.keymap.keys(of: instruction).isEmpty,
        !rebound.contains(where: { $0.instruction == instruction }),
        let thief = rebound.first(where: { !Set($0.keys).isDisjoint(with: binding.keys) })
      else { continue }
      complain(
        .noKeyLeft(
          command: instruction.description, takenBy: thief.instruction.description), thief.line)
    }
  }

  // MARK: - Parts of a text

  private struct Fault: Error {
    let why: String
    /// From 1.
    let line: Int

    init(why: String, line: Int) {
      self.why = why
      self.line = line
    }

    init(_ error: any Error) {
      switch error as? YamlError {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        self.init(why: problem, line: mark.line)
      case .duplicatedKeysInMapping(let names, let context):
        self.init(why: "'\(names.first ?? "")' stands twice", line: context.mark.line)
      case .reader, .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded, nil:
        self.init(why: "it is no YAML", line: 1)
      }
    }
  }

  private struct Chunk {
    var line: Int
    var text: String
  }

  /// An entry of the top level each: a line that is not indented, with those that are under it.
  private static func chunks(_ text: String) -> [Chunk] {
    var chunks: [Chunk] = []
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in lines.enumerated() {
      if !says(line) { continue }
      if line.first != " " && line.first != "\t" || chunks.isEmpty {
        chunks.append(Chunk(line: index + 1, text: String(line)))
      } else {
        let last = chunks.count - 1
        let known = chunks[last].text.count { $0 == "\n" }
        let blanks = index - (chunks[last].line - 1) - known
        chunks[last].text += String(repeating: "\n", count: blanks) + line
      }
    }
    return chunks
  }

  /// Whether a line has more than blanks, a comment or a document's mark.
  private static func says(_ line: Substring) -> Bool {
    if line == "---" || line == "..." { return false }
    return line.first { $0 != " " && $0 != "\t" }.map { $0 != "#" } ?? false
  }
}
