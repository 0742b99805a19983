import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds spectral norms of ∂c_T/∂c_s or ∂h_T/∂h_s by power iteration through the recorded steps: a
/// vector of T is pulled back to s, what it becomes there is pushed forwards to T, and so on. One step
/// of the network at a time, so that it can be interrupted anywhere.
final class PowerIteration {
  let state: CarriedState
  private let slopes: StepSlopes
  private let last: Int
  private let lags: [Int]
  private let tolerance: Double
  private var lagIndex = 0
  private var round = 0
  private var isPulling = true
  private var place: Int
  private var scale = 0.0
  private var norm = -Double.infinity
  private var found: (lag: Int, norm: Double)?
  private let cell: DoubleBuffer  // (H)
  private let hidden: DoubleBuffer  // (H or P)
  private let left: DoubleBuffer  // (size): of length 1, at T

  private static let mostRounds = 400

  init(
    _ slopes: StepSlopes, of state: CarriedState, from last: Int, lags: [Int], tolerance: Double
  ) {
    self.slopes = slopes
    self.state = state
    self.last = last
    self.lags = lags
    self.tolerance = tolerance
    place = last
    cell = DoubleBuffer(count: slopes.units)
    hidden = DoubleBuffer(count: slopes.hiddenSize)
    left = DoubleBuffer(count: state == .cell ? slopes.units : slopes.hiddenSize)
    beginLag()
  }

  var isFinished: Bool { lagIndex == lags.count }

  /// With three rounds a lag.
  var expectedProducts: Double {
    Double(lags.reduce(0, +)) * 6 * Double(slopes.products)
  }

  /// The logarithm of a norm, once it is there.
  func takeFound() -> (lag: Int, norm: Double)? {
    defer { found = nil }
    return found
  }

  private var target: Int { last - lags[lagIndex] }

  private var vector: DoubleBuffer { state == .cell ? cell : hidden }

  private func beginLag() {
    guard !isFinished else { return }
    PowerStart.stir(left.pointer, left.count)
    round = 0
    norm = -.infinity
    beginPull()
  }

  private func beginPull() {
    isPulling = true
    place = last
    scale = 0
    cell.clear()
    hidden.clear()
    vector.pointer.update(from: left.pointer, count: left.count)
  }

  /// Goes one step of the network, or turns round.
  ///
  /// - Returns: multiplications.
  func step() -> Int {
    if isPulling {
      guard place > target else {
        turnForwards()
        return 0
      }
      slopes.pull(place, cell: cell.pointer, hidden: hidden.pointer)
      place -= 1
    } else {
      guard place < last else {
        finishRound()
        return 0
      }
      place += 1
      slopes.push(place, cell: cell.pointer, hidden: hidden.pointer)
    }
    rescale()
    return slopes.products
  }

  private func rescale() {
    let largest = max(
      slopes.hasCell ? Products.length(cell.pointer, cell.count) : 0,
      Products.length(hidden.pointer, hidden.count))
    guard largest.isFinite, largest > 0, !(1e-60...1e60).contains(largest) else { return }
    for place in 0..<cell.count { cell.pointer[place] /= largest }
    for place in 0..<hidden.count { hidden.pointer[place] /= largest }
    scale += log(largest)
  }

  private func turnForwards() {
    if state == .cell && place < last {
      slopes.collect(place, hidden: hidden.pointer, cell: cell.pointer)
    }
    let length = Products.length(vector.pointer, vector.count)
    guard length > 0, length.isFinite else {
      end(log(length) + scale)
      return
    }
    for place in 0..<vector.count { vector.pointer[place] /= length }
    switch state {
    case .cell:
      hidden.clear()
      if place < last { slopes.show(place, cell: cell.pointer, hidden: hidden.pointer) }
    case .hidden: cell.clear()
    }
    scale = 0
    isPulling = false
  }

  private func finishRound() {
    let length = Products.length(vector.pointer, vector.count)
    guard length > 0, length.isFinite else {
      end(log(length) + scale)
      return
    }
    for place in 0..<left.count { left.pointer[place] = vector.pointer[place] / length }
    let next = log(length) + scale
    round += 1
    if abs(next - norm) <= tolerance || round == Self.mostRounds {
      end(next)
    } else {
      norm = next
      beginPull()
    }
  }

  private func end(_ norm: Double) {
    found = (lags[lagIndex], norm)
    lagIndex += 1
    if !isFinished { beginLag() }
  }
}
