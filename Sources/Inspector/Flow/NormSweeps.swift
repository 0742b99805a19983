import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds what `GradientStudy` shows of many units, of one state: the mean length of some rows of
/// ∂c_T/∂c_s (or h) at every lag, and the spectral norm at some lags, by sweeps over all of the steps.
///
/// The first sweep carries the rows of some units from T back. Their strongest direction at a lag is where
/// the norm's search begins there. Then sweeps forth and back alternate, which is power iteration on
/// J Jᵀ for all lags together: forth each lag's vector joins at its step; back go the directions at T that
/// came of it, those of further lags serving the nearer ones as well (the largest singular value of
/// their common span: Rayleigh & Ritz), so that far fewer go back than lags there are. Every sweep
/// gives a norm from below; a lag leaves when one adds less than half of the tolerance.
///
/// Not safe to share between threads; several may work on the same slopes.
final class NormSweeps {
  let state: CarriedState
  /// Of how many units the mean is.
  let meanUnits: Int
  private(set) var isFinished = false
  /// Norms and means by their lags, logarithms, since they were last taken.
  private(set) var norms: [(lag: Int, log: Double)] = []
  private(set) var means: [(lag: Int, log: Double)] = []

  private let slopes: StepSlopes
  private let block: VectorBlock
  private let kernel: BlockSlopes
  private let collected: FloatBuffer  // (vectors, cellStride)
  private let last: Int
  private let longest: Int
  private let tolerance: Double
  private let lags: [Int]
  private let size: Int
  private let stride: Int
  /// A row a lag: the direction at s in which the norm is looked for, and what has become of it at T.
  private let right: FloatBuffer
  private let left: FloatBuffer
  private var estimates: [Double]
  /// Indices of the lags whose norm is still looked for, the furthest first.
  private var open: [Int]
  private var phase = Phase.rows
  private var lag = 0
  /// Vectors under way: of the first sweep all, forth those that have joined.
  private var count: Int
  /// Going back: how far each vector is needed; descending.
  private var reaches: [Int] = []
  private var round = 0

  private enum Phase {
    case rows
    case forth
    case back
  }

  private static let mostRounds = 40
  /// How much of a direction may be missing from the span of the others: half of its square is missing of
  /// the norm then.
  private static let missing = 0.005
  /// How much of what stirs the start is in it.
  private static let stirred: Float = 0.3

  init(
    _ slopes: StepSlopes, _ packed: PackedRecurrence, of state: CarriedState, from last: Int,
    longest: Int, rows: Int, tolerance: Double
  ) {
    self.slopes = slopes
    self.state = state
    self.last = last
    self.longest = longest
    self.tolerance = tolerance
    lags = FlowLags.sampled(upTo: longest)
    size = state == .cell ? slopes.units : slopes.hiddenSize
    stride = PackedMatrix.stride(size)
    meanUnits = min(rows, size)
    count = meanUnits
    let capacity = max(meanUnits, lags.count)
    block = VectorBlock(
      capacity: capacity, units: slopes.units, hiddenSize: slopes.hiddenSize)
    kernel = BlockSlopes(slopes, packed, capacity: capacity)
    collected = FloatBuffer(count: capacity * block.cellStride)
    right = FloatBuffer(count: lags.count * stride)
    left = FloatBuffer(count: lags.count * stride)
    estimates = Array(repeating: -.infinity, count: lags.count)
    open = lags.indices.dropFirst().reversed()
    for row in 0..<count { block.vector(row, of: state)[row * size / count] = 1 }
  }

  /// About how many multiplications it will take: two rounds.
  var expectedProducts: Double {
    let all = Double(meanUnits * longest) + 3 * Double(lags.reduce(0, +))
    return all * Double(slopes.products)
  }

  func takeFound() -> (norms: [(lag: Int, log: Double)], means: [(lag: Int, log: Double)]) {
    defer { (norms, means) = ([], []) }
    return (norms, means)
  }

  /// Goes on for about so many multiplications.
  ///
  /// - Returns: how many it took.
  func advance(products: Int) -> Int {
    var cost = 0
    while cost < products, !isFinished { cost += max(16, step()) }
    return cost
  }

  private func step() -> Int {
    switch phase {
    case .rows:
      findRows()
      guard lag < longest else {
        if open.isEmpty { isFinished = true } else { beginForth() }
        return 0
      }
    case .forth:
      join()
      guard lag > 0 else {
        arrive()
        return 0
      }
      kernel.push(last - lag + 1, block, count: count)
      lag -= 1
      return count * slopes.products
    case .back:
      while let reach = reaches.last, reach < lag { reaches.removeLast() }
      count = reaches.count
      if lag > 0, let index = open.first(where: { lags[$0] == lag }) { look(index) }
      guard let furthest = open.first, lag < lags[furthest] else {
        if open.isEmpty || round == Self.mostRounds { isFinished = true } else { beginForth() }
        return 0
      }
    }
    kernel.pull(last - lag, block, count: count)
    lag += 1
    return count * slopes.products
  }

  // MARK: - Back with the rows

  private func findRows() {
    let rows = vectors()
    var sum = 0.0
    let largest = block.scales[0..<count].max() ?? 0
    for row in 0..<count {
      let squares = FloatProducts.dot(rows + row * stride, rows + row * stride, stride)
      sum += squares.squareRoot() * exp(block.scales[row] - largest)
    }
    means.append((lag, log(sum / Double(count)) + largest))
    guard let index = lags.firstIndex(of: lag) else { return }
    guard lag > 0 else {
      norms.append((0, 0))
      return
    }
    let norm = strongest(rows, into: right.pointer + index * stride)
    stir(index)
    norms.append((lag, norm))
  }

  /// The vectors as what the state at the lag is worth, `stride` apart.
  private func vectors() -> UnsafeMutablePointer<Float> {
    // At T itself c is what is asked for, and does not act through h.
    guard state == .cell else { return block.hiddens.pointer }
    guard lag > 0 else { return block.cells.pointer }
    kernel.collect(last - lag, block, count: count, into: collected.pointer)
    return collected.pointer
  }

  /// The largest singular value of the vectors under way, its logarithm, and the right singular vector that
  /// goes with it: from the eigenvector of their products with each other, in Float64.
  private func strongest(
    _ rows: UnsafeMutablePointer<Float>, into vector: UnsafeMutablePointer<Float>
  ) -> Double {
    let largest = block.scales[0..<count].max() ?? 0
    let shares = block.scales[0..<count].map { exp($0 - largest) }
    var products = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      for other in 0...row {
        let product =
          FloatProducts.dot(rows + row * stride, rows + other * stride, stride) * shares[row]
          * shares[other]
        products[row * count + other] = product
        products[other * count + row] = product
      }
    }
    let (value, weights) = Self.largestEigenvalue(products, count)
    vector.update(repeating: 0, count: stride)
    for row in 0..<count {
      FloatProducts.add(
        Float(weights[row] * shares[row]), rows + row * stride, to: vector, stride)
    }
    makeLong(vector)
    return 0.5 * log(value) + largest
  }

  /// By power iteration; NaN where something is no number.
  private static func largestEigenvalue(_ matrix: [Double], _ count: Int) -> (Double, [Double]) {
    let buffer = DoubleBuffer(count: count)
    PowerStart.stir(buffer.pointer, count)
    var vector = buffer.values
    var value = 0.0
    for _ in 0..<2000 {
      var next = [Double](repeating: 0, count: count)
      for row in 0..<count {
        var sum = 0.0
        for column in 0..<count { sum += matrix[row * count + column] * vector[column] }
        next[row] = sum
      }
      let length = next.withUnsafeBufferPointer { Products.length($0.baseAddress!, count) }
      guard length > 0, length.isFinite else { return (length, vector) }
      vector = next.map { $0 / length }
      if abs(length - value) <= 1e-11 * length { return (length, vector) }
      value = length
    }
    return (value, vector)
  }

  /// Makes a vector the length 1, unless it is nothing or no numbers.
  private func makeLong(_ vector: UnsafeMutablePointer<Float>) {
    let length = FloatProducts.dot(vector, vector, stride).squareRoot()
    guard length > 0, length.isFinite else { return }
    for place in 0..<size { vector[place] = Float(Double(vector[place]) / length) }
  }

  /// Adds something that no structure of a network favours, another thing at each lag, so that what the
  /// rows of some units do not see is found as well.
  private func stir(_ index: Int) {
    let vector = right.pointer + index * stride
    var bits = 0x9E37_79B9_7F4A_7C15 &* UInt64(index + 1)
    let share = Self.stirred / Float(size).squareRoot()
    for place in 0..<size {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      vector[place] += bits >> 63 == 0 ? share : -share
    }
    makeLong(vector)
  }

  // MARK: - Forth

  private func beginForth() {
    round += 1
    phase = .forth
    lag = open.first.map { lags[$0] } ?? 0
    count = 0
  }

  /// Lets those join that begin here.
  private func join() {
    while count < open.count, lags[open[count]] == lag {
      block.clear(count)
      block.vector(count, of: state).update(
        from: right.pointer + open[count] * stride, count: size)
      if state == .cell { kernel.show(last - lag, block, count) }
      count += 1
    }
  }

  /// At T: what is left of every vector is a norm, and where it points goes back.
  private func arrive() {
    var stillOpen: [Int] = []
    for (row, index) in open.enumerated() {
      let vector = block.vector(row, of: state)
      let length = FloatProducts.dot(vector, vector, stride).squareRoot()
      let target = left.pointer + index * stride
      target.update(from: vector, count: stride)
      makeLong(target)
      if note(index, log(length) + block.scales[row]) { stillOpen.append(index) }
    }
    open = stillOpen
    if open.isEmpty { isFinished = true } else { beginBack() }
  }

  /// Takes a norm.
  ///
  /// - Returns: whether it is to be looked for further.
  private func note(_ index: Int, _ norm: Double) -> Bool {
    let before = estimates[index]
    // From below, all of them; what is less is rounding, of which every step has some.
    let best = before.isFinite && norm < before ? before : norm
    estimates[index] = best
    norms.append((lags[index], best))
    let rounding = Self.rounding * Double(lags[index])
    return norm.isFinite && !(norm - before <= tolerance / 2 + rounding)
  }

  /// What a step in Float32 may make of a norm, as a share of it.
  private static let rounding = 2e-8

  // MARK: - Back

  /// The directions at T that are open, the furthest first, without what they have in common.
  private func beginBack() {
    phase = .back
    lag = 0
    count = 0
    reaches = []
    for index in open where count < size {
      block.clear(count)
      let vector = block.vector(count, of: state)
      vector.update(from: left.pointer + index * stride, count: size)
      for _ in 0..<2 {
        for row in 0..<count {
          let other = block.vector(row, of: state)
          FloatProducts.add(
            -Float(FloatProducts.dot(other, vector, stride)), other, to: vector, stride)
        }
      }
      let rest = FloatProducts.dot(vector, vector, stride).squareRoot()
      guard rest > Self.missing else {
        block.clear(count)
        continue
      }
      makeLong(vector)
      reaches.append(lags[index])
      count += 1
    }
  }

  private func look(_ index: Int) {
    let norm = strongest(vectors(), into: right.pointer + index * stride)
    if !note(index, norm) { open.removeAll { $0 == index } }
  }
}
