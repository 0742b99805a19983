import Recurrent

/// What one unit did over the recorded steps of a trace.
public struct UnitStatistics: Sendable, Equatable {
  /// Of one signal of the unit; values that are not finite are left out.
  public struct OfSignal: Sendable, Equatable {
    public var mean: Double = .nan
    /// Standard deviation.
    public var spread: Double = .nan
    /// Mean |change| from step to step.
    public var movement: Double = .nan
    /// Shares of steps below 0.1 and above 0.9: where a gate is saturated.
    public var lowShare: Double = .nan
    public var highShare: Double = .nan
  }

  /// What a unit seems to be for.
  public enum Role: String, Sendable, CaseIterable {
    /// c goes in one direction by even steps most of the time.
    case counter
    /// c stays where it is for long and changes in jumps.
    case latch
    /// f is shut at a part of the steps and open at the others.
    case resetter
    /// h hardly ever moves, and stands at zero.
    case dead
    /// Every gate is at an end nearly always.
    case saturated
    case none
  }

  public let unit: Int
  /// In the order of the track's signals.
  public let signals: [Signal: OfSignal]
  /// Steps after which half of what c held is left, by the steps at which f keeps; infinite where f
  /// is 1 always; NaN where the cell has no forget gate.
  public let halfLife: Double
  /// How much slower c moves than h: the ratio of their movements, each as a share of its own
  /// spread. NaN without c.
  public let slowness: Double
  public let role: Role
  /// The track's memory over time: its mean in each of up to `courseParts` equal parts of the
  /// recorded steps, in order; NaN where a part has no finite value.
  public let course: [Float]

  /// Into how many parts `course` is cut at most.
  public static let courseParts = 48

  /// Reads the unit's signals over all recorded steps. Costs their number; `UnitSurvey` reads those of
  /// all units at once.
  public init(unit: Int, in trace: Trace, track: Int) {
    var survey = UnitSurvey(of: trace, track: track, units: unit..<unit + 1)
    while !survey.advance(budget: .max) {}
    self = survey.statistics[0]
  }

  init(
    unit: Int, signals: [Signal: OfSignal], halfLife: Double, counts: RoleCounts, course: [Float]
  ) {
    self.unit = unit
    self.signals = signals
    self.halfLife = halfLife
    if let c = signals[.c], let h = signals[.h] {
      let slow = c.movement / c.spread
      slowness = slow > 0 ? (h.movement / h.spread) / slow : .nan
    } else {
      slowness = .nan
    }
    role = Self.role(signals, counts)
    self.course = course
  }

  private static func role(_ signals: [Signal: OfSignal], _ counts: RoleCounts) -> Role {
    guard let h = signals[.h], h.spread.isFinite else { return .none }
    if h.spread < 0.02 {
      // What stands still away from zero is holding something, for as long as this sequence lasts.
      guard abs(h.mean) > 0.1 else { return .dead }
      return (signals[.f]?.highShare ?? 0) > 0.5 ? .latch : .none
    }
    guard let cell = signals[.c], let forget = signals[.f], let input = signals[.i],
      let output = signals[.o]
    else { return .none }
    if [forget, input, output].allSatisfy({ $0.lowShare + $0.highShare > 0.98 }) {
      return .saturated
    }
    guard counts.changes > 3, cell.spread > 0 else { return .none }
    let changes = Double(counts.changes)
    if Double(counts.even) / max(1, changes - 1) > 0.6 { return .counter }
    if forget.highShare > 0.5 && Double(counts.still) / changes > 0.6 { return .latch }
    if forget.lowShare > 0.05 && forget.highShare > 0.3 { return .resetter }
    return .none
  }
}
