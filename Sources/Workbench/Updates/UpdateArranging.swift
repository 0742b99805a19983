import Inspector
import Recurrent

// MARK: - Orders

/// Orders the units by the next of all that they can be ordered by, or the one before.
func turnOrder(_ state: inout State, by change: Int) -> [Effect] {
  let keys = OrderKey.all(state)
  let names = keys.map { $0.name(state) }
  let current = state.orderOnItsWay ?? state.arrangement[track: state.track].key
  let place = names.firstIndex(of: current.name(state)) ?? 0
  let next = ((place + change) % keys.count + keys.count) % keys.count
  return startOrder(&state, by: keys[next])
}

/// Orders the units by what is named; by the same once more the other way round.
func choose(_ state: inout State, order name: String) throws(InstructionError) -> [Effect] {
  let keys = OrderKey.all(state)
  let key = keys[try place(of: name, in: keys.map { $0.name(state) }, Words.orderNoun)]
  let arrangement = state.arrangement[track: state.track]
  if key == arrangement.key, let order = arrangement.order {
    state.arrangement[track: state.track].order = order.reversed()
    state.message = .init(text: Words.ordered(by: key, state, sampled: nil), isError: false)
    return []
  }
  return startOrder(&state, by: key)
}

/// Every step counts, so the ones that nobody has reached yet are computed first.
func startOrder(_ state: inout State, by key: OrderKey) -> [Effect] {
  if case .export = state.pending { return [] }  // the footer says how far it is
  state.ordering = nil
  guard key != .index else {
    if case .order = state.pending { state.pending = nil }
    state.arrangement[track: state.track].key = .index
    state.arrangement[track: state.track].order = nil
    state.message = .init(text: Words.orderedByNumber, isError: false)
    return []
  }
  state.pending = .order(key, track: state.track)
  return continuePending(&state)
}

/// Another slice of finding an order.
func orderMore(_ state: inout State, by key: OrderKey, track: Int) -> [Effect] {
  if case .said = key, state.trace.readout?.survey(budget: State.sliceBudget) == false {
    return [.goOn]
  }
  if state.ordering == nil { state.ordering = key.ordering(state, track: track) }
  guard state.ordering?.advance(budget: State.sliceBudget) == true,
    let ordering = state.ordering, let units = ordering.units
  else { return [.goOn] }
  state.pending = nil
  state.ordering = nil
  state.arrangement[track: track].key = key
  state.arrangement[track: track].order = units
  var words = Words.ordered(by: key, state, sampled: ordering.sampled)
  if let lane = key.lane(state) {
    let layout = state.trace.layout[track]
    words = Words.follows(
      layout.number(of: units[0]), lane, Float(ordering.measures[units[0]]),
      LaneFollowing.signal(of: layout))
    if lane.onlyDrifts { words += Words.asDriftDoes }
    state.rearrange()
    // The one that follows it best, of those that are shown.
    if track == state.track { state.unit = units.first { !state.hides($0) } ?? state.unit }
  }
  state.message = .init(text: words, isError: false)
  return []
}

// MARK: - Pins

/// Pins units on top; without a choice the unit in hand, or lets that go where it is pinned.
func pin(_ state: inout State, _ text: String) throws(InstructionError) {
  let pins = state.arrangement[track: state.track].pins
  if text.isEmpty, pins.contains(state.unit) { return try unpin(&state, String(state.unitNumber)) }
  let units = text.isEmpty ? [state.unit] : try units(of: text, state)
  let added = units.filter { !pins.contains($0) }
  guard !added.isEmpty else { throw InstructionError(Words.alreadyPinned) }
  state.arrangement[track: state.track].pins += added
  state.message = .init(
    text: Words.pinned(added.map(state.currentTrack.number(of:))), isError: false)
}

/// Lets pinned units go; without a choice all of them.
func unpin(_ state: inout State, _ text: String) throws(InstructionError) {
  let pins = state.arrangement[track: state.track].pins
  guard !pins.isEmpty else { throw InstructionError(Words.nothingPinned) }
  let units = text.isEmpty ? pins : try units(of: text, state).filter(pins.contains)
  guard !units.isEmpty else { throw InstructionError(Words.nothingPinned) }
  state.arrangement[track: state.track].pins.removeAll { units.contains($0) }
  state.message = .init(
    text: Words.unpinned(units.map(state.currentTrack.number(of:))), isError: false)
}

/// The units that are written `3,5..9`.
private func units(of text: String, _ state: State) throws(InstructionError) -> [Int] {
  guard case .units(let ranges) = try filter(text, state) else {
    throw InstructionError(Words.unitsNeeded, at: 0..<text.unicodeScalars.count)
  }
  return ranges.flatMap { Array($0) }
}

private func filter(_ text: String, _ state: State) throws(InstructionError) -> UnitFilter {
  do {
    return try UnitFilter(text, for: state.currentTrack, lanes: state.session.lanes)
  } catch {
    // The word that is meant, or whatever sign stands there.
    let rest = text.unicodeScalars.dropFirst(error.offset)
    let word = rest.prefix { $0.properties.isAlphabetic || $0.properties.numericType != nil }
    throw InstructionError(
      error.description, at: error.offset..<error.offset + max(1, word.count))
  }
}

// MARK: - The filter

/// Shows only the units that fit, and those that are pinned; `off` shows all. What units did is
/// measured first where the filter asks for it.
func startFilter(_ state: inout State, _ text: String) throws(InstructionError) -> [Effect] {
  guard text != State.off else {
    state.arrangement[track: state.track].filter = nil
    state.message = .init(text: Words.everyUnitShown, isError: false)
    return []
  }
  let filter = try filter(text, state)
  guard filter.needsStatistics, state.following[state.track] == nil else {
    try apply(&state, filter, text, track: state.track)
    return []
  }
  if case .export = state.pending { return [] }
  state.pending = .filter(text, track: state.track)
  return continuePending(&state)
}

/// After every unit has been measured.
func finishFilter(_ state: inout State, _ text: String, track: Int) {
  do throws(InstructionError) {
    let filter: UnitFilter
    do {
      filter = try UnitFilter(text, for: state.trace.layout[track], lanes: state.session.lanes)
    } catch {
      throw InstructionError(error.description)
    }
    try apply(&state, filter, text, track: track)
  } catch {
    state.message = .init(text: error.message, isError: true)
  }
}

private func apply(
  _ state: inout State, _ filter: UnitFilter, _ text: String, track: Int
) throws(InstructionError) {
  let count = state.trace.layout[track].units
  let statistics = state.statistics[track]
  let units = (0..<count).filter { unit in
    filter.accepts(unit, statistics?[unit], following: state.following[track] ?? [])
  }
  guard !units.isEmpty else { throw InstructionError(Words.noUnitFits(text)) }
  state.arrangement[track: track].filter = ChosenUnits(text: text, units: Set(units))
  state.message = .init(text: Words.filtered(units.count, of: count), isError: false)
  state.takeShownUnit()
}

// MARK: - What is shown

extension State {
  /// What shows everything again: `filter off`.
  static let off = "off"
  /// About how many values a slice of work looks at between two frames.
  static let sliceBudget = 600_000

  /// The order that is being computed.
  var orderOnItsWay: OrderKey? {
    guard case .order(let key, let track) = pending, track == self.track else { return nil }
    return key
  }

  /// Puts the units of the track as they are arranged: pinned ones first, then those that the filter
  /// lets through in their order, the ones of the matches before the others.
  mutating func rearrange() {
    let arrangement = arrangement[track: track]
    let leading = Set(matches?.query.track == track ? matches?.units.map(\.unit) ?? [] : [])
    guard arrangement != UnitArrangement() || !leading.isEmpty else {
      shown = nil
      return
    }
    let order = arrangement.order ?? Array(0..<currentTrack.units)
    let pins = Set(arrangement.pins)
    let others = order.filter { unit in
      !pins.contains(unit) && (arrangement.filter?.units.contains(unit) ?? true)
    }
    shown =
      arrangement.pins + others.filter(leading.contains) + others.filter { !leading.contains($0) }
  }

  /// Whether a unit of the track is not shown.
  func hides(_ unit: Int) -> Bool { shown.map { !$0.contains(unit) } ?? false }

  /// Goes to the first unit that is shown, where the one in hand is not.
  mutating func takeShownUnit() {
    rearrange()
    if hides(unit), let first = shown?.first { unit = first }
  }

  /// Takes the filter away where it hides the unit that somebody has gone to.
  mutating func showUnitInHand() {
    rearrange()
    guard hides(unit) else { return }
    arrangement[track: track].filter = nil
    message = .init(text: Words.filterDropped(unitNumber), isError: false)
    rearrange()
  }
}
