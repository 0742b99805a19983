import Recurrent
import Testing

/// Parameters, against those that PyTorch's modules have.
@Suite struct NetworkCostTests {
  @Test func thereAreCosts() { #expect(FlowCase.costs.count == 9) }

  @Test func parametersAreThoseOfPyTorch() throws {
    for cost in FlowCase.costs {
      // Each from a network of its own kind and from one of each other.
      for cell in CellKind.classic {
        let network = try network(cell, like: cost)
        let wanted = try #require(CellKind(rawValue: cost.cell))
        #expect(network.cost(asCell: wanted).parameters == cost.parameters, "\(cost)")
        if cell == wanted { #expect(network.cost.parameters == cost.parameters) }
      }
    }
  }

  private func network(_ cell: CellKind, like cost: FlowCase.Cost) throws -> Network {
    var width = cost.inputs
    var layers: [Layer] = []
    for _ in 0..<cost.layers {
      let shape = LayerShape(
        cell: cell, inputSize: width, hiddenSize: cost.units, isBidirectional: cost.both)
      layers.append(try layer(shape))
      width = shape.outputSize
    }
    return try Network(layers: layers, readout: readout(width, cost.outputs))
  }

  private func layer(_ shape: LayerShape, peepholes: Bool = false) throws -> Layer {
    func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }
    return try Layer(
      shape: shape,
      weights: shape.directions.map { _ in
        LayerWeights(
          inputWeights: zeros(shape.gateRows * shape.inputSize),
          recurrentWeights: zeros(shape.gateRows * shape.recurrentSize),
          inputBias: zeros(shape.gateRows), recurrentBias: zeros(shape.gateRows),
          peepholes: peepholes ? zeros(3 * shape.hiddenSize) : nil,
          projection: shape.projectionSize.map { zeros($0 * shape.hiddenSize) })
      })
  }

  private func readout(_ width: Int, _ outputs: Int) throws -> Readout {
    try Readout(
      inputSize: width, outputSize: outputs, weights: Array(repeating: 0, count: width * outputs),
      bias: Array(repeating: 0, count: outputs), activation: .softmax)
  }

  /// recall's three, by hand: 8·(9+2), 6·(9+2) and 2·(9+2) in the matrices, 3·2 unit by unit, 4·2 in
  /// the readout.
  @Test func multiplicationsAreCounted() throws {
    let network = try network(
      .lstm,
      like: .init(
        cell: "lstm", inputs: 9, units: 2, layers: 1, both: false, outputs: 4, parameters: 0))
    #expect(network.cost.multiplications == 88 + 6 + 8)
    #expect(network.cost(asCell: .gru).multiplications == 66 + 6 + 8)
    #expect(network.cost(asCell: .rnn).multiplications == 22 + 8)
  }

  /// A projection and peepholes are an LSTM's own; the others of as many units have neither.
  @Test func whatOnlyAnLSTMHasIsItsOwn() throws {
    let shape = LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 6, projectionSize: 2)
    let network = try Network(
      layers: [try layer(shape, peepholes: true)], readout: readout(2, 5))
    let matrices = 24 * (3 + 2) + 2 * 6
    #expect(network.cost.parameters == matrices + 48 + 18 + 5 * 2 + 5)
    #expect(network.cost.multiplications == matrices + 18 + 18 + 5 * 2)
    #expect(network.cost(asCell: .rnn).parameters == 6 * (3 + 6) + 12 + 5 * 6 + 5)
  }

  /// What the embedding and the readout share counts once.
  @Test func tiedWeightsCountOnce() throws {
    let weights = (0..<12).map(Float.init)
    let embedding = try Embedding(count: 4, size: 3, weights: weights)
    func network(_ readout: [Float]) throws -> Network {
      try Network(
        embedding: embedding,
        layers: [try layer(LayerShape(cell: .rnn, inputSize: 3, hiddenSize: 3))],
        readout: Readout(
          inputSize: 3, outputSize: 4, weights: readout, bias: nil, activation: .softmax))
    }
    #expect(try network(weights).cost.parameters == 12 + 18 + 6)
    #expect(try network(weights.reversed()).cost.parameters == 12 + 18 + 6 + 12)
  }
}
