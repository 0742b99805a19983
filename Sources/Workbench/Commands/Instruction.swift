import Inspector

/// A command with its argument. Its text is a line that can be typed after `:`, replayed from a file,
/// and bound to a key.
public struct Instruction: Sendable, Hashable, CustomStringConvertible {
  public var command: Command
  /// What stands after the name; empty where nothing does.
  public var argument: String
  /// `export!`: also where that replaces a file, and so with the others that write one.
  public var isForced: Bool

  public init(_ command: Command, _ argument: String = "", isForced: Bool = false) {
    self.command = command
    self.argument = argument
    self.isForced = isForced
  }

  public var description: String {
    command.rawValue + (isForced ? "!" : "") + (argument.isEmpty ? "" : " " + argument)
  }
}

/// Why a line cannot be carried out.
public struct InstructionError: Error, Equatable {
  /// What is wrong and what next, in one line.
  public var message: String
  /// The fault, in Unicode scalars from the start of what was looked at; nil where it is all of it.
  public var range: Range<Int>?

  public init(_ message: String, at range: Range<Int>? = nil) {
    self.message = message
    self.range = range
  }

  func shifted(by count: Int) -> InstructionError {
    InstructionError(
      message, at: range.map { $0.lowerBound + count..<$0.upperBound + count })
  }
}

extension Instruction {
  /// Where the parts of a line are, in Unicode scalars.
  struct Parts {
    let name: Range<Int>
    let argument: Range<Int>
    /// The name and the argument, without the blanks around them.
    let nameText: String
    let argumentText: String

    init(_ line: [Unicode.Scalar]) {
      let start = line.firstIndex { $0 != " " && $0 != ":" } ?? line.count
      let end = line[start...].firstIndex(of: " ") ?? line.count
      let argumentStart = line[end...].firstIndex { $0 != " " } ?? line.count
      var argumentEnd = line.count
      while argumentEnd > argumentStart, line[argumentEnd - 1] == " " { argumentEnd -= 1 }
      name = start..<end
      argument = argumentStart..<argumentEnd
      nameText = String(String.UnicodeScalarView(line[start..<end]))
      argumentText = String(String.UnicodeScalarView(line[argumentStart..<argumentEnd]))
    }
  }

  /// Reads a line: a command's name, or so much of it that no other is meant, then its argument. A
  /// number alone goes to that step; with a sign, so many steps on or back.
  ///
  /// - Throws: `InstructionError` with the fault's place in the line.
  public init(parsing line: String) throws(InstructionError) {
    let parts = Parts(Array(line.unicodeScalars))
    guard !parts.name.isEmpty else { throw InstructionError(Words.emptyLine) }
    if parts.argument.isEmpty, let motion = Instruction(number: parts.nameText) {
      self = motion
      return
    }
    let isForced = parts.nameText.hasSuffix("!")
    let name = isForced ? String(parts.nameText.dropLast()) : parts.nameText
    do throws(InstructionError) {
      let command = try Command(named: name)
      if isForced, !command.writesFile {
        throw InstructionError(Words.nothingToForce(command.rawValue))
      }
      if command.argument == .none, !parts.argument.isEmpty {
        throw InstructionError(Words.takesNothing(command.rawValue), at: parts.argument)
      }
      self.init(command, parts.argumentText, isForced: isForced)
    } catch {
      throw InstructionError(error.message, at: error.range ?? parts.name)
    }
  }
}

extension Instruction {
  /// "500", "+12", "-12"; nil for what is no number.
  private init?(number text: String) {
    switch text.first {
    case "+": self.init(.stepForward, String(text.dropFirst()))
    case "-": self.init(.stepBack, String(text.dropFirst()))
    case _: self.init(.go, text)
    }
    guard !argument.isEmpty, argument.allSatisfy(\.isASCIIDigit) else { return nil }
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension Command {
  /// The command of a name, or of the beginning of one only.
  init(named name: String) throws(InstructionError) {
    if let exact = Command(rawValue: name) {
      self = exact
      return
    }
    if let short = Self.shortNames[name] {
      self = short
      return
    }
    let meant = Command.allCases.filter { $0.rawValue.hasPrefix(name) }
    if meant.count == 1 {
      self = meant[0]
      return
    }
    throw InstructionError(
      meant.isEmpty
        ? Words.noSuchCommand(name, nearest: Command.nearest(to: name)?.rawValue)
        : Words.severalCommands(name, meant.map(\.rawValue)))
  }

  /// What vi's users type without thinking.
  private static let shortNames: [String: Command] = [
    "q": .quit, "h": .help, "u": .unit, "w": .export,
  ]

  /// The name that a slip of the finger may have meant.
  static func nearest(to name: String) -> Command? {
    nearestName(to: name, among: allCases.map(\.rawValue)).flatMap(Command.init)
  }
}
