/// Why arrays do not make a network, or an input does not fit one. The cases carry the facts; the
/// words are `description`.
public enum NetworkError: Error, Equatable, Sendable {
  case wrongCount(what: String, expected: Int, found: Int)
  case wrongShape(what: String, expected: [Int], found: Int)
  case impossibleShape(what: String, shape: [Int])
  case sizesDiffer(producer: String, gives: Int, consumer: String, takes: Int)
  case peepholesOutsideLSTM(CellKind)
  case emptyInput
  case tokenOutOfRange(step: Int, token: Int, count: Int)
  case wrongFeatureCount(expected: Int, found: Int)
  case needsTokens
  case notCausal
}

extension NetworkError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .wrongCount(let what, let expected, let found):
      "expected \(expected) \(what), found \(found)"
    case .wrongShape(let what, let expected, let found):
      "\(what): expected \(words(expected)) numbers, found \(found)"
    case .impossibleShape(let what, let shape):
      "\(what): a shape of \(words(shape)) is impossible"
    case .sizesDiffer(let producer, let gives, let consumer, let takes):
      "\(producer) gives \(gives) numbers, but \(consumer) takes \(takes)"
    case .peepholesOutsideLSTM(let cell):
      "peepholes belong to an LSTM, but the layer is of kind \(cell.rawValue)"
    case .emptyInput:
      "the input is empty; give at least one step"
    case .tokenOutOfRange(let step, let token, let count):
      "step \(step): token \(token) is not one of the network's \(count) (0 to \(count - 1))"
    case .wrongFeatureCount(let expected, let found):
      "a step has \(found) features, but the network takes \(expected)"
    case .needsTokens:
      "the network starts with an embedding, which takes tokens, not numbers"
    case .notCausal:
      "a network that also reads backwards cannot be stepped forwards; record it whole"
    }
  }

  private func words(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: " × ")
  }
}
