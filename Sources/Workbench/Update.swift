import Inspector
import Recurrent
import Screen

/// The program's logic: what an action makes of the state, and what is to be done outside. Reads the
/// trace through windows, changes nothing but `state`.
public func update(_ state: inout State, _ action: Action) -> [Effect] {
  switch action {
  case .key(let key):
    let effects = press(&state, key)
    return effects.isEmpty && state.pending == nil ? prepare(&state) : effects
  case .paste(let text):
    guard state.prompt != nil else { return [] }
    state.prompt?.text += text.unicodeScalars.filter { $0.properties.generalCategory != .control }
    return []
  case .resize(let width, let height):
    state.width = width
    state.height = height
    return []
  case .recorded:
    survey(&state)
    let effects = continuePending(&state)
    return effects.isEmpty && state.pending == nil ? prepare(&state) : effects
  case .measureMore:
    guard case .measure(let track) = state.pending else { return [] }
    return measureMore(&state, track: track)
  case .playTick:
    guard state.isPlaying, state.pending == nil else { return [] }
    let effects = move(&state, to: state.step + 1)
    if state.step == state.lastStep { state.isPlaying = false }
    return effects
  case .countExpired:
    state.count = nil
    return state.pending == nil ? prepare(&state) : []
  case .exported(let path, let steps):
    state.message = .init(text: Words.exported(path, steps: steps), isError: false)
    return []
  case .exportExists(let path):
    state.prompt = .init(question: .replace(path: path), text: [])
    return []
  case .exportFailed(let message):
    state.message = .init(text: message, isError: true)
    return []
  }
}

// MARK: - Keys

private func press(_ state: inout State, _ key: Key) -> [Effect] {
  state.message = nil
  if state.prompt != nil { return typeInPrompt(&state, key) }
  if state.help != nil { return readHelp(&state, key) }
  if case .character(let scalar) = key, let digit = digit(scalar), digit > 0 || state.count != nil {
    return count(&state, digit)
  }
  guard let command = Keymap.command(for: key) else {
    state.count = nil
    state.message = .init(text: Words.unknownKey(key.label), isError: false)
    return []
  }
  var count: Int?
  if let pending = state.count, command.takesCount {
    count = pending.value
    state.view = pending.viewBefore
  }
  state.count = nil
  return perform(&state, command, count: count)
}

private func digit(_ scalar: Unicode.Scalar) -> Int? {
  ("0"..."9").contains(scalar) ? Int(scalar.value - 48) : nil
}

/// A digit shows the view of that number at once and begins a count as well; a motion that follows
/// soon makes it a count, and the view goes back.
private func count(_ state: inout State, _ digit: Int) -> [Effect] {
  if var pending = state.count {
    pending.value = min(pending.value * 10 + digit, 1_000_000_000)
    state.view = pending.viewBefore
    state.count = pending
    return []
  }
  state.count = .init(value: digit, viewBefore: state.view)
  if let view = Keymap.command(for: .character(Unicode.Scalar(UInt8(48 + digit)))) {
    return perform(&state, view, count: nil)
  }
  return []
}

private func readHelp(_ state: inout State, _ key: Key) -> [Effect] {
  switch key {
  case .down, .pageDown, "j": state.help = min((state.help ?? 0) + 1, HelpView.overflow(state))
  case .up, .pageUp, "k":
    // A window that has grown since may show more at once.
    state.help = max(0, min(state.help ?? 0, HelpView.overflow(state)) - 1)
  default:
    state.help = nil
    return key == "q" || key == "?" || key == .escape ? [] : press(&state, key)
  }
  return []
}

// MARK: - Commands

private func perform(_ state: inout State, _ command: Command, count: Int?) -> [Effect] {
  let times = count ?? 1
  let page = max(1, LanesLayout(state).visibleSteps - 2)
  switch command {
  case .stepForward: return move(&state, to: state.step + times, stopping: true)
  case .stepBack: return move(&state, to: state.step - times, stopping: true)
  case .firstStep: return move(&state, to: 0, stopping: true)
  case .lastStep: return move(&state, to: count ?? state.lastStep, stopping: true)
  case .pageForward: return move(&state, to: state.step + page * times, stopping: true)
  case .pageBack: return move(&state, to: state.step - page * times, stopping: true)
  case .nextUnit: moveUnit(&state, by: times)
  case .previousUnit: moveUnit(&state, by: -times)
  case .nextLane: turnLaneOrColumn(&state, by: times)
  case .previousLane: turnLaneOrColumn(&state, by: -times)
  case .nextTrack: turnTrack(&state, by: times)
  case .previousTrack: turnTrack(&state, by: -times)
  case .nextView:
    let views = ViewKind.allCases
    state.view = views[(views.firstIndex(of: state.view)! + 1) % views.count]
  case .lanesView: state.view = .lanes
  case .cellView: state.view = .cell
  case .unitView: state.view = .unit
  case .textView: state.view = .text
  case .tableView: state.view = .table
  case .play:
    if !state.isPlaying && state.step == state.lastStep {
      state.isPlaying = true
      return move(&state, to: 0)
    }
    state.isPlaying.toggle()
  case .faster: changeSpeed(&state, by: 1)
  case .slower: changeSpeed(&state, by: -1)
  case .export:
    if case .export = state.pending { return [] }  // the footer says how far it is
    state.prompt = .init(
      question: .exportPath, text: Array(state.session.exportName.unicodeScalars))
  case .order:
    guard state.view == .table else { return turnOrder(&state) }
    sortTable(&state)
  case .search: state.prompt = .init(question: .search, text: [])
  case .searchNext, .searchBack:
    guard let query = state.query else {
      state.prompt = .init(question: .search, text: [])
      return []
    }
    return search(&state, for: query, forwards: command == .searchNext)
  case .nextChange: return seekChange(&state, forwards: true)
  case .previousChange: return seekChange(&state, forwards: false)
  case .tour: return turnTour(&state)
  case .tourNext:
    if state.tourStop == nil && state.view == .table { state.view = .unit }
    return walkTour(&state, by: 1)
  case .tourBack: return walkTour(&state, by: -1)
  case .help: state.help = 0
  case .cancel:
    if state.pending != nil { state.message = .init(text: Words.stopped, isError: false) }
    leaveUnprepared(&state)
    if state.pending == nil && !state.isPlaying { state.tourStop = nil }
    state.pending = nil
    state.isPlaying = false
  case .redraw: return [.redraw]
  case .quit: state.hasQuit = true
  }
  return []
}

/// Goes to a step, or to the end that lies nearer. A step that is not recorded yet is computed
/// first, in slices.
func move(_ state: inout State, to wanted: Int, stopping: Bool = false) -> [Effect] {
  if stopping { state.isPlaying = false }
  switch state.pending {
  case .reach, .seekChange: state.pending = nil
  case nil, .export, .order, .reachAll, .measure: break
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
    let recorded = state.trace.recordedSteps
    if recorded > 0 { state.step = min(target, recorded - 1) }
    if recorded > target {
      state.pending = nil
      if state.step == state.lastStep { state.isPlaying = false }
      return []
    }
    return [.record(through: target)]
  case .export(let path, let mayReplace):
    guard state.trace.recordedSteps == state.session.length else {
      return [.record(through: state.lastStep)]
    }
    state.pending = nil
    return [.export(path: path, mayReplace: mayReplace)]
  case .order(let lane):
    guard state.trace.recordedSteps == state.session.length else {
      return [.record(through: state.lastStep)]
    }
    state.pending = nil
    order(&state, by: lane)
    return []
  case .seekChange(let start, let forwards):
    return continueSeeking(&state, from: start, forwards: forwards)
  case .reachAll:
    guard state.trace.recordedSteps == state.session.length else {
      return [.record(through: state.lastStep)]
    }
    state.pending = nil
    return []
  case .measure:
    guard state.trace.recordedSteps == state.session.length else {
      return [.record(through: state.lastStep)]
    }
    state.measuring = nil
    return [.measureMore]
  }
}

/// Keeps the legends' limits: looks at the values without bounds that have come since the last look.
private func survey(_ state: inout State) {
  let recorded = state.trace.recordedSteps
  guard recorded > state.surveyedSteps else { return }
  for (index, track) in state.trace.layout.enumerated() {
    for signal in track.signals where track.range(of: signal) == .unbounded {
      let units = track.units(of: signal)
      var largest = state.largest[index][signal] ?? Array(repeating: 0, count: units)
      for start in stride(from: state.surveyedSteps, to: recorded, by: 256) {
        let window = state.trace.window(
          WindowRequest(
            track: index, signal: signal, steps: start..<min(start + 256, recorded),
            units: 0..<units))
        for (place, value) in window.values.enumerated() where value.isFinite {
          largest[place % units] = max(largest[place % units], abs(value))
        }
      }
      state.largest[index][signal] = largest
    }
  }
  state.surveyedSteps = recorded
}

/// In the table the columns are what stands side by side.
private func turnLaneOrColumn(_ state: inout State, by count: Int) {
  guard state.view == .table else { return turnLane(&state, by: count) }
  let columns = TableColumn.all(state).count
  state.tableColumn = ((state.tableColumn + count) % columns + columns) % columns
}

private func turnLane(_ state: inout State, by count: Int) {
  let lanes = state.currentTrack.signals.count
  state.lane = ((state.lane + count) % lanes + lanes) % lanes
}

private func turnTrack(_ state: inout State, by count: Int) {
  let tracks = state.trace.layout.count
  guard tracks > 1 else {
    state.message = .init(text: Words.oneTrack, isError: false)
    return
  }
  select(&state, track: ((state.track + count) % tracks + tracks) % tracks)
}

/// Another track has other units, so an order of the old one's means nothing there.
func select(_ state: inout State, track: Int) {
  state.track = track
  state.orderLane = nil
  state.unitOrder = nil
  state.unit = min(state.unit, state.currentTrack.units - 1)
  state.lane = min(state.lane, state.currentTrack.signals.count - 1)
}

private func moveUnit(_ state: inout State, by count: Int) {
  let place = min(max(state.placeOfUnit + count, 0), state.currentTrack.units - 1)
  state.unit = state.unit(at: place)
}

private func changeSpeed(_ state: inout State, by change: Int) {
  state.speed = min(max(state.speed + change, 0), State.speeds.count - 1)
  state.message = .init(text: Words.speed(State.speeds[state.speed]), isError: false)
}
