import Inspector
import Recurrent

/// Where a signal of a unit is highest and lowest over all steps, for the text's view: above and below the
/// middle of what it comes to.
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
  static let mostSteps = 200_000
  /// As many of either kind.
  static let most = 24
  /// Places that are nearer to each other than that are one.
  static let distance = 8

  /// Reads the signal's recorded steps.
  init(_ state: State) {
    track = state.track
    unit = state.unit
    signal = state.currentSignal
    let values = state.trace.values(
      track: track, signal: signal, steps: 0..<state.trace.recordedSteps, unit: unit)
    // What lies on the other side of the middle is no answer, however many rows there are.
    let finite = values.lazy.filter(\.isFinite)
    let middle = ((finite.min() ?? 0) + (finite.max() ?? 0)) / 2
    highest = Self.peaks(of: values, sign: 1).filter { $0.value >= middle }
    lowest = Self.peaks(of: values, sign: -1).filter { $0.value < middle }
  }

  /// The tops of a course, turned over where the sign is negative, each the first of its plateau, none of
  /// them near one that is stronger.
  static func peaks(of values: [Float], sign: Float) -> [Place] {
    // No two tops are neighbours, so that a place that is taken rules out fewer than this share: what
    // is weaker than so many cannot be among the places.
    let enough = most * distance
    var tops: [(height: Float, step: Int)] = []
    var before = -Float.infinity
    for step in values.indices {
      let height = values[step].isNaN ? -Float.infinity : values[step] * sign
      defer { before = height }
      guard height > before, tops.count < enough || height > tops[enough - 1].height else {
        continue
      }
      let next = step + 1 < values.count ? values[step + 1] * sign : -Float.infinity
      if next > height { continue }
      tops.insert((height, step), at: tops.firstIndex { $0.height < height } ?? tops.count)
      if tops.count > enough { tops.removeLast() }
    }
    var taken: [Int] = []
    for top in tops where taken.count < most {
      if taken.allSatisfy({ abs($0 - top.step) >= distance }) { taken.append(top.step) }
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
