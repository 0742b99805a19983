import Recurrent

/// What the units of a track can be ordered by. Where a measure decides, the largest comes first,
/// units with the same measure stand by their numbers, and units of which it cannot be said come last.
public enum UnitOrder: Sendable, Equatable {
  /// By their numbers.
  case index
  /// The mean of |v| over all steps.
  case activity
  /// The variance over all steps.
  case variance
  /// The half-life of what c keeps (`HalfLife`), whatever signal is looked at. It cannot be said of a cell
  /// without a forget gate.
  case halfLife
  /// Units that move together, or against each other, stand side by side: the leaves of a
  /// hierarchical clustering (`SimilarityOrdering`).
  case similarity
  /// How well a unit follows what is known of every step (`LaneFollowing`), whatever signal is
  /// looked at.
  case lane(GroundTruthLane)

  /// Whether the units of a track differ in it: not in a half-life where nothing forgets.
  public func isDefined(in layout: TrackLayout) -> Bool {
    switch self {
    case .index, .activity, .variance, .similarity: true
    case .halfLife: layout.signals.contains(.f)
    case .lane(let lane): lane.kind != .symbol
    }
  }
}

/// Finds an order of a track's units from every step of a trace, in slices: call `advance` until
/// `units` is there.
public struct UnitOrdering {
  public let order: UnitOrder
  /// The units from the first to the last, each of the track's once; nil while they are computed.
  public private(set) var units: [Int]?
  /// What decided, a unit an entry; NaN where it cannot be said. Empty for `index` and `similarity`,
  /// and until `units` is there.
  public private(set) var measures: [Double] = []

  private let unitCount: Int
  // One of them, until its work is done.
  private var measuring: MeasureOrdering?
  private var following: LaneOrdering?
  private var comparing: SimilarityOrdering?

  /// - Parameters:
  ///   - order: what decides; one that is not defined in the track gives the units by number.
  ///   - signal: what is looked at; one that the track has. Of a projected h there are fewer than of
  ///     the track's units: the others come last.
  ///   - trace: looked at as far as it has been recorded now.
  ///   - track: an index into `Trace.layout`.
  public init(_ order: UnitOrder, of signal: Signal, in trace: Trace, track: Int) {
    self.order = order
    let layout = trace.layout[track]
    unitCount = layout.units
    guard order.isDefined(in: layout), trace.recordedSteps > 0 else {
      units = Array(0..<unitCount)
      return
    }
    func measure(_ measure: UnitMeasure, _ signal: Signal) -> MeasureOrdering {
      MeasureOrdering(measure, of: signal, in: trace, track: track)
    }
    switch order {
    case .index: units = Array(0..<unitCount)
    case .activity: measuring = measure(.magnitude, signal)
    case .variance: measuring = measure(.variance, signal)
    case .halfLife: measuring = measure(.halfLife, .f)
    case .similarity: comparing = SimilarityOrdering(of: signal, in: trace, track: track)
    case .lane(let lane): following = LaneOrdering(of: lane, in: trace, track: track)
    }
  }

  /// How much of the work is done, 0…1.
  public var progress: Double {
    units != nil
      ? 1 : measuring?.progress ?? following?.progress ?? comparing?.progress ?? 1
  }

  /// How many of the steps were looked at, and of how many, where some were left out: `similarity`
  /// takes at most 4,096, spread evenly. Nil where all were.
  public var sampled: (steps: Int, of: Int)? {
    guard let comparing, comparing.sampleCount < comparing.stepCount else { return nil }
    return (comparing.sampleCount, comparing.stepCount)
  }

  /// Works on.
  ///
  /// - Parameter budget: about how many values may be looked at; a million take a few milliseconds.
  /// - Returns: whether `units` is there now.
  @discardableResult
  public mutating func advance(budget: Int) -> Bool {
    guard units == nil else { return true }
    if measuring?.advance(budget: budget) == true {
      finish(measuring?.measures ?? [])
    } else if following?.advance(budget: budget) == true {
      finish(following?.measures ?? [])
    } else if comparing?.advance(budget: budget) == true, let compared = comparing?.units {
      units = compared + (compared.count..<unitCount)
    }
    return units != nil
  }

  private mutating func finish(_ found: [Double]) {
    measures = found + Array(repeating: .nan, count: unitCount - found.count)
    units = Self.descending(measures)
  }

  /// Places of `measures` from the largest down; equal ones in their order, NaN last.
  public static func descending(_ measures: [Double]) -> [Int] {
    measures.indices.sorted { a, b in
      let (left, right) = (measures[a], measures[b])
      if left.isNaN || right.isNaN { return left.isNaN == right.isNaN ? a < b : right.isNaN }
      return left != right ? left > right : a < b
    }
  }
}

/// How well each unit follows a lane, a unit at a time.
struct LaneOrdering {
  private(set) var measures: [Double] = []
  private let lane: GroundTruthLane
  private let trace: Trace
  private let track: Int
  private let unitCount: Int

  init(of lane: GroundTruthLane, in trace: Trace, track: Int) {
    self.lane = lane
    self.trace = trace
    self.track = track
    let layout = trace.layout[track]
    unitCount = layout.units(of: LaneFollowing.signal(of: layout))
  }

  var progress: Double { Double(measures.count) / Double(max(1, unitCount)) }

  /// The first unit is always measured; a unit costs a pass over the steps.
  mutating func advance(budget: Int) -> Bool {
    let share = max(1, budget / max(1, trace.recordedSteps))
    for unit in measures.count..<min(measures.count + share, unitCount) {
      measures.append(Double(LaneFollowing.score(unit, of: lane, in: trace, track: track)))
    }
    return measures.count == unitCount
  }
}
