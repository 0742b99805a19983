import Inspector

/// What `find` looks for, and where it has been found so far.
///
/// The steps are looked at from the first on, in slices between frames, as far as they are recorded:
/// so hits are ticked in the sequence without being asked for, and n and N need not look again.
public struct Findings {
  public let search: TraceSearch
  /// Steps at which the expression holds, ascending.
  public private(set) var hits: [Int] = []
  /// How many steps have been looked at.
  public private(set) var lookedAt = 0

  init(_ search: TraceSearch) { self.search = search }

  /// Whether there are steps that were recorded since.
  var hasMore: Bool { lookedAt < search.trace.recordedSteps }

  /// Whether no step is left to be computed or looked at.
  var isComplete: Bool { lookedAt == search.trace.length }

  mutating func lookOn() {
    let steps = lookedAt..<min(lookedAt + search.sliceSteps, search.trace.recordedSteps)
    hits += search.hits(in: steps)
    lookedAt = steps.upperBound
  }

  /// The first hit after a step, by its place among the hits.
  func next(after step: Int) -> Int? {
    let place = hits.partitioningIndex { $0 > step }
    return place < hits.count ? place : nil
  }

  /// The last hit before a step.
  func last(before step: Int) -> Int? {
    let place = hits.partitioningIndex { $0 >= step }
    return place > 0 ? place - 1 : nil
  }

  /// The hits among some steps.
  func hits(in steps: Range<Int>) -> ArraySlice<Int> {
    hits[
      hits.partitioningIndex {
        $0 >= steps.lowerBound
      }..<hits.partitioningIndex { $0 >= steps.upperBound }]
  }
}

extension TraceSearch {
  /// Steps that take some milliseconds.
  var sliceSteps: Int { max(16, 100_000 / max(1, valuesPerStep)) }
}

extension [Int] {
  /// Where the elements begin for which `belongs` is true; they all stand at the end.
  fileprivate func partitioningIndex(where belongs: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension State {
  /// What the names of an expression mean here.
  var expressionScope: ExpressionScope {
    ExpressionScope(trace: trace, track: track, unit: unit, lanes: session.lanes)
  }

  /// Whether there is work for `markHits`, which nobody has begun.
  var hasStepsToMark: Bool { !isMarking && findings?.hasMore == true }
}

/// An expression as it was typed, of the layer and the unit in hand.
func search(_ state: State, for text: String) throws(InstructionError) -> TraceSearch {
  do throws(ExpressionError) {
    return try SignalExpression(text).bound(to: state.expressionScope)
  } catch {
    throw InstructionError(error.description, at: error.range)
  }
}

/// Looks for the steps at which an expression holds, and goes to the next of them.
func find(_ state: inout State, _ text: String) throws(InstructionError) -> [Effect] {
  let search = try search(state, for: text)
  state.findings = Findings(search)
  return findAgain(&state, forwards: true)
}

/// Goes to the next hit of the expression, or to the one before; past an end it goes on from the other.
func findAgain(_ state: inout State, forwards: Bool) -> [Effect] {
  state.isPlaying = false
  return begin(
    &state,
    Scan(
      wanted: .hit(through: state.trace.recordedSteps - 1), forwards: forwards, start: state.step))
}

/// Looks at some more of the recorded steps for hits.
func markHits(_ state: inout State) -> [Effect] {
  state.findings?.lookOn()
  state.isMarking = state.findings?.hasMore == true
  let next: [Effect] = state.isMarking ? [.markHits] : []
  guard case .scan(let scan) = state.pending, case .hit(let through) = scan.wanted else {
    return next
  }
  return next + continueFinding(&state, scan, through: through)
}

/// Goes to a hit if the way to it has been looked at; else more steps are computed. Those that are
/// recorded are looked at by `markHits`, which comes back here.
func continueFinding(_ state: inout State, _ scan: Scan, through: Int) -> [Effect] {
  guard let findings = state.findings else {
    state.pending = nil
    return []
  }
  let recorded = state.trace.recordedSteps
  guard recorded > through else { return [.record(through: through)] }
  if scan.forwards, let place = findings.next(after: scan.start) {
    return arrive(&state, at: place, of: findings, hasWrapped: false)
  }
  if !scan.forwards, findings.lookedAt >= min(scan.start, recorded),
    let place = findings.last(before: scan.start)
  {
    return arrive(&state, at: place, of: findings, hasWrapped: false)
  }
  if findings.hasMore { return [] }
  guard findings.isComplete else {
    let next = nextRecording(state)
    state.pending = .scan(
      Scan(wanted: .hit(through: next), forwards: scan.forwards, start: scan.start))
    return [.record(through: next)]
  }
  if !findings.hits.isEmpty {
    let place = scan.forwards ? 0 : findings.hits.count - 1
    return arrive(&state, at: place, of: findings, hasWrapped: true)
  }
  state.pending = nil
  state.message = .init(text: Words.holdsNowhere(findings.search.expression.source), isError: false)
  return []
}

/// Steps are computed to the end of a fixed stretch, so that how far a search has come does not depend
/// on how fast the machine is: a replay shows the same screen.
func nextRecording(_ state: State) -> Int {
  let stretch = 256
  return min((state.trace.recordedSteps / stretch + 1) * stretch - 1, state.lastStep)
}

private func arrive(
  _ state: inout State, at place: Int, of findings: Findings, hasWrapped: Bool
) -> [Effect] {
  state.pending = nil
  state.step = findings.hits[place]
  state.message = .init(
    text: Words.found(
      place, of: findings.hits.count, isComplete: findings.isComplete, hasWrapped: hasWrapped),
    isError: false)
  return []
}
