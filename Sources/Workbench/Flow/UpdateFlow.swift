import Inspector

/// What the view `flow` needs: every step, and the answer to what it asks.
func prepareFlow(_ state: inout State) -> [Effect] {
  guard state.pending == nil, !state.flows.isSettled(state.flowQuestion, state.session) else {
    return []
  }
  guard state.trace.recordedSteps == state.session.length else {
    state.pending = .reachAll
    return continuePending(&state)
  }
  state.pending = .flow
  return [.flow]
}

/// Some more has been found.
func continueFlow(_ state: inout State) -> [Effect] {
  guard state.pending == .flow else { return state.pending == nil ? prepare(&state) : [] }
  guard state.view == .flow, !state.flows.isSettled(state.flowQuestion, state.session) else {
    state.pending = nil
    return prepare(&state)
  }
  return [.flow]
}

/// Carries out `flow` with the step that stands after it: from there one looks back.
func askFlow(_ state: inout State, _ argument: String) throws(InstructionError) {
  if !argument.isEmpty { state.flowAsked.end = try step(argument, at: 0, state) }
  state.flows.resume()
  state.view = .flow
}

/// Carries out `what-reaches` with a step and what it reads then; without them the step in hand reads
/// what changes h most.
func askReach(_ state: inout State, _ argument: String) throws(InstructionError) {
  let words = argument.split(separator: " ", maxSplits: 1).map(String.init)
  var asked = state.flowAsked
  asked.swapped = state.session.model == nil ? nil : state.step
  asked.token = nil
  if let first = words.first {
    guard let model = state.session.model else { throw InstructionError(Words.flowNeedsModel) }
    asked.swapped = try step(first, at: 0, state)
    if words.count == 2 {
      let place = argument.unicodeScalars.count - words[1].unicodeScalars.count
      let range = place..<argument.unicodeScalars.count
      guard case .tokens = state.trace.input else {
        throw InstructionError(Words.flowNumbersOnly, at: range)
      }
      let symbol = model.vocabulary?.symbols.firstIndex(of: words[1])
      guard let token = symbol ?? Int(words[1]),
        (0..<model.network.tokenCount).contains(token)
      else {
        throw InstructionError(
          Words.flowNoToken(words[1], of: model.network.tokenCount), at: range)
      }
      asked.token = token
    }
  }
  state.flowAsked = asked
  state.flows.resume()
  state.view = .flow
}

private func step(_ text: String, at place: Int, _ state: State) throws(InstructionError) -> Int {
  let range = place..<place + text.unicodeScalars.count
  guard let number = Int(text), number >= 0 else {
    throw InstructionError(Words.noNumber(text), at: range)
  }
  let last = state.trace.stepNumber(at: state.lastStep)
  guard number <= last else { throw InstructionError(Words.lastStepIs(last), at: range) }
  return state.trace.step(numbered: number)
}
