import Recurrent

/// What is known about every step of a sequence apart from the network: a count, a depth, whether a
/// quote is open. Units are compared with it.
public struct GroundTruthLane: Sendable, Equatable {
  public enum Kind: String, Sendable {
    /// Any number; units follow it by correlation.
    case number
    /// 0 or 1; units follow it by a threshold.
    case flag
    /// A sign a step, to be read; units are not compared with it.
    case symbol
  }

  public let name: String
  public let kind: Kind
  /// (T); NaN where nothing is known. Of a symbol lane, indices into `symbols`.
  public let values: [Float]
  public let symbols: [String]

  public init(name: String, kind: Kind, values: [Float], symbols: [String] = []) {
    self.name = name
    self.kind = kind
    self.values = values
    self.symbols = symbols
  }
}

/// How well each unit of a track follows a lane.
public struct LaneFollowing: Sendable, Equatable {
  /// 0…1, a unit an entry: for numbers |r|, Pearson's correlation; for flags the balanced accuracy of
  /// the best threshold, so that a unit that knows nothing has 0.5 (NaN where it cannot be said).
  public let scores: [Float]
  /// The signal that was compared: c where there is one, else h, else the last.
  public let signal: Signal

  /// Units from the best to the worst; equal ones by their number.
  public var order: [Int] {
    scores.indices.sorted { a, b in
      let (left, right) = (scores[a].isNaN ? -1 : scores[a], scores[b].isNaN ? -1 : scores[b])
      return left != right ? left > right : a < b
    }
  }

  /// Reads the whole trace. Costs units × steps × log steps.
  public init(of lane: GroundTruthLane, in trace: Trace, track: Int) {
    let layout = trace.layout[track]
    let signal = Self.signal(of: layout)
    self.signal = signal
    scores = (0..<layout.units(of: signal)).map { unit in
      Self.score(unit, of: lane, in: trace, track: track)
    }
  }

  init(scores: [Float], _ trace: Trace, _ track: Int) {
    self.scores = scores
    signal = Self.signal(of: trace.layout[track])
  }

  /// The signal that is compared: c where the cell has one, else h.
  public static func signal(of layout: TrackLayout) -> Signal {
    layout.memory
  }

  /// One unit's score, as in `scores`. Reads the unit's recorded steps. Costs steps × log steps.
  public static func score(
    _ unit: Int, of lane: GroundTruthLane, in trace: Trace, track: Int
  ) -> Float {
    let steps = 0..<min(trace.recordedSteps, lane.values.count)
    let values = trace.values(
      track: track, signal: signal(of: trace.layout[track]), steps: steps, unit: unit)
    let pairs = zip(values, lane.values).filter { $0.isFinite && !$1.isNaN }
    return switch lane.kind {
    case .number: Float(abs(correlation(pairs)))
    case .flag: Float(bestThreshold(pairs))
    case .symbol: .nan
    }
  }
}

/// Pearson's r, in double precision; NaN where one side never changes.
private func correlation(_ pairs: [(Float, Float)]) -> Double {
  let count = Double(pairs.count)
  guard count > 1 else { return .nan }
  let meanX = pairs.reduce(0) { $0 + Double($1.0) } / count
  let meanY = pairs.reduce(0) { $0 + Double($1.1) } / count
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for (x, y) in pairs {
    let (dx, dy) = (Double(x) - meanX, Double(y) - meanY)
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : .nan
}

/// The mean of the shares of ones and of zeros that the best threshold gets right, either side up.
private func bestThreshold(_ pairs: [(Float, Float)]) -> Double {
  let sorted = pairs.sorted { $0.0 < $1.0 }
  let ones = Double(sorted.count { $0.1 >= 0.5 })
  let zeros = Double(sorted.count) - ones
  guard ones > 0, zeros > 0 else { return .nan }
  var (onesBelow, zerosBelow) = (0.0, 0.0)
  var best = 0.5
  for (index, pair) in sorted.enumerated() {
    if pair.1 >= 0.5 { onesBelow += 1 } else { zerosBelow += 1 }
    // A threshold separates different values only.
    if index + 1 < sorted.count && sorted[index + 1].0 == pair.0 { continue }
    let above = ((ones - onesBelow) / ones + zerosBelow / zeros) / 2
    best = max(best, above, 1 - above)
  }
  return best
}
