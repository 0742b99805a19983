/// A span in which some of a query's units are on together, as long as these can be.
struct SpanCandidate {
  let steps: Range<Int>
  let sharedCount: Int
  let otherCount: Int
  /// One bit for each of the query's channels.
  let shared: [UInt64]
  /// Those of the query's that are shared; there once the places have been chosen.
  var channels: [Int] = []

  /// Whether it ranks before another: most shared, fewest others, longest, earliest.
  func isBetter(than other: SpanCandidate) -> Bool {
    if sharedCount != other.sharedCount { return sharedCount > other.sharedCount }
    if otherCount != other.otherCount { return otherCount < other.otherCount }
    if steps.count != other.steps.count { return steps.count > other.steps.count }
    return steps.lowerBound < other.steps.lowerBound
  }
}

/// Collects spans as they end, and chooses the places among them.
struct SpanCandidates {
  /// The channels that are on in the query's span, ascending.
  var queryChannels: [Int] = []
  private let limit: Int
  private var kept: [SpanCandidate] = []
  /// The worst that is kept, once some had to go.
  private var floor: SpanCandidate?

  /// More than any list of places needs; beyond it the worst half is dropped.
  private static let capacity = 32_768

  init(limit: Int) { self.limit = limit }

  /// Takes in the spans that end with the step before `end`: those in which a unit of the query's has
  /// just gone off.
  ///
  /// Of the spans with one end only the one with the most units on is taken: the longer ones with
  /// fewer hold it whole, so where it gives way to a better neighbour they would as well. Where units
  /// have to be off before, those of one start belong together and each start has its own span.
  mutating func collect(endingBefore end: Int, _ runs: UnitRuns, _ query: SpanQuery) {
    let latest = end - query.shortest
    guard latest >= 0 else { return }
    var starts: [Int] = []
    for channel in queryChannels where runs.hasEnded(channel) && runs.starts[channel] <= latest {
      starts.append(runs.starts[channel])
    }
    guard !starts.isEmpty else { return }
    if query.isOffBefore {
      for start in Set(starts).sorted() { add(start..<end, runs, query) }
      return
    }
    // The units that are on for long enough begin together when the last of them does.
    var start = -1
    for channel in queryChannels where counts(channel, from: latest, runs, query) {
      start = max(start, runs.starts[channel])
    }
    add(start..<end, runs, query)
  }

  /// Whether a channel is on from a step or from before it, and off where it has to be.
  private func counts(_ channel: Int, from start: Int, _ runs: UnitRuns, _ query: SpanQuery) -> Bool
  {
    let began = runs.starts[channel]
    guard query.isOffBefore ? began == start : began <= start else { return false }
    return !query.isOffAfter || !runs.isOn[channel]
  }

  private mutating func add(_ steps: Range<Int>, _ runs: UnitRuns, _ query: SpanQuery) {
    guard !steps.overlaps(query.steps) else { return }
    let sharedCount = queryChannels.count { counts($0, from: steps.lowerBound, runs, query) }
    if let floor, sharedCount < floor.sharedCount { return }
    let allCount = runs.starts.indices.count { counts($0, from: steps.lowerBound, runs, query) }
    var shared = [UInt64](repeating: 0, count: (queryChannels.count + 63) / 64)
    for (place, channel) in queryChannels.enumerated()
    where counts(channel, from: steps.lowerBound, runs, query) {
      shared[place / 64] |= 1 << UInt64(place % 64)
    }
    let candidate = SpanCandidate(
      steps: steps, sharedCount: sharedCount, otherCount: allCount - sharedCount, shared: shared)
    if let floor, floor.isBetter(than: candidate) { return }
    kept.append(candidate)
    guard kept.count >= Self.capacity else { return }
    kept.sort { $0.isBetter(than: $1) }
    kept.removeLast(kept.count / 2)
    floor = kept.last
  }

  /// The places, the best first: those that a better one overlaps are left out.
  func best(apartFrom span: Range<Int>) -> [SpanCandidate] {
    var places: [SpanCandidate] = []
    for candidate in kept.sorted(by: { $0.isBetter(than: $1) }) {
      guard places.count < limit else { break }
      guard !places.contains(where: { $0.steps.overlaps(candidate.steps) }) else { continue }
      var place = candidate
      place.channels = queryChannels.enumerated().compactMap { index, channel in
        candidate.shared[index / 64] >> UInt64(index % 64) & 1 == 1 ? channel : nil
      }
      places.append(place)
    }
    return places
  }
}
