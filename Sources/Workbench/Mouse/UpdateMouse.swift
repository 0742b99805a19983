import Screen

/// A drag that is going on: where in time it began, and the part of the screen that it stays in.
public struct Drag: Sendable, Equatable {
  public var step: Int
  public var area: Rect
}

/// What the mouse asks for, as the instructions that a person could have typed: a journal holds them,
/// and a replay does the same without a mouse.
func point(_ state: inout State, _ event: MouseEvent) -> [Effect] {
  switch event.kind {
  case .press(.left): return click(&state, at: event.place)
  case .drag(.left): return drag(&state, to: event.place)
  case .release:
    state.drag = nil
    return []
  case .wheel(let wheel): return turn(&state, wheel, event)
  // The other buttons are the terminal's, whose menu or paste they may be.
  case .press, .drag: return []
  }
}

private func click(_ state: inout State, at place: Point) -> [Effect] {
  state.drag = nil
  // While a line is typed, a click elsewhere must not lose it.
  guard state.prompt == nil else { return [] }
  let hit = Hit(at: place, in: state)
  state.message = nil
  guard let hit else { return [] }
  _ = stopMotion(&state)
  state.letterFor = nil
  switch hit.target {
  case .instruction(let instruction):
    state.help = nil
    return obey(&state, instruction)
  case .help(let line):
    state.help = line
    return readHelp(&state, .enter) { _, _ in [] }
  case .view(let view):
    state.help = nil
    return view == state.view ? [] : obey(&state, Instruction(.view, view.name))
  case .exportField(let field, let change):
    state.exportForm?.field = field
    state.exportForm?.turn(by: change)
    return []
  case .column(let column): return sort(&state, by: column)
  case .spot(let spot):
    if let step = spot.step { state.drag = Drag(step: step, area: hit.area) }
    // A value of the cell that is in hand already is asked about.
    if state.view == .cell, spot.lane == state.laneInHand, spot.unit == state.unit {
      return obey(&state, Instruction(.why))
    }
    return select(&state, spot)
  }
}

/// Lane, unit and step, as far as they are named and others than those in hand.
private func select(_ state: inout State, _ spot: ScreenTarget.Spot) -> [Effect] {
  let here = state.place
  var places = state.places
  var effects: [Effect] = []
  if let lane = spot.lane, lane != state.laneInHand {
    effects += obey(&state, Instruction(.lane, state.currentTrack.signals[lane].rawValue))
  }
  if let unit = spot.unit, unit != state.unit {
    effects += obey(&state, Instruction(.unit, String(state.currentTrack.number(of: unit))))
  }
  if let step = spot.step, step != state.step {
    effects += obey(&state, Instruction(.go, String(state.trace.stepNumber(at: step))))
  }
  // One click is one jump, also where it takes two instructions.
  if state.places != places {
    places.leave(here)
    state.places = places
  }
  return effects
}

/// A click on a title of the table sorts by it, and another one the other way round.
private func sort(_ state: inout State, by column: Int) -> [Effect] {
  let count = column - state.tableColumn
  if count != 0 {
    _ = obey(
      &state, Instruction(count > 0 ? .nextLane : .previousLane, String(abs(count))))
  }
  return obey(&state, Instruction(.sort))
}

private func drag(_ state: inout State, to place: Point) -> [Effect] {
  guard let drag = state.drag, state.prompt == nil, state.help == nil,
    case .spot(let spot)? = Hit(at: drag.area.nearest(to: place), in: state)?.target,
    let step = spot.step
  else { return [] }
  return dragged(&state, from: drag.step, to: step)
}

/// The mouse has been dragged over the steps from `start` to `end`, which may lie before it: they are
/// the span in hand.
func dragged(_ state: inout State, from start: Int, to end: Int) -> [Effect] {
  guard end != state.step else { return [] }
  let places = state.places
  defer { state.places = places }
  let numbers = [start, end].map { String(state.trace.stepNumber(at: $0)) }
  return obey(&state, Instruction(.span, numbers.joined(separator: "..")))
}

/// The wheel goes through time; with Shift or Alt, and over what names units and no steps, through
/// the units.
private func turn(_ state: inout State, _ wheel: MouseEvent.Wheel, _ event: MouseEvent) -> [Effect]
{
  guard state.prompt == nil, state.exportForm == nil else { return [] }
  let isForwards = wheel == .down || wheel == .right
  if state.help != nil {
    return readHelp(&state, isForwards ? .down : .up) { _, _ in [] }
  }
  state.message = nil
  _ = stopMotion(&state)
  state.letterFor = nil
  let isSideways = wheel == .left || wheel == .right
  let isModified = !event.modifiers.isDisjoint(with: [.shift, .alt])
  if !isSideways && (isModified || namesUnits(state, event.place)) {
    return obey(&state, Instruction(isForwards ? .nextUnit : .previousUnit))
  }
  return obey(&state, Instruction(isForwards ? .stepForward : .stepBack))
}

private func namesUnits(_ state: State, _ place: Point) -> Bool {
  if state.view == .table { return FrameLayout(state).body.contains(place) }
  guard case .spot(let spot)? = Hit(at: place, in: state)?.target else { return false }
  return spot.unit != nil && spot.step == nil
}
