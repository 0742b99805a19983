import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Changes of a state, or what a state is worth: several vectors of c and h in Float32 that go through the
/// steps together, so that each weight is read once for all of them. Every vector has a scale of its own,
/// since far from where it began it leaves what a Float can hold.
final class VectorBlock {
  let cells: FloatBuffer  // (vectors, cellStride)
  let hiddens: FloatBuffer  // (vectors, hiddenStride)
  let cellStride: Int
  let hiddenStride: Int
  /// The logarithm of what a vector is to be multiplied by.
  private(set) var scales: [Double]

  init(capacity: Int, units: Int, hiddenSize: Int) {
    cellStride = PackedMatrix.stride(units)
    hiddenStride = PackedMatrix.stride(hiddenSize)
    cells = FloatBuffer(count: capacity * cellStride)
    hiddens = FloatBuffer(count: capacity * hiddenStride)
    scales = Array(repeating: 0, count: capacity)
  }

  func cell(_ row: Int) -> UnsafeMutablePointer<Float> { cells.pointer + row * cellStride }
  func hidden(_ row: Int) -> UnsafeMutablePointer<Float> { hiddens.pointer + row * hiddenStride }

  func vector(_ row: Int, of state: CarriedState) -> UnsafeMutablePointer<Float> {
    switch state {
    case .cell: cell(row)
    case .hidden: hidden(row)
    }
  }

  /// Makes a vector nothing, of scale 1.
  func clear(_ row: Int) {
    cell(row).update(repeating: 0, count: cellStride)
    hidden(row).update(repeating: 0, count: hiddenStride)
    scales[row] = 0
  }

  /// Brings the first vectors back to lengths about 1 where they have gone far from it.
  func rescale(_ count: Int) {
    for row in 0..<count {
      let squares =
        FloatProducts.squares(cell(row), cellStride)
        + FloatProducts.squares(hidden(row), hiddenStride)
      guard squares.isFinite, squares > 0, !(1e-12...1e12).contains(squares) else { continue }
      // A power of two costs no digit.
      let exponent = Int(squares.exponent) / 2
      let factor = Float(sign: .plus, exponent: -exponent, significand: 1)
      for place in 0..<cellStride { cell(row)[place] *= factor }
      for place in 0..<hiddenStride { hidden(row)[place] *= factor }
      scales[row] += Double(exponent) * log(2)
    }
  }
}

/// Sums over Float32 vectors.
enum FloatProducts {
  /// Σ x², for `count` a multiple of 16 numbers.
  static func squares(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
    var parts = SIMD16<Float>.zero
    for place in stride(from: 0, to: count, by: 16) {
      let v = UnsafeRawPointer(x + place).loadUnaligned(as: SIMD16<Float>.self)
      parts += v * v
    }
    return parts.sum()
  }

  /// Σ x y, for `count` a multiple of 16 numbers.
  static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int) -> Double {
    var parts = SIMD16<Float>.zero
    for place in stride(from: 0, to: count, by: 16) {
      let v = UnsafeRawPointer(x + place).loadUnaligned(as: SIMD16<Float>.self)
      let w = UnsafeRawPointer(y + place).loadUnaligned(as: SIMD16<Float>.self)
      parts += v * w
    }
    return SIMD16<Double>(parts).sum()
  }

  /// y += factor · x, for `count` a multiple of 16 numbers.
  static func add(
    _ factor: Float, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let factors = SIMD16<Float>(repeating: factor)
    for place in stride(from: 0, to: count, by: 16) {
      let v = UnsafeRawPointer(x + place).loadUnaligned(as: SIMD16<Float>.self)
      let target = UnsafeMutableRawPointer(y + place)
      let w = target.loadUnaligned(as: SIMD16<Float>.self)
      target.storeBytes(of: w + factors * v, as: SIMD16<Float>.self)
    }
  }
}
