/// What was done, as lines that a replay repeats. Motions of one kind that follow each other are one
/// line with a count.
public struct Journal: Sendable, Equatable {
  public private(set) var lines: [String] = []
  private var last: Instruction?
  /// A person does not type as much; a program that presses keys for ever must not fill the memory.
  private static let limit = 100_000

  mutating func add(_ instruction: Instruction) {
    guard instruction.command.isJournalled else { return }
    if var last, instruction.command == last.command, case .count = instruction.command.argument,
      let sum = Self.sum(last.argument, instruction.argument)
    {
      last.argument = String(sum)
      self.last = last
      lines[lines.count - 1] = last.description
      return
    }
    if let last, last.isReplaced(by: instruction) { lines.removeLast() }
    guard lines.count < Self.limit else {
      last = nil
      return
    }
    last = instruction
    lines.append(instruction.description)
  }

  /// Somebody stopped the way to where the last line leads: the step that was reached stands for it.
  mutating func stop(at step: Int) { add(Instruction(.go, String(step))) }

  /// The next motion is a line of its own.
  mutating func close() { last = nil }

  /// Somebody stopped what the last line began, so that nothing came of it.
  mutating func takeBack(_ isMeant: (Command) -> Bool) {
    guard let last, isMeant(last.command) else { return }
    self.last = nil
    lines.removeLast()
  }

  /// The lines of a replay file.
  func file(of state: State) -> [String] {
    [Words.journalHeader(state.session.name)] + lines
  }

  private static func sum(_ a: String, _ b: String) -> Int? {
    let (first, second) = (a.isEmpty ? 1 : Int(a) ?? 1, b.isEmpty ? 1 : Int(b) ?? 1)
    let (sum, isTooLarge) = first.addingReportingOverflow(second)
    return isTooLarge ? nil : sum
  }
}

extension Instruction {
  /// A yes to replacing a file comes after the command that asked; of sizes, and of spans that
  /// the mouse draws, only the last counts.
  fileprivate func isReplaced(by next: Instruction) -> Bool {
    if command == .size { return next.command == .size }
    if command == .span, !argument.isEmpty {
      return next.command == .span && !next.argument.isEmpty
    }
    return command.writesFile && next.command == command && next.isForced
      && argument == next.argument
  }
}
