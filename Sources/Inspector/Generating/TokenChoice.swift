import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Chooses the next token from what a readout says: the likeliest, or one drawn by chance.
///
/// Everything is done in Float64, token by token in the order of their numbers, with a generator whose
/// algorithm is written down (`RandomSource`), so that the same sums and seed give the same tokens
/// everywhere. The sums themselves differ in their last digits from one instruction set to another; a
/// draw that falls so near to a border is one in millions.
public struct TokenChoice: Sendable {
  /// p is raised to 1 / temperature: below 1 the likelier become likelier still. At 0 the likeliest is
  /// taken, of equals the first, and nothing is drawn.
  public let temperature: Double
  /// Only so many of the likeliest are drawn from, of equals the first; nil for all.
  public let topCount: Int?
  private var random: RandomSource
  private var weights: [Double] = []
  private var sorted: [Double] = []

  /// - Precondition: `temperature` is finite and not negative, `topCount` 1 at least.
  public init(temperature: Double = 1, topCount: Int? = nil, seed: UInt64) {
    precondition(temperature >= 0 && temperature.isFinite)
    precondition(topCount.map { $0 > 0 } ?? true)
    self.temperature = temperature
    self.topCount = topCount
    random = RandomSource(seed: seed)
  }

  /// A token by its number, with the probability that softmax(sums / temperature) gives it.
  ///
  /// - Parameter sums: V h + b, an output a token.
  /// - Returns: nil where the sums are no numbers that could be compared.
  public mutating func next(of sums: UnsafeBufferPointer<Double>) -> Int? {
    guard let likeliest = sums.indices.max(by: { sums[$0] < sums[$1] }),
      sums.allSatisfy({ !$0.isNaN }), sums[likeliest].isFinite
    else { return nil }
    let largest = sums[likeliest]
    guard temperature > 0 else { return sums.firstIndex(of: largest) }
    if weights.count != sums.count { weights = Array(repeating: 0, count: sums.count) }
    var total = 0.0
    let kept = border(of: sums)
    var equalsLeft = kept.equals
    for index in sums.indices {
      var isKept = sums[index] > kept.value
      if sums[index] == kept.value, equalsLeft > 0 {
        isKept = true
        equalsLeft -= 1
      }
      weights[index] = isKept ? exp((sums[index] - largest) / temperature) : 0
      total += weights[index]
    }
    var rest = random.uniform() * total
    for index in weights.indices {
      rest -= weights[index]
      if rest < 0 { return index }
    }
    return weights.lastIndex { $0 > 0 }
  }

  /// The smallest sum that is drawn from, and how many that are equal to it.
  private mutating func border(of sums: UnsafeBufferPointer<Double>) -> (value: Double, equals: Int)
  {
    guard let topCount, topCount < sums.count else { return (-.infinity, sums.count) }
    sorted.removeAll(keepingCapacity: true)
    sorted.append(contentsOf: sums)
    sorted.sort(by: >)
    let value = sorted[topCount - 1]
    return (value, topCount - sorted.prefix { $0 > value }.count)
  }
}
