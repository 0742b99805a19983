/// Hierarchical clustering by average linkage: again and again the two nearest clusters become one,
/// and a cluster's distance from another is the mean over their pairs (UPGMA).
///
/// The nearest-neighbour chain (Benzécri 1982; Murtagh 1983) finds the same tree without looking for
/// the nearest of all pairs: it walks from cluster to nearest cluster until two are each other's
/// nearest. Costs about 3 · count² looks at a distance. Of equally near clusters the one that holds
/// the smallest leaf is taken.
struct AverageLinkage {
  /// Two clusters that became one. A number below the count of leaves is a leaf; others count the
  /// merges from there on.
  struct Merge: Equatable {
    let left: Int
    let right: Int
    /// The mean distance between them.
    let height: Double
  }

  /// Each after the merges that it is made of; in no other order.
  private(set) var merges: [Merge] = []

  private let count: Int
  /// The lower triangle by rows, between slots; a slot holds a cluster while it is active.
  private var distances: [Double]
  private var active: [Int]
  private var clusters: [Int]
  private var sizes: [Double]
  private var chain: [Int] = []

  init(_ distances: UnitDistances) {
    count = distances.count
    self.distances = distances.values.map(Double.init)
    active = Array(0..<count)
    clusters = active
    sizes = Array(repeating: 1, count: count)
  }

  var isComplete: Bool { merges.count >= count - 1 }

  /// Takes what it costs from `left`.
  mutating func advance(left: inout Int) {
    while !isComplete, left > 0 {
      left -= 2 * active.count
      let end = chain.last ?? active[0]
      if chain.isEmpty { chain.append(end) }
      let before = chain.count > 1 ? chain[chain.count - 2] : nil
      // The one before wins where another is as near, so the walk cannot go round in circles.
      var nearest = before
      var least = before.map { distances[place(end, $0)] } ?? .infinity
      for slot in active where slot != end {
        let distance = distances[place(end, slot)]
        if distance < least {
          least = distance
          nearest = slot
        }
      }
      guard let nearest else { return }
      if nearest == before {
        chain.removeLast(2)
        merge(end, nearest, height: least)
        left -= active.count
      } else {
        chain.append(nearest)
      }
    }
  }

  private func place(_ a: Int, _ b: Int) -> Int {
    a > b ? a * (a - 1) / 2 + b : b * (b - 1) / 2 + a
  }

  private mutating func merge(_ a: Int, _ b: Int, height: Double) {
    let (kept, gone) = (min(a, b), max(a, b))
    merges.append(Merge(left: clusters[kept], right: clusters[gone], height: height))
    clusters[kept] = count + merges.count - 1
    active.removeAll { $0 == gone }
    let total = sizes[kept] + sizes[gone]
    for slot in active where slot != kept {
      let sum =
        sizes[kept] * distances[place(slot, kept)] + sizes[gone] * distances[place(slot, gone)]
      distances[place(slot, kept)] = sum / total
    }
    sizes[kept] = total
  }
}
