import Inspector

/// What one unit did over all steps, and which of the known lanes it follows best.
public struct MeasuredUnit: Sendable {
  public let track: Int
  public let statistics: UnitStatistics
  /// A ground-truth lane, by its index, and how well the unit follows it (`LaneFollowing`); nil where
  /// there is none that units are compared with, or only such as go one way (`onlyDrifts`).
  public let best: (lane: Int, score: Float)?

  /// A whole trace that has more values of the unit than this is measured only where somebody asks for
  /// it: the table does it in slices.
  static let mostValues = 300_000

  /// Reads the unit's recorded steps.
  init(_ state: State) {
    track = state.track
    statistics = UnitStatistics(unit: state.unit, in: state.trace, track: state.track)
    best = Self.best(
      state.session.lanes.map { lane in
        lane.kind == .symbol || lane.onlyDrifts
          || state.unit >= state.currentTrack.units(of: state.currentTrack.memory)
          ? .nan
          : LaneFollowing.score(state.unit, of: lane, in: state.trace, track: state.track)
      })
  }

  /// Of what the table has measured.
  init(
    _ statistics: UnitStatistics, track: Int, following: [LaneFollowing?],
    lanes: [GroundTruthLane]
  ) {
    self.track = track
    self.statistics = statistics
    best = Self.best(
      zip(following, lanes).map { following, lane in
        guard let following, !lane.onlyDrifts,
          following.scores.indices.contains(statistics.unit)
        else { return .nan }
        return following.scores[statistics.unit]
      })
  }

  private static func best(_ scores: [Float]) -> (lane: Int, score: Float)? {
    scores.enumerated().filter { !$0.element.isNaN }.max { $0.element < $1.element }
      .map { (lane: $0.offset, score: $0.element) }
  }
}

extension State {
  /// What the unit in hand did over all steps; nil where that is not known.
  var measured: MeasuredUnit? {
    if let units = statistics[track], units.indices.contains(unit) {
      return MeasuredUnit(
        units[unit], track: track, following: following[track] ?? [], lanes: session.lanes)
    }
    guard let measuredUnit, measuredUnit.track == track, measuredUnit.statistics.unit == unit
    else { return nil }
    return measuredUnit
  }
}

/// Measures the unit in hand where that takes no time worth waiting for and every step is recorded.
func measureUnitInHand(_ state: inout State) {
  let length = state.session.length
  let rows = state.currentTrack.signals.count + state.session.lanes.count
  guard state.measured == nil, state.trace.recordedSteps == length,
    length <= MeasuredUnit.mostValues / max(1, rows)
  else { return }
  state.measuredUnit = MeasuredUnit(state)
}
