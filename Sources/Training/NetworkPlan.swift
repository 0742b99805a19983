import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The shape of a network that is to be trained.
public struct NetworkPlan: Sendable, Hashable {
  public var cell: CellKind
  public var units: Int
  public var layers: Int
  public var hasPeepholes: Bool
  /// The length of a token's vector; nil where tokens enter one-hot.
  public var embeddingSize: Int?
  /// The bias that an LSTM's forget gate starts with, so that it remembers at first (Gers et al.
  /// 2000; Jozefowicz et al. 2015).
  public var forgetBias: Float
  /// How many steps an LSTM's units should remember at first: the forget gates' biases are spread
  /// over spans up to it, and a unit that keeps for long writes seldom (Tallec & Ollivier 2018).
  /// Takes the place of `forgetBias`.
  public var memorySpan: Int?

  public init(
    cell: CellKind = .lstm, units: Int, layers: Int = 1, hasPeepholes: Bool = false,
    embeddingSize: Int? = nil, forgetBias: Float = 1, memorySpan: Int? = nil
  ) {
    self.cell = cell
    self.units = units
    self.layers = layers
    self.hasPeepholes = hasPeepholes
    self.embeddingSize = embeddingSize
    self.forgetBias = forgetBias
    self.memorySpan = memorySpan
  }

  /// A network with random weights, uniform in ±1/√H, one bias, embeddings normal.
  ///
  /// - Throws: `TrainingError.badOption` where a size is not positive.
  public func makeNetwork(for task: TaskShape, random: inout RandomSource) throws -> Network {
    for (name, size) in [("units", units), ("layers", layers), ("embedding", embeddingSize ?? 1)]
    where size < 1 || size > 65_536 {
      throw TrainingError.badOption(name: name, value: String(size), allowed: "1 to 65536")
    }
    if hasPeepholes && cell != .lstm { throw NetworkError.peepholesOutsideLSTM(cell) }
    let bound = 1 / Float(units).squareRoot()
    func values(_ count: Int) -> [Float] {
      (0..<count).map { _ in random.uniform(in: -bound..<bound) }
    }
    var embedding: Embedding?
    var inputSize: Int
    switch task.input {
    case .tokens(let count):
      inputSize = embeddingSize ?? count
      if let embeddingSize {
        embedding = try Embedding(
          count: count, size: embeddingSize,
          weights: (0..<count * embeddingSize).map { _ in Float(random.normal()) })
      }
    case .features(let width): inputSize = width
    }
    var stack: [Layer] = []
    for _ in 0..<layers {
      let shape = LayerShape(cell: cell, inputSize: inputSize, hiddenSize: units)
      let weights = LayerWeights(
        inputWeights: values(shape.gateRows * inputSize),
        recurrentWeights: values(shape.gateRows * units), inputBias: inputBias(of: shape, &random),
        // A GRU's reset gate works on R h' + b_R, so it has a second bias of its own.
        recurrentBias: cell == .gru ? [Float](repeating: 0, count: shape.gateRows) : nil,
        peepholes: hasPeepholes ? values(3 * units) : nil)
      stack.append(try Layer(shape: shape, weights: [weights]))
      inputSize = units
    }
    return try Network(
      embedding: embedding, layers: stack,
      readout: Readout(
        inputSize: units, outputSize: task.outputSize, weights: values(task.outputSize * units),
        bias: [Float](repeating: 0, count: task.outputSize), activation: task.activation))
  }

  private func inputBias(of shape: LayerShape, _ random: inout RandomSource) -> [Float] {
    var bias = [Float](repeating: 0, count: shape.gateRows)
    guard let forget = shape.cell.gates.firstIndex(of: .f),
      let input = shape.cell.gates.firstIndex(of: .i)
    else { return bias }
    for unit in 0..<units {
      if let memorySpan, memorySpan > 2 {
        let keeping = log(random.uniform(in: 1..<Float(memorySpan - 1)))
        bias[forget * units + unit] = keeping
        bias[input * units + unit] = -keeping
      } else {
        bias[forget * units + unit] = forgetBias
      }
    }
    return bias
  }
}
