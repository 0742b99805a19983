/// What a network costs: the numbers that are trained, and the multiplications of a step.
public struct NetworkCost: Sendable, Hashable, Codable {
  /// Weights and biases, of the embedding and the readout too; what both share counts once.
  public var parameters: Int
  /// Of a step, all layers and directions together: W x, R h', the projection, the readout, and what
  /// is multiplied unit by unit (f c', i z, o tanh c and the peepholes of an LSTM; r, u and 1 - u of a
  /// GRU). A one-hot x counts as the vector that it is, though its column of W is only picked.
  public var multiplications: Int

  public init(parameters: Int, multiplications: Int) {
    self.parameters = parameters
    self.multiplications = multiplications
  }
}

extension Network {
  /// What the network costs as it is.
  public var cost: NetworkCost { cost(ofCell: nil) }

  /// What a network of as many layers, directions and units would cost whose layers were all plain
  /// cells of a kind: without peepholes and projection, with as many biases as this one has.
  public func cost(asCell cell: CellKind) -> NetworkCost { cost(ofCell: cell) }

  private func cost(ofCell cell: CellKind?) -> NetworkCost {
    var parameters = embedding?.weights.count ?? 0
    var multiplications = 0
    var width = layers[0].shape.inputSize
    for layer in layers {
      var shape = layer.shape
      let weights = layer.weights[0]
      let looks = cell == nil && weights.peepholes != nil ? 3 * shape.hiddenSize : 0
      if let cell {
        shape = LayerShape(
          cell: cell, inputSize: width, hiddenSize: shape.hiddenSize, directions: shape.directions,
          merge: shape.merge)
      }
      let biases = (weights.inputBias == nil ? 0 : 1) + (weights.recurrentBias == nil ? 0 : 1)
      let projection = (shape.projectionSize ?? 0) * shape.hiddenSize
      let recurrent = shape.recurrentMatrix
      let more = shape.definition?.parameters(shape) ?? [:]
      let others = more.values.reduce(0, +)
      // What is only added is no product.
      let products = more.filter { !$0.key.contains("bias") && $0.key != "beta" }.values.reduce(
        0, +)
      let matrices =
        shape.gateRows * shape.inputSize + recurrent.rows * recurrent.columns + projection
      let elementwise = shape.cell.about.elementwise * shape.hiddenSize
      parameters += shape.directions.count * (matrices + biases * shape.gateRows + looks + others)
      multiplications += shape.directions.count * (matrices + elementwise + looks + products)
      width = shape.outputSize
    }
    if let readout {
      let isTied =
        embedding.map {
          $0.count == readout.outputSize && $0.size == readout.inputSize && $0.size == width
            && $0.weights == readout.weights
        } ?? false
      parameters += (isTied ? 0 : readout.outputSize * width) + (readout.bias?.count ?? 0)
      multiplications += readout.outputSize * width
    }
    return NetworkCost(parameters: parameters, multiplications: multiplications)
  }
}
