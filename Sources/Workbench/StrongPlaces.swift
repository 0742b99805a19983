import Inspector
import Recurrent

/// Where a signal of a unit is highest and lowest over all steps, for the text's view.
struct StrongPlaces: Sendable, Equatable {
  struct Place: Sendable, Equatable {
    let step: Int
    let value: Float
  }

  let track: Int
  let unit: Int
  let signal: Signal
  /// From the highest down, and from the lowest up; equal ones by their step.
  let highest: [Place]
  let lowest: [Place]

  /// A longer trace is not looked through between two frames.
  static let mostSteps = 500_000
  /// As many of either kind.
  static let most = 24
  /// Places that are nearer to each other than that are one.
  static let distance = 8

  /// Reads the signal's recorded steps. Costs steps × log steps.
  init(_ state: State) {
    track = state.track
    unit = state.unit
    signal = state.currentSignal
    let values = state.trace.window(
      WindowRequest(
        track: track, signal: signal, steps: 0..<state.trace.recordedSteps, units: unit..<unit + 1)
    ).values
    highest = Self.peaks(of: values, sign: 1)
    lowest = Self.peaks(of: values, sign: -1)
  }

  /// The tops of a course, turned over where the sign is negative, each the first of its plateau, none of
  /// them near one that is stronger.
  static func peaks(of values: [Float], sign: Float) -> [Place] {
    func height(_ step: Int) -> Float {
      values.indices.contains(step) && !values[step].isNaN ? values[step] * sign : -.infinity
    }
    let tops = values.indices.filter { step in
      !values[step].isNaN && height(step) > height(step - 1) && height(step) >= height(step + 1)
    }.sorted { a, b in height(a) != height(b) ? height(a) > height(b) : a < b }
    var taken: [Int] = []
    for step in tops where taken.count < most {
      if taken.allSatisfy({ abs($0 - step) >= distance }) { taken.append(step) }
    }
    return taken.map { Place(step: $0, value: values[$0]) }
  }
}

extension State {
  /// Those of the signal in hand; nil where they are not known.
  var strongPlaces: StrongPlaces? {
    guard saidInHand == nil, let foundPlaces, foundPlaces.track == track, foundPlaces.unit == unit,
      foundPlaces.signal == currentSignal
    else { return nil }
    return foundPlaces
  }
}

/// Finds the strongest places of the unit in hand where that takes no time worth waiting for.
func findStrongPlaces(_ state: inout State) {
  guard state.strongPlaces == nil, state.saidInHand == nil,
    state.unit < state.currentTrack.units(of: state.currentSignal),
    state.trace.recordedSteps == state.session.length,
    state.session.length <= StrongPlaces.mostSteps
  else { return }
  state.foundPlaces = StrongPlaces(state)
}
