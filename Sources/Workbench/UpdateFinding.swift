import Inspector
import Recurrent

// MARK: - Tokens

/// Goes to the next place after the current step, or the one before it, where the tokens spell
/// `query`; past the end it goes on from the other end.
func search(_ state: inout State, for query: String, forwards: Bool) -> [Effect] {
  guard case .tokens = state.trace.input else {
    state.message = .init(text: Words.nothingToSearch, isError: false)
    return []
  }
  let wanted = Array(query.unicodeScalars)
  let count = state.session.length
  for distance in 1...count {
    let step = (state.step + (forwards ? distance : count - distance)) % count
    guard spells(wanted, at: step, state) else { continue }
    let hasWrapped = forwards ? step <= state.step : step >= state.step
    let effects = move(&state, to: step, stopping: true)
    if hasWrapped { state.message = .init(text: Words.searchWrapped, isError: false) }
    return effects
  }
  state.message = .init(text: Words.notFound(query), isError: false)
  return []
}

/// Whether the tokens from `start` on begin with the scalars that are looked for.
private func spells(_ wanted: [Unicode.Scalar], at start: Int, _ state: State) -> Bool {
  var place = 0
  var step = start
  while place < wanted.count {
    guard step < state.session.length, let text = state.trace.tokenText(at: step) else {
      return false
    }
    for scalar in text.unicodeScalars {
      if place == wanted.count { return true }
      guard scalar == wanted[place] else { return false }
      place += 1
    }
    step += 1
  }
  return true
}

// MARK: - Changes

/// Goes to the next step, or the one before, where the selected signal of the unit in hand moves by a
/// quarter of its scale. Forwards, steps that nobody has reached are computed as the search comes to
/// them.
func seekChange(_ state: inout State, forwards: Bool) -> [Effect] {
  state.isPlaying = false
  state.pending = .seekChange(from: state.step, forwards: forwards)
  return continueSeeking(&state, from: state.step, forwards: forwards)
}

func continueSeeking(_ state: inout State, from start: Int, forwards: Bool) -> [Effect] {
  let recorded = state.trace.recordedSteps
  let steps: [Int] = forwards ? Array(start + 1..<max(start + 1, recorded)) : (0..<start).reversed()
  if let step = steps.first(where: { hasChanged(state, at: $0) }) {
    state.pending = nil
    state.step = step
    return []
  }
  if forwards && recorded < state.session.length {
    state.pending = .seekChange(from: max(start, recorded - 1), forwards: true)
    return [.record(through: min(recorded + 255, state.lastStep))]
  }
  state.pending = nil
  state.message = .init(text: Words.noChange(forwards: forwards), isError: false)
  return []
}

/// Whether the selected value is another than at the step before.
private func hasChanged(_ state: State, at step: Int) -> Bool {
  let signal = state.currentSignal
  guard step > 0, state.unit < state.currentTrack.units(of: signal) else { return false }
  let window = state.trace.window(
    WindowRequest(
      track: state.track, signal: signal, steps: step - 1..<step + 1,
      units: state.unit..<state.unit + 1))
  let change = abs(window.values[1] - window.values[0])
  switch state.currentTrack.range(of: signal) {
  case .unit: return change > 0.25
  case .signedUnit: return change > 0.5
  case .unbounded:
    let largest = state.largest[state.track][signal] ?? []
    return change > 0.25 * (largest.indices.contains(state.unit) ? largest[state.unit] : 1)
  }
}
