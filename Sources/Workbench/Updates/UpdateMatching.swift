import Inspector
import Recurrent

// MARK: - The span

extension State {
  /// The steps from where a span was begun to the step in hand.
  var span: Range<Int>? {
    spanStart.map { min($0, step)..<max($0, step) + 1 }
  }

  /// The same as `--steps` has it: `3..5`.
  var spanNumbers: String? {
    span.map {
      "\(trace.stepNumber(at: $0.lowerBound))..\(trace.stepNumber(at: $0.upperBound - 1))"
    }
  }
}

/// Begins a span at the step in hand, or leaves it; `A..B` is a span by itself.
func turnSpan(_ state: inout State, _ text: String) throws(InstructionError) -> [Effect] {
  guard text.isEmpty else {
    let steps = try steps(of: text, state)
    state.spanStart = steps.first
    return move(&state, to: steps.last, stopping: true)
  }
  state.spanStart = state.spanStart == nil ? state.step : nil
  state.message =
    state.spanStart.map { _ in .init(text: Words.spanBegun, isError: false) } ?? state.message
  return []
}

/// The steps that are written `23..26`, the last included, or `26..23`.
private func steps(
  of text: String, _ state: State
) throws(InstructionError) -> (first: Int, last: Int) {
  let fault = InstructionError(Words.noSpan(text), at: 0..<text.unicodeScalars.count)
  guard let dots = text.firstRange(of: ".."), let first = Int(text[..<dots.lowerBound]),
    let last = Int(text[dots.upperBound...]), first >= 0, last >= 0
  else { throw fault }
  func step(_ number: Int) -> Int {
    state.trace.stepNumbers == nil ? number : state.trace.step(numbered: number)
  }
  guard max(step(first), step(last)) <= state.lastStep else {
    throw InstructionError(
      Words.spanBeyond(state.trace.stepNumber(at: state.lastStep)),
      at: 0..<text.unicodeScalars.count)
  }
  return (step(first), step(last))
}

// MARK: - Matches

/// Looks for the places where the same units are on as in the span, or at the step in hand.
///
/// - Parameter text: a threshold, `before` and `after` for units that are off beside the span, or
///   `off` to have done with the places.
func startMatch(_ state: inout State, _ text: String) throws(InstructionError) -> [Effect] {
  guard text != State.off else {
    state.matches = nil
    return []
  }
  let signal = state.currentSignal
  var query = SpanQuery(
    track: state.track, signal: signal, steps: state.span ?? state.step..<state.step + 1,
    threshold: SpanQuery.defaultThreshold(for: state.currentTrack.range(of: signal)))
  for word in text.split(separator: " ") {
    switch word {
    case "before": query.isOffBefore = true
    case "after": query.isOffAfter = true
    default:
      guard let threshold = Float(word), threshold > 0, threshold.isFinite else {
        let start = text[..<word.startIndex].unicodeScalars.count
        throw InstructionError(
          Words.noThreshold(String(word)), at: start..<start + word.unicodeScalars.count)
      }
      query.threshold = threshold
    }
  }
  if case .export = state.pending { return [] }  // the footer says how far it is
  state.isPlaying = false
  state.matching = nil
  state.pending = .match(query)
  return continuePending(&state)
}

/// Another slice of finding the places.
func matchMore(_ state: inout State, _ query: SpanQuery) -> [Effect] {
  if state.matching == nil { state.matching = SpanMatching(query, in: state.trace) }
  guard state.matching?.advance(budget: State.sliceBudget) == true,
    let units = state.matching?.units, let places = state.matching?.matches
  else { return [.goOn] }
  state.pending = nil
  state.matching = nil
  guard !units.isEmpty else {
    state.message = .init(text: Words.nothingIsOn(query), isError: false)
    return []
  }
  state.spanStart = nil
  state.findings = nil
  state.matches = Matches(query: query, units: units, places: places, chosen: nil)
  state.takeShownUnit()
  return walkMatches(&state, by: 1)
}

/// Goes to the place of a rank, from 1 on.
func visit(_ state: inout State, rank: Int) throws(InstructionError) -> [Effect] {
  guard let count = state.matches?.places.count, count > 0 else {
    throw InstructionError(Words.noPlaces)
  }
  guard (1...count).contains(rank) else {
    throw InstructionError(Words.noPlace(rank, of: count), at: 0..<String(rank).count)
  }
  state.matches?.chosen = rank - 1
  return walkMatches(&state, by: 0)
}

/// Goes to the next place by its rank, or the one before; from the last to the first.
func walkMatches(_ state: inout State, by change: Int) -> [Effect] {
  guard let matches = state.matches else { return [] }
  let count = matches.places.count
  guard count > 0 else {
    state.message = .init(text: Words.nowhereElse(matches), isError: false)
    return []
  }
  let next =
    matches.chosen.map { (($0 + change) % count + count) % count } ?? (change > 0 ? 0 : count - 1)
  state.matches?.chosen = next
  let effects = move(&state, to: matches.places[next].steps.lowerBound, stopping: true)
  if FrameLayout(state).matches.height == 0 {
    state.message = .init(
      text: Words.match(next + 1, matches, state.trace), isError: false)
  }
  return effects
}
