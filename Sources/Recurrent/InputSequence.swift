/// What enters a network, one entry a step.
public enum InputSequence: Sendable, Equatable {
  /// Token numbers: rows of the embedding, or places of the 1 in a one-hot vector.
  case tokens([Int])
  /// Numeric vectors, (T, width), row-major.
  case features([Float], width: Int)

  /// T, the number of steps.
  public var count: Int {
    switch self {
    case .tokens(let tokens): tokens.count
    case .features(let values, let width): width > 0 ? values.count / width : 0
    }
  }
}

extension Network {
  /// Proves that every step of `input` can enter the network.
  ///
  /// - Throws: `NetworkError` naming the first step that cannot.
  public func validate(_ input: InputSequence) throws(NetworkError) {
    guard input.count > 0 else { throw .emptyInput }
    switch input {
    case .tokens(let tokens):
      let count = tokenCount
      if let step = tokens.firstIndex(where: { $0 < 0 || $0 >= count }) {
        throw .tokenOutOfRange(step: step, token: tokens[step], count: count)
      }
    case .features(let values, let width):
      guard let expected = featureCount else { throw .needsTokens }
      guard width == expected, values.count % width == 0 else {
        throw .wrongFeatureCount(expected: expected, found: width)
      }
    }
  }
}
