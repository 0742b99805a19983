import Recurrent

/// How well every unit of a track follows every lane, found in slices: some units of a lane each time.
public struct FollowingSurvey {
  /// A lane an entry, nil for those that are only read; whole once `advance` has said so.
  public private(set) var following: [LaneFollowing?] = []

  private let lanes: [GroundTruthLane]
  private let trace: Trace
  private let track: Int
  private var current: LaneOrdering?

  public init(of lanes: [GroundTruthLane], in trace: Trace, track: Int) {
    self.lanes = lanes
    self.trace = trace
    self.track = track
  }

  /// How much of it is done, 0…1.
  public var progress: Double {
    (Double(following.count) + (current?.progress ?? 0)) / Double(max(1, lanes.count))
  }

  /// Looks at some more units, one at the least.
  ///
  /// - Parameter budget: about how many values may be looked at.
  /// - Returns: whether `following` is there.
  public mutating func advance(budget: Int) -> Bool {
    while following.count < lanes.count {
      let lane = lanes[following.count]
      guard lane.kind != .symbol else {
        following.append(nil)
        continue
      }
      var ordering = current ?? LaneOrdering(of: lane, in: trace, track: track)
      guard ordering.advance(budget: budget) else {
        current = ordering
        return false
      }
      following.append(LaneFollowing(scores: ordering.measures.map { Float($0) }, trace, track))
      current = nil
      return following.count == lanes.count
    }
    return true
  }
}
