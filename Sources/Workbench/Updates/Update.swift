import Inspector
import Recurrent
import Screen

/// The program's logic: what an action makes of the state, and what is to be done outside. Reads the
/// trace through windows, changes nothing but `state`.
public func update(_ state: inout State, _ action: Action) -> [Effect] {
  // Whoever does something else does not wait for the rest of a tour's stop.
  if action.isTyped { state.script = [] }
  var effects = react(&state, action)
  let hasScript = !state.script.isEmpty
  while effects.isEmpty && state.pending == nil && !state.script.isEmpty {
    effects = continueScript(&state)
  }
  // What the stop's last line asks for may have to be found first.
  if hasScript && effects.isEmpty && state.pending == nil { effects = prepare(&state) }
  // Undo and the end of a tour bring the run with what was arranged.
  if state.runs.current != state.arrangement.branches.whatIf.changes {
    effects += showRun(&state)
  }
  state.rearrange()
  if state.pending == nil { state.extents = state.surveyed }
  if state.hasBroken {
    // The next motion is another, though it may be of the same kind.
    state.journal.close()
    state.hasBroken = false
  }
  if state.hasStepsToMark {
    state.isMarking = true
    effects.append(.markHits)
  }
  // What is typed is undone at once.
  if state.typing == nil { state.history.settle(state.arrangement) }
  return effects
}

private func react(_ state: inout State, _ action: Action) -> [Effect] {
  switch action {
  case .key(let key):
    let effects = press(&state, key)
    return effects.isEmpty && state.pending == nil ? prepare(&state) : effects
  case .instruct(let instruction):
    state.message = nil
    endTyping(&state)
    let effects = obey(&state, instruction)
    return effects.isEmpty && state.pending == nil ? prepare(&state) : effects
  case .mouse(let event):
    if case .press = event.kind { endTyping(&state) }
    let effects = point(&state, event)
    return effects.isEmpty && state.pending == nil ? prepare(&state) : effects
  case .paste(let text):
    if state.typing != nil, state.prompt == nil {
      return append(&state, Array(text.unicodeScalars))
    }
    let typed = text.unicodeScalars.filter { $0.properties.generalCategory != .control }
    if state.prompt != nil {
      state.prompt?.insert(typed)
    } else {
      state.exportForm?.edit { $0.insert(typed) }
    }
    return []
  case .resize(let width, let height):
    state.width = width
    state.height = height
    state.journal.add(Instruction(.size, "\(width)x\(height)"))
    return state.pending == nil ? prepare(&state) : []
  case .recorded:
    let rest = survey(&state)
    _ = overlook(state)
    let effects = continuePending(&state)
    return (effects.isEmpty && state.pending == nil ? prepare(&state) : effects) + rest
  case .goOn:
    let effects = goOn(&state)
    return effects.isEmpty && state.pending == nil ? prepare(&state) : effects
  case .surveyMore:
    return survey(&state)
  case .markHits:
    let effects = markHits(&state)
    return effects.isEmpty && state.pending == nil ? prepare(&state) : effects
  case .otherRecorded:
    return reachOther(&state)
  case .otherOpened:
    return showOther(&state)
  case .whatIfRead(let file, let name):
    state.message = nil
    let effects = load(&state, file, name: name)
    return effects.isEmpty && state.pending == nil ? prepare(&state) : effects
  case .whatIfFailed(let message):
    state.message = .init(text: message, isError: true)
    return []
  case .flowed:
    return continueFlow(&state)
  case .otherFailed(let message):
    state.message = .init(text: message, isError: true)
    return []
  case .playTick:
    guard state.isPlaying, state.pending == nil else { return [] }
    state.journal.add(Instruction(.stepForward))
    let effects = run(&state, to: state.step + 1)
    if state.step == state.lastStep { state.isPlaying = false }
    return effects.isEmpty && state.pending == nil ? prepare(&state) : effects
  case .exported(let path, let steps):
    state.message = .init(
      text: Words.exported(path, steps: steps, of: state.session.length), isError: false)
    return []
  case .exportExists(let request):
    state.prompt = Prompt(.replace(Instruction(.export, request.text), path: request.path))
    return []
  case .fileExists(let instruction, let path):
    state.prompt = Prompt(.replace(instruction, path: path))
    return []
  case .written(let path):
    state.message = .init(text: Words.written(path), isError: false)
    return []
  case .exportFailed(let message), .writeFailed(let message):
    state.message = .init(text: message, isError: true)
    return []
  }
}

// MARK: - Keys

private func press(_ state: inout State, _ key: Key) -> [Effect] {
  state.message = nil
  if state.typing != nil { return typeLive(&state, key) }
  // Whoever types does not wait. Esc has done its work with that.
  if stopMotion(&state), state.keymap.instruction(for: key)?.command == .cancel { return [] }
  if state.prompt != nil { return typeInPrompt(&state, key) }
  if state.exportForm != nil { return fillExport(&state, key) }
  if state.help != nil { return readHelp(&state, key, elsewhere: press) }
  if let command = state.letterFor { return giveLetter(&state, key, to: command) }
  let isWalkingPlaces = state.isWalkingPlaces
  state.isWalkingPlaces = false
  if isWalkingPlaces && key == .tab { return obey(&state, Instruction(.forward)) }
  if let zoom = state.zoomBeforeSlash {
    state.zoomBeforeSlash = nil
    if key == "/" {
      state.zoom = zoom
      state.journal.takeBack { $0 == .grow }
      return obey(&state, Instruction(.find))
    }
  }
  if state.keymap.instruction(for: key)?.command == .grow { state.zoomBeforeSlash = state.zoom }
  guard let instruction = state.keymap.instruction(for: key) else {
    state.message = .init(text: Words.unknownKey(key.label), isError: false)
    return []
  }
  return obey(&state, instruction)
}

/// The key after `m` or `'`.
private func giveLetter(_ state: inout State, _ key: Key, to command: Command) -> [Effect] {
  state.letterFor = nil
  guard case .character(let letter) = key else {
    if key != .escape {
      state.message = .init(text: Words.letterNeeded(key.label), isError: true)
    }
    return []
  }
  return obey(&state, Instruction(command, String(letter)))
}

/// Goes to a step, or to the end that lies nearer. A step that is not recorded yet is computed
/// first, in slices.
func move(_ state: inout State, to wanted: Int, stopping: Bool = false) -> [Effect] {
  if stopping { state.isPlaying = false }
  switch state.pending {
  case .reach, .run, .scan, .flow: state.pending = nil
  case .explain:
    stopExplaining(&state)
    state.pending = nil
  case .write:
    stopWriting(&state)
    state.pending = nil
  case nil, .export, .order, .filter, .match, .reachAll, .measure, .overlook, .reachOther: break
  }
  let target = min(max(wanted, 0), state.lastStep)
  if target == state.step && wanted != target {
    state.message = .init(text: wanted < 0 ? Words.atStart : Words.atEnd, isError: false)
  }
  if target < state.trace.recordedSteps {
    state.step = target
    return []
  }
  // The one place where a motion ends an export: it wants a step that the export has not reached.
  if case .export = state.pending {
    state.message = .init(text: Words.exportKept, isError: false)
  }
  state.pending = .reach(step: target)
  return [.record(through: target)]
}

func continuePending(_ state: inout State) -> [Effect] {
  switch state.pending {
  case nil:
    return []
  case .reach(let target):
    // The cursor waits, as in `continueRunning`.
    guard state.trace.recordedSteps > target else { return [.record(through: target)] }
    state.step = target
    state.pending = nil
    if state.step == state.lastStep { state.isPlaying = false }
    return []
  case .export(let request):
    guard state.trace.recordedSteps == state.session.length else {
      return [.record(through: state.lastStep)]
    }
    state.pending = nil
    return [.export(request)]
  case .order(let key, let track):
    guard state.trace.recordedSteps == state.session.length else {
      return [.record(through: state.lastStep)]
    }
    return orderMore(&state, by: key, track: track)
  case .match(let query):
    guard state.trace.recordedSteps == state.session.length else {
      return [.record(through: state.lastStep)]
    }
    return matchMore(&state, query)
  case .scan(let scan):
    return continueScan(&state, scan)
  case .run(let target, let through, let place):
    return continueRunning(&state, to: target, through: through, at: place)
  case .reachAll:
    guard state.trace.recordedSteps == state.session.length else {
      return [.record(through: state.lastStep)]
    }
    state.pending = nil
    return []
  case .reachOther, .overlook, .explain, .write:
    return [.goOn]
  case .flow:
    return [.flow]
  case .measure, .filter:
    guard state.trace.recordedSteps == state.session.length else {
      return [.record(through: state.lastStep)]
    }
    state.measuring = nil
    state.followingSurvey = nil
    return [.goOn]
  }
}

/// Keeps the legends' limits: looks at the values with a sign that have come since the last look. A recorded
/// trace comes at once, so it is looked at in slices, and at every signal.
private func survey(_ state: inout State) -> [Effect] {
  guard state.session.extents == nil else { return [] }
  let isRecorded = state.session.model == nil
  var recorded = state.trace.recordedSteps
  if isRecorded {
    let width = state.trace.layout.reduce(0) { $0 + $1.signals.count * $1.units }
    recorded = min(recorded, state.surveyedSteps + max(1, surveyedValues / max(1, width)))
  }
  guard recorded > state.surveyedSteps else { return [] }
  for (index, track) in state.trace.layout.enumerated() {
    for signal in track.signals where isRecorded || track.range(of: signal) != .unit {
      let units = track.units(of: signal)
      // Taken out while it grows, so that it is not copied.
      var extent = state.surveyed[index].removeValue(forKey: signal) ?? SignalExtent(units: units)
      for start in stride(from: state.surveyedSteps, to: recorded, by: 256) {
        let window = state.trace.window(
          WindowRequest(
            track: index, signal: signal, steps: start..<min(start + 256, recorded),
            units: 0..<units))
        extent.add(window.values)
      }
      state.surveyed[index][signal] = extent
    }
  }
  state.surveyedSteps = recorded
  return recorded < state.trace.recordedSteps ? [.surveyMore] : []
}

/// A slice of a recorded trace: some milliseconds.
private let surveyedValues = 400_000

/// In the table the columns are what stands side by side.
func turnLaneOrColumn(_ state: inout State, by count: Int) {
  guard state.view == .table else { return turnLane(&state, by: count) }
  let columns = TableColumn.all(state).count
  state.tableColumn = ((state.tableColumn + count) % columns + columns) % columns
}

private func turnLane(_ state: inout State, by count: Int) {
  let lanes = state.currentTrack.signals.count
  state.laneInHand = ((state.lane + count) % lanes + lanes) % lanes
  adoptLane(&state)
}

func turnTrack(_ state: inout State, by count: Int) {
  let tracks = state.trace.layout.count
  guard tracks > 1 else {
    state.message = .init(text: Words.oneTrack, isError: false)
    return
  }
  select(&state, track: ((state.track + count) % tracks + tracks) % tracks)
}

/// Another track may have fewer units and lanes.
func select(_ state: inout State, track: Int) {
  state.track = track
  state.unit = min(state.unit, state.currentTrack.units - 1)
  let signals = state.currentTrack.signals.count
  state.chosenLane = state.chosenLane.map { min($0, signals - 1) }
  state.takeShownUnit()
}

/// In the view `why` causes stand one above the other.
func moveUnitOrCause(_ state: inout State, by count: Int) {
  if state.view == .why { moveCause(&state, by: count) } else { moveUnit(&state, by: count) }
}

func moveUnit(_ state: inout State, by count: Int) {
  let place = min(max(state.placeOfUnit + count, 0), state.shownCount - 1)
  state.unit = state.unit(at: place)
}

func changeSpeed(_ state: inout State, by change: Int) {
  state.speed = min(max(state.speed + change, 0), State.speeds.count - 1)
  state.settings.speed = State.speeds[state.speed]
  state.message = .init(text: Words.speed(State.speeds[state.speed]), isError: false)
}
