import Foundation
import Recurrent
import Testing

@testable import Inspector

/// What scipy makes of the traces of `Fixtures/unit_order.json`, which unit_order.py wrote.
private struct ReferenceCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let steps: Int
  let values: [Float]
  let activity: [Double]
  let variance: [Double]
  let heights: [Double]
  let clusters: [[Int]]
  let path: Double

  var testDescription: String { name }
  var units: Int { activity.count }
  var rows: [[Float]] {
    (0..<steps).map { Array(values[$0 * units..<($0 + 1) * units]) }
  }

  static let all: [ReferenceCase] = {
    struct File: Decodable { let cases: [ReferenceCase] }
    let url = Bundle.module.url(forResource: "Fixtures/unit_order", withExtension: "json")
    return url.flatMap { try? JSONDecoder().decode(File.self, from: Data(contentsOf: $0)) }?.cases
      ?? []
  }()
}

private func distances(_ rows: [[Float]]) -> UnitDistances {
  var samples = UnitSamples(units: rows[0].count, steps: rows.count)
  for (step, row) in rows.enumerated() { samples.set(row, at: step) }
  let units = rows[0].indices.filter { samples.standardize($0) }
  var distances = UnitDistances(count: units.count)
  var budget = Int.max
  distances.advance(samples, units: units, left: &budget)
  return distances
}

private func linked(_ distances: UnitDistances) -> [AverageLinkage.Merge] {
  var linkage = AverageLinkage(distances)
  var budget = Int.max
  linkage.advance(left: &budget)
  return linkage.merges
}

/// The leaves of each merge, ascending.
private func clusters(_ merges: [AverageLinkage.Merge]) -> [[Int]] {
  let count = merges.count + 1
  var members = (0..<count).map { [$0] }
  for merge in merges { members.append((members[merge.left] + members[merge.right]).sorted()) }
  return Array(members[count...])
}

private func path(_ order: [Int], _ distances: UnitDistances) -> Double {
  zip(order, order.dropFirst()).reduce(0) { $0 + Double(distances[$1.0, $1.1]) }
}

private func randomDistances(_ count: Int, seed: UInt64) -> UnitDistances {
  var numbers = TestNumbers(seed: seed)
  return UnitDistances(
    count: count, numbers.values(count * (count - 1) / 2, scale: 0.5).map { $0 + 0.5 })
}

@Suite struct SimilarityTests {
  @Test func thereIsAReference() { #expect(ReferenceCase.all.count == 4) }

  @Test(arguments: ReferenceCase.all)
  fileprivate func clustersAsScipyDoes(_ reference: ReferenceCase) throws {
    let activity = try ordering(.activity, reference.rows).measures
    let variance = try ordering(.variance, reference.rows).measures
    for unit in 0..<reference.units {
      #expect(abs(activity[unit] - reference.activity[unit]) < 1e-7)
      #expect(abs(variance[unit] - reference.variance[unit]) < 1e-7)
    }
    let distances = distances(reference.rows)
    let merges = linked(distances)
    let sorted = merges.indices.sorted { merges[$0].height < merges[$1].height }
    let found = clusters(merges)
    for (place, index) in sorted.enumerated() {
      #expect(abs(merges[index].height - reference.heights[place]) < 1e-6)
      #expect(found[index] == reference.clusters[place])
    }
    let units = try #require(try ordering(.similarity, reference.rows).units)
    #expect(units.sorted() == Array(0..<reference.units))
    // scipy 1.17's optimal_leaf_ordering is not always: of "noise" there is a shorter one.
    #expect(path(units, distances) < reference.path + 1e-5)
    #expect(units[0] < units[units.count - 1])
  }

  /// The two nearest clusters become one, found by looking at all pairs and averaging over all leaves.
  @Test(arguments: [2, 3, 8, 30])
  func linkageIsThatOfTheDefinition(_ count: Int) {
    let distances = randomDistances(count, seed: UInt64(count))
    var open = (0..<count).map { [$0] }
    var expected: [[Int]] = []
    var heights: [Double] = []
    while open.count > 1 {
      var best = (a: 0, b: 1, height: Double.infinity)
      for a in open.indices {
        for b in open.indices where b > a {
          let sum = open[a].reduce(0) { sum, i in
            sum + open[b].reduce(0) { $0 + Double(distances[i, $1]) }
          }
          let height = sum / Double(open[a].count * open[b].count)
          if height < best.height { best = (a, b, height) }
        }
      }
      heights.append(best.height)
      expected.append((open[best.a] + open[best.b]).sorted())
      open[best.a] += open.remove(at: best.b)
    }
    let merges = linked(distances)
    let sorted = merges.indices.sorted { merges[$0].height < merges[$1].height }
    #expect(sorted.map { clusters(merges)[$0] } == expected)
    for (place, index) in sorted.enumerated() {
      #expect(abs(merges[index].height - heights[place]) < 1e-12)
    }
  }

  /// Turning every branch round in all ways: none is shorter.
  @Test(arguments: [2, 3, 4, 5, 7, 9], [UInt64(1), 2, 3])
  func noTurningOfBranchesIsShorter(_ count: Int, _ seed: UInt64) {
    let distances = randomDistances(count, seed: seed)
    let merges = linked(distances)
    var shortest = Double.infinity
    for turned in 0..<1 << merges.count {
      var members = (0..<count).map { [$0] }
      for (index, merge) in merges.enumerated() {
        let (left, right) = (members[merge.left], members[merge.right])
        members.append(turned >> index & 1 == 0 ? left + right : right + left)
      }
      shortest = min(shortest, path(members[members.count - 1], distances))
    }
    for budget in [1, .max] {
      var leaves = LeafOrdering(merges, distances)
      while !leaves.isComplete {
        var left = budget
        leaves.advance(left: &left)
      }
      #expect(leaves.order.sorted() == Array(0..<count))
      #expect(abs(path(leaves.order, distances) - shortest) < 1e-5)
    }
  }

  @Test func whatMovesTogetherOrAgainstEachOtherStandsSideBySide() throws {
    // 0, 3 and (upside down) 5 are one wave, 1 and 4 another; 2 never moves.
    let steps: [[Float]] = (0..<24).map { step in
      let slow = Float(step % 12 < 6 ? 1 : -1)
      let quick = Float(step % 2 == 0 ? 0.5 : -0.5)
      return [slow, quick, 0.7, slow * 0.5 + quick * 0.02, quick + slow * 0.02, -slow * 0.9]
    }
    let units = try #require(try ordering(.similarity, steps).units)
    #expect(units.last == 2)
    #expect(Set(units.prefix(3)) == [0, 3, 5] || Set(units.prefix(2)) == [1, 4])
  }

  @Test func aSpreadWithinRoundingIsNone() throws {
    let almostOne = Float(1).nextDown
    let steps: [[Float]] = (0..<8).map { [$0 % 3 == 0 ? almostOne : 1, Float($0), Float($0 * $0)] }
    #expect(try ordering(.similarity, steps).units == [1, 2, 0])
  }

  @Test func unitsThatAreEquallyNearHaveOneOrderAllTheSame() throws {
    let steps: [[Float]] = (0..<6).map { Array(repeating: Float($0), count: 5) }
    #expect(try ordering(.similarity, steps).units?.sorted() == [0, 1, 2, 3, 4])
    let first = try ordering(.similarity, steps).units
    #expect(try ordering(.similarity, steps, budget: 1).units == first)
  }

  // MARK: - Long sequences

  @Test(arguments: [1, 100, 4_096, 4_097, 6_000, 1_000_003])
  func samplesAscendAndCoverEverything(_ stepCount: Int) {
    let count = min(stepCount, SimilarityOrdering.sampleLimit)
    let steps = (0..<count).map {
      SimilarityOrdering.step(ofSample: $0, of: count, in: stepCount)
    }
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
    #expect(steps.allSatisfy((0..<stepCount).contains))
    let part = stepCount / count + 1
    #expect(steps[0] < part && steps[count - 1] >= stepCount - part)
    if stepCount <= count { #expect(steps == Array(0..<stepCount)) }
  }

  @Test func whatRepeatsIsNotMissedBetweenTheSamples() {
    // Ten times as many steps as samples, and a sequence that repeats every tenth step.
    let count = SimilarityOrdering.sampleLimit
    var phases = Array(repeating: 0, count: 10)
    for sample in 0..<count {
      phases[SimilarityOrdering.step(ofSample: sample, of: count, in: 10 * count) % 10] += 1
    }
    #expect(phases.allSatisfy { (300..<520).contains($0) })
  }

  @Test func aLongSequenceSaysHowManyStepsWereLookedAt() throws {
    let steps: [[Float]] = (0..<5_000).map { [Float($0 % 7), Float($0 % 7) * -2, Float($0 % 5)] }
    let ordering = try ordering(.similarity, steps)
    #expect(ordering.sampled?.steps == 4_096 && ordering.sampled?.of == 5_000)
    #expect(ordering.units == [0, 1, 2] || ordering.units == [1, 0, 2])
  }

  @Test func hundredsOfUnitsOfTenKindsStandByKind() throws {
    var numbers = TestNumbers(seed: 9)
    let steps = (0..<48).map { _ in
      let kinds = numbers.values(10, scale: 1)
      let noise = numbers.values(200, scale: 0.01)
      return (0..<200).map { (unit: Int) -> Float in
        let kind = kinds[unit % 10]
        return (unit % 3 == 0 ? -kind : kind) + noise[unit]
      }
    }
    let units = try #require(try ordering(.similarity, steps, budget: 100_000).units)
    #expect(Set(units).count == 200)
    #expect(zip(units, units.dropFirst()).count { $0 % 10 != $1 % 10 } == 9)
  }
}
