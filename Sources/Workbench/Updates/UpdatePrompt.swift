import Screen

/// Opens the prompt for what a command needs.
func ask(_ state: inout State, _ command: Command) {
  let filter = state.arrangement[track: state.track].filter?.text
  let text =
    switch command {
    case .filter: filter ?? ""
    case .clamp: state.valueInHand
    default: ""
    }
  state.prompt = Prompt(.argument(of: command), text: text)
}

/// A key while a line is being typed in the footer.
func typeInPrompt(_ state: inout State, _ key: Key) -> [Effect] {
  guard var prompt = state.prompt else { return [] }
  if case .replace(let instruction, _) = prompt.question {
    return answer(&state, key, instruction)
  }
  switch key {
  case .escape:
    state.prompt = nil
    return []
  case .enter: return send(&state, prompt)
  case .backspace where prompt.text.isEmpty && prompt.question == .line:
    // Where nothing is left to erase, the prompt itself goes, as in vi.
    state.prompt = nil
    return []
  case .up, .control("p"): prompt.recall(older: true, from: state.typed[prompt.question] ?? [])
  case .down, .control("n"): prompt.recall(older: false, from: state.typed[prompt.question] ?? [])
  case .tab, .backTab:
    prompt.complete(
      with: Completion(state: state, prompt: prompt).fitting, backwards: key == .backTab)
  case .backspace, .delete, .left, .right, .shiftLeft, .shiftRight, .shiftUp, .shiftDown, .home,
    .end, .pageUp, .pageDown, .control, .character:
    _ = prompt.edit(key)
  }
  state.prompt = prompt
  return []
}

/// A line that cannot be carried out stays, with its fault shown, to be put right.
private func send(_ state: inout State, _ prompt: Prompt) -> [Effect] {
  let line = prompt.string
  let isEmpty = line.allSatisfy { $0 == " " }
  state.prompt = nil
  do throws(InstructionError) {
    let effects: [Effect]
    switch prompt.question {
    case .replace: return []
    case .line:
      if isEmpty { return [] }
      let instruction = try Instruction(parsing: line)
      do throws(InstructionError) {
        effects = try carryOut(&state, instruction)
      } catch {
        throw error.shifted(by: Instruction.Parts(prompt.text).argument.lowerBound)
      }
    case .argument(.search):
      // Nothing typed looks for the last thing again.
      guard let query = line.isEmpty ? state.query : line else { return [] }
      effects = try carryOut(&state, Instruction(.search, query))
    case .argument(.find) where isEmpty && state.findings != nil:
      effects = try carryOut(&state, Instruction(.searchNext))
    case .argument(.filter) where isEmpty:
      effects = try carryOut(&state, Instruction(.filter, State.off))
    case .argument(let command):
      if isEmpty { throw InstructionError(Words.emptyArgument(of: command)) }
      effects = try carryOut(&state, Instruction(command, line))
    }
    remember(&state, line, for: prompt.question)
    return effects
  } catch {
    var kept = prompt
    kept.fault = error
    state.prompt = kept
    return []
  }
}

/// How many lines a prompt remembers.
private let typedLimit = 200

private func remember(_ state: inout State, _ line: String, for question: Prompt.Question) {
  guard !line.isEmpty else { return }
  var typed = state.typed[question] ?? []
  typed.removeAll { $0 == line }
  typed.append(line)
  state.typed[question] = typed.suffix(typedLimit)
}

private func answer(_ state: inout State, _ key: Key, _ instruction: Instruction) -> [Effect] {
  switch key {
  case "y", "Y":
    state.prompt = nil
    return obey(&state, Instruction(instruction.command, instruction.argument, isForced: true))
  case "n", "N", .enter, .escape:
    state.prompt = nil
    state.message = .init(text: Words.exportKept, isError: false)
  case .character, .control, .left, .right, .up, .down, .shiftLeft, .shiftRight, .shiftUp,
    .shiftDown, .home, .end, .pageUp, .pageDown, .tab, .backTab, .backspace, .delete:
    break
  }
  return []
}

/// An export holds every step, so the steps that nobody has reached yet are computed first.
func startExport(_ state: inout State, _ request: ExportRequest) -> [Effect] {
  state.pending = .export(request)
  return continuePending(&state)
}
