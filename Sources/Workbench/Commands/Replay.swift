import Files

/// A session as a command file: a command a line as `:` takes it; blank lines and lines that begin with
/// # mean nothing.
extension Workbench {
  /// Does what the lines say, each to its end, so that the screens and the files are the same every
  /// time.
  ///
  /// - Throws: `ReplayError` at the first line that cannot be carried out.
  public func replay(_ lines: some Sequence<some StringProtocol>) throws(ReplayError) {
    finish()
    for (index, line) in lines.enumerated() {
      let text = Substring(line).drop { $0 == " " || $0 == "\t" }
      guard !text.isEmpty, !text.hasPrefix("#") else { continue }
      do throws(InstructionError) {
        try carryOut(Instruction(parsing: String(text)))
      } catch {
        throw ReplayError(line: index + 1, text: String(text), reason: error.message)
      }
      if state.hasQuit { return }
    }
  }

  private func carryOut(_ instruction: Instruction) throws(InstructionError) {
    handle(.instruct(instruction))
    finish()
    if let message = state.message, message.isError { throw InstructionError(message.text) }
    switch state.prompt?.question {
    case .replace(let instruction, let path):
      throw InstructionError(Words.replayWouldReplace(instruction, path))
    case .argument(let command):
      throw InstructionError(Words.argumentNeeded(command.rawValue, command.argument.name))
    case .line, nil: break
    }
    if state.exportForm != nil {
      throw InstructionError(
        Words.argumentNeeded(Command.export.rawValue, Command.export.argument.name))
    }
    if let command = state.letterFor {
      throw InstructionError(Words.argumentNeeded(command.rawValue, command.argument.name))
    }
  }
}

/// A line of a replay that cannot be carried out.
public struct ReplayError: Error, Equatable, CustomStringConvertible {
  /// Counted from 1.
  public let line: Int
  public let text: String
  public let reason: String

  /// To stand after the file's name.
  public var description: String { "line \(line): \(excerpt(text).text): \(reason)" }
}

extension CommandArgument {
  /// "STEP"; empty where there is none.
  var name: String {
    switch self {
    case .none: ""
    case .count: "COUNT"
    case .number(let name), .choice(let name), .text(let name), .optional(let name),
      .letter(let name):
      name
    }
  }
}
