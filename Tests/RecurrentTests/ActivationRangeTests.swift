import Testing

@testable import Recurrent

/// What values a function gives decides its colours: none may lie outside.
@Suite struct ActivationRangeTests {
  @Test(
    arguments: [
      (.sigmoid, .unit), (.hardSigmoidONNX, .unit), (.tanh, .signedUnit), (.softsign, .signedUnit),
      (.scaledTanh(alpha: 1, beta: 3), .signedUnit), (.scaledTanh(alpha: -1, beta: 1), .signedUnit),
      (.scaledTanh(alpha: 1.7159, beta: 0.6667), .unbounded),
      (.scaledTanh(alpha: -1.01, beta: 1), .unbounded), (.relu, .unbounded),
      (.softplus, .unbounded),
      (.leakyRelu(alpha: 0.1), .unbounded), (.elu(alpha: 1), .unbounded),
      (.affine(alpha: 1, beta: 0), .unbounded), (.thresholdedRelu(alpha: 1), .unbounded),
      (.linear, .unbounded),
    ] as [(Activation, SignalRange)])
  func everyValueLiesInIt(_ function: Activation, _ range: SignalRange) {
    #expect(function.range == range)
  }
}
