/// Where a person is.
public struct Place: Sendable, Equatable {
  public var step: Int
  public var unit: Int
  /// An index into the trace's layout.
  public var track: Int
  /// The lane that was chosen, an index into the track's signals.
  public var lane: Int?
  public var view: ViewKind
}

/// The places that jumps have left, to go back to and forth again, as vi's jump list.
public struct PlaceHistory: Sendable, Equatable {
  private var behind: [Place] = []
  private var ahead: [Place] = []
  private static let limit = 200

  /// The place before the last jump.
  var last: Place? { behind.last }

  /// A jump leaves `place`.
  mutating func leave(_ place: Place) {
    ahead = []
    guard behind.last != place else { return }
    behind.append(place)
    if behind.count > Self.limit { behind.removeFirst() }
  }

  /// Back to the place before, from `place`; nil where there is none.
  mutating func back(from place: Place) -> Place? {
    while let last = behind.popLast() {
      guard last != place else { continue }
      ahead.append(place)
      return last
    }
    return nil
  }

  /// Forth to the place that `back` left; nil where there is none.
  mutating func forth(from place: Place) -> Place? {
    guard let next = ahead.popLast() else { return nil }
    behind.append(place)
    return next
  }
}

extension State {
  var place: Place { Place(step: step, unit: unit, track: track, lane: chosenLane, view: view) }
}

/// Goes to a place; its step is computed first where it is not recorded.
func visit(_ state: inout State, _ place: Place) -> [Effect] {
  state.track = place.track
  state.unit = place.unit
  state.chosenLane = place.lane
  state.view = place.view
  state.showUnitInHand()
  return move(&state, to: place.step, stopping: true)
}

func mark(_ state: inout State, as letter: Unicode.Scalar) {
  state.arrangement.marks[letter] = state.place
  state.message = .init(text: Words.marked(String(letter), state), isError: false)
}

/// To a mark; a second quote sign goes to the place before the last jump.
func jump(_ state: inout State, to letter: Unicode.Scalar) throws(InstructionError) -> [Effect] {
  if letter == "'" {
    guard let last = state.places.last else { throw InstructionError(Words.nowhereBack) }
    let here = state.place
    let effects = visit(&state, last)
    state.places.leave(here)
    return effects
  }
  guard let place = state.arrangement.marks[letter] else {
    throw InstructionError(
      Words.noSuchMark(String(letter), known: state.arrangement.marks.keys.map(String.init)))
  }
  return visit(&state, place)
}

func walkPlaces(_ state: inout State, forth: Bool) throws(InstructionError) -> [Effect] {
  let next = forth ? state.places.forth(from: state.place) : state.places.back(from: state.place)
  guard let next else {
    throw InstructionError(forth ? Words.nowhereForth : Words.nowhereBack)
  }
  return visit(&state, next)
}
