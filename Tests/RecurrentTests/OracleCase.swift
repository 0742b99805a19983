import Foundation
import Recurrent
import Testing

/// A case of `Fixtures/oracles.json`; `make_oracles.py` says what its fields mean.
struct OracleCase: Decodable, Sendable, CustomTestStringConvertible {
  struct LayerPart: Decodable {
    var cell: String
    var units: Int
    var isBidirectional: Bool
    var isReverse: Bool?
    var merge: String?
    var projection: Int?
    var isCoupled: Bool?
    var clip: Float?
    var gates: ActivationPart?
    var candidate: ActivationPart?
    var output: ActivationPart?
    var resetsBefore: Bool?
  }
  struct ActivationPart: Decodable {
    var name: String
    var constants: [Float]
  }
  var name: String
  var layers: [LayerPart]
  var steps: Int
  var inputs: Int
  var biases: Int
  var peepholes: Bool
  var state: Bool
  var scale: Float
  var embedding: Int?
  var tokens: Bool
  var readout: String?
  var outputs: Int
  var readoutBias: Bool
  var seed: UInt64
  var start: Int
  var count: Int

  var testDescription: String { name }

  static let all: [OracleCase] = {
    guard let data = try? Data(contentsOf: fixture("oracles.json")) else { return [] }
    return (try? JSONDecoder().decode([OracleCase].self, from: data)) ?? []
  }()

  var isCausal: Bool { layers.allSatisfy { !$0.isBidirectional && $0.isReverse != true } }

  /// The Float64 reference: for each track (steps, signals), then (steps, outputs).
  func reference() throws -> [Double] {
    let data = try Data(contentsOf: fixture("oracles.bin"), options: .alwaysMapped)
    return data.withUnsafeBytes { bytes in
      (start..<start + count).map { place in
        Double(
          bitPattern: UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)))
      }
    }
  }
}

extension OracleCase.LayerPart {
  func shape(inputSize: Int) throws -> LayerShape {
    let both: [Direction] = isBidirectional ? [.forward, .backward] : [.forward]
    return LayerShape(
      cell: try #require(CellKind(rawValue: cell)), inputSize: inputSize, hiddenSize: units,
      directions: isReverse == true ? [.backward] : both,
      merge: try merge.map { try #require(MergeMode(rawValue: $0)) } ?? .concatenate,
      projectionSize: projection, isCoupled: isCoupled ?? false, clip: clip,
      activations: CellActivations(
        gates: try gates?.activation() ?? .sigmoid,
        candidate: try candidate?.activation() ?? .tanh,
        output: try output?.activation() ?? .tanh),
      resetsBefore: resetsBefore ?? false)
  }
}

extension OracleCase.ActivationPart {
  func activation() throws -> Activation {
    switch (name, constants.count) {
    case ("sigmoid", 0): return .sigmoid
    case ("tanh", 0): return .tanh
    case ("relu", 0): return .relu
    case ("hard_sigmoid", 2): return .hardSigmoid(alpha: constants[0], beta: constants[1])
    case ("leaky_relu", 1): return .leakyRelu(alpha: constants[0])
    case ("elu", 1): return .elu(alpha: constants[0])
    case ("softsign", 0): return .softsign
    case ("softplus", 0): return .softplus
    case ("affine", 2): return .affine(alpha: constants[0], beta: constants[1])
    case ("scaled_tanh", 2): return .scaledTanh(alpha: constants[0], beta: constants[1])
    case ("thresholded_relu", 1): return .thresholdedRelu(alpha: constants[0])
    case ("linear", 0): return .linear
    case (let other, _):
      Issue.record("no activation \(other)")
      return .linear
    }
  }
}

private func fixture(_ name: String) -> URL {
  Bundle.module.bundleURL.appendingPathComponent("Fixtures").appendingPathComponent(name)
}

/// A linear congruential generator: the same numbers in `make_oracles.py`.
struct TestNumbers {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func bits() -> UInt32 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt32(truncatingIfNeeded: state >> 32)
  }

  /// In -scale…scale, with 24 bits.
  mutating func values(_ count: Int, scale: Float) -> [Float] {
    (0..<count).map { _ in (Float(bits() >> 8) / 8_388_608 - 1) * scale }
  }

  mutating func tokens(_ count: Int, below limit: Int) -> [Int] {
    (0..<count).map { _ in Int(bits()) % limit }
  }
}

/// The network, input and state of a case.
struct OracleProblem {
  let network: Network
  let input: InputSequence
  let state: NetworkState

  /// Draws the numbers in the order of `draw` in `make_oracles.py`.
  init(_ oracle: OracleCase) throws {
    var numbers = TestNumbers(seed: oracle.seed)
    let embedding = try oracle.embedding.map { count in
      try Embedding(
        count: count, size: oracle.inputs,
        weights: numbers.values(count * oracle.inputs, scale: 1))
    }
    var width = oracle.inputs
    var layers: [Layer] = []
    for part in oracle.layers {
      let shape = try part.shape(inputSize: width)
      let weights = shape.directions.map { _ in
        LayerWeights(
          inputWeights: numbers.values(shape.gateRows * width, scale: oracle.scale),
          recurrentWeights: numbers.values(
            shape.gateRows * shape.recurrentSize, scale: oracle.scale),
          inputBias: oracle.biases > 0 ? numbers.values(shape.gateRows, scale: oracle.scale) : nil,
          recurrentBias: oracle.biases > 1
            ? numbers.values(shape.gateRows, scale: oracle.scale) : nil,
          peepholes: oracle.peepholes ? numbers.values(3 * part.units, scale: oracle.scale) : nil,
          projection: part.projection.map { numbers.values($0 * part.units, scale: oracle.scale) })
      }
      layers.append(try Layer(shape: shape, weights: weights))
      width = shape.outputSize
    }
    var states: [NetworkState.TrackState] = []
    if oracle.state {
      for layer in layers {
        for _ in layer.shape.directions {
          let hidden = numbers.values(layer.shape.recurrentSize, scale: 1)
          let cell =
            layer.shape.cell.hasCellState
            ? numbers.values(layer.shape.hiddenSize, scale: 2) : nil
          states.append(NetworkState.TrackState(hidden: hidden, cell: cell))
        }
      }
    }
    let readout = try oracle.readout.map { activation in
      try Readout(
        inputSize: width, outputSize: oracle.outputs,
        weights: numbers.values(oracle.outputs * width, scale: oracle.scale),
        bias: oracle.readoutBias ? numbers.values(oracle.outputs, scale: oracle.scale) : nil,
        activation: Readout.Activation(rawValue: activation)!)
    }
    network = try Network(embedding: embedding, layers: layers, readout: readout)
    input =
      oracle.tokens
      ? .tokens(numbers.tokens(oracle.steps, below: network.tokenCount))
      : .features(numbers.values(oracle.steps * oracle.inputs, scale: 1), width: oracle.inputs)
    state =
      oracle.state
      ? try NetworkState(tracks: states, for: network) : NetworkState(zeroFor: network)
  }
}
