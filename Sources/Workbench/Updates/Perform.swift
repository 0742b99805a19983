import Inspector
import Recurrent

/// Carries out what a person asked for, notes it in the journal, and says what stood against it.
func obey(_ state: inout State, _ instruction: Instruction) -> [Effect] {
  do throws(InstructionError) {
    return try carryOut(&state, instruction)
  } catch {
    state.message = .init(text: error.message, isError: true)
    return []
  }
}

/// The same for who can show where the fault lies.
///
/// - Throws: `InstructionError` with the fault's place in the argument; nothing has changed then.
func carryOut(
  _ state: inout State, _ instruction: Instruction, isJournalled: Bool = true
) throws(InstructionError) -> [Effect] {
  if instruction.argument.isEmpty {
    switch instruction.command.argument {
    case .none, .count, .optional: break
    case .text where instruction.command == .export:
      openExport(&state, unit: false)
      return []
    case .text:
      ask(&state, instruction.command)
      return []
    case .letter:
      state.letterFor = instruction.command
      return []
    case .number(let name), .choice(let name):
      throw InstructionError(Words.argumentNeeded(instruction.command.rawValue, name))
    }
  }
  let here = state.place
  if instruction.command != .turn { state.knob = nil }
  let effects = try perform(&state, instruction)
  if instruction.command.isJump { state.places.leave(here) }
  // What only asks is done by what is answered.
  let isAsked = state.prompt != nil || state.exportForm != nil || state.typing != nil
  if isJournalled && !isAsked { state.journal.add(instruction) }
  return effects
}

private func perform(
  _ state: inout State, _ instruction: Instruction
) throws(InstructionError) -> [Effect] {
  let argument = instruction.argument
  switch instruction.command {
  case .stepForward: return run(&state, to: state.step + (try times()), stopping: true)
  case .stepBack: return run(&state, to: state.step - (try times()), stopping: true)
  case .firstStep: return run(&state, to: 0, stopping: true)
  case .lastStep: return run(&state, to: state.lastStep, stopping: true)
  case .go:
    let number = try number()
    let last = state.trace.stepNumber(at: state.lastStep)
    let effects = run(
      &state,
      to: state.trace.stepNumbers == nil ? number : state.trace.step(numbered: number),
      stopping: true)
    if number > last { state.message = .init(text: Words.lastStepIs(last), isError: false) }
    return effects
  case .pageForward:
    return run(&state, to: state.step + screenful(state) * (try times()), stopping: true)
  case .pageBack:
    return run(&state, to: state.step - screenful(state) * (try times()), stopping: true)
  case .nextChange: return seekChange(&state, forwards: true)
  case .previousChange: return seekChange(&state, forwards: false)
  case .search:
    state.query = argument
    state.findings = nil
    state.matches = nil
    return search(&state, for: argument, forwards: true)
  case .find:
    let effects = try find(&state, argument)
    state.matches = nil
    return effects
  case .searchNext, .searchBack:
    if state.matches != nil {
      return walkMatches(&state, by: instruction.command == .searchNext ? 1 : -1)
    }
    if state.findings != nil {
      return findAgain(&state, forwards: instruction.command == .searchNext)
    }
    guard let query = state.query else {
      if case .tokens = state.trace.input { ask(&state, .search) } else { ask(&state, .find) }
      return []
    }
    return search(&state, for: query, forwards: instruction.command == .searchNext)
  case .span: return try turnSpan(&state, argument)
  case .match: return try startMatch(&state, argument)
  case .place: return try visit(&state, rank: number())
  case .mark: mark(&state, as: try letter())
  case .jump: return try jump(&state, to: letter())
  case .back, .forward:
    state.isWalkingPlaces = true
    return try walkPlaces(&state, forth: instruction.command == .forward)
  case .play: return turnPlay(&state)
  case .breakpoint: try arm(&state, argument)
  case .faster: changeSpeed(&state, by: 1)
  case .slower: changeSpeed(&state, by: -1)
  case .nextUnit: moveUnitOrCause(&state, by: try times())
  case .previousUnit: moveUnitOrCause(&state, by: -(try times()))
  case .unit: try choose(&state, unit: number())
  case .nextLane: turnLaneOrColumn(&state, by: try times())
  case .previousLane: turnLaneOrColumn(&state, by: -(try times()))
  case .lane:
    try choose(&state, lane: argument)
    adoptLane(&state)
  case .output: try choose(&state, output: argument)
  case .nextTrack: turnTrack(&state, by: try times())
  case .previousTrack: turnTrack(&state, by: -(try times()))
  case .layer: try choose(&state, layer: argument)
  case .nextView:
    let views = ViewKind.allCases
    state.view = views[(views.firstIndex(of: state.view)! + 1) % views.count]
    compareWithMain(&state)
  case .view:
    try choose(&state, view: argument)
    compareWithMain(&state)
    return openVariants(state)
  case .sort:
    guard state.view == .table else { return turnLaneOrder(&state) }
    sortTable(&state)
  case .grow: growLane(&state)
  case .timeIn: zoomTime(&state, isIn: true, times: try times())
  case .timeOut: zoomTime(&state, isIn: false, times: try times())
  case .unitsIn: zoomUnits(&state, isIn: true, times: try times())
  case .unitsOut: zoomUnits(&state, isIn: false, times: try times())
  case .fit: return fitEverything(&state)
  case .reduction: turnReduction(&state)
  case .order: return try choose(&state, order: argument)
  case .nextOrder: return turnOrder(&state, by: 1)
  case .previousOrder: return turnOrder(&state, by: -1)
  case .pin: try pin(&state, argument)
  case .unpin: try unpin(&state, argument)
  case .filter: return try startFilter(&state, argument)
  case .compare: return try compare(&state, instruction)
  case .compareNext: return turnComparison(&state)
  case .flow: try askFlow(&state, argument)
  case .whatReaches: try askReach(&state, argument)
  case .difference:
    state.comparison.isDifference.toggle()
    state.view = .compare
  case .tour: return turnTour(&state)
  case .tourNext where state.tourStop == nil && state.view == .why: return followCause(&state)
  case .tourNext:
    if state.tourStop == nil && state.view == .table { state.view = .unit }
    return walkTour(&state, by: 1)
  case .tourBack where state.tourStop == nil && state.view == .why: return leaveCause(&state)
  case .tourBack: return walkTour(&state, by: -1)
  case .why: return try askWhy(&state, argument)
  case .clamp, .scale, .add, .freeze, .edit, .patch, .token, .initial:
    return try change(&state, instruction.command, argument)
  case .generate: return try generate(&state, argument)
  case .type: return try typeText(&state, argument)
  case .turn: return try turn(&state, argument)
  case .without: return try without(&state, argument)
  case .whatIf: return try whatIf(&state, instruction)
  case .branch: return try branch(&state, argument)
  case .switchBranch: return try switchBranch(&state, argument)
  case .dropBranch: return try dropBranch(&state, argument)
  case .export:
    var request = try ExportRequest(
      parsing: argument, of: state.trace, isForced: instruction.isForced)
    request.options.steps = request.options.steps ?? state.spanNumbers
    return startExport(&state, request)
  case .exportUnit: openExport(&state, unit: true)
  case .record:
    let lines = state.journal.file(of: state)
    return [.writeLines(lines, path: argument, by: instruction)]
  case .screen: return [.writeScreen(path: argument, mayReplace: instruction.isForced)]
  case .figure:
    let request = try FigureRequest(
      parsing: argument, of: state.trace, isForced: instruction.isForced)
    return [.writeFigure(request)]
  case .undo: try walkHistory(&state, { $0.undo() }, Words.nothingToUndo)
  case .redo: try walkHistory(&state, { $0.redo() }, Words.nothingToRedo)
  case .commandLine: state.prompt = Prompt(.line)
  case .help: try openHelp(&state, argument)
  case .palette: (state.help, state.helpFilter) = (0, "")
  case .cancel: cancel(&state)
  case .redraw: return [.redraw]
  case .set: try set(&state, argument)
  case .nextLimits: turnLimits(&state)
  case .size: try resize(&state, to: argument)
  case .quit: state.hasQuit = true
  }
  return []

  func times() throws(InstructionError) -> Int {
    guard !argument.isEmpty else { return 1 }
    guard let count = Int(argument), count > 0 else {
      throw InstructionError(Words.noCount(argument), at: 0..<argument.unicodeScalars.count)
    }
    return min(count, 1_000_000_000)
  }

  func number() throws(InstructionError) -> Int {
    guard let number = Int(argument), number >= 0 else {
      throw InstructionError(Words.noNumber(argument), at: 0..<argument.unicodeScalars.count)
    }
    return number
  }

  func letter() throws(InstructionError) -> Unicode.Scalar {
    guard argument.unicodeScalars.count == 1 else {
      throw InstructionError(Words.letterNeeded(argument), at: 0..<argument.unicodeScalars.count)
    }
    return argument.unicodeScalars.first!
  }
}

/// Steps of a screenful, but for two that stay.
private func screenful(_ state: State) -> Int {
  max(1, (state.frameInHand?.time.visible ?? 1) - 2)
}

private func turnPlay(_ state: inout State) -> [Effect] {
  if !state.isPlaying && state.step == state.lastStep {
    state.isPlaying = true
    state.journal.add(Instruction(.firstStep))
    return move(&state, to: 0)
  }
  state.isPlaying.toggle()
  return []
}

private func cancel(_ state: inout State) {
  if stopMotion(&state) { return }
  if let pending = state.pending {
    state.message = .init(text: Words.stopped, isError: false)
    switch pending {
    case .order: state.journal.takeBack { $0.orders }
    case .filter: state.journal.takeBack { $0 == .filter }
    case .match: state.journal.takeBack { $0 == .match }
    case .reach, .run, .scan, .export, .reachAll, .measure, .overlook, .reachOther, .explain,
      .write, .flow:
      break
    }
  }
  leaveUnprepared(&state)
  if state.pending == nil && !state.isPlaying { leaveInnermost(&state) }
  state.pending = nil
  state.isPlaying = false
}

/// Of what has been entered, the last is left first.
private func leaveInnermost(_ state: inout State) {
  if state.spanStart != nil {
    state.spanStart = nil
    state.journal.add(Instruction(.span))
  } else if state.matches != nil {
    state.matches = nil
    state.journal.add(Instruction(.match, State.off))
  } else if state.tourStop != nil {
    state.tourStop = nil
    state.journal.add(Instruction(.tour))
  } else if state.arrangement[track: state.track].filter != nil {
    state.arrangement[track: state.track].filter = nil
    state.message = .init(text: Words.everyUnitShown, isError: false)
    state.journal.add(Instruction(.filter, State.off))
  }
}

private func walkHistory(
  _ state: inout State, _ step: (inout ArrangementHistory) -> Arrangement?, _ words: String
) throws(InstructionError) {
  guard let arrangement = step(&state.history) else { throw InstructionError(words) }
  state.arrangement = arrangement
  state.takeShownUnit()
}

// MARK: - What is chosen by name

private func choose(_ state: inout State, unit number: Int) throws(InstructionError) {
  guard let unit = state.currentTrack.unit(numbered: number) else {
    let last = state.currentTrack.number(of: state.currentTrack.units - 1)
    throw InstructionError(
      state.currentTrack.unitNumbers == nil || number > last
        ? Words.noSuchUnit(number, last: last) : Words.noSuchUnit(number),
      at: 0..<String(number).count)
  }
  state.unit = unit
  state.showUnitInHand()
}

private func choose(_ state: inout State, lane name: String) throws(InstructionError) {
  state.laneInHand = try place(of: name, in: state.laneNames, Words.signalNoun)
}

private func choose(_ state: inout State, layer name: String) throws(InstructionError) {
  let tracks = state.trackNames
  // A layer's number alone is its first direction.
  if let layer = Int(name),
    let track = state.trace.layout.firstIndex(where: { $0.track.layer == layer })
  {
    select(&state, track: track)
  } else {
    select(&state, track: try place(of: name, in: tracks, Words.layerNoun))
  }
}

private func choose(_ state: inout State, view name: String) throws(InstructionError) {
  let views = ViewKind.allCases
  state.flows.resume()
  state.view = views[try place(of: name, in: views.map(\.name), Words.viewNoun)]
}

func place(
  of name: String, in names: [String], _ noun: String
) throws(InstructionError) -> Int {
  if let exact = names.firstIndex(of: name) { return exact }
  let meant = names.indices.filter { names[$0].hasPrefix(name) }
  guard meant.count == 1 else {
    throw InstructionError(
      Words.noneOf(names, noun, name), at: 0..<name.unicodeScalars.count)
  }
  return meant[0]
}

private func resize(_ state: inout State, to text: String) throws(InstructionError) {
  let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
  guard state.isHeadless else { throw InstructionError(Words.terminalDecidesSize) }
  guard parts.count == 2, let width = parts[0], let height = parts[1],
    (1...1000).contains(width), (1...1000).contains(height)
  else {
    throw InstructionError(Words.noSize(text), at: 0..<text.unicodeScalars.count)
  }
  state.width = width
  state.height = height
}

extension State {
  /// "l0.fwd", as files name the tracks.
  var trackNames: [String] { trace.trackNames }
}

extension ViewKind {
  /// As it is typed.
  public var name: String { Words.name(of: self) }
}

extension Trace {
  /// "l0.fwd", as files name the tracks.
  var trackNames: [String] {
    layout.map { "l\($0.track.layer).\($0.track.direction.rawValue)" }
  }
}
