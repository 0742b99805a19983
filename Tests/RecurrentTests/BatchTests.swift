import CLSTMKernel
import Testing

@testable import Recurrent

/// Sequences that are run together give what each gives alone, to the bit.
@Suite struct BatchTests {
  /// Every kind of cell, layer and input that there are oracles for, so that what is equal to the bit
  /// to one sequence's values is as near to Float64 as those are.
  @Test(arguments: OracleCase.all)
  func sequencesTogetherGiveTheBitsOfEachAlone(_ oracle: OracleCase) throws {
    let problem = try OracleProblem(oracle)
    let whole = problem.input
    // More than a block of 48, of many lengths, and the whole input several times.
    let inputs = (0..<53).map { number in
      let length = number < 5 ? whole.count : 1 + (number * 7) % whole.count
      return whole.part(from: (number * 3) % (whole.count - length + 1), count: length)
    }.sorted { $0.count > $1.count }
    let together = run(inputs, problem.network, problem.state)
    for (input, tracks) in zip(inputs, together) {
      let alone = runLayerPasses(
        OracleProblem(network: problem.network, input: input, state: problem.state))
      #expect(tracks == alone, "\(input.count) of \(whole.count) steps")
    }
  }

  /// A stepper has no memory of the batches before.
  @Test func batchesFollowEachOther() throws {
    let problem = try OracleProblem(try #require(OracleCase.all.first { $0.tokens }))
    let stepper = BatchStepper(BatchWeights(problem.network), state: problem.state)
    let part = problem.input.part(from: 0, count: 2)
    let first = run([problem.input, part], stepper)
    _ = run([part], stepper)
    #expect(run([problem.input, part], stepper) == first)
  }

  /// AVX-512 adds up even and odd columns apart; small whole numbers have one sum in any order.
  @Test(arguments: [CellKind.lstm, .gru, .rnn], [1, 5, 8])
  func columnsInTurnAddUpToTheProduct(_ cell: CellKind, _ units: Int) throws {
    let shape = LayerShape(cell: cell, inputSize: 2, hiddenSize: units)
    var numbers = TestNumbers(seed: 5)
    func whole(_ count: Int) -> [Float] { (0..<count).map { _ in Float(numbers.bits() % 9) - 4 } }
    let weights = LayerWeights(
      inputWeights: whole(shape.gateRows * 2), recurrentWeights: whole(shape.gateRows * units),
      inputBias: whole(shape.gateRows), recurrentBias: whole(shape.gateRows))
    let hidden = whole(7 * units)
    let sums = [1, 2, 3].map { partialSums in
      let batch = BatchCell(shape: shape, weights: weights, partialSums: partialSums)
      let parts = batch.recurrent.map { part in
        FloatBuffer(
          (0..<7).flatMap { row in
            (0..<part.count).map { hidden[row * units + part.first + $0 * part.step] }
          })
      }
      let sums = FloatBuffer(count: 7 * batch.sumsLength)
      withExtendedLifetime(parts) {
        batch.multiply(hidden: parts.map(\.pointer), count: 7, into: sums.pointer)
      }
      return Array(UnsafeBufferPointer(start: sums.pointer, count: sums.count))
    }
    #expect(Set(sums[0]).count > 3)
    #expect(sums[1] == sums[0])
    #expect(sums[2] == sums[0])
  }
}

/// (steps, signals) of each track of each sequence.
private func run(
  _ inputs: [InputSequence], _ network: Network, _ state: NetworkState
) -> [[[Float]]] {
  run(inputs, BatchStepper(BatchWeights(network), state: state))
}

private func run(_ inputs: [InputSequence], _ stepper: BatchStepper) -> [[[Float]]] {
  let network = stepper.weights.network
  let lengths = network.tracks.map { network.layers[$0.layer].shape.signalsLength }
  let buffers = inputs.map { input in lengths.map { FloatBuffer(count: input.count * $0) } }
  stepper.run(inputs, rows: lengths.indices.map { track in buffers.map { $0[track].pointer } })
  return buffers.map { tracks in
    tracks.map { Array(UnsafeBufferPointer(start: $0.pointer, count: $0.count)) }
  }
}

extension OracleProblem {
  init(network: Network, input: InputSequence, state: NetworkState) {
    self.network = network
    self.input = input
    self.state = state
  }
}

extension InputSequence {
  /// `count` steps from one on.
  func part(from start: Int, count: Int) -> InputSequence {
    switch self {
    case .tokens(let tokens): .tokens(Array(tokens[start..<start + count]))
    case .features(let values, let width):
      .features(Array(values[start * width..<(start + count) * width]), width: width)
    }
  }
}
