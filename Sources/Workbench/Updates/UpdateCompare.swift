import Inspector
import Recurrent

// MARK: - What is compared with what

/// Carries out what stands after `compare`.
///
/// - Throws: `InstructionError` with the fault's place in the argument.
func compare(_ state: inout State, with argument: String) throws(InstructionError) -> [Effect] {
  let words = argument.split(separator: " ", maxSplits: 1).map(String.init)
  switch words.first {
  case "text", "model":
    guard words.count == 2 else {
      throw InstructionError(Words.compareNeedsMore(words[0]))
    }
    return [.openOther(words[0] == "text" ? .text(words[1]) : .model(path: words[1]))]
  case "variant":
    let name = words.count == 2 ? words[1] : ""
    guard state.session.variants[name] != nil else {
      throw InstructionError(
        Words.noVariant(name, known: state.session.variants.keys.sorted()),
        at: argument.unicodeScalars.count
          - name.unicodeScalars.count..<argument.unicodeScalars.count)
    }
    return [.openOther(.variant(name))]
  case "off":
    state.otherRun = nil
    state.comparison.target = nil
    return []
  default:
    let target = try ComparisonTarget(parsing: argument, state)
    guard target.isOtherRun || !isItself(target, state) else {
      throw InstructionError(Words.itself)
    }
    state.comparison.target = target
    state.view = .compare
    return []
  }
}

private func isItself(_ target: ComparisonTarget, _ state: State) -> Bool {
  (target.track ?? state.track) == state.track
    && (target.signal ?? state.currentSignal) == state.currentSignal
}

extension ComparisonTarget {
  /// Reads "i", "l1.bwd", "l1.bwd h", "run", "run u".
  init(parsing text: String, _ state: State) throws(InstructionError) {
    self.init()
    var place = 0
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let range = place..<place + word.unicodeScalars.count
      place = range.upperBound + 1
      guard !word.isEmpty else { continue }
      let layout = isOtherRun ? state.otherRun?.trace.layout : state.trace.layout
      if word == "run" {
        guard state.otherRun != nil else {
          throw InstructionError(Words.noOtherRun.joined(separator: "; "), at: range)
        }
        isOtherRun = true
      } else if let track = (layout ?? []).firstIndex(where: { $0.shortName == word }) {
        self.track = track
      } else if let signal = Signal(rawValue: String(word)) {
        let signals = layout?[min(track ?? state.track, (layout?.count ?? 1) - 1)].signals ?? []
        guard signals.contains(signal) else {
          let run = isOtherRun ? state.otherRun?.name ?? "" : state.session.name
          throw InstructionError(Words.noOtherSignal(signal, run, has: signals)[0], at: range)
        }
        self.signal = signal
      } else {
        throw InstructionError(Words.noSuchComparison(String(word)), at: range)
      }
    }
  }
}

extension TrackLayout {
  /// "l0.fwd", as files name it.
  var shortName: String { "l\(track.layer).\(track.direction.rawValue)" }
}

/// The next of what the lane in hand can be compared with. After what is likeliest come a demo's
/// other models, one after the other, then the rest.
func turnComparison(_ state: inout State) -> [Effect] {
  state.view = .compare
  let variants = state.session.variants.keys.sorted()
  let targets = ComparisonPair.targets(state).filter { !$0.isOtherRun || variants.isEmpty }
  let current = state.comparison.target ?? targets.first
  func take(_ index: Int) -> [Effect] {
    guard !targets.isEmpty else { return [] }
    state.comparison.target = targets[index % targets.count]
    return []
  }
  guard !variants.isEmpty else {
    return take(current.flatMap(targets.firstIndex).map { $0 + 1 } ?? 0)
  }
  if let current, current.isOtherRun {
    let open = state.otherRun?.variant.flatMap(variants.firstIndex) ?? variants.count
    return open + 1 < variants.count ? [.openOther(.variant(variants[open + 1]))] : take(1)
  }
  let place = current.flatMap(targets.firstIndex) ?? 0
  return place == 0 ? [.openOther(.variant(variants[0]))] : take(place + 1)
}

/// A second run is there.
func showOther(_ state: inout State) -> [Effect] {
  if let run = state.otherRun { state.begin(comparingWith: run) }
  return state.pending == nil ? prepare(&state) : []
}

// MARK: - What has to be computed for it

/// Steps that the comparison needs of the second run; nil where it needs none.
private func wantedOther(_ state: State) -> Int? {
  guard state.view == .compare, let run = state.otherRun,
    let pair = try? ComparisonPair.pair(state), pair.isOtherRun
  else { return nil }
  let step = min(state.step, run.trace.length - 1)
  return step < run.trace.recordedSteps ? nil : step
}

/// Records the second run as far as the cursor is, then measures the difference.
func prepareComparison(_ state: inout State) -> [Effect] {
  guard state.pending == nil else { return [] }
  if let step = wantedOther(state) {
    state.pending = .reachOther
    return [.recordOther(through: step)]
  }
  guard !overlook(state) else { return [] }
  state.pending = .overlook
  return [.goOn]
}

/// More of the second run can be read.
func reachOther(_ state: inout State) -> [Effect] {
  guard state.pending == .reachOther else { return [] }
  if let step = wantedOther(state) { return [.recordOther(through: step)] }
  state.pending = nil
  return prepare(&state)
}

/// The differences, and the largest values of what has no bounds: the summary and the legends.
func surveyed(_ state: State) -> [SignalSource] {
  guard state.view == .compare, let pair = try? ComparisonPair.pair(state) else { return [] }
  return [pair.difference]
    + [pair.first, pair.second].filter { $0.layout.range(of: $0.signal) == .unbounded }
    .map { .signal($0) }
}
