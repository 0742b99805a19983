import Recurrent
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Trains a character model on random text and prints milliseconds a step of the optimiser.
///
/// `TrainBench UNITS STEPS`: 65 symbols, embedding 64, one LSTM layer, softmax; 32 sequences of 100
/// steps with carried state, Adam with clipping. Reads lines from standard input, and for each takes
/// STEPS steps and prints a line, so that a driver can take turns with a peer.
@main
struct TrainBench {
  private static let symbols = 65
  private static let steps = 100
  private static let sequences = 32

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    guard arguments.count == 2 else {
      print("usage: TrainBench UNITS STEPS")
      return
    }
    var random = RandomSource(seed: 42)
    let network = try NetworkPlan(units: arguments[0], embeddingSize: 64).makeNetwork(
      for: TaskShape(symbols: (0..<symbols).map { String($0) }), random: &random)
    let pass = try BackwardPass(network)
    let optimiser = Adam(layout: pass.layout)
    let batches = (0..<4).map { _ in batch(&random) }
    var state: BatchState?
    let clock = ContinuousClock()
    while readLine() != nil {
      let spent = try clock.measure {
        for step in 0..<arguments[1] {
          _ = try pass.run(batches[step % batches.count], state: state)
          state = pass.finalState
          optimiser.step(
            parameters: pass.parameters, gradients: pass.gradients, learningRate: 1e-3)
        }
      }
      print(spent / .milliseconds(1) / Double(arguments[1]))
      fflush(nil)
    }
  }

  private static func batch(_ random: inout RandomSource) -> TrainingBatch {
    let tokens = (0..<(steps + 1) * sequences).map { _ in Int32(random.integer(below: symbols)) }
    return TrainingBatch(
      steps: steps, sequences: sequences, input: .tokens(Array(tokens.dropLast(sequences))),
      targets: .classes(Array(tokens.dropFirst(sequences))))
  }
}
