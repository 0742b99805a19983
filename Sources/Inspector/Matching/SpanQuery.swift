import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Some steps, and when a unit is on in them: what `SpanMatching` looks for elsewhere, as LSTMVis
/// selects and matches (Strobelt, Gehrmann, Pfister and Rush 2018).
///
/// A unit is on in a span where its signal reaches the threshold at every step of it. A signal that
/// can be negative has two sides: a unit that stays at or under minus the threshold is on as well, on
/// its negative side, since a network with the signs of a unit turned round computes the same. LSTMVis
/// knows the positive side only. A value that is not a number is never on.
public struct SpanQuery: Sendable, Hashable {
  /// An index into `Trace.layout`.
  public var track: Int
  public var signal: Signal
  /// Not empty.
  public var steps: Range<Int>
  /// Above 0. A signal without bounds, such as c, passes through tanh before it is compared, as in
  /// LSTMVis, so 0.3 asks for |c| of at least 0.31.
  public var threshold: Float
  /// Whether a unit counts only where it is off at the step before the span; before the first step
  /// everything is off.
  public var isOffBefore: Bool
  /// The same of the step after it.
  public var isOffAfter: Bool
  /// How short a span elsewhere may be. LSTMVis takes 2 steps and more.
  public var shortest: Int

  public init(
    track: Int, signal: Signal, steps: Range<Int>, threshold: Float, isOffBefore: Bool = false,
    isOffAfter: Bool = false, shortest: Int = 2
  ) {
    self.track = track
    self.signal = signal
    self.steps = steps
    self.threshold = threshold
    self.isOffBefore = isOffBefore
    self.isOffAfter = isOffAfter
    self.shortest = max(1, min(shortest, steps.count))
  }

  /// 0.5 for gates; 0.3, as in LSTMVis, for everything else.
  public static func defaultThreshold(for range: SignalRange) -> Float {
    switch range {
    case .unit: 0.5
    case .signedUnit, .unbounded: 0.3
    }
  }

  /// What the signal itself has to reach: tanh v ≥ 0.3 where v ≥ 0.31. Not a number, which nothing
  /// reaches, where tanh never gets there.
  func reach(in range: SignalRange) -> Float {
    switch range {
    case .unit, .signedUnit: threshold
    case .unbounded: atanh(threshold)
    }
  }
}

/// A unit that is on through a span.
public struct OnUnit: Sendable, Hashable {
  public let unit: Int
  /// Whether it stays at or under minus the threshold.
  public let isNegative: Bool

  public init(unit: Int, isNegative: Bool) {
    self.unit = unit
    self.isNegative = isNegative
  }
}

/// Another place where units of a query are on together: the longest span around it in which the same
/// ones are.
public struct SpanMatch: Sendable, Hashable {
  public let steps: Range<Int>
  /// Those of the query's that are on through all of it, on the same side, by number.
  public let units: [OnUnit]
  /// How many that the query does not have are on through all of it as well.
  public let otherCount: Int
  /// The share of the query's units that are on, 0…1: what ranks first.
  public let score: Double

  public init(steps: Range<Int>, units: [OnUnit], otherCount: Int, score: Double) {
    self.steps = steps
    self.units = units
    self.otherCount = otherCount
    self.score = score
  }
}
