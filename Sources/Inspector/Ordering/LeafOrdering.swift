/// The order of a clustering's leaves, among all that only turn branches round, that has the least sum
/// of distances between neighbours (Bar-Joseph, Gifford and Jaakkola 2001).
///
/// For every two leaves, the least sum of an order of the smallest branch that holds both, with one
/// at each end, follows from those of its two branches. Costs count³ / 3 at most, in loops without
/// branches; holds 2.5 · count² numbers.
struct LeafOrdering {
  /// The leaves; there once the work is complete.
  private(set) var order: [Int] = []

  /// A branch holds the leaves at `first..<end`, its left one those at `first..<middle`. A leaf by
  /// itself has its middle at its first.
  private struct Branch {
    var first = 0
    var middle = 0
    var end = 1
    var left = 0
    var right = 0

    /// Where the other end can be when one end is at `place`: in the branch without it.
    func opposite(_ place: Int) -> Range<Int> {
      if end - first == 1 { return first..<end }
      return place < middle ? middle..<end : first..<middle
    }
  }

  private let count: Int
  /// Leaves by place: every branch's stand side by side.
  private var leaves: [Int]
  /// Leaves first, then merges.
  private var branches: [Branch]
  /// (count, count) by place, a row after the other as far as they have been filled in.
  private var distances: [Float] = []
  private let source: UnitDistances
  /// (count, count): the least sum over the smallest branch that holds both places, one at each end.
  private var sums: [Float]
  private var nextBranch: Int
  private var nextPlace: Int?
  private var isOrdered = false

  /// - Parameter merges: at least one; each after those that it is made of.
  init(_ merges: [AverageLinkage.Merge], _ distances: UnitDistances) {
    let count = merges.count + 1
    self.count = count
    var branches = Array(repeating: Branch(), count: count + merges.count)
    var sizes = Array(repeating: 1, count: branches.count)
    for (index, merge) in merges.enumerated() {
      sizes[count + index] = sizes[merge.left] + sizes[merge.right]
      branches[count + index].left = merge.left
      branches[count + index].right = merge.right
    }
    // Parents stand after their branches, so from the last one down every first place is known.
    var leaves = Array(repeating: 0, count: count)
    for node in branches.indices.reversed() {
      var branch = branches[node]
      branch.end = branch.first + sizes[node]
      if node < count {
        branch.middle = branch.first
        leaves[branch.first] = node
      } else {
        branch.middle = branch.first + sizes[branch.left]
        branches[branch.left].first = branch.first
        branches[branch.right].first = branch.middle
      }
      branches[node] = branch
    }
    self.branches = branches
    self.leaves = leaves
    source = distances
    self.distances.reserveCapacity(count * count)
    sums = Array(repeating: .infinity, count: count * count)
    for place in 0..<count { sums[place * count + place] = 0 }
    nextBranch = count
  }

  var isComplete: Bool { isOrdered }

  /// Takes what it costs from `left`.
  mutating func advance(left: inout Int) {
    while distances.count < count * count, left > 0 {
      let leaf = leaves[distances.count / count]
      for other in leaves { distances.append(source[leaf, other]) }
      left -= count
    }
    while nextBranch < branches.count, left > 0 {
      let branch = branches[nextBranch]
      let place = nextPlace ?? branch.first
      left -= joinEnds(of: branch, at: place)
      nextPlace = place + 1
      if place + 1 == branch.middle {
        nextBranch += 1
        nextPlace = nil
      }
    }
    if nextBranch == branches.count, !isOrdered, left > 0 {
      order = trace()
      left -= count * count
      isOrdered = true
    }
  }

  /// The sums with one end at `start`, in the left branch, and the other at every place of the right
  /// one. Returns about what it cost, eight numbers at once.
  private mutating func joinEnds(of branch: Branch, at start: Int) -> Int {
    let count = count
    let leftEnds = branches[branch.left].opposite(start)
    let right = branches[branch.right]
    var joined = [Float](repeating: .infinity, count: right.end - right.first)
    distances.withUnsafeBufferPointer { distances in
      sums.withUnsafeMutableBufferPointer { sums in
        joined.withUnsafeMutableBufferPointer { joined in
          // Up to each leaf that may come first in the right branch…
          for end in leftEnds {
            let sum = sums[start * count + end]
            let row = end * count + right.first
            for place in joined.indices {
              let candidate = sum + distances[row + place]
              joined[place] = candidate < joined[place] ? candidate : joined[place]
            }
          }
          // …and from there on to each that may come last.
          for first in right.first..<right.end {
            let sum = joined[first - right.first]
            for last in right.opposite(first) {
              let candidate = sum + sums[first * count + last]
              let place = start * count + last
              sums[place] = candidate < sums[place] ? candidate : sums[place]
            }
          }
          for last in right.first..<right.end {
            sums[last * count + start] = sums[start * count + last]
          }
        }
      }
    }
    let width = right.end - right.first
    return 1 + width + (leftEnds.count * width + width * width / 2) / 8
  }

  /// Goes down from the best ends of the whole, finding at each branch where its two halves meet.
  private func trace() -> [Int] {
    guard let root = branches.last else { return [] }
    var ends = (first: root.first, last: root.middle)
    for first in root.first..<root.middle {
      for last in root.middle..<root.end
      where sums[first * count + last] < sums[ends.first * count + ends.last] {
        ends = (first, last)
      }
    }
    if leaves[ends.first] > leaves[ends.last] { ends = (ends.last, ends.first) }
    var order: [Int] = []
    var open = [(node: branches.count - 1, first: ends.first, last: ends.last)]
    while let (node, first, last) = open.popLast() {
      guard node >= count else {
        order.append(leaves[first])
        continue
      }
      let branch = branches[node]
      let isTurned = first >= branch.middle
      let before = isTurned ? branch.right : branch.left
      let after = isTurned ? branch.left : branch.right
      let meeting = meeting(branches[before], from: first, branches[after], to: last)
      open.append((after, meeting.after, last))
      open.append((before, first, meeting.before))
    }
    return order
  }

  private func meeting(
    _ before: Branch, from first: Int, _ after: Branch, to last: Int
  ) -> (before: Int, after: Int) {
    var best = (before: before.opposite(first).lowerBound, after: after.opposite(last).lowerBound)
    var least = Float.infinity
    for end in before.opposite(first) {
      for start in after.opposite(last) {
        let sum =
          sums[first * count + end] + distances[end * count + start] + sums[start * count + last]
        if sum < least {
          least = sum
          best = (end, start)
        }
      }
    }
    return best
  }
}
