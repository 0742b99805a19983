/// What a recurrent layer is, without its weights.
public struct LayerShape: Sendable, Hashable {
  public var cell: CellKind
  /// I, the length of x.
  public var inputSize: Int
  /// H, the number of units in one direction.
  public var hiddenSize: Int
  public var isBidirectional: Bool

  public init(cell: CellKind, inputSize: Int, hiddenSize: Int, isBidirectional: Bool = false) {
    self.cell = cell
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.isBidirectional = isBidirectional
  }

  /// G·H, the rows of W and R.
  public var gateRows: Int { cell.gates.count * hiddenSize }

  public var directions: [Direction] { isBidirectional ? [.forward, .backward] : [.forward] }

  /// What the layer hands to the next: H, or 2·H with both directions (forward first).
  public var outputSize: Int { hiddenSize * directions.count }
}

/// The order in which a layer reads the sequence.
public enum Direction: String, Sendable, CaseIterable, Hashable {
  case forward = "fwd"
  case backward = "bwd"
}

/// The weights of one layer in one direction, gates in the order of `CellKind.gates`.
public struct LayerWeights: Sendable, Equatable {
  /// W: (G·H, I), row-major.
  public var inputWeights: [Float]
  /// R: (G·H, H), row-major.
  public var recurrentWeights: [Float]
  /// b_W: (G·H), or nil where the layer has no bias.
  public var inputBias: [Float]?
  /// b_R: (G·H), or nil where the layer has one bias or none. An LSTM adds both.
  public var recurrentBias: [Float]?
  /// LSTM only: (3·H), for f, i and o; f and i look at c', o looks at c. Nil where there are none.
  public var peepholes: [Float]?

  public init(
    inputWeights: [Float], recurrentWeights: [Float], inputBias: [Float]? = nil,
    recurrentBias: [Float]? = nil, peepholes: [Float]? = nil
  ) {
    self.inputWeights = inputWeights
    self.recurrentWeights = recurrentWeights
    self.inputBias = inputBias
    self.recurrentBias = recurrentBias
    self.peepholes = peepholes
  }
}

/// A recurrent layer: its shape, and weights for each of its directions.
public struct Layer: Sendable, Equatable {
  public let shape: LayerShape
  /// One entry a direction, in the order of `shape.directions`.
  public let weights: [LayerWeights]

  /// - Throws: `NetworkError` naming the first array whose length does not fit the shape.
  public init(shape: LayerShape, weights: [LayerWeights]) throws(NetworkError) {
    guard weights.count == shape.directions.count else {
      throw .wrongCount(
        what: "directions", expected: shape.directions.count, found: weights.count)
    }
    for direction in weights {
      try expect("input weights", direction.inputWeights, [shape.gateRows, shape.inputSize])
      try expect(
        "recurrent weights", direction.recurrentWeights, [shape.gateRows, shape.hiddenSize])
      try expect("input bias", direction.inputBias, [shape.gateRows])
      try expect("recurrent bias", direction.recurrentBias, [shape.gateRows])
      try expect("peepholes", direction.peepholes, [3, shape.hiddenSize])
      if direction.peepholes != nil && shape.cell != .lstm {
        throw .peepholesOutsideLSTM(shape.cell)
      }
    }
    self.shape = shape
    self.weights = weights
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
