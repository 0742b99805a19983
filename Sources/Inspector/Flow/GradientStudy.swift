import Dispatch
import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds a `GradientFlow` in slices, from the step T backwards.
///
/// Up to `mostWhole` units the whole Jacobian of every lag is kept, a row a unit, and its spectral norm
/// found by power iteration on it. Of more units the mean is that of some, and the iteration goes through
/// the recorded steps, for some lags, all together (`NormSweeps`), c and h on two threads.
///
/// Not safe to share between threads.
public final class GradientStudy {
  /// What has been found so far.
  public private(set) var flow: GradientFlow
  /// Whether that is all.
  public var isComplete: Bool { stages.isEmpty }

  /// With more units the Jacobians are not kept whole.
  static let mostWhole = 64
  /// Of how many units the mean is, where those are more.
  static let fewUnits = 16
  /// Further back nobody looks.
  public static let mostLags = 10_000
  /// Numbers that the steps' factors may take: 256 MB.
  private static let mostFactors = 1 << 26

  private let slopes: StepSlopes
  private let last: Int  // the place of T
  private let isWhole: Bool
  private let tolerance: Double
  private var stages: [Stage] = []
  private var done = 0.0
  private var total = 0.0
  private var kept: KeptProducts?

  private enum Stage {
    case slopes
    case kept
    case rows(JacobianRows)
    case sweeps([NormSweeps])
  }

  /// - Parameters:
  ///   - trace: of `network`, recorded up to `step`, and whole where the network reads backwards.
  ///   - step: T, a position in the input.
  ///   - longest: how many steps back at most; as many as there are, and have room, where nil.
  ///   - tolerance: by which share of a norm two rounds of the iteration may differ at the end.
  public convenience init(
    network: Network, trace: Trace, track: Int, step: Int, longest: Int? = nil,
    tolerance: Double = 1e-4
  ) {
    self.init(
      network: network, trace: trace, track: track, step: step, longest: longest,
      tolerance: tolerance, mostWhole: Self.mostWhole)
  }

  init(
    network: Network, trace: Trace, track: Int, step: Int, longest: Int?, tolerance: Double,
    mostWhole: Int
  ) {
    let reading = TrackReading(network, trace, track: track)
    last = reading.turned(step)
    let shape = reading.shape
    let room = Self.mostFactors / (StepSlopes.kinds(of: shape) * shape.hiddenSize) - 1
    let lags = max(0, min(last, longest ?? Self.mostLags, Self.mostLags, room))
    slopes = StepSlopes(reading, places: last - lags..<last + 1)
    isWhole = max(shape.hiddenSize, shape.recurrentSize) <= mostWhole
    self.tolerance = tolerance
    flow = GradientFlow(step: step, longest: lags, hasCell: shape.cell.hasCellState)
    if !isWhole {
      flow.sample = .init(
        units: min(Self.fewUnits, shape.hiddenSize), of: shape.hiddenSize,
        lags: FlowLags.sampled(upTo: lags).count, longest: lags)
    }
    plan()
  }

  /// What is to be done, and about how many multiplications it will take.
  private func plan() {
    let lags = flow.longest
    let hasCell = slopes.hasCell
    stages = [.slopes]
    total = Double(slopes.productsToFind) * Double(lags + 1)
    if hasCell {
      stages.append(.kept)
      kept = KeptProducts(units: slopes.units)
    }
    let states = hasCell ? [CarriedState.cell, .hidden] : [.hidden]
    if isWhole {
      for state in states {
        let rows = JacobianRows(slopes, of: state, from: last)
        stages.append(.rows(rows))
        total += Double(rows.productsPerLag) * Double(lags)
      }
    } else {
      let packed = slopes.packForBlocks()
      let sweeps = states.map {
        NormSweeps(
          slopes, packed, of: $0, from: last, longest: lags, rows: Self.fewUnits,
          tolerance: tolerance)
      }
      stages.append(.sweeps(sweeps))
      total += sweeps.map(\.expectedProducts).reduce(0, +)
    }
  }

  /// How much of it is done, 0…1; rounds of the iteration are guessed.
  public var progress: Double { isComplete ? 1 : min(0.99, done / max(total, 1)) }

  /// Computes some more.
  ///
  /// - Parameter budget: about how many multiplications.
  /// - Returns: whether everything is there.
  @discardableResult
  public func advance(budget: Int) -> Bool {
    var left = budget
    while left > 0, let stage = stages.first {
      let (cost, isFinished) = work(stage)
      left -= max(cost, 16)
      done += Double(cost)
      if isFinished { stages.removeFirst() }
    }
    return isComplete
  }

  private func work(_ stage: Stage) -> (cost: Int, isFinished: Bool) {
    switch stage {
    case .slopes:
      let before = slopes.ready
      if isWhole { slopes.findNext() } else { slopes.findBlock() }
      return (
        (before - slopes.ready) * slopes.productsToFind, slopes.ready == slopes.places.lowerBound
      )
    case .kept:
      return findKept()
    case .rows(let rows):
      let lag = rows.lag
      let found = rows.find()
      take(rows.state) { curve in
        curve.means[lag] = found.mean
        curve.meanUnits = rows.count
        curve.norms[lag] = found.norm
      }
      if lag == flow.longest { return (found.cost, true) }
      return (found.cost + rows.pull(), false)
    case .sweeps(let sweeps):
      return (sweep(sweeps), sweeps.allSatisfy(\.isFinished))
    }
  }

  /// Goes on with c and h at once; each is as it would be alone.
  private func sweep(_ all: [NormSweeps]) -> Int {
    let open = all.filter { !$0.isFinished }
    let costs = CostCounter(open)
    DispatchQueue.concurrentPerform(iterations: open.count) { costs.advance($0, Self.leastShared) }
    for sweeps in open {
      let found = sweeps.takeFound()
      take(sweeps.state) { curve in
        curve.meanUnits = sweeps.meanUnits
        for (lag, mean) in found.means { curve.means[lag] = mean }
        for (lag, norm) in found.norms { curve.norms[lag] = norm }
      }
    }
    return costs.total
  }

  /// What a thread multiplies at least before it is waited for.
  private static let leastShared = 16_000_000

  private func take(_ state: CarriedState, _ change: (inout GradientFlow.Curve) -> Void) {
    switch state {
    case .cell: if flow.cell != nil { change(&flow.cell!) }
    case .hidden: change(&flow.hidden)
    }
  }

  /// ∏ f of one more step.
  private func findKept() -> (cost: Int, isFinished: Bool) {
    guard var kept else { return (0, true) }
    self.kept = nil
    let lag = kept.lag
    let (largest, mean) = kept.found
    flow.kept?.largest[lag] = largest
    flow.kept?.means[lag] = mean
    guard lag < flow.longest else { return (slopes.units, true) }
    let place = last - lag
    kept.take(slopes.reading.values(of: .f, places: place..<place + 1))
    self.kept = kept
    return (slopes.units, false)
  }
}

/// Sweeps that go on side by side: each is touched by one thread alone.
private final class CostCounter: @unchecked Sendable {
  private let sweeps: [NormSweeps]
  private let costs: UnsafeMutablePointer<Int>

  init(_ sweeps: [NormSweeps]) {
    self.sweeps = sweeps
    costs = .allocate(capacity: max(1, sweeps.count))
    costs.initialize(repeating: 0, count: max(1, sweeps.count))
  }

  deinit { costs.deallocate() }

  func advance(_ index: Int, _ products: Int) {
    costs[index] = sweeps[index].advance(products: products)
  }

  var total: Int { sweeps.indices.reduce(0) { $0 + costs[$1] } }
}

/// Which of its states a cell carries from step to step.
enum CarriedState {
  case cell
  case hidden
}

/// The products of a track's forget gates, back from a step.
private struct KeptProducts {
  private(set) var lag = 0
  private var logs: [Double]

  init(units: Int) { logs = Array(repeating: 0, count: units) }

  mutating func take(_ gates: [Float]) {
    for (unit, gate) in gates.enumerated() { logs[unit] += log(Double(gate)) }
    lag += 1
  }

  /// The logarithms of the largest and of the mean.
  var found: (largest: Double, mean: Double) {
    let largest = logs.max() ?? -.infinity
    guard largest.isFinite else { return (largest, largest) }
    let sum = logs.reduce(0) { $0 + exp($1 - largest) }
    return (largest, largest + log(sum / Double(logs.count)))
  }
}
