#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Random numbers that are the same on every machine for the same seed: xoshiro256** (Blackman &
/// Vigna 2018), its state filled by SplitMix64 (Steele et al. 2014).
///
/// Shuffling and choosing are written out here, not left to the standard library, whose ways of
/// using a generator may change from version to version.
public struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  public init(seed: UInt64) {
    var counter = seed
    func splitMix() -> UInt64 {
      counter &+= 0x9E37_79B9_7F4A_7C15
      var z = counter
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    let first = splitMix()
    let second = splitMix()
    let third = splitMix()
    state = (first, second, third, splitMix())
  }

  /// The generator's whole state: with it another goes on where this one stands.
  public var words: [UInt64] { [state.0, state.1, state.2, state.3] }

  /// - Parameter words: four, from `words`.
  public init(words: [UInt64]) {
    precondition(words.count == 4)
    state = (words[0], words[1], words[2], words[3])
  }

  public mutating func next() -> UInt64 {
    func rotated(_ x: UInt64, _ bits: UInt64) -> UInt64 { (x << bits) | (x >> (64 - bits)) }
    let result = rotated(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, 45)
    return result
  }

  /// A generator of its own, whose numbers have nothing to do with those that follow here.
  public mutating func split() -> RandomSource { RandomSource(seed: next()) }

  /// Uniform in 0..<1, 53 bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in a range.
  public mutating func uniform(in range: Range<Float>) -> Float {
    range.lowerBound + Float(uniform()) * (range.upperBound - range.lowerBound)
  }

  /// Uniform in 0..<bound, without bias (Lemire 2019). `bound` is at least 1.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0)
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Uniform in a range of integers.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + integer(below: range.count)
  }

  /// True with probability `probability`.
  public mutating func chance(_ probability: Double = 0.5) -> Bool { uniform() < probability }

  /// Normal with mean 0 and deviation 1 (Box & Muller 1958).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// One element of a collection that is not empty.
  public mutating func choice<Element>(_ elements: [Element]) -> Element {
    elements[integer(below: elements.count)]
  }

  /// An index, with probability in proportion to its weight.
  public mutating func index(weights: [Float]) -> Int {
    var rest = uniform() * weights.reduce(0) { $0 + Double($1) }
    for (index, weight) in weights.enumerated() {
      rest -= Double(weight)
      if rest < 0 { return index }
    }
    return weights.count - 1
  }

  /// Puts the elements in an order of which each is as likely (Fisher & Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in elements.indices.dropFirst().reversed() {
      elements.swapAt(last, integer(below: last + 1))
    }
  }
}
