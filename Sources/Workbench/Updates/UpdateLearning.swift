import Demos
import Inspector

// MARK: - Ground truth

/// Orders the units by the next lane that they can be compared with, after the last by their numbers
/// again.
func turnLaneOrder(_ state: inout State) -> [Effect] {
  let lanes = state.session.lanes.indices.filter { state.session.lanes[$0].kind != .symbol }
  guard !lanes.isEmpty else {
    state.message = .init(text: Words.noLanes, isError: false)
    return []
  }
  let next = lanes.first { $0 > state.orderLane ?? -1 }
  return startOrder(&state, by: next.map { .lane($0) } ?? .index)
}

// MARK: - The tour

/// Starts the tour, or leaves it.
func turnTour(_ state: inout State) -> [Effect] {
  guard state.session.tour != nil else {
    state.message = .init(text: Words.noTour, isError: false)
    return []
  }
  if state.tourStop != nil {
    state.tourStop = nil
    return []
  }
  return visit(&state, stop: 0)
}

/// To a later stop, or an earlier one; nothing outside a tour.
func walkTour(_ state: inout State, by change: Int) -> [Effect] {
  guard let stop = state.tourStop else { return [] }
  guard stop + change < state.session.tourPlaces.count else {
    state.tourStop = nil
    state.message = .init(text: Words.tourEnd, isError: false)
    return []
  }
  return visit(&state, stop: max(0, stop + change))
}

private func visit(_ state: inout State, stop index: Int) -> [Effect] {
  let stop = state.session.tourPlaces[index].stop
  let ground = state.tourGround ?? TourGround(state)
  ground.restore(&state)
  state.tourGround = ground
  // The stop before may have changed the run; the way to this one is one in the run that it is shown in.
  _ = showRun(&state)
  state.pending = nil
  state.tourStop = index
  state.view = stop.view.kind
  let track = state.trace.layout.firstIndex { $0.track.layer == stop.layer } ?? 0
  if track != state.track { select(&state, track: track) }
  if let unit = stop.unit { state.unit = min(max(unit, 0), state.currentTrack.units - 1) }
  state.showUnitInHand()
  if let signal = stop.signal, let lane = state.laneNames.firstIndex(of: signal) {
    state.laneInHand = lane
  }
  let comparing = stop.view == .compare ? stop.with.map { ["compare \($0)"] } : nil
  state.script = (comparing ?? []) + stop.commands
  return move(&state, to: stop.step, stopping: true)
}

extension TourStop.View {
  fileprivate var kind: ViewKind {
    switch self {
    case .lanes: .lanes
    case .cell: .cell
    case .unit: .unit
    case .text: .text
    case .table: .table
    case .compare: .compare
    case .why: .why
    case .flow: .flow
    }
  }
}

/// Does the next line of a tour's stop, once the last has come to its end. A replay comes to the same
/// stop, so the journal knows only of that.
func continueScript(_ state: inout State) -> [Effect] {
  let line = state.script.removeFirst()
  do throws(InstructionError) {
    let instruction = try Instruction(parsing: line)
    // The same order once more would turn it round.
    if instruction.command.orders { state.arrangement[track: state.track].key = .index }
    let effects = try carryOut(&state, instruction, isJournalled: false)
    // What was set for the stop is no news to the person.
    if instruction.command == .set { state.message = nil }
    return effects
  } catch {
    state.script = []
    state.message = .init(text: error.message, isError: true)
    return []
  }
}
