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
  state.pending = .run(to: target, through: through, at: state.step)
  return continueRunning(&state, to: target, through: through, at: state.step)
}

/// Looks at some more steps on the way. The cursor stays where it was until it is known where it stops:
/// a screen that goes along would cost the line to the terminal more than the looking.
func continueRunning(_ state: inout State, to target: Int, through: Int, at place: Int) -> [Effect]
{
  guard let trigger = state.trigger else { return move(&state, to: target) }
  let recorded = state.trace.recordedSteps
  guard recorded > through else { return [.record(through: through)] }
  let slice = trigger.sliceSteps
  let hit: Int?
  var place = place
  if target > place {
    guard recorded > place + 1 else {
      let next = min(target, nextRecording(state))
      state.pending = .run(to: target, through: next, at: place)
      return [.record(through: next)]
    }
    let end = min(target + 1, recorded, place + 1 + slice)
    hit = trigger.firstHit(in: place + 1..<end)
    place = hit ?? end - 1
  } else {
    let start = max(target, place - slice)
    hit = trigger.lastHit(in: start..<place)
    place = hit ?? start
  }
  guard hit != nil || place == target else {
    state.pending = .run(to: target, through: through, at: place)
    return [.goOn]
  }
  state.step = place
  state.pending = nil
  if hit != nil {
    state.isPlaying = false
    state.hasBroken = true
    state.message = .init(text: Words.broke(trigger.expression.source), isError: false)
  } else if state.step == state.lastStep {
    state.isPlaying = false
  }
  return []
}

/// Ends a motion that is still on its way, where it has got to: any key does.
///
/// - Returns: whether there was one.
func stopMotion(_ state: inout State) -> Bool {
  switch state.pending {
  case .reach(let target):
    if state.trace.recordedSteps > 0 { state.step = min(target, state.trace.recordedSteps - 1) }
  case .run(_, _, let place):
    state.step = place
  case .scan:
    break
  case .explain:
    stopExplaining(&state)
    state.pending = nil
    state.message = .init(text: Words.stopped, isError: false)
    return true
  case .write:
    stopWriting(&state)
    state.pending = nil
    state.message = .init(text: Words.writingStopped, isError: false)
    return true
  case .flow:
    state.flows.leave(state.flowQuestion)
    state.pending = nil
    state.message = .init(text: Words.flowStopped, isError: false)
    return true
  case nil, .export, .order, .filter, .match, .reachAll, .measure, .overlook, .reachOther:
    return false
  }
  state.pending = nil
  state.isPlaying = false
  state.journal.stop(at: state.stepNumber)
  state.message = .init(text: Words.stopped, isError: false)
  return true
}
