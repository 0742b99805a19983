/// A table that turns a token into the vector that layer 0 reads.
public struct Embedding: Sendable, Equatable {
  /// V, the number of tokens.
  public let count: Int
  /// E, the length of a vector.
  public let size: Int
  /// (V, E), row-major.
  public let weights: [Float]

  /// - Throws: `NetworkError` where `weights` does not hold count × size numbers.
  public init(count: Int, size: Int, weights: [Float]) throws(NetworkError) {
    try expect("embedding", weights, [count, size])
    self.count = count
    self.size = size
    self.weights = weights
  }
}
