import Inspector
import Recurrent

// MARK: - Changes

/// Carries out `clamp`, `scale`, `add`, `freeze`, `edit`, `patch`, `token` and `initial`.
///
/// - Throws: `InstructionError` with the fault's place in the argument; nothing has changed then.
func change(
  _ state: inout State, _ command: Command, _ argument: String
) throws(InstructionError) -> [Effect] {
  let line = ChangeLine(command, argument, step: state.step)
  do throws(ChangeError) {
    let scope = try state.changeScope()
    let written = try Change(line.source)
    let whatIf = state.arrangement.branches.whatIf
    let change = try ChangedRun.canonical(
      written, in: scope, length: state.session.length)
    var branches = state.arrangement.branches
    branches.set(WhatIf(whatIf.entries + [.init(change)]))
    let last = branches.whatIf.changes.count - 1
    do throws(ChangeListError) {
      return try adopt(&state, branches, in: scope)
    } catch  where error.index == last {
      throw error.error
    } catch {
      // A change of tokens may leave another without its steps.
      let other = branches.whatIf.changes[error.index]
      throw ChangeError(
        .spoils(other.source, reason: "\(error.error)"),
        at: 0..<line.source.unicodeScalars.count)
    }
  } catch {
    throw InstructionError("\(error)", at: line.place(of: error.range))
  }
}

// MARK: - The list

/// Carries out what stands after `what-if`: nothing, `off N`, `on N`, `drop N`, `save FILE`, `load FILE`.
func whatIf(
  _ state: inout State, _ instruction: Instruction
) throws(InstructionError) -> [Effect] {
  let argument = instruction.argument
  let words = argument.split(separator: " ", maxSplits: 1).map(String.init)
  let rest = words.count == 2 ? words[1] : ""
  let start = argument.unicodeScalars.count - rest.unicodeScalars.count
  var branches = state.arrangement.branches
  var whatIf = branches.whatIf
  switch words.first {
  case nil:
    state.message = .init(text: Words.changes(whatIf), isError: false)
    return []
  case "save":
    guard !rest.isEmpty else { throw InstructionError(Words.fileNeeded("what-if save")) }
    guard let network = state.session.model?.network else {
      throw InstructionError("\(ChangeError(.noModel, at: 0..<1))")
    }
    return [.writeLines(WhatIfFile(whatIf, for: network).lines, path: rest, by: instruction)]
  case "load":
    guard !rest.isEmpty else { throw InstructionError(Words.fileNeeded("what-if load")) }
    return [.readWhatIf(path: rest)]
  case "on", "off", "drop":
    let range = start..<max(start + 1, argument.unicodeScalars.count)
    if rest == "all" {
      for index in whatIf.entries.indices { whatIf.entries[index].isOn = words[0] == "on" }
      if words[0] == "drop" { whatIf.entries = [] }
    } else {
      guard let number = Int(rest), whatIf.entries.indices.contains(number - 1) else {
        throw InstructionError(Words.noSuchChange(rest, of: whatIf.entries.count), at: range)
      }
      if words[0] == "drop" {
        whatIf.entries.remove(at: number - 1)
      } else {
        whatIf.entries[number - 1].isOn = words[0] == "on"
      }
    }
    branches.set(whatIf)
    return try adopt(&state, branches)
  case .some(let word):
    throw InstructionError(Words.noWhatIfWord(word), at: 0..<word.unicodeScalars.count)
  }
}

/// A what-if has been read from a file: a branch of the run without changes, named as the file is.
func load(_ state: inout State, _ file: WhatIfFile, name: String) -> [Effect] {
  do throws(InstructionError) {
    guard let network = state.session.model?.network else {
      throw InstructionError("\(ChangeError(.noModel, at: 0..<1))")
    }
    do throws(WhatIfFileError) {
      try file.check(network)
    } catch {
      throw InstructionError("\(name) \(error)")
    }
    var branches = state.arrangement.branches
    branches.show(Branches.main)
    branches.make(branches.free(name), file.whatIf)
    return try adopt(&state, branches)
  } catch {
    state.message = .init(text: error.message, isError: true)
    return []
  }
}

// MARK: - Branches

func branch(_ state: inout State, _ name: String) throws(InstructionError) -> [Effect] {
  var branches = state.arrangement.branches
  let whole = 0..<name.unicodeScalars.count
  guard !branches.names.contains(name) else {
    throw InstructionError(Words.branchIsThere(name), at: whole)
  }
  if let strange = name.unicodeScalars.firstIndex(where: {
    !$0.properties.isAlphabetic && !("0"..."9").contains($0) && $0 != "-" && $0 != "_"
  }) {
    let place = name.unicodeScalars.distance(from: name.unicodeScalars.startIndex, to: strange)
    throw InstructionError(Words.strangeBranchName, at: place..<place + 1)
  }
  guard name.count <= 24 else { throw InstructionError(Words.longBranchName, at: whole) }
  _ = try state.scope()
  branches.make(name)
  return try adopt(&state, branches)
}

func switchBranch(_ state: inout State, _ name: String) throws(InstructionError) -> [Effect] {
  var branches = state.arrangement.branches
  branches.show(branches.names[try place(of: name, in: branches.names, Words.branchNoun)])
  return try adopt(&state, branches)
}

func dropBranch(_ state: inout State, _ name: String) throws(InstructionError) -> [Effect] {
  var branches = state.arrangement.branches
  let whole = 0..<name.unicodeScalars.count
  guard name != Branches.main else { throw InstructionError(Words.mainStays, at: whole) }
  guard branches.names.contains(name) else {
    throw InstructionError(Words.noneOf(branches.names, Words.branchNoun, name), at: whole)
  }
  let children = branches.children(of: name)
  guard children.isEmpty else {
    throw InstructionError(Words.hasBranches(name, children), at: whole)
  }
  branches.drop(name)
  return try adopt(&state, branches)
}

// MARK: - Showing a run

func adopt(
  _ state: inout State, _ branches: Branches
) throws(InstructionError) -> [Effect] {
  let scope = try state.scope()
  do throws(ChangeListError) {
    return try adopt(&state, branches, in: scope)
  } catch {
    let source = branches.whatIf.changes[error.index].source
    throw InstructionError("\(source): \(error.error)")
  }
}

private func adopt(
  _ state: inout State, _ branches: Branches, in scope: ChangeScope
) throws(ChangeListError) -> [Effect] {
  let changes = branches.whatIf.changes
  do throws(ChangeListError) {
    try state.runs.make(changes, in: scope, keeping: branches.all.map(\.whatIf.changes))
  } catch  where error.error.fault == .generating(.unfinished) {
    state.pending = .write(branches)
    return [.goOn]
  }
  state.arrangement.branches = branches
  return showRun(&state)
}

/// Shows the run of the changes that are in force, after undo too.
func showRun(_ state: inout State) -> [Effect] {
  let changes = state.arrangement.branches.whatIf.changes
  if state.runs.run(of: changes) == nil, let scope = try? state.scope() {
    do throws(ChangeListError) {
      try state.runs.make(
        changes, in: scope, keeping: state.arrangement.branches.all.map(\.whatIf.changes))
    } catch  where error.error.fault == .generating(.unfinished) {
      guard case .write = state.pending else {
        state.pending = .write(state.arrangement.branches)
        return [.goOn]
      }
      return []
    } catch {
      // What was there once can be made again.
    }
  }
  guard let run = state.runs.run(of: changes) else { return [] }
  state.runs.show(changes)
  guard run.session.trace !== state.trace else { return [] }
  state.take(run.session)
  let step = min(state.step, state.lastStep)
  state.step = min(step, max(0, state.trace.recordedSteps - 1))
  return move(&state, to: step)
}

extension State {
  /// Shows another run of the session's model. What was found out about the one before is forgotten.
  fileprivate mutating func take(_ other: Session) {
    let source = trigger?.expression.source
    session = other
    statistics = [:]
    following = [:]
    measuredUnit = nil
    foundPlaces = nil
    measuring = nil
    followingSurvey = nil
    ordering = nil
    matching = nil
    matches = nil
    findings = nil
    pending = nil
    isPlaying = false
    flows = FlowBoard()
    why.forget()
    if other.tour == nil { tourStop = nil }
    for track in other.trace.layout.indices {
      // Units cannot stand by what is no longer known.
      if case .lane(let lane) = arrangement[track: track].key, !other.lanes.indices.contains(lane) {
        arrangement[track: track].key = .index
        arrangement[track: track].order = nil
      }
    }
    // A run is not compared with itself.
    otherRuns.removeAll { $0.trace === other.trace }
    if otherRuns.isEmpty, comparison.target?.isOtherRun == true { comparison.target = nil }
    spanStart = spanStart.map { min($0, other.length - 1) }
    extents = other.extents ?? Array(repeating: [:], count: other.trace.layout.count)
    if other.extents == nil, let known = runs.main.session.extents {
      // A colour means what it means without changes, as far as that reaches.
      extents = known
    }
    surveyed = extents
    surveyedSteps = 0
    step = min(step, other.length - 1)
    trigger = source.flatMap { try? search(self, for: $0) }
  }

  /// Where changes are made.
  ///
  /// - Throws: `InstructionError` where there is no model that could run again.
  fileprivate func scope() throws(InstructionError) -> ChangeScope {
    do throws(ChangeError) {
      return try changeScope()
    } catch {
      throw InstructionError("\(error)")
    }
  }

  fileprivate func changeScope() throws(ChangeError) -> ChangeScope {
    guard let model = session.model, let recorder = runs.main.recorder else {
      throw ChangeError(.noModel, at: 0..<1)
    }
    let branches = arrangement.branches
    let names = (otherRuns.isEmpty ? [] : ["other"]) + branches.names
    let texts = runs.texts
    var scope = ChangeScope(base: recorder, of: model, track: track, runs: names) { name, steps in
      let run: (trace: Trace, recorder: TraceRecorder?)?
      if name == "other" {
        run = otherRuns.first.map { ($0.trace, $0.recorder) }
      } else {
        run = branches.whatIf(of: name).flatMap { runs.run(of: $0.changes) }.map {
          ($0.session.trace, $0.recorder)
        }
      }
      run?.recorder?.record(through: steps - 1)
      return run?.trace
    }
    scope.written = { (wanted: Continuation) throws(GeneratingError) in try texts.text(of: wanted) }
    return scope
  }
}

extension WhyState {
  /// Answers are about a run.
  fileprivate mutating func forget() {
    chosen = nil
    trail = []
    kept = [:]
    search = nil
    stopped = nil
  }
}

extension Branches {
  /// A name like that which no branch has.
  fileprivate func free(_ name: String) -> String {
    var number = 2
    var free = name
    while names.contains(free) {
      free = "\(name)-\(number)"
      number += 1
    }
    return free
  }
}

// MARK: - Comparing with a branch

/// The run of a branch as the one that is compared with.
func otherRun(
  _ state: State, ofBranch name: String, at range: Range<Int>
) throws(InstructionError) -> OtherRun {
  let branches = state.arrangement.branches
  guard let whatIf = branches.whatIf(of: name), let model = state.session.model else {
    throw InstructionError(Words.noneOf(branches.names, Words.branchNoun, name), at: range)
  }
  guard let run = state.runs.run(of: whatIf.changes) else {
    throw InstructionError(Words.branchNotMade(name), at: range)
  }
  guard run.session.trace !== state.trace else {
    throw InstructionError(Words.branchIsShown(name), at: range)
  }
  return OtherRun(
    trace: run.session.trace, model: model, name: name,
    hasOwnInput: run.session.trace.input != state.trace.input, variant: nil,
    recorder: run.recorder)
}
