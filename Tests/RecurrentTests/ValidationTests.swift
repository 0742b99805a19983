import Recurrent
import Testing

/// What does not fit together is refused where it enters, with the facts.
@Suite struct ValidationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var message: String
    var build: @Sendable () throws -> Void
    var testDescription: String { message }

    init(_ message: String, _ build: @escaping @Sendable () throws -> Void) {
      self.message = message
      self.build = build
    }
  }

  /// An LSTM layer whose arrays have the given lengths; right ones where nothing is said.
  static func layer(
    _ cell: CellKind = .lstm, inputs: Int = 3, units: Int = 2, both: Bool = false,
    inputWeights: Int? = nil, recurrentWeights: Int? = nil, inputBias: Int? = nil,
    recurrentBias: Int? = nil, peepholes: Int? = nil,
    directions: Int? = nil
  ) throws -> Layer {
    let shape = LayerShape(cell: cell, inputSize: inputs, hiddenSize: units, isBidirectional: both)
    func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }
    let weights = LayerWeights(
      inputWeights: zeros(inputWeights ?? shape.gateRows * inputs),
      recurrentWeights: zeros(recurrentWeights ?? shape.gateRows * units),
      inputBias: inputBias.map(zeros),
      recurrentBias: recurrentBias.map(zeros), peepholes: peepholes.map(zeros))
    return try Layer(
      shape: shape,
      weights: Array(repeating: weights, count: directions ?? shape.directions.count))
  }

  /// A layer of any shape, with weights of the right lengths but for what is said.
  static func layer(_ shape: LayerShape, projection: Int? = nil) throws -> Layer {
    func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }
    let weights = LayerWeights(
      inputWeights: zeros(shape.gateRows * shape.inputSize),
      recurrentWeights: zeros(shape.gateRows * shape.recurrentSize),
      projection: projection.map(zeros))
    return try Layer(
      shape: shape, weights: Array(repeating: weights, count: shape.directions.count))
  }

  static func shape(_ cell: CellKind, _ change: (inout LayerShape) -> Void) -> LayerShape {
    var shape = LayerShape(cell: cell, inputSize: 3, hiddenSize: 4)
    change(&shape)
    return shape
  }

  static let variations: [Case] = [
    Case("a projection belongs to an LSTM, but the layer is of kind gru") {
      _ = try layer(shape(.gru) { $0.projectionSize = 2 }, projection: 8)
    },
    Case("a coupled forget gate belongs to an LSTM, but the layer is of kind rnn") {
      _ = try layer(shape(.rnn) { $0.isCoupled = true })
    },
    Case("a reset before the product belongs to a GRU, but the layer is of kind lstm") {
      _ = try layer(shape(.lstm) { $0.resetsBefore = true })
    },
    Case("4 units can be projected to 1 to 4 numbers, not 0") {
      _ = try layer(shape(.lstm) { $0.projectionSize = 0 }, projection: 0)
    },
    Case("4 units can be projected to 1 to 4 numbers, not 5") {
      _ = try layer(shape(.lstm) { $0.projectionSize = 5 }, projection: 20)
    },
    Case("4 units can be projected to 1 to 4 numbers, not -9223372036854775808") {
      _ = try layer(
        LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 4, projectionSize: .min), weights: [])
    },
    Case("expected 1 projections, found 0") {
      _ = try layer(shape(.lstm) { $0.projectionSize = 2 })
    },
    Case("expected 0 projections, found 1") { _ = try layer(shape(.lstm) { _ in }, projection: 8) },
    Case("projection: expected 2 × 4 numbers, found 7") {
      _ = try layer(shape(.lstm) { $0.projectionSize = 2 }, projection: 7)
    },
    Case("recurrent weights: expected 16 × 2 numbers, found 64") {
      let weights = LayerWeights(
        inputWeights: Array(repeating: 0, count: 48),
        recurrentWeights: Array(repeating: 0, count: 64))
      _ = try layer(shape(.lstm) { $0.projectionSize = 2 }, weights: [weights])
    },
    Case("a clip must be a number above 0, not 0.0") {
      _ = try layer(shape(.lstm) { $0.clip = 0 })
    },
    Case("a clip must be a number above 0, not nan") {
      _ = try layer(shape(.rnn) { $0.clip = .nan })
    },
    Case("the activation elu(inf) must have finite numbers") {
      _ = try layer(shape(.gru) { $0.activations.candidate = .elu(alpha: .infinity) })
    },
    Case("a layer reads fwd, bwd, or fwd and bwd, not no way") {
      _ = try layer(shape(.lstm) { $0.directions = [] })
    },
    Case("a layer reads fwd, bwd, or fwd and bwd, not bwd, fwd") {
      _ = try layer(shape(.lstm) { $0.directions = [.backward, .forward] })
    },
    Case("layer 0 gives 4 numbers, but layer 1 takes 3") {
      let merged = shape(.lstm) {
        $0.isBidirectional = true
        $0.merge = .sum
      }
      _ = try Network(layers: [layer(merged), layer(shape(.lstm) { _ in })])
    },
    Case("layer 0 gives 2 numbers, but the readout takes 4") {
      _ = try Network(
        layers: [layer(shape(.lstm) { $0.projectionSize = 2 }, projection: 8)],
        readout: readout(4))
    },
    Case("initial h of layer 0 fwd: expected 2 numbers, found 4") {
      let network = try Network(
        layers: [layer(shape(.lstm) { $0.projectionSize = 2 }, projection: 8)])
      let four: [Float] = [0, 0, 0, 0]
      _ = try NetworkState(
        tracks: [NetworkState.TrackState(hidden: four, cell: four)], for: network)
    },
    Case("a network that also reads backwards cannot be stepped forwards; record it whole") {
      _ = try Stepper(Network(layers: [layer(shape(.lstm) { $0.directions = [.backward] })]))
    },
  ]

  static func layer(_ shape: LayerShape, weights: [LayerWeights]) throws -> Layer {
    try Layer(shape: shape, weights: weights)
  }

  static func readout(_ inputs: Int) throws -> Readout {
    try Readout(
      inputSize: inputs, outputSize: 1, weights: Array(repeating: 0, count: inputs), bias: nil,
      activation: .linear)
  }

  static func embedding(_ count: Int, _ size: Int) throws -> Embedding {
    try Embedding(count: count, size: size, weights: Array(repeating: 0, count: count * size))
  }

  static let structure: [Case] = [
    Case("input weights: expected 8 × 3 numbers, found 23") { _ = try layer(inputWeights: 23) },
    Case("recurrent weights: expected 8 × 2 numbers, found 17") {
      _ = try layer(recurrentWeights: 17)
    },
    Case("input bias: expected 8 numbers, found 2") { _ = try layer(inputBias: 2) },
    Case("recurrent bias: expected 6 numbers, found 8") { _ = try layer(.gru, recurrentBias: 8) },
    Case("peepholes: expected 3 × 2 numbers, found 8") { _ = try layer(peepholes: 8) },
    Case("peepholes belong to an LSTM, but the layer is of kind gru") {
      _ = try layer(.gru, peepholes: 6)
    },
    Case("expected 2 directions, found 1") { _ = try layer(both: true, directions: 1) },
    Case("embedding: expected 4 × 3 numbers, found 5") {
      _ = try Embedding(count: 4, size: 3, weights: [0, 0, 0, 0, 0])
    },
    Case("embedding: a shape of 4611686018427387904 × 4 is impossible") {
      _ = try Embedding(count: 1 << 62, size: 4, weights: [])
    },
    Case("embedding: a shape of -1 × -1 is impossible") {
      _ = try Embedding(count: -1, size: -1, weights: [0])
    },
    Case("readout weights: expected 2 × 3 numbers, found 1") {
      _ = try Readout(inputSize: 3, outputSize: 2, weights: [0], bias: nil, activation: .softmax)
    },
    Case("readout bias: expected 1 numbers, found 2") {
      _ = try Readout(
        inputSize: 1, outputSize: 1, weights: [0], bias: [0, 0], activation: .softmax)
    },
    Case("expected 1 recurrent layers, found 0") { _ = try Network(layers: []) },
    Case("the embedding gives 4 numbers, but layer 0 takes 3") {
      _ = try Network(embedding: embedding(2, 4), layers: [layer()])
    },
    Case("layer 0 gives 4 numbers, but layer 1 takes 2") {
      _ = try Network(layers: [layer(both: true), layer(inputs: 2)])
    },
    Case("layer 0 gives 2 numbers, but the readout takes 4") {
      _ = try Network(layers: [layer()], readout: readout(4))
    },
  ]

  static let use: [Case] = [
    Case("the input is empty; give at least one step") {
      try Network(layers: [layer()]).validate(.tokens([]))
    },
    Case("the input is empty; give at least one step") {
      try Network(layers: [layer()]).validate(.features([], width: 0))
    },
    Case("step 2: token 3 is not one of the network's 3 (0 to 2)") {
      try Network(layers: [layer()]).validate(.tokens([0, 2, 3, 9]))
    },
    Case("step 0: token -1 is not one of the network's 5 (0 to 4)") {
      try Network(embedding: embedding(5, 3), layers: [layer()]).validate(.tokens([-1]))
    },
    Case("a step has 2 features, but the network takes 3") {
      try Network(layers: [layer()]).validate(.features([0, 0, 0, 0, 0, 0], width: 2))
    },
    Case("the network starts with an embedding, which takes tokens, not numbers") {
      try Network(embedding: embedding(5, 3), layers: [layer()])
        .validate(.features([0, 0, 0], width: 3))
    },
    Case("a network that also reads backwards cannot be stepped forwards; record it whole") {
      _ = try Stepper(Network(layers: [layer(both: true)]))
    },
    Case("expected 2 initial states, found 1") {
      _ = try NetworkState(
        tracks: [NetworkState.TrackState(hidden: [0, 0], cell: [0, 0])],
        for: Network(layers: [layer(both: true)]))
    },
    Case("initial h of layer 0 fwd: expected 2 numbers, found 1") {
      _ = try NetworkState(
        tracks: [NetworkState.TrackState(hidden: [0], cell: [0, 0])],
        for: Network(layers: [layer()]))
    },
    Case("initial c of layer 0 fwd: expected 2 numbers, found 3") {
      _ = try NetworkState(
        tracks: [NetworkState.TrackState(hidden: [0, 0], cell: [0, 0, 0])],
        for: Network(layers: [layer()]))
    },
    Case("expected 1 initial c of layer 0 fwd, found 0") {
      _ = try NetworkState(
        tracks: [NetworkState.TrackState(hidden: [0, 0], cell: nil)],
        for: Network(layers: [layer()]))
    },
    Case("expected 0 initial c of layer 0 fwd, found 1") {
      _ = try NetworkState(
        tracks: [NetworkState.TrackState(hidden: [0, 0], cell: [0, 0])],
        for: Network(layers: [layer(.gru)]))
    },
  ]

  @Test(arguments: structure + variations + use)
  func theErrorHasTheFacts(_ refused: Case) {
    let error = #expect(throws: NetworkError.self) { try refused.build() }
    #expect(error?.description == refused.message)
  }

  static let untrainable: [LayerShape] = [
    shape(.lstm) { $0.projectionSize = 2 }, shape(.lstm) { $0.isCoupled = true },
    shape(.gru) { $0.resetsBefore = true }, shape(.rnn) { $0.clip = 1 },
    shape(.rnn) { $0.activations.candidate = .relu }, shape(.lstm) { $0.directions = [.backward] },
    shape(.lstm) {
      $0.isBidirectional = true
      $0.merge = .average
    },
  ]

  @Test(arguments: untrainable)
  func whatIsNotDifferentiatedIsNotTrained(_ shape: LayerShape) throws {
    let below = LayerShape(cell: .lstm, inputSize: 2, hiddenSize: 3)
    let network = try Network(
      layers: [
        Self.layer(below), Self.layer(shape, projection: shape.projectionSize.map { $0 * 4 }),
      ], readout: Self.readout(shape.outputSize))
    #expect(throws: BatchError.cannotTrain(layer: 1)) { try BackwardPass(network) }
    #expect(
      BatchError.cannotTrain(layer: 1).description == """
        layer 1 can be stepped but not trained: only plain LSTM, GRU and tanh RNN layers that read \
        forwards or both ways side by side can
        """)
  }

  /// An activation that a cell does not apply makes it no other cell.
  @Test func whatIsNotAppliedDoesNotCount() {
    #expect(Self.shape(.gru) { $0.activations.output = .relu }.isStandard)
    #expect(Self.shape(.rnn) { $0.activations.gates = .relu }.isStandard)
    #expect(!Self.shape(.gru) { $0.activations.gates = .hardSigmoidONNX }.isStandard)
    #expect(!Self.shape(.lstm) { $0.activations.output = .linear }.isStandard)
  }

  @Test func whatFitsIsTaken() throws {
    let network = try Network(
      embedding: Self.embedding(5, 3),
      layers: [
        Self.layer(both: true, inputBias: 8, recurrentBias: 8, peepholes: 6),
        Self.layer(.gru, inputs: 4, inputBias: 6),
      ], readout: Self.readout(2))
    #expect(network.tokenCount == 5)
    #expect(network.featureCount == nil)
    #expect(!network.isCausal)
    #expect(
      network.tracks.map(\.description) == ["layer 0 fwd", "layer 0 bwd", "layer 1 fwd"])
    try network.validate(.tokens([0, 4]))
  }
}
