import Recurrent
import Testing

@testable import Inspector

/// Slopes of a prediction in a run with changes, against what the output does when an input is moved.
@Suite struct ChangedGradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let shape: LayerShape
    let peepholes: Bool
    let changes: [Intervention]
    var testDescription: String { name }
  }

  private static func change(
    _ signal: Signal, _ units: [Int], _ steps: ClosedRange<Int>, _ operation: Intervention.Operation
  ) -> Intervention {
    Intervention(
      track: 0, signal: signal, units: units, steps: steps.lowerBound..<steps.upperBound + 1,
      operation: operation)
  }

  static let cases: [Case] = {
    let lstm = LayerShape(cell: .lstm, inputSize: 2, hiddenSize: 4)
    var projected = lstm
    projected.projectionSize = 3
    var coupled = lstm
    coupled.isCoupled = true
    let gru = LayerShape(cell: .gru, inputSize: 2, hiddenSize: 4)
    var before = gru
    before.resetsBefore = true
    let rnn = LayerShape(cell: .rnn, inputSize: 2, hiddenSize: 4)
    func make(
      _ name: String, _ shape: LayerShape, _ changes: [Intervention], peepholes: Bool = false
    ) -> Case { Case(name: name, shape: shape, peepholes: peepholes, changes: changes) }
    var cases: [Case] = []
    for (name, shape, signals) in [
      ("lstm", lstm, [Signal.z, .f, .i, .o, .c, .h]), ("projected", projected, [.m, .h, .c]),
      ("coupled", coupled, [.i, .f]), ("gru", gru, [.r, .u, .n, .h]),
      ("gru, reset before", before, [.r, .u, .n, .h]), ("rnn", rnn, [.h]),
    ] {
      for signal in signals {
        for (word, operation) in [
          ("set", Intervention.Operation.set(0.4)), ("scale", .scale(0.6)), ("add", .add(0.2)),
          ("freeze", .freeze),
        ] {
          cases.append(
            make("\(name): \(word) \(signal)", shape, [change(signal, [0, 2], 3...5, operation)]))
        }
      }
    }
    cases.append(
      make(
        "lstm with peepholes", lstm,
        [
          change(.c, [1], 2...5, .freeze), change(.c, [1], 4...4, .scale(0.5)),
          change(.o, [1, 3], 6...7, .scale(0.5)),
        ], peepholes: true))
    return cases
  }()

  private static func network(_ shape: LayerShape, peepholes: Bool) throws -> Network {
    var numbers = TestNumbers(seed: 21)
    let layer = try Layer(
      shape: shape,
      weights: [
        LayerWeights(
          inputWeights: numbers.values(shape.gateRows * 2, scale: 0.8),
          recurrentWeights: numbers.values(shape.gateRows * shape.recurrentSize, scale: 0.8),
          inputBias: numbers.values(shape.gateRows, scale: 0.3),
          recurrentBias: numbers.values(shape.gateRows, scale: 0.3),
          peepholes: peepholes ? numbers.values(12, scale: 0.5) : nil,
          projection: shape.projectionSize.map { numbers.values($0 * 4, scale: 0.8) })
      ])
    let readout = try Readout(
      inputSize: shape.outputSize, outputSize: 2,
      weights: numbers.values(2 * shape.outputSize, scale: 1), bias: nil, activation: .linear)
    return try Network(layers: [layer], readout: readout)
  }

  @Test(arguments: cases)
  func theSlopeIsThatOfTheChangedRun(_ tested: Case) throws {
    let network = try Self.network(tested.shape, peepholes: tested.peepholes)
    let readout = try #require(network.readout)
    var numbers = TestNumbers(seed: 4)
    let input = numbers.values(18, scale: 1)
    func output(_ input: [Float]) throws -> (Double, Trace) {
      let recorder = try TraceRecorder(
        network: network, input: .features(input, width: 2), interventions: tested.changes)
      recorder.recordAll()
      let trace = recorder.trace
      let y = readout(trace.topHidden(at: 8))
      return (Double(y[1]), trace)
    }
    let trace = try output(input).1
    let pass = try GradientPass(network, trace, target: GradientTarget(step: 8, output: 1))
    let slopes = try #require(pass.advance()?.input)
    var largest = 0.0
    for place in input.indices {
      var (low, high) = (input, input)
      low[place] -= 0.02
      high[place] += 0.02
      let expected = (try output(high).0 - output(low).0) / 0.04
      #expect(
        abs(Double(slopes[place]) - expected) < 2e-3,
        "input \(place): \(slopes[place]), \(expected)")
      largest = max(largest, abs(expected))
    }
    #expect(largest > 0.02, "something must reach the output")
  }

  /// The parts of integrated gradients add up in a run with changes as in any other.
  @Test func integratedGradientsAddUp() throws {
    let shape = LayerShape(cell: .lstm, inputSize: 2, hiddenSize: 4)
    let network = try Self.network(shape, peepholes: false)
    let readout = try #require(network.readout)
    var numbers = TestNumbers(seed: 4)
    let recorder = try TraceRecorder(
      network: network, input: .features(numbers.values(18, scale: 1), width: 2),
      interventions: [
        Self.change(.f, [1], 2...4, .set(0)), Self.change(.c, [0], 1...8, .freeze),
        Self.change(.o, [0, 3], 5...6, .patch([1, 0, 0.5, 0.5])),
      ])
    recorder.recordAll()
    for window in [9, 6] {
      let search = try IntegratedGradients(
        network, recorder.trace, target: GradientTarget(step: 8, output: 1), window: window)
      var answer: IntegratedGradients.Answer?
      while answer == nil { answer = search.advance() }
      #expect(answer?.isComplete == true)
      let shown = recorder.trace.topHidden(at: 8)
      let y = Double(readout(shown)[1])
      #expect(abs((answer?.value ?? 0) - y) < 1e-4)
    }
  }

  @Test func aHeldGateHasNoSum() throws {
    let network = try Self.network(
      LayerShape(cell: .lstm, inputSize: 2, hiddenSize: 4), peepholes: false)
    let recorder = try TraceRecorder(
      network: network, input: .features(Array(repeating: 0.5, count: 18), width: 2),
      interventions: [
        Self.change(.f, [1], 2...4, .set(0.5)), Self.change(.c, [1], 5...5, .set(3)),
      ])
    recorder.recordAll()
    #expect(throws: WhyError.changed(.f, unit: 1, step: 3)) {
      try GateSplit(network, recorder.trace, track: 0, signal: .f, unit: 1, step: 3)
    }
    _ = try GateSplit(network, recorder.trace, track: 0, signal: .f, unit: 1, step: 5)
    let writes = try StateWrites(recorder.trace, track: 0, unit: 1, step: 8)
    #expect(writes.base.step == 5)
    #expect(writes.base.value == 3)
    #expect(abs(writes.sum - Double(writes.value)) <= writes.rounding)
  }
}
