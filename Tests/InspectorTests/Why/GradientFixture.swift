import Foundation
import Inspector
import Recurrent
import Testing

/// A case of `Fixtures/gradients.json`; `gradients.py` says what its fields mean.
struct GradientFixture: Decodable, Sendable, CustomTestStringConvertible {
  struct LayerPart: Decodable {
    var cell: String
    var units: Int
    var isBidirectional: Bool
    var isReverse: Bool?
    var merge: String?
    var projection: Int?
    var isCoupled: Bool?
    var clip: Float?
    var gates: String?
    var candidate: String?
    var output: String?
    var resetsBefore: Bool?
    var peepholes: Bool?
  }
  var name: String
  var layers: [LayerPart]
  var steps: Int
  var inputs: Int
  var embedding: Int?
  var tokens: Bool
  var readout: String
  var outputs: Int
  var state: Bool
  var scale: Float
  var seed: UInt64
  var target: Int
  var output: Int
  var value: Double
  var x: [Double]
  var h: [[Double]]
  var c: [[Double]]
  var integrated: [Double]
  var baseline: Double

  var testDescription: String { name }

  static let all: [GradientFixture] = {
    let place = Bundle.module.bundleURL.appendingPathComponent("Fixtures/gradients.json")
    guard let data = try? Data(contentsOf: place) else { return [] }
    return (try? JSONDecoder().decode([GradientFixture].self, from: data)) ?? []
  }()

  /// The network over its input, recorded whole.
  func recorded() throws -> (network: Network, trace: Trace) {
    let problem = try drawn()
    let recorder = try TraceRecorder(
      network: problem.network, input: problem.input, state: problem.state)
    recorder.recordAll()
    return (problem.network, recorder.trace)
  }

  /// Draws the numbers in the order of `draw` in `gradients.py`.
  func drawn() throws -> (network: Network, input: InputSequence, state: NetworkState) {
    var numbers = FixtureNumbers(seed: seed)
    let table = try embedding.map {
      try Embedding(count: $0, size: inputs, weights: numbers.values($0 * inputs, scale: 1))
    }
    var width = inputs
    var made: [Layer] = []
    var states: [NetworkState.TrackState] = []
    for part in layers {
      let shape = try part.shape(inputSize: width)
      let weights = shape.directions.map { _ in
        let weights = LayerWeights(
          inputWeights: numbers.values(shape.gateRows * width, scale: scale),
          recurrentWeights: numbers.values(shape.gateRows * shape.recurrentSize, scale: scale),
          inputBias: numbers.values(shape.gateRows, scale: scale),
          recurrentBias: numbers.values(shape.gateRows, scale: scale),
          peepholes: part.peepholes == true ? numbers.values(3 * part.units, scale: scale) : nil,
          projection: part.projection.map { numbers.values($0 * part.units, scale: scale) })
        states.append(
          NetworkState.TrackState(
            hidden: numbers.values(shape.recurrentSize, scale: 1),
            cell: shape.cell.hasCellState ? numbers.values(part.units, scale: 1) : nil))
        return weights
      }
      made.append(try Layer(shape: shape, weights: weights))
      width = shape.outputSize
    }
    let readout = try Readout(
      inputSize: width, outputSize: outputs, weights: numbers.values(outputs * width, scale: scale),
      bias: numbers.values(outputs, scale: scale),
      activation: try #require(Readout.Activation(rawValue: readout)))
    let network = try Network(embedding: table, layers: made, readout: readout)
    let input: InputSequence =
      tokens
      ? .tokens(numbers.tokens(steps, below: network.tokenCount))
      : .features(numbers.values(steps * inputs, scale: 1), width: inputs)
    return (network, input, try NetworkState(tracks: states, for: network))
  }
}

extension GradientFixture.LayerPart {
  fileprivate func shape(inputSize: Int) throws -> LayerShape {
    let both: [Direction] = isBidirectional ? [.forward, .backward] : [.forward]
    return LayerShape(
      cell: try #require(CellKind(rawValue: cell)), inputSize: inputSize, hiddenSize: units,
      directions: isReverse == true ? [.backward] : both,
      merge: try merge.map { try #require(MergeMode(rawValue: $0)) } ?? .concatenate,
      projectionSize: projection, isCoupled: isCoupled ?? false, clip: clip,
      activations: CellActivations(
        gates: activation(gates, else: .sigmoid), candidate: activation(candidate, else: .tanh),
        output: activation(output, else: .tanh)),
      resetsBefore: resetsBefore ?? false)
  }

  private func activation(_ name: String?, else usual: Activation) -> Activation {
    switch name {
    case nil: return usual
    case "hard_sigmoid": return .hardSigmoid(alpha: 0.25, beta: 0.5)
    case "softsign": return .softsign
    case "leaky_relu": return .leakyRelu(alpha: 0.125)
    case "relu": return .relu
    case "elu": return .elu(alpha: 1.5)
    case .some(let other):
      Issue.record("no activation \(other)")
      return usual
    }
  }
}

/// A linear congruential generator: the same numbers in `gradients.py`.
private struct FixtureNumbers {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func bits() -> UInt32 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt32(truncatingIfNeeded: state >> 32)
  }

  mutating func values(_ count: Int, scale: Float) -> [Float] {
    (0..<count).map { _ in (Float(bits() >> 8) / 8_388_608 - 1) * scale }
  }

  mutating func tokens(_ count: Int, below limit: Int) -> [Int] {
    (0..<count).map { _ in Int(bits()) % limit }
  }
}
