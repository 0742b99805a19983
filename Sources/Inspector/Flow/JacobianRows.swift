import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The whole of ∂c_T/∂c_s or ∂h_T/∂h_s, a row a unit of T, carried back from lag to lag.
final class JacobianRows {
  let state: CarriedState
  /// How many rows.
  let count: Int
  private(set) var lag = 0

  private let slopes: StepSlopes
  private let last: Int
  /// The length of the state.
  private let size: Int
  private let cells: DoubleBuffer  // (rows, H)
  private let hiddens: DoubleBuffer  // (rows, H or P)
  private let matrix: DoubleBuffer  // (rows, size): the Jacobian itself
  private var scale = 0.0  // ln of what the rows are to be multiplied by
  private let left: DoubleBuffer  // (rows): where the iteration begins and ends
  private let right: DoubleBuffer  // (size)

  init(_ slopes: StepSlopes, of state: CarriedState, from last: Int) {
    self.slopes = slopes
    self.state = state
    self.last = last
    size = state == .cell ? slopes.units : slopes.hiddenSize
    count = size
    cells = DoubleBuffer(count: count * slopes.units)
    hiddens = DoubleBuffer(count: count * slopes.hiddenSize)
    matrix = DoubleBuffer(count: count * size)
    left = DoubleBuffer(count: count)
    right = DoubleBuffer(count: size)
    for row in 0..<count {
      switch state {
      case .cell: cells.pointer[row * slopes.units + row] = 1
      case .hidden: hiddens.pointer[row * slopes.hiddenSize + row] = 1
      }
    }
  }

  var productsPerLag: Int { count * slopes.products + 20 * count * size }

  /// One step further back.
  ///
  /// - Returns: multiplications.
  func pull() -> Int {
    let place = last - lag
    var largest = 0.0
    for row in 0..<count {
      let cell = cells.pointer + row * slopes.units
      let hidden = hiddens.pointer + row * slopes.hiddenSize
      slopes.pull(place, cell: cell, hidden: hidden)
      if slopes.hasCell {
        for unit in 0..<slopes.units { largest = max(largest, abs(cell[unit])) }
      }
      for unit in 0..<slopes.hiddenSize { largest = max(largest, abs(hidden[unit])) }
    }
    // In time, before they leave what a number can hold.
    if largest.isFinite, largest > 0, !(1e-60...1e60).contains(largest) {
      for place in 0..<cells.count { cells.pointer[place] /= largest }
      for place in 0..<hiddens.count { hiddens.pointer[place] /= largest }
      scale += log(largest)
    }
    lag += 1
    return count * slopes.products
  }

  /// The logarithms of the rows' mean length and of the spectral norm.
  func find() -> (mean: Double, norm: Double, cost: Int) {
    var sum = 0.0
    for row in 0..<count {
      let target = matrix.pointer + row * size
      switch state {
      case .cell:
        target.update(from: cells.pointer + row * size, count: size)
        // At T itself c is what is asked for, and does not act through h.
        if lag > 0 {
          slopes.collect(
            last - lag, hidden: hiddens.pointer + row * slopes.hiddenSize, cell: target)
        }
      case .hidden: target.update(from: hiddens.pointer + row * size, count: size)
      }
      sum += Products.length(target, size)
    }
    let mean = log(sum / Double(count)) + scale
    let (norm, rounds) = spectralNorm()
    return (mean, log(norm) + scale, (2 * rounds + 1) * count * size)
  }

  /// Power iteration on JᵀJ, begun near the vector at which the lag before has ended.
  private func spectralNorm() -> (norm: Double, rounds: Int) {
    PowerStart.stir(left.pointer, count)
    var norm = 0.0
    for round in 1...Self.mostRounds {
      right.clear()
      for row in 0..<count {
        let factor = left.pointer[row]
        let source = matrix.pointer + row * size
        for column in 0..<size { right.pointer[column] += factor * source[column] }
      }
      let length = Products.length(right.pointer, size)
      guard length > 0, length.isFinite else { return (length, round) }
      for row in 0..<count {
        let source = matrix.pointer + row * size
        var sum = 0.0
        for column in 0..<size { sum += source[column] * (right.pointer[column] / length) }
        left.pointer[row] = sum
      }
      let next = Products.length(left.pointer, count)
      guard next > 0, next.isFinite else { return (next, round) }
      for row in 0..<count { left.pointer[row] /= next }
      if abs(next - norm) <= 1e-10 * next { return (next, round) }
      norm = next
    }
    return (norm, Self.mostRounds)
  }

  private static let mostRounds = 400
}

/// Where a power iteration begins.
enum PowerStart {
  /// Adds a little of a fixed vector that no structure of a network favours, so that the iteration
  /// cannot be caught at right angles to what it looks for, and makes the whole one long.
  static func stir(_ vector: UnsafeMutablePointer<Double>, _ count: Int) {
    let isBlank = Products.length(vector, count) == 0
    let share = (isBlank ? 1 : 0.02) / Double(count).squareRoot()
    var bits: UInt64 = 0x9E37_79B9_7F4A_7C15
    for place in 0..<count {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      vector[place] +=
        share * (0.5 + Double(bits >> 40) / Double(1 << 24)) * (bits & 1 << 33 == 0 ? 1 : -1)
    }
    let length = Products.length(vector, count)
    for place in 0..<count { vector[place] /= length }
  }
}
