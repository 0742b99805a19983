import Inspector
import Recurrent

// MARK: - What is compared with what

/// Carries out what stands after `compare`.
///
/// - Throws: `InstructionError` with the fault's place in the argument.
func compare(
  _ state: inout State, _ instruction: Instruction
) throws(InstructionError) -> [Effect] {
  let argument = instruction.argument
  let words = argument.split(separator: " ", maxSplits: 1).map(String.init)
  switch words.first {
  case "also":
    let rest = words.count == 2 ? words[1] : ""
    let place = argument.unicodeScalars.count - rest.unicodeScalars.count
    guard let requests = try otherRuns(of: rest, at: place, state) else {
      throw InstructionError(Words.alsoNeeds, at: place..<argument.unicodeScalars.count)
    }
    guard state.otherRuns.count + requests.count <= State.mostOtherRuns else {
      throw InstructionError(Words.tooManyRuns)
    }
    return [.openOthers(requests, isAdded: true)]
  case "csv":
    return try exportPredictions(
      state, to: words.count == 2 ? words[1] : "", at: 0..<argument.unicodeScalars.count,
      by: instruction)
  case "branch":
    let name = words.count == 2 ? words[1] : Branches.main
    let start = words.count == 2 ? argument.unicodeScalars.count - name.unicodeScalars.count : 0
    let run = try otherRun(state, ofBranch: name, at: start..<argument.unicodeScalars.count)
    state.begin(comparingWith: [run])
    return []
  case "text", "model", "variant":
    let requests = try otherRuns(of: argument, at: 0, state) ?? []
    guard requests.count <= State.mostOtherRuns else { throw InstructionError(Words.tooManyRuns) }
    return [.openOthers(requests, isAdded: false)]
  case "off":
    state.otherRuns = []
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

/// Reads "text TEXT", "model FILE", "variant NAME NAME".
///
/// - Parameter place: where `text` begins in what was typed, in Unicode scalars.
/// - Returns: nil for what asks for no other run.
private func otherRuns(
  of text: String, at place: Int, _ state: State
) throws(InstructionError) -> [OtherRunRequest]? {
  let words = text.split(separator: " ", maxSplits: 1).map(String.init)
  let what = words.count == 2 ? words[1] : ""
  switch words.first {
  case "text", "model":
    guard !what.isEmpty else { throw InstructionError(Words.compareNeedsMore(words[0])) }
    return [words[0] == "text" ? .text(what) : .model(path: what)]
  case "variant":
    let known = state.session.variants
    var names: [String] = []
    var start = place + text.unicodeScalars.count - what.unicodeScalars.count
    for part in what.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
      let range = start..<start + part.unicodeScalars.count
      start = range.upperBound + 1
      if part.isEmpty && !what.isEmpty { continue }
      guard known[part] != nil else {
        throw InstructionError(Words.noVariant(part, known: known.keys.sorted()), at: range)
      }
      names.append(part)
    }
    return names.map { .variant($0) }
  default:
    return nil
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
      let runs = isOtherRun ? state.otherRuns.map(\.trace) : [state.trace]
      if word == "run" {
        guard !state.otherRuns.isEmpty else {
          throw InstructionError(Words.noOtherRun.joined(separator: "; "), at: range)
        }
        isOtherRun = true
      } else if let track = runs.lazy.compactMap({ run in
        run.layout.firstIndex { $0.shortName == word }
      }).first {
        self.track = track
      } else if let signal = Signal(rawValue: String(word))
        ?? runs.lazy.flatMap({ $0.layout }).flatMap(\.signals).first(where: {
          $0.rawValue == word
        })
      {
        let layouts = runs.map { $0.layout[min(track ?? state.track, $0.layout.count - 1)] }
        guard layouts.contains(where: { $0.signals.contains(signal) }) else {
          let run = isOtherRun ? state.otherRuns[0].name : state.session.name
          throw InstructionError(
            Words.noOtherSignal(signal, run, has: layouts[0].signals)[0], at: range)
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

/// A branch is compared with the run without changes, unless something else is.
func compareWithMain(_ state: inout State) {
  let main = state.runs.main
  guard state.view == .compare, state.comparison.target == nil, state.otherRuns.isEmpty,
    main.session.trace !== state.trace, let model = main.session.model
  else { return }
  state.otherRuns = [
    OtherRun(
      trace: main.session.trace, model: model, name: Branches.main,
      hasOwnInput: main.session.trace.input != state.trace.input, variant: nil,
      recorder: main.recorder)
  ]
  state.comparison.target = .init(isOtherRun: true)
}

/// Where nothing is compared yet, a demo's other models come first: what the memory is worth is seen
/// beside networks without it.
func openVariants(_ state: State) -> [Effect] {
  guard state.view == .compare, state.comparison.target == nil, state.otherRuns.isEmpty else {
    return []
  }
  return open(state.session.variants.keys.sorted()[...])
}

private func open(_ variants: ArraySlice<String>) -> [Effect] {
  guard !variants.isEmpty else { return [] }
  return [
    .openOthers(variants.prefix(State.mostOtherRuns).map { .variant($0) }, isAdded: false)
  ]
}

/// The next of what the lane in hand can be compared with: a demo's other models, as many at once as
/// have room, then what else there is, then those again.
func turnComparison(_ state: inout State) -> [Effect] {
  state.view = .compare
  let opening = openVariants(state)
  guard opening.isEmpty else { return opening }
  let variants = state.session.variants.keys.sorted()
  let targets = Comparison.targets(state).filter { !$0.isOtherRun || variants.isEmpty }
  let current = state.comparison.target ?? targets.first
  func take(_ index: Int) {
    guard !targets.isEmpty else { return }
    let isBack = state.comparison.target?.isOtherRun == true && !variants.isEmpty
    state.comparison.target = targets[index % targets.count]
    guard isBack, let lanes = try? Comparison.of(state).lanes else { return }
    let letters = lanes.map(\.signal.signal.rawValue)
    state.message = .init(text: Words.backToOwn(state.session.name, letters), isError: false)
  }
  if let current, current.isOtherRun, !variants.isEmpty {
    let last = state.otherRuns.last?.variant.flatMap(variants.firstIndex) ?? variants.count
    guard last + 1 >= variants.count else { return open(variants[(last + 1)...]) }
    take(0)
    return []
  }
  let place = current.flatMap(targets.firstIndex) ?? -1
  guard place + 1 >= targets.count, !variants.isEmpty else {
    take(place + 1)
    return []
  }
  return open(variants[...])
}

/// Other runs are there.
func showOther(_ state: inout State) -> [Effect] {
  state.begin(comparingWith: state.otherRuns)
  return state.pending == nil ? prepare(&state) : []
}

// MARK: - What has to be computed for it

/// What the comparison needs of another run before it can be drawn; nil where it needs nothing.
private func wantedOther(_ state: State) -> Effect? {
  guard state.view == .compare, let comparison = try? Comparison.of(state), comparison.isOfRuns
  else { return nil }
  for (index, run) in state.otherRuns.enumerated() {
    let step = min(state.step, run.trace.length - 1)
    if step >= run.trace.recordedSteps { return .recordOther(index, through: step) }
  }
  return nil
}

/// Records the other runs as far as the cursor is, then measures the differences.
func prepareComparison(_ state: inout State) -> [Effect] {
  guard state.pending == nil else { return [] }
  if let wanted = wantedOther(state) {
    state.pending = .reachOther
    return [wanted]
  }
  guard !overlook(state) else { return [] }
  state.pending = .overlook
  return [.goOn]
}

/// More of another run can be read.
func reachOther(_ state: inout State) -> [Effect] {
  guard state.pending == .reachOther else { return state.pending == nil ? prepare(&state) : [] }
  if let wanted = wantedOther(state) { return [wanted] }
  state.pending = nil
  return prepare(&state)
}

/// Looks at some more predictions of the runs that are compared.
///
/// - Returns: whether nothing is left.
func surveyPredictions(_ state: State) -> Bool {
  guard state.view == .compare, let comparison = try? Comparison.of(state) else { return true }
  var work = 0
  for lane in comparison.lanes.dropFirst() where lane.run != nil {
    work += state.overviews.predictions(state.trace, lane.signal.trace)?.extend(limit: 400_000) ?? 0
  }
  return work < 400_000
}

/// Writes how far the predictions are apart, `compare csv FILE`.
func exportPredictions(
  _ state: State, to path: String, at range: Range<Int>, by instruction: Instruction
) throws(InstructionError) -> [Effect] {
  guard !path.isEmpty else { throw InstructionError(Words.fileNeeded("compare csv"), at: range) }
  guard let other = state.otherRuns.first else {
    throw InstructionError(Words.noOtherRun.joined(separator: "; "))
  }
  guard let survey = state.overviews.predictions(state.trace, other.trace) else {
    throw InstructionError(Words.predictionsDiffer(other.name))
  }
  while survey.extend(limit: 1 << 24) > 0 {}
  return [.writeLines(survey.csv, path: path, by: instruction)]
}

/// The differences, and the largest values of what has no bounds: the summary and the legends.
func surveyed(_ state: State) -> [SignalSource] {
  guard state.view == .compare, let comparison = try? Comparison.of(state) else { return [] }
  return comparison.differences
    + comparison.lanes.map(\.signal).filter { $0.layout.range(of: $0.signal) == .unbounded }
    .map { .signal($0) }
}
