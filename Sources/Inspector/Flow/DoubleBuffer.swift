/// Float64 memory at a fixed address, for loops over vectors: see `FloatBuffer`.
///
/// Whoever holds one keeps it to itself.
final class DoubleBuffer {
  let pointer: UnsafeMutablePointer<Double>
  let count: Int

  /// `count` zeros.
  init(count: Int) {
    pointer = .allocate(capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
    self.count = count
  }

  deinit { pointer.deallocate() }

  func clear() { pointer.update(repeating: 0, count: count) }

  var values: [Double] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}

/// Products of Float32 weights with Float64 vectors, eight at a time.
enum Products {
  /// Σ w x.
  static func dot(
    _ weights: UnsafePointer<Float>, _ x: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var parts = SIMD8<Double>.zero
    var place = 0
    while place + 8 <= count {
      let w = UnsafeRawPointer(weights + place).loadUnaligned(as: SIMD8<Float>.self)
      let v = UnsafeRawPointer(x + place).loadUnaligned(as: SIMD8<Double>.self)
      // Not `addProduct`, which is a call for every number where the processor may have no FMA.
      parts += SIMD8<Double>(w) * v
      place += 8
    }
    var sum = parts.sum()
    while place < count {
      sum += Double(weights[place]) * x[place]
      place += 1
    }
    return sum
  }

  /// y += factor · w.
  static func add(
    _ factor: Double, _ weights: UnsafePointer<Float>, to y: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    guard factor != 0 else { return }
    let factors = SIMD8<Double>(repeating: factor)
    var place = 0
    while place + 8 <= count {
      let w = UnsafeRawPointer(weights + place).loadUnaligned(as: SIMD8<Float>.self)
      let target = UnsafeMutableRawPointer(y + place)
      var v = target.loadUnaligned(as: SIMD8<Double>.self)
      v += factors * SIMD8<Double>(w)
      target.storeBytes(of: v, as: SIMD8<Double>.self)
      place += 8
    }
    while place < count {
      y[place] += factor * Double(weights[place])
      place += 1
    }
  }

  /// The length of a vector, which may hold numbers whose squares do not exist.
  static func length(_ x: UnsafePointer<Double>, _ count: Int) -> Double {
    var largest = 0.0
    for place in 0..<count {
      guard x[place].isFinite else { return .nan }
      largest = max(largest, abs(x[place]))
    }
    guard largest > 0 else { return 0 }
    var sum = 0.0
    for place in 0..<count {
      let share = x[place] / largest
      sum += share * share
    }
    return largest * sum.squareRoot()
  }
}
