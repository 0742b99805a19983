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
    /// h hardly ever moves.
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

  /// Reads the unit's signals over all recorded steps. Costs their number.
  public init(unit: Int, in trace: Trace, track: Int) {
    self.unit = unit
    let layout = trace.layout[track]
    var signals: [Signal: OfSignal] = [:]
    var columns: [Signal: [Float]] = [:]
    for signal in layout.signals where unit < layout.units(of: signal) {
      let window = trace.window(
        WindowRequest(
          track: track, signal: signal, steps: 0..<trace.recordedSteps, units: unit..<unit + 1))
      columns[signal] = window.values
      signals[signal] = Self.measure(window.values)
    }
    self.signals = signals
    halfLife = HalfLife(columns[.f] ?? []).steps
    if let c = signals[.c], let h = signals[.h] {
      let slow = c.movement / c.spread
      slowness = slow > 0 ? (h.movement / h.spread) / slow : .nan
    } else {
      slowness = .nan
    }
    role = Self.role(signals, columns)
    course = Self.course(columns[layout.memory] ?? [])
  }

  private static func course(_ values: [Float]) -> [Float] {
    let parts = min(courseParts, values.count)
    return (0..<parts).map { part in
      let steps = part * values.count / parts..<(part + 1) * values.count / parts
      let finite = values[steps].lazy.filter(\.isFinite)
      var (count, sum) = (0, 0.0)
      for value in finite {
        count += 1
        sum += Double(value)
      }
      return count > 0 ? Float(sum / Double(count)) : .nan
    }
  }

  private static func measure(_ values: [Float]) -> OfSignal {
    let finite = values.lazy.filter(\.isFinite).map(Double.init)
    let count = Double(finite.reduce(0) { sum, _ in sum + 1 })
    guard count > 0 else { return OfSignal() }
    let mean = finite.reduce(0, +) / count
    let square = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let changes = zip(values, values.dropFirst()).lazy.filter { $0.isFinite && $1.isFinite }
      .map { abs(Double($1) - Double($0)) }
    return OfSignal(
      mean: mean, spread: square.squareRoot(),
      movement: values.count > 1 ? changes.reduce(0, +) / Double(values.count - 1) : 0,
      lowShare: finite.reduce(0) { $0 + ($1 < 0.1 ? 1 : 0) } / count,
      highShare: finite.reduce(0) { $0 + ($1 > 0.9 ? 1 : 0) } / count)
  }

  // MARK: - Role

  private static func role(_ signals: [Signal: OfSignal], _ columns: [Signal: [Float]]) -> Role {
    guard let h = signals[.h], h.spread.isFinite else { return .none }
    if h.spread < 0.02 { return .dead }
    guard let c = columns[.c], let cell = signals[.c], let forget = signals[.f],
      let input = signals[.i], let output = signals[.o]
    else { return .none }
    if [forget, input, output].allSatisfy({ $0.lowShare + $0.highShare > 0.98 }) {
      return .saturated
    }
    let changes = zip(c, c.dropFirst()).map { Double($1 - $0) }.filter(\.isFinite)
    guard changes.count > 3, cell.spread > 0 else { return .none }
    if evenRuns(changes, spread: cell.spread) > 0.6 { return .counter }
    let still = changes.count { abs($0) < 0.1 * cell.spread }
    if forget.highShare > 0.5 && Double(still) / Double(changes.count) > 0.6 { return .latch }
    if forget.lowShare > 0.05 && forget.highShare > 0.3 { return .resetter }
    return .none
  }

  /// The share of steps that change c about as the step before did, and not by nothing.
  private static func evenRuns(_ changes: [Double], spread: Double) -> Double {
    let even = zip(changes, changes.dropFirst()).count { before, now in
      abs(now) > 0.1 * spread && abs(now - before) < 0.35 * abs(now)
    }
    return Double(even) / Double(max(1, changes.count - 1))
  }
}
