import Inspector

/// Sets the condition at which playing and running stop; nothing typed takes it away.
func arm(_ state: inout State, _ text: String) throws(InstructionError) {
  guard text.contains(where: { $0 != " " }) else {
    state.trigger = nil
    state.message = .init(text: Words.disarmed, isError: false)
    return
  }
  let trigger = try search(state, for: text)
  state.trigger = trigger
  state.message = .init(text: Words.armed(trigger.expression.source), isError: false)
}

/// Goes to a step as a motion through all the steps on the way, so that it stops where the trigger's
/// condition holds. Jumps to a place, as to a mark or a hit, are `move`.
func run(_ state: inout State, to wanted: Int, stopping: Bool = false) -> [Effect] {
  let target = min(max(wanted, 0), state.lastStep)
  guard state.trigger != nil, target != state.step else {
    return move(&state, to: wanted, stopping: stopping)
  }
  if stopping { state.isPlaying = false }
  if case .export = state.pending {
    state.message = .init(text: Words.exportKept, isError: false)
  }
  let through = state.trace.recordedSteps - 1
  state.pending = .run(to: target, through: through)
  return continueRunning(&state, to: target, through: through)
}

/// Looks at some more steps on the way; the cursor comes along.
func continueRunning(_ state: inout State, to target: Int, through: Int) -> [Effect] {
  guard let trigger = state.trigger else { return move(&state, to: target) }
  let recorded = state.trace.recordedSteps
  guard recorded > through else { return [.record(through: through)] }
  let slice = trigger.sliceSteps
  let hit: Int?
  if target > state.step {
    guard recorded > state.step + 1 else {
      let next = min(target, nextRecording(state))
      state.pending = .run(to: target, through: next)
      return [.record(through: next)]
    }
    let end = min(target + 1, recorded, state.step + 1 + slice)
    hit = trigger.firstHit(in: state.step + 1..<end)
    state.step = hit ?? end - 1
  } else {
    let start = max(target, state.step - slice)
    hit = trigger.lastHit(in: start..<state.step)
    state.step = hit ?? start
  }
  if hit != nil {
    state.pending = nil
    state.isPlaying = false
    state.hasBroken = true
    state.message = .init(text: Words.broke(trigger.expression.source), isError: false)
    return []
  }
  guard state.step == target else { return [.goOn] }
  state.pending = nil
  if state.step == state.lastStep { state.isPlaying = false }
  return []
}
