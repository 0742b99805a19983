/// Why arrays do not make a network, or an input does not fit one. The cases carry the facts; the
/// words are `description`.
public enum NetworkError: Error, Equatable, Sendable {
  case wrongCount(what: String, expected: Int, found: Int)
  case wrongShape(what: String, expected: [Int], found: Int)
  case impossibleShape(what: String, shape: [Int])
  case sizesDiffer(producer: String, gives: Int, consumer: String, takes: Int)
  case peepholesOutsideLSTM(CellKind)
  case variationOutsideCell(CellVariation, CellKind)
  case impossibleDirections([Direction])
  case impossibleProjection(size: Int, units: Int)
  case impossibleClip(Float)
  case impossibleActivation(Activation)
  case emptyInput
  case tokenOutOfRange(step: Int, token: Int, count: Int)
  case wrongFeatureCount(expected: Int, found: Int)
  case needsTokens
  case notCausal
  case impossibleIntervention(String)
  /// A cell of which only signals are known.
  case notStepped(String)
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
    case .variationOutsideCell(let variation, let cell):
      "\(words(variation)), but the layer is of kind \(cell.rawValue)"
    case .impossibleDirections(let directions):
      "a layer reads fwd, bwd, or fwd and bwd, not "
        + (directions.isEmpty ? "no way" : directions.map(\.rawValue).joined(separator: ", "))
    case .impossibleProjection(let size, let units):
      "\(units) units can be projected to 1 to \(units) numbers, not \(size)"
    case .impossibleClip(let clip):
      "a clip must be a number above 0, not \(clip)"
    case .impossibleActivation(let activation):
      "the activation \(activation) must have finite numbers"
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
    case .notStepped(let title):
      "nothing is known of \(title) but its signals, so it cannot be stepped"
    case .impossibleIntervention(let reason):
      "an intervention does not fit the network: \(reason)"
    }
  }

  private func words(_ variation: CellVariation) -> String {
    switch variation {
    case .projection: "a projection belongs to an LSTM"
    case .coupledGates: "a coupled forget gate belongs to an LSTM"
    case .resetBefore: "a reset before the product belongs to a GRU"
    case .clip, .activations: "every cell can have that"
    }
  }

  private func words(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: " × ")
  }
}
