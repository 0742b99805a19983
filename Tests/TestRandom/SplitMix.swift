/// SplitMix64 (Steele et al. 2014): numbers that look random and are the same for the same seed, for tests
/// and for the fuzzers.
public struct SplitMix {
  private var state: UInt64

  public init(_ seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// - Precondition: `bound` is above 0.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  public mutating func element<Item>(of items: [Item]) -> Item { items[below(items.count)] }
}
