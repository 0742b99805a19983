/// The weights of one layer in one direction, gates in the order of `CellKind.gates`.
public struct LayerWeights: Sendable, Equatable {
  /// W: (G·H, I), row-major.
  public var inputWeights: [Float]
  /// R: (G·H, H), or (G·H, P) with a projection; row-major.
  public var recurrentWeights: [Float]
  /// b_W: (G·H), or nil where the layer has no bias.
  public var inputBias: [Float]?
  /// b_R: (G·H), or nil where the layer has one bias or none. An LSTM adds both.
  public var recurrentBias: [Float]?
  /// LSTM only: (3·H), for f, i and o; f and i look at c', o looks at c. Nil where there are none.
  public var peepholes: [Float]?
  /// (P, H), row-major: h = projection · m. Nil where the shape has no projection.
  public var projection: [Float]?
  /// What a described cell has beside them, by name (`CellDefinition.parameters`).
  public var parameters: [String: [Float]]

  public init(
    inputWeights: [Float], recurrentWeights: [Float], inputBias: [Float]? = nil,
    recurrentBias: [Float]? = nil, peepholes: [Float]? = nil, projection: [Float]? = nil,
    parameters: [String: [Float]] = [:]
  ) {
    self.inputWeights = inputWeights
    self.recurrentWeights = recurrentWeights
    self.inputBias = inputBias
    self.recurrentBias = recurrentBias
    self.peepholes = peepholes
    self.projection = projection
    self.parameters = parameters
  }
}

/// A recurrent layer: its shape, and weights for each of its directions.
public struct Layer: Sendable, Equatable {
  public let shape: LayerShape
  /// One entry a direction, in the order of `shape.directions`.
  public let weights: [LayerWeights]

  /// - Throws: `NetworkError` where the shape is none of its cell, or naming the first array whose
  ///   length does not fit it.
  public init(shape: LayerShape, weights: [LayerWeights]) throws(NetworkError) {
    try shape.validate()
    guard weights.count == shape.directions.count else {
      throw .wrongCount(
        what: "directions", expected: shape.directions.count, found: weights.count)
    }
    for direction in weights {
      try expect("input weights", direction.inputWeights, [shape.gateRows, shape.inputSize])
      let recurrent = shape.recurrentMatrix
      try expect(
        "recurrent weights", direction.recurrentWeights, [recurrent.rows, recurrent.columns])
      try expect("input bias", direction.inputBias, [shape.gateRows])
      try expect("recurrent bias", direction.recurrentBias, [shape.gateRows])
      try expect("peepholes", direction.peepholes, [3, shape.hiddenSize])
      if direction.peepholes != nil && shape.cell != .lstm {
        throw .peepholesOutsideLSTM(shape.cell)
      }
      guard (direction.projection != nil) == (shape.projectionSize != nil) else {
        throw .wrongCount(
          what: "projections", expected: shape.projectionSize == nil ? 0 : 1,
          found: direction.projection == nil ? 0 : 1)
      }
      try expect("projection", direction.projection, [shape.recurrentSize, shape.hiddenSize])
    }
    try expectParameters(shape, weights)
    self.shape = shape
    self.weights = weights
  }
}

/// Proves that every parameter of a described cell is there, as long as it must be, and no other.
private func expectParameters(
  _ shape: LayerShape, _ weights: [LayerWeights]
) throws(NetworkError) {
  let needed = shape.definition?.parameters(shape) ?? [:]
  for direction in weights {
    for (name, count) in needed.sorted(by: { $0.key < $1.key }) {
      try expect(name, direction.parameters[name] ?? [], [count])
    }
    if let other = direction.parameters.keys.sorted().first(where: { needed[$0] == nil }) {
      throw .wrongCount(what: other, expected: 0, found: 1)
    }
  }
}

/// Throws where an array does not hold exactly the product of `shape`; nil passes.
func expect(_ what: String, _ values: [Float]?, _ shape: [Int]) throws(NetworkError) {
  guard let values else { return }
  var product = 1
  for size in shape {
    let (next, overflow) = product.multipliedReportingOverflow(by: size)
    guard size >= 0, !overflow else { throw .impossibleShape(what: what, shape: shape) }
    product = next
  }
  guard values.count == product else {
    throw .wrongShape(what: what, expected: shape, found: values.count)
  }
}
