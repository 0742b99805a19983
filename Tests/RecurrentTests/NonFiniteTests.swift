import CLSTMKernel
import Recurrent
import Testing

/// Weights that are not numbers give signals that are not numbers, and never a trap.
@Suite struct NonFiniteTests {
  @Test(arguments: CellKind.classic, OracleTests.kernels)
  func aNaNWeightReachesItsUnitAndThenAll(_ cell: CellKind, _ kernel: String) throws {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let units = 3
    let rows = cell.gates.count * units
    var input = [Float](repeating: 0.5, count: rows)
    input[1] = .nan  // unit 1 of the first gate
    let layer = try Layer(
      shape: LayerShape(cell: cell, inputSize: 1, hiddenSize: units),
      weights: [
        LayerWeights(
          inputWeights: input, recurrentWeights: Array(repeating: 0.25, count: rows * units))
      ])
    let network = try Network(layers: [layer])
    #expect(network.nonFiniteWeights == ["layer 0 fwd input weights"])
    let stepper = try Stepper(network)
    defer { withExtendedLifetime(stepper) {} }  // its signals are only lent
    stepper.step(features: [1])
    #expect(stepper.signals(layer: 0).suffix(units).map(\.isNaN) == [false, true, false])
    #expect(stepper.signals(layer: 0)[1].isNaN, "the gate itself")
    stepper.step(features: [1])
    #expect(stepper.signals(layer: 0).suffix(units).map(\.isNaN) == [true, true, true])
  }

  static let activations: [Activation] = [
    .sigmoid, .tanh, .relu, .hardSigmoidONNX, .leakyRelu(alpha: 0.1), .elu(alpha: 1), .softsign,
    .softplus, .affine(alpha: 2, beta: 1), .scaledTanh(alpha: 2, beta: 1),
    .thresholdedRelu(alpha: 0.5), .linear,
  ]

  /// No bound and no clip takes a NaN for a number, in the middle of a vector or at its end.
  @Test(arguments: activations, OracleTests.kernels)
  func aNaNPassesThroughEveryActivation(_ activation: Activation, _ kernel: String) throws {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let units = 19
    for clip in [nil, 2] as [Float?] {
      var bias = (0..<units).map { Float($0) / 4 - 2 }
      bias[3] = .nan
      bias[18] = .nan
      let layer = try Layer(
        shape: LayerShape(
          cell: .rnn, inputSize: 1, hiddenSize: units, clip: clip,
          activations: CellActivations(candidate: activation)),
        weights: [
          LayerWeights(
            inputWeights: Array(repeating: 0, count: units),
            recurrentWeights: Array(repeating: 0, count: units * units), inputBias: bias)
        ])
      let stepper = try Stepper(try Network(layers: [layer]))
      defer { withExtendedLifetime(stepper) {} }
      stepper.step(features: [1])
      for (unit, value) in stepper.signals(layer: 0).enumerated() {
        // What the screen computes of a number is what the kernels do.
        let expected = activation(min(max(bias[unit], -(clip ?? 9)), clip ?? 9))
        #expect(
          bias[unit].isNaN ? value.isNaN && activation(.nan).isNaN : abs(value - expected) < 1e-6)
      }
    }
  }

  @Test(arguments: [Float.infinity, -.infinity], OracleTests.kernels)
  func infiniteSumsSaturateTheGates(_ value: Float, _ kernel: String) throws {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let layer = try Layer(
      shape: LayerShape(cell: .lstm, inputSize: 1, hiddenSize: 1),
      weights: [
        LayerWeights(
          inputWeights: [0, 0, 0, 0], recurrentWeights: [0, 0, 0, 0],
          inputBias: Array(repeating: value, count: 4))
      ])
    let stepper = try Stepper(try Network(layers: [layer]))
    defer { withExtendedLifetime(stepper) {} }
    stepper.step(features: [1])
    let gate: Float = value > 0 ? 1 : 0
    let expected =
      value > 0 ? [1, gate, gate, gate, 1, 0.761_594_2] : [-1, gate, gate, gate, 0, 0]
    for (ours, exact) in zip(stepper.signals(layer: 0), expected) {
      #expect(abs(ours - exact) <= 1e-6)
    }
  }

  @Test func everyPlaceOfANonFiniteWeightIsNamed() throws {
    let weights = LayerWeights(
      inputWeights: [.nan, 0, 0, 0], recurrentWeights: [0, .infinity, 0, 0],
      inputBias: [0, 0, -.infinity, 0], recurrentBias: [0, 0, 0, .nan], peepholes: [.nan, 0, 0],
      projection: [.nan])
    let layer = try Layer(
      shape: LayerShape(cell: .lstm, inputSize: 1, hiddenSize: 1, projectionSize: 1),
      weights: [weights])
    let network = try Network(
      embedding: Embedding(count: 1, size: 1, weights: [.nan]), layers: [layer],
      readout: Readout(
        inputSize: 1, outputSize: 1, weights: [.nan], bias: [.nan], activation: .linear))
    #expect(
      network.nonFiniteWeights == [
        "embedding", "layer 0 fwd input weights", "layer 0 fwd recurrent weights",
        "layer 0 fwd input bias", "layer 0 fwd recurrent bias", "layer 0 fwd peepholes",
        "layer 0 fwd projection", "readout weights", "readout bias",
      ])
  }
}
