import Recurrent

/// Puts units side by side that move together or against each other.
///
/// The distance of two units is 1 - |r|, Pearson's correlation over the steps: what one tells of the
/// other, whichever way up it holds it. Units are clustered by average linkage (UPGMA, Sokal and
/// Michener 1958), and the clustering's leaves are put in the order that has the least sum of
/// distances between neighbours (`LeafOrdering`), the end with the smaller unit number first. Units
/// that never change cannot be compared and come last, by their numbers.
///
/// Takes at most `sampleLimit` steps. Costs units² · steps for the distances, units² for the
/// clustering and units³ / 3 at most for the leaves; holds units² numbers three times.
struct SimilarityOrdering {
  /// How many steps are looked at where there are more.
  static let sampleLimit = 4_096

  let stepCount: Int
  let sampleCount: Int
  /// All units of the signal, once `advance` has said that they are there.
  private(set) var units: [Int] = []

  private let trace: Trace
  private let request: WindowRequest
  private var samples: UnitSamples
  private var nextSample = 0
  /// The next to be standardized.
  private var nextUnit = 0
  private var distances: UnitDistances?
  private var linkage: AverageLinkage?
  private var leaves: LeafOrdering?
  /// Those that change.
  private var compared: [Int] = []
  private var workDone = 0.0

  init(of signal: Signal, in trace: Trace, track: Int) {
    self.trace = trace
    stepCount = trace.recordedSteps
    sampleCount = min(stepCount, Self.sampleLimit)
    let unitCount = trace.layout[track].units(of: signal)
    request = WindowRequest(track: track, signal: signal, steps: 0..<0, units: 0..<unitCount)
    samples = UnitSamples(units: unitCount, steps: sampleCount)
  }

  var progress: Double {
    let units = Double(request.units.count)
    let work = units * Double(sampleCount) * (5 + units / 16) + units * units * (6 + units / 24)
    return min(1, workDone / work)
  }

  /// Returns whether `units` is there.
  mutating func advance(budget: Int) -> Bool {
    var left = budget
    repeat {
      let before = left
      if advancePhase(&left) { return true }
      workDone += Double(before - left)
    } while left > 0
    return false
  }

  /// Works on one phase, the first that is not over yet; takes what it costs from `left`.
  private mutating func advancePhase(_ left: inout Int) -> Bool {
    if nextSample < sampleCount {
      takeSamples(&left)
    } else if nextUnit < request.units.count {
      if samples.standardize(nextUnit) { compared.append(nextUnit) }
      nextUnit += 1
      left -= 4 * sampleCount
    } else if distances == nil {
      distances = UnitDistances(count: compared.count)
    } else if distances?.isComplete == false {
      distances?.advance(samples, units: compared, left: &left)
    } else if compared.count < 2 {
      return finish(Array(compared.indices))
    } else if linkage == nil, let distances {
      linkage = AverageLinkage(distances)
    } else if linkage?.isComplete == false {
      linkage?.advance(left: &left)
    } else if leaves == nil, let linkage, let distances {
      leaves = LeafOrdering(linkage.merges, distances)
      samples = UnitSamples(units: 0, steps: 0)
    } else if leaves?.isComplete == false {
      leaves?.advance(left: &left)
    } else if let leaves {
      return finish(leaves.order)
    }
    return false
  }

  private mutating func finish(_ order: [Int]) -> Bool {
    let kept = Set(compared)
    units = order.map { compared[$0] } + request.units.filter { !kept.contains($0) }
    (linkage, leaves, distances) = (nil, nil, nil)
    return true
  }

  private mutating func takeSamples(_ left: inout Int) {
    while nextSample < sampleCount, left > 0 {
      let step = Self.step(ofSample: nextSample, of: sampleCount, in: stepCount)
      var request = request
      request.steps = step..<step + 1
      samples.set(trace.window(request).values, at: nextSample)
      nextSample += 1
      left -= request.units.count
    }
  }

  /// Every step where there are few. Else one out of each of `sampleCount` equal parts, at a place in
  /// it that looks random and is the same every time: what repeats in the sequence at a fixed
  /// distance must not fall on the same phase in all parts.
  static func step(ofSample sample: Int, of sampleCount: Int, in stepCount: Int) -> Int {
    guard sampleCount < stepCount else { return sample }
    // Below 2^12 · 2^40 whatever the trace.
    let start = sample * stepCount / sampleCount
    let end = (sample + 1) * stepCount / sampleCount
    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    var bits = UInt64(sample) &* 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return start + Int((bits ^ (bits >> 31)) % UInt64(end - start))
  }
}

/// The samples of all units, a unit after the other, so that two units are one product of two rows.
struct UnitSamples {
  typealias Lanes = SIMD8<Float>

  let unitCount: Int
  let stepCount: Int
  /// (units, rowLength), the last lanes of a row filled up with zeros.
  private(set) var rows: [Lanes]
  let rowLength: Int

  init(units: Int, steps: Int) {
    unitCount = units
    stepCount = steps
    rowLength = (steps + Lanes.scalarCount - 1) / Lanes.scalarCount
    rows = Array(repeating: Lanes(), count: units * rowLength)
  }

  /// The values of all units at one sample.
  mutating func set(_ values: [Float], at sample: Int) {
    let (unitCount, stride) = (unitCount, rowLength * Lanes.scalarCount)
    withScalars { scalars in
      for unit in 0..<unitCount { scalars[unit * stride + sample] = values[unit] }
    }
  }

  /// Gives a unit's row the mean 0 and the length 1, so that a product of two rows is their
  /// correlation. What is not finite becomes the mean. A spread within Float32's rounding is none.
  ///
  /// - Returns: whether the unit changes.
  mutating func standardize(_ unit: Int) -> Bool {
    let (stepCount, start) = (stepCount, unit * rowLength * Lanes.scalarCount)
    return withScalars { scalars in
      let row = UnsafeMutableBufferPointer(rebasing: scalars[start..<start + stepCount])
      var (count, mean, square) = (0.0, 0.0, 0.0)
      for value in row where value.isFinite {
        count += 1
        mean += Double(value)
      }
      guard count > 0 else { return false }
      mean /= count
      for value in row where value.isFinite {
        square += (Double(value) - mean) * (Double(value) - mean)
      }
      guard square > 0, (square / count).squareRoot() > 1e-6 * abs(mean) else { return false }
      let scale = 1 / square.squareRoot()
      for place in row.indices {
        row[place] = row[place].isFinite ? Float((Double(row[place]) - mean) * scale) : 0
      }
      return true
    }
  }

  private mutating func withScalars<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) -> Result
  ) -> Result {
    rows.withUnsafeMutableBytes { body($0.assumingMemoryBound(to: Float.self)) }
  }
}

/// 1 - |r| of every pair of units, 0…1.
struct UnitDistances {
  let count: Int
  /// The lower triangle by rows: (1, 0), (2, 0), (2, 1), … Sums of products until it is complete.
  private(set) var values: [Float]
  private var nextRow = 1
  /// Where the next products begin, in a row of samples.
  private var nextPlace = 0
  private(set) var isComplete: Bool

  /// Lanes of samples that are multiplied at once: those of all units stay in the cache meanwhile.
  private static let chunkLength = 64

  init(count: Int) {
    self.count = count
    values = Array(repeating: 0, count: count * max(0, count - 1) / 2)
    isComplete = count < 2
  }

  /// Written down, for tests.
  init(count: Int, _ values: [Float]) {
    self.count = count
    self.values = values
    isComplete = true
  }

  subscript(a: Int, b: Int) -> Float {
    a == b ? 0 : values[a > b ? a * (a - 1) / 2 + b : b * (b - 1) / 2 + a]
  }

  /// Compares some more units with all before them, four at a time, so that what is read of the
  /// others serves four.
  mutating func advance(_ samples: UnitSamples, units: [Int], left: inout Int) {
    while !isComplete, left > 0 {
      let places = nextPlace..<min(nextPlace + Self.chunkLength, samples.rowLength)
      let rows = nextRow..<min(nextRow + 4, count)
      addProducts(samples, units, rows, places)
      if places.upperBound == samples.rowLength { finish(rows) }
      // Eight lanes at once: an eighth of the price of looking at a value.
      left -= rows.count * rows.upperBound * places.count
      nextRow = rows.upperBound
      guard nextRow == count else { continue }
      nextRow = 1
      nextPlace = places.upperBound
      isComplete = nextPlace == samples.rowLength
    }
  }

  private mutating func addProducts(
    _ samples: UnitSamples, _ units: [Int], _ rows: Range<Int>, _ places: Range<Int>
  ) {
    let last = rows.upperBound - 1
    samples.rows.withUnsafeBufferPointer { all in
      values.withUnsafeMutableBufferPointer { values in
        func row(_ unit: Int) -> UnsafePointer<UnitSamples.Lanes> {
          all.baseAddress! + units[unit] * samples.rowLength + places.lowerBound
        }
        // Of fewer than four the last stands for the others.
        let four = (0..<4).map { min(rows.lowerBound + $0, last) }
        let (a, b, c, d) = (row(four[0]), row(four[1]), row(four[2]), row(four[3]))
        for other in 0..<last {
          let products = Self.products(a, b, c, d, row(other), places.count)
          for place in 0..<rows.count where other < four[place] {
            values[four[place] * (four[place] - 1) / 2 + other] += products[place]
          }
        }
      }
    }
  }

  private mutating func finish(_ rows: Range<Int>) {
    let first = rows.lowerBound * (rows.lowerBound - 1) / 2
    for place in first..<rows.upperBound * (rows.upperBound - 1) / 2 {
      values[place] = 1 - min(abs(values[place]), 1)
    }
  }

  private static func products(
    _ a: UnsafePointer<UnitSamples.Lanes>, _ b: UnsafePointer<UnitSamples.Lanes>,
    _ c: UnsafePointer<UnitSamples.Lanes>, _ d: UnsafePointer<UnitSamples.Lanes>,
    _ other: UnsafePointer<UnitSamples.Lanes>, _ length: Int
  ) -> SIMD4<Float> {
    var (sumA, sumB) = (UnitSamples.Lanes(), UnitSamples.Lanes())
    var (sumC, sumD) = (UnitSamples.Lanes(), UnitSamples.Lanes())
    for place in 0..<length {
      let lanes = other[place]
      sumA += a[place] * lanes
      sumB += b[place] * lanes
      sumC += c[place] * lanes
      sumD += d[place] * lanes
    }
    return SIMD4(sumA.sum(), sumB.sum(), sumC.sum(), sumD.sum())
  }
}
