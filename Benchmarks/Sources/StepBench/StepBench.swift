import Inspector
import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Records every signal of an LSTM over a random sequence and prints microseconds a step.
///
/// `StepBench SIZE STEPS`: I = H = SIZE, numeric input, batch 1. Reads lines from standard input, and
/// for each records once and prints a line, so that a driver can take turns with a peer.
@main
struct StepBench {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    guard arguments.count == 2 else {
      print("usage: StepBench SIZE STEPS")
      return
    }
    let (size, steps) = (arguments[0], arguments[1])
    var random = Random(state: 42)
    let scale = 1 / Float(size).squareRoot()
    let shape = LayerShape(cell: .lstm, inputSize: size, hiddenSize: size)
    let weights = LayerWeights(
      inputWeights: random.values(4 * size * size, scale),
      recurrentWeights: random.values(4 * size * size, scale),
      inputBias: random.values(4 * size, scale), recurrentBias: random.values(4 * size, scale))
    let network = try Network(layers: [Layer(shape: shape, weights: [weights])])
    let input = InputSequence.features(random.values(steps * size, 1), width: size)
    let clock = ContinuousClock()
    while readLine() != nil {
      let recorder = try TraceRecorder(network: network, input: input)
      let spent = clock.measure { recorder.recordAll() }
      print(spent / .microseconds(1) / Double(steps))
      fflushAll()
    }
  }

  private static func fflushAll() { fflush(nil) }
}

/// Numbers for the weights; any will do.
struct Random {
  var state: UInt64

  mutating func values(_ count: Int, _ scale: Float) -> [Float] {
    (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Float(state >> 40) / Float(1 << 23) - 1) * scale
    }
  }
}
