import Recurrent

/// A choice among the units of a track: by number, by what they did, by what they follow.
///
/// ```
/// filter    = all { "||" all }
/// all       = term { "&&" term }
/// term      = "!" term | "(" filter ")" | numbers | "role" ("=" | "!=") ROLE | measure compare NUMBER
/// numbers   = range { "," range }           range   = N | N..M | N.. | ..M    (M included)
/// compare   = "<" | "<=" | ">" | ">=" | "=" | "==" | "!="
/// measure   = "half-life" | "slower" | "mean(S)" | "spread(S)" | "moves(S)" | "low(S)" | "high(S)"
///           | "follows(LANE)"
/// ```
///
/// S is a signal of the track. `low` and `high` are shares of steps, 0…1, below 0.1 and above 0.9;
/// `moves` is the mean |change| from step to step; `follows` is what `LaneFollowing` scores. Blanks
/// may stand between the parts. A measure that cannot be said of a unit fails every comparison.
public indirect enum UnitFilter: Sendable, Equatable {
  case units([Range<Int>])
  case role(UnitStatistics.Role)
  case measure(Measure, Comparison, Double)
  case not(UnitFilter)
  case all([UnitFilter])
  case any([UnitFilter])

  /// What is measured of a unit.
  public enum Measure: Sendable, Equatable {
    case halfLife
    case slowness
    case of(Statistic, Signal)
    /// An index into the lanes.
    case follows(lane: Int)
  }

  /// What is measured of a signal of a unit, by the name that a filter has for it.
  public enum Statistic: String, Sendable, CaseIterable {
    case mean
    case spread
    case moves
    case low
    case high
  }

  public enum Comparison: String, Sendable, CaseIterable {
    // Longer ones first, so that "<=" is not read as "<".
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case notEqual = "!="
    case less = "<"
    case greater = ">"
    case equal = "="

    func holds(_ left: Double, _ right: Double) -> Bool {
      switch self {
      case .lessOrEqual: left <= right
      case .greaterOrEqual: left >= right
      // A value that is not a number is not different either.
      case .notEqual: left < right || left > right
      case .less: left < right
      case .greater: left > right
      case .equal: left == right
      }
    }
  }

  /// Whether units must have been measured before it can be asked: numbers alone need nothing.
  public var needsStatistics: Bool {
    switch self {
    case .units: false
    case .role, .measure: true
    case .not(let filter): filter.needsStatistics
    case .all(let filters), .any(let filters): filters.contains(where: \.needsStatistics)
    }
  }

  /// Whether a unit is chosen.
  ///
  /// - Parameters:
  ///   - statistics: of the unit; nil where `needsStatistics` is false.
  ///   - following: a lane an entry, nil for lanes that are only read.
  public func accepts(
    _ unit: Int, _ statistics: UnitStatistics?, following: [LaneFollowing?] = []
  ) -> Bool {
    switch self {
    case .units(let ranges): ranges.contains { $0.contains(unit) }
    case .role(let role): statistics?.role == role
    case .measure(let measure, let comparison, let value):
      comparison.holds(measure.value(unit, statistics, following), value)
    case .not(let filter): !filter.accepts(unit, statistics, following: following)
    case .all(let filters):
      filters.allSatisfy { $0.accepts(unit, statistics, following: following) }
    case .any(let filters):
      filters.contains { $0.accepts(unit, statistics, following: following) }
    }
  }
}

extension UnitFilter.Measure {
  fileprivate func value(
    _ unit: Int, _ statistics: UnitStatistics?, _ following: [LaneFollowing?]
  ) -> Double {
    switch self {
    case .halfLife: return statistics?.halfLife ?? .nan
    case .slowness: return statistics?.slowness ?? .nan
    case .of(let statistic, let signal):
      guard let values = statistics?.signals[signal] else { return .nan }
      return switch statistic {
      case .mean: values.mean
      case .spread: values.spread
      case .moves: values.movement
      case .low: values.lowShare
      case .high: values.highShare
      }
    case .follows(let lane):
      guard following.indices.contains(lane), let scores = following[lane]?.scores,
        scores.indices.contains(unit)
      else { return .nan }
      return Double(scores[unit])
    }
  }
}
