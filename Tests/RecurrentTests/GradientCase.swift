import Testing

@testable import Recurrent

/// A small network and a batch for it, made from a seed: one row of the table of gradient tests.
struct GradientCase: Sendable, CustomTestStringConvertible {
  enum Input: String, CaseIterable { case oneHot, embedding, features }
  enum Biases: Int, CaseIterable { case none, one, two }

  var cell: CellKind
  var biases = Biases.two
  var hasPeepholes = false
  var isBidirectional = false
  var layers = 1
  var units = 3
  var input = Input.features
  var tokens = 5
  var activation = Readout.Activation.softmax
  var hasReadoutBias = true
  var carries = false
  var dropout: Float = 0
  var sequences = 3
  var steps = 4
  /// Every how many parameters one is checked.
  var stride = 1

  var testDescription: String {
    "\(layers)×\(cell) \(units) \(isBidirectional ? "both ways " : "")\(biases) bias "
      + "\(hasPeepholes ? "peepholes " : "")\(input) \(activation)"
      + "\(carries ? " carried" : "")\(dropout > 0 ? " dropout" : "")"
  }

  private static let features = 2
  private static let outputs = 3

  func network() throws -> Network {
    var values = TestNumbers(seed: 11)
    let inputSize = input == .oneHot ? tokens : Self.features
    var stack: [Layer] = []
    for index in 0..<layers {
      let shape = LayerShape(
        cell: cell, inputSize: index == 0 ? inputSize : stack[index - 1].shape.outputSize,
        hiddenSize: units, isBidirectional: isBidirectional)
      let weights = shape.directions.map { _ in
        LayerWeights(
          inputWeights: values.take(shape.gateRows * shape.inputSize),
          // Small in wide layers: a wild RNN would magnify the last bit.
          recurrentWeights: values.take(shape.gateRows * units).map {
            $0 * min(1, 4 / Float(units))
          },
          inputBias: biases == .none ? nil : values.take(shape.gateRows),
          recurrentBias: biases == .two ? values.take(shape.gateRows) : nil,
          peepholes: hasPeepholes ? values.take(3 * units) : nil)
      }
      stack.append(try Layer(shape: shape, weights: weights))
    }
    let width = stack[layers - 1].shape.outputSize
    return try Network(
      embedding: input == .embedding
        ? Embedding(
          count: tokens, size: Self.features, weights: values.take(tokens * Self.features)) : nil,
      layers: stack,
      readout: Readout(
        inputSize: width, outputSize: Self.outputs, weights: values.take(Self.outputs * width),
        bias: hasReadoutBias ? values.take(Self.outputs) : nil, activation: activation))
  }

  func batch() -> TrainingBatch {
    var values = TestNumbers(seed: 5)
    let entries = steps * sequences
    let input: TrainingBatch.Input =
      switch self.input {
      case .features: .features(values.take(entries * Self.features), width: Self.features)
      case .oneHot, .embedding:
        .tokens((0..<entries).map { _ in Int32(values.below(UInt64(tokens))) })
      }
    let targets: TrainingBatch.Targets =
      switch activation {
      case .softmax: .classes((0..<entries).map { _ in Int32(values.below(3)) })
      case .linear: .values(values.take(entries * Self.outputs), width: Self.outputs)
      case .sigmoid:
        .values(
          (0..<entries * Self.outputs).map { _ in Float(values.below(2)) }, width: Self.outputs)
      }
    // Weights 0, 1 and 2 in turn; class -1 where the weight is 0, as padding has it.
    let weights = (0..<entries).map { Float(($0 + 1) % 3) }
    var batch = TrainingBatch(
      steps: steps, sequences: sequences, input: input, targets: targets, weights: weights)
    if case .classes(var classes) = targets {
      for entry in 0..<entries where weights[entry] == 0 { classes[entry] = -1 }
      batch.targets = .classes(classes)
    }
    return batch
  }

  func state(for network: Network) -> BatchState? {
    guard carries else { return nil }
    var values = TestNumbers(seed: 3)
    var state = BatchState(zeroFor: network, sequences: sequences)
    for index in state.tracks.indices {
      state.tracks[index].hidden = values.take(state.tracks[index].hidden.count)
      state.tracks[index].cell = values.take(state.tracks[index].cell.count)
    }
    return state
  }
}

extension TestNumbers {
  /// Numbers in -0.8…0.8.
  mutating func take(_ count: Int) -> [Float] { values(count, scale: 0.8) }

  /// 0..<bound.
  mutating func below(_ bound: UInt64) -> UInt64 { UInt64(bits()) % bound }
}
