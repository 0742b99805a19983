import Inspector
import Recurrent

/// A way through the steps to the next one that is wanted, in slices between frames.
public struct Scan: Sendable, Equatable {
  public enum Wanted: Sendable, Equatable {
    /// Tokens that spell a text; past an end it goes on from the other.
    case tokens(String)
    /// A hit of the expression; until `through` is recorded it waits.
    case hit(through: Int)
    /// Another value of the selected signal of the unit in hand.
    case change
  }

  public let wanted: Wanted
  public let forwards: Bool
  /// The step that it set out from.
  public let start: Int
  /// How many steps have been looked at.
  public var passed = 0

  /// Steps of a slice: some milliseconds.
  static let slice = 20_000
}

// MARK: - Tokens

/// Goes to the next place after the current step, or the one before it, where the tokens spell
/// `query`; past the end it goes on from the other end.
func search(_ state: inout State, for query: String, forwards: Bool) -> [Effect] {
  guard case .tokens = state.trace.input else {
    state.message = .init(text: Words.nothingToSearch, isError: false)
    return []
  }
  return begin(&state, Scan(wanted: .tokens(query), forwards: forwards, start: state.step))
}

private func continueSearch(_ state: inout State, _ scan: Scan, _ query: String) -> [Effect] {
  let wanted = Array(query.unicodeScalars)
  let count = state.session.length
  let end = min(scan.passed + Scan.slice, count)
  for distance in scan.passed + 1..<end + 1 {
    let step = (scan.start + (scan.forwards ? distance : count - distance)) % count
    guard spells(wanted, at: step, state) else { continue }
    let hasWrapped = scan.forwards ? step <= scan.start : step >= scan.start
    state.pending = nil
    let effects = move(&state, to: step, stopping: true)
    if hasWrapped { state.message = .init(text: Words.searchWrapped, isError: false) }
    return effects
  }
  if end < count { return goOn(&state, scan, passed: end) }
  state.pending = nil
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
  return begin(&state, Scan(wanted: .change, forwards: forwards, start: state.step))
}

private func continueSeeking(_ state: inout State, _ scan: Scan) -> [Effect] {
  let recorded = state.trace.recordedSteps
  // What has not been looked at, from the start on in the scan's direction.
  let left =
    scan.forwards
    ? min(scan.start + scan.passed + 1, recorded)..<recorded
    : 0..<max(0, scan.start - scan.passed)
  let slice = seekingSlice(state)
  let steps = scan.forwards ? left.prefix(slice) : left.suffix(slice)
  if let step = change(state, in: steps, last: !scan.forwards) {
    state.pending = nil
    state.step = step
    return []
  }
  let passed = scan.passed + steps.count
  if steps.count < left.count { return goOn(&state, scan, passed: passed) }
  if scan.forwards && recorded < state.session.length {
    state.pending = .scan(scan.passing(passed))
    return [.record(through: min(recorded + 255, state.lastStep))]
  }
  state.pending = nil
  state.message = .init(text: Words.noChange(forwards: scan.forwards), isError: false)
  return []
}

/// The first of some steps, or the last, where the selected value is another than at the step before.
private func change(_ state: State, in steps: Range<Int>, last: Bool) -> Int? {
  let steps = max(1, steps.lowerBound)..<max(1, steps.upperBound)
  guard !steps.isEmpty else { return nil }
  let looked = steps.lowerBound - 1..<steps.upperBound
  let (values, threshold): ([Float], Float)
  if let said = state.saidInHand {
    (values, threshold) = (state.said(said, looked), state.saidLimit / 4)
  } else {
    guard state.unit < state.currentTrack.units(of: state.currentSignal) else { return nil }
    values = state.trace.values(
      track: state.track, signal: state.currentSignal, steps: looked, unit: state.unit)
    threshold = changeThreshold(state)
  }
  func isChange(_ place: Int) -> Bool { abs(values[place] - values[place - 1]) > threshold }
  let places = 1..<values.count
  let place = last ? places.last(where: isChange) : places.first(where: isChange)
  return place.map { steps.lowerBound - 1 + $0 }
}

/// Steps that a slice looks at. What the network says is computed as somebody looks at it.
private func seekingSlice(_ state: State) -> Int {
  guard state.saidInHand != nil, let readout = state.trace.readout else { return Scan.slice }
  return min(Scan.slice, max(64, State.sliceBudget / readout.valuesPerStep))
}

/// A quarter of the selected signal's scale.
private func changeThreshold(_ state: State) -> Float {
  let signal = state.currentSignal
  switch state.range(of: signal) {
  case .unit: return 0.25
  case .signedUnit: return 0.5
  case .unbounded:
    let largest = state.extents[state.track][signal]?.largest ?? []
    return 0.25 * (largest.indices.contains(state.unit) ? largest[state.unit] : 1)
  }
}

// MARK: - Slices

func begin(_ state: inout State, _ scan: Scan) -> [Effect] {
  state.pending = .scan(scan)
  return continueScan(&state, scan)
}

/// Looks at some more steps.
func continueScan(_ state: inout State, _ scan: Scan) -> [Effect] {
  switch scan.wanted {
  case .tokens(let query): continueSearch(&state, scan, query)
  case .change: continueSeeking(&state, scan)
  case .hit(let through): continueFinding(&state, scan, through: through)
  }
}

private func goOn(_ state: inout State, _ scan: Scan, passed: Int) -> [Effect] {
  state.pending = .scan(scan.passing(passed))
  return [.goOn]
}

extension Scan {
  fileprivate func passing(_ count: Int) -> Scan {
    var scan = self
    scan.passed = count
    return scan
  }
}
