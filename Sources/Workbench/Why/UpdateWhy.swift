import Inspector
import Recurrent

/// Asks why: of what was typed, else of the value in hand, and in the view itself the next question
/// about it.
func askWhy(_ state: inout State, _ text: String) throws(InstructionError) -> [Effect] {
  guard !text.isEmpty else {
    if state.view == .why {
      turnWhy(&state)
    } else {
      let mode: WhyState.Mode =
        state.saidInHand != nil ? .gradient : state.whyMode(of: state.currentSignal)
      begin(&state, mode, lane: state.lane)
    }
    return []
  }
  let asked = try WhyRequest(
    parsing: text, of: state.trace, network: state.session.model?.network,
    current: (state.track, state.why.mode))
  if let track = asked.track, track != state.track { select(&state, track: track) }
  if let unit = asked.unit {
    state.unit = unit
    state.showUnitInHand()
  }
  if let output = asked.output { state.chosenOutput = output }
  let lane = asked.signal.flatMap { state.currentTrack.signals.firstIndex(of: $0) } ?? state.lane
  begin(&state, asked.mode, lane: lane)
  return asked.step.map { move(&state, to: $0, stopping: true) } ?? []
}

private func begin(_ state: inout State, _ mode: WhyState.Mode, lane: Int) {
  state.chosenLane = lane
  state.why.mode = mode
  state.why.trail = []
  state.why.chosen = nil
  state.why.stopped = nil
  state.view = .why
}

/// The next question about the same place.
private func turnWhy(_ state: inout State) {
  let modes = WhyState.Mode.allCases
  let place = modes.firstIndex(of: state.why.mode) ?? 0
  if case .stopped = WhyAnswer(state) {
    // Asked once more, what was stopped goes on.
    state.why.stopped = nil
    return
  }
  state.why.mode = modes[(place + 1) % modes.count]
}

/// Another lane is another question.
func adoptLane(_ state: inout State) {
  // The text takes the lane's colours again.
  if state.view == .text, state.why.mode.isOfPrediction { state.why.mode = .write }
  guard state.view == .why, !state.why.mode.isOfPrediction else { return }
  state.why.mode = state.whyMode(of: state.currentSignal)
}

/// Chooses another cause.
func moveCause(_ state: inout State, by change: Int) {
  let count = WhyAnswer(state).ranked.count
  guard count > 0 else { return }
  let row = min(max(state.whyRow + change, 0), count - 1)
  state.why.chosen = (state.whyQuestion, row)
}

// MARK: - Following

/// Goes to the chosen cause, and asks on there.
func followCause(_ state: inout State) -> [Effect] {
  guard state.isRecorded else { return [] }
  let answer = WhyAnswer(state)
  let ranked = answer.ranked
  guard ranked.indices.contains(state.whyRow) else { return [] }
  guard let lead = lead(of: answer, cause: ranked[state.whyRow], state) else {
    state.message = .init(text: Words.whyEnds, isError: false)
    return []
  }
  var asked = state.whyQuestion
  asked.output = state.chosenOutput
  state.why.trail.append(asked)
  return go(&state, to: lead)
}

/// Back to the question before.
func leaveCause(_ state: inout State) -> [Effect] {
  guard let last = state.why.trail.popLast() else {
    state.message = .init(text: Words.whyBegins, isError: false)
    return []
  }
  return go(&state, to: last)
}

private func go(_ state: inout State, to question: WhyQuestion) -> [Effect] {
  state.track = question.track
  state.unit = question.unit
  state.chosenLane = state.currentTrack.signals.firstIndex(of: question.signal) ?? state.lane
  state.chosenOutput = question.output
  state.why.mode = question.mode
  state.showUnitInHand()
  return move(&state, to: question.step, stopping: true)
}

/// The question that a cause leads to; nil where it is the end.
private func lead(of answer: WhyAnswer, cause: Int, _ state: State) -> WhyQuestion? {
  var next = state.whyQuestion
  switch answer {
  case .write(let writes):
    next.step = writes.writes[cause].step
    return next
  case .gate(let split):
    return lead(of: split.parts[cause].cause, in: split, state)
  case .out(let out):
    switch out.pushes[cause].reader {
    case .output(let output):
      next.output = output
      next.mode = .gradient
    case .next(let gate, let unit):
      let isForward = state.currentTrack.track.direction == .forward
      let step = isForward ? state.step + 1 : state.step - 1
      guard (0...state.lastStep).contains(step) else { return nil }
      (next.step, next.unit, next.signal, next.mode) = (step, unit, gate, .gate)
    case .above(let track, let gate, let unit):
      (next.track, next.unit, next.signal, next.mode) = (track, unit, gate, .gate)
    }
    return next
  case .prediction(let answer):
    let step = answer.steps.lowerBound + cause
    let units = PredictedUnits(answer, state, step: step)
    guard let unit = units.ranked.first else { return nil }
    (next.step, next.unit) = (step, unit)
    next.signal = state.currentTrack.memory
    next.mode = state.whyMode(of: next.signal)
    return next
  case .awaited, .stopped, .refused: return nil
  }
}

private func lead(
  of cause: GateSplit.Cause, in split: GateSplit, _ state: State
) -> WhyQuestion? {
  var next = state.whyQuestion
  func remember(_ track: Int, _ unit: Int) {
    let layout = state.trace.layout[track]
    (next.track, next.unit) = (track, unit)
    // A number of a projected h is no unit's: all units' m are in it.
    let isProjected = layout.projectedUnits != nil
    next.signal = isProjected ? .h : layout.memory
    next.mode = isProjected ? .out : layout.cell.about.sum == nil ? .gate : .write
  }
  switch cause {
  case .bias, .resetBias, .token, .feature: return nil
  case .peephole where split.split == .o: remember(state.track, state.unit)
  case .hidden, .peephole:
    let isForward = state.currentTrack.track.direction == .forward
    next.step = isForward ? state.step - 1 : state.step + 1
    guard (0...state.lastStep).contains(next.step) else { return nil }
    if case .hidden(let unit) = cause {
      remember(state.track, unit)
    } else {
      remember(state.track, state.unit)
    }
  case .below(let place):
    let below = state.trace.layout.indices.filter {
      state.trace.layout[$0].track.layer == state.currentTrack.track.layer - 1
    }
    guard let first = below.first else { return nil }
    let size = state.trace.layout[first].units(of: .h)
    // Directions that are merged have the same places.
    let direction = min(place / max(1, size), below.count - 1)
    remember(below[direction], place % max(1, size))
  }
  return next
}

// MARK: - What takes long

/// Begins to look for what a prediction rested on, where that is asked and not known.
func prepareWhy(_ state: inout State) -> [Effect] {
  guard state.why.mode.isOfPrediction, state.pending == nil else { return [] }
  guard state.isRecorded else { return [] }
  guard let question = try? state.predictionQuestion, let network = try? state.whyNetwork,
    state.why.kept[question] == nil, state.why.stopped != question
  else { return [] }
  if !network.isCausal, state.trace.recordedSteps < state.session.length {
    state.pending = .reachAll
    return continuePending(&state)
  }
  if state.why.search?.question != question {
    state.why.search = try? PredictionSearch(question, network, state.trace)
  }
  guard state.why.search != nil else { return [] }
  state.pending = .explain
  return [.goOn]
}

func explainMore(_ state: inout State) -> [Effect] {
  guard let search = state.why.search else {
    state.pending = nil
    return []
  }
  guard let answer = search.advance() else { return [.goOn] }
  state.why.keep(answer, for: search.question)
  state.why.search = nil
  state.pending = nil
  return []
}

/// Whoever types does not wait for it; asked again it begins anew.
func stopExplaining(_ state: inout State) {
  state.why.stopped = state.why.search?.question
  state.why.search = nil
}
