import Recurrent
import Testing

@testable import Inspector

@Suite struct TraceRecorderTests {
  static let causal = [
    LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 5),
    LayerShape(cell: .gru, inputSize: 5, hiddenSize: 4),
    LayerShape(cell: .rnn, inputSize: 4, hiddenSize: 2),
  ]
  static let bothWays = [
    LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 5, isBidirectional: true),
    LayerShape(cell: .gru, inputSize: 10, hiddenSize: 4),
    LayerShape(cell: .rnn, inputSize: 4, hiddenSize: 2, isBidirectional: true),
  ]
  static let inputs: [InputSequence] = {
    var numbers = TestNumbers(seed: 3)
    return [
      .tokens((0..<40).map { _ in Int(numbers.bits() % 3) }),
      .features(numbers.values(40 * 3, scale: 1), width: 3),
    ]
  }()

  @Test(arguments: inputs, [1, 3, 40])
  func aTraceInPiecesIsTheStepperToTheBit(_ input: InputSequence, _ piece: Int) throws {
    let network = try randomNetwork(layers: Self.causal)
    var state = NetworkState(zeroFor: network)
    state.tracks[0].cell = [1, -1, 0.5, 2, -2]
    let recorder = try TraceRecorder(network: network, input: input, state: state)
    let stepper = try Stepper(network, state: state)
    defer { withExtendedLifetime(stepper) {} }  // its signals are only lent
    for step in 0..<40 {
      // Every third step is asked for, so that some are recorded alone and some with others.
      if step % 3 == 0 {
        while !recorder.record(through: min(step + 2, 39), limit: piece) {}
        #expect(recorder.trace.recordedSteps == min(step + 3, 40))
      }
      stepper.step(input, at: step)
      for layer in Self.causal.indices {
        #expect(
          recorder.trace.row(track: layer, step: step) == Array(stepper.signals(layer: layer)))
      }
    }
    #expect(recorder.isComplete)
    #expect(recorder.progress == 1)
  }

  @Test(arguments: inputs, [1, 7, 1000])
  func aTraceBothWaysIsTheSameInPieces(_ input: InputSequence, _ piece: Int) throws {
    let network = try randomNetwork(layers: Self.bothWays)
    let whole = try TraceRecorder(network: network, input: input)
    whole.recordAll()
    let recorder = try TraceRecorder(network: network, input: input)
    var progress = [recorder.progress]
    while !recorder.record(through: 0, limit: piece) {
      #expect(!recorder.isComplete)
      progress.append(recorder.progress)
    }
    #expect(recorder.isComplete)
    #expect(progress == progress.sorted())
    for track in network.tracks.indices {
      for step in 0..<40 {
        #expect(
          recorder.trace.row(track: track, step: step) == whole.trace.row(track: track, step: step))
      }
    }
  }

  /// The backward track is a forward network over the reversed input, its rows turned round; and
  /// what reads both is fed forward first.
  @Test func readingBackwardsIsReadingTheReverse() throws {
    let network = try randomNetwork(layers: [Self.bothWays[0]])
    let tokens = (0..<40).map { $0 * $0 % 3 }
    let recorder = try TraceRecorder(network: network, input: .tokens(tokens))
    recorder.recordAll()
    var shape = Self.bothWays[0]
    shape.isBidirectional = false
    let backward = try Network(
      layers: [try Layer(shape: shape, weights: [network.layers[0].weights[1]])])
    let stepper = try Stepper(backward)
    defer { withExtendedLifetime(stepper) {} }
    for step in (0..<40).reversed() {
      stepper.step(token: tokens[step])
      #expect(recorder.trace.row(track: 1, step: step) == Array(stepper.signals(layer: 0)))
    }
    let shown = [0, 1].flatMap { recorder.trace.row(track: $0, step: 7).suffix(5) }
    #expect(recorder.trace.topHidden(at: 7) == shown)
  }

  @Test func theStateBeforeAStep() throws {
    let network = try randomNetwork(layers: [Self.bothWays[0]])
    var state = NetworkState(zeroFor: network)
    state.tracks[0].cell = [1, 2, 3, 4, 5]
    state.tracks[1].hidden = [0.1, 0.2, 0.3, 0.4, 0.5]
    let recorder = try TraceRecorder(network: network, input: .tokens([0, 1, 2]), state: state)
    recorder.recordAll()
    let trace = recorder.trace
    #expect(trace.previous(track: 0, signal: .c, step: 0, unit: 4) == 5)
    #expect(
      trace.previous(track: 0, signal: .c, step: 1, unit: 4)
        == trace.value(track: 0, signal: .c, step: 0, unit: 4))
    #expect(trace.previous(track: 1, signal: .h, step: 2, unit: 1) == 0.2)
    #expect(
      trace.previous(track: 1, signal: .h, step: 1, unit: 1)
        == trace.value(track: 1, signal: .h, step: 2, unit: 1))
  }

  @Test func anInputThatDoesNotFitIsRefused() throws {
    let network = try randomNetwork(layers: Self.causal)
    let error = #expect(throws: NetworkError.self) {
      try TraceRecorder(network: network, input: .tokens([0, 3]))
    }
    #expect(error == .tokenOutOfRange(step: 1, token: 3, count: 3))
  }

  @Test func tokensAsText() throws {
    let network = try randomNetwork(layers: Self.causal)
    let input = InputSequence.tokens([0, 2])
    let named = try TraceRecorder(network: network, input: input, symbols: ["a", "b"]).trace
    #expect([0, 1].map(named.tokenText(at:)) == ["a", "2"])
    #expect(try TraceRecorder(network: network, input: input).trace.tokenText(at: 0) == "0")
    let numeric = InputSequence.features([1, 2, 3], width: 3)
    #expect(try TraceRecorder(network: network, input: numeric).trace.tokenText(at: 0) == nil)
  }
}

extension Trace {
  /// (signals, units) of a step, read through windows.
  func row(track: Int, step: Int) -> [Float] {
    layout[track].signals.flatMap { signal in
      window(
        WindowRequest(
          track: track, signal: signal, steps: step..<step + 1, units: 0..<layout[track].units)
      ).values
    }
  }
}

extension Stepper {
  fileprivate func step(_ input: InputSequence, at step: Int) {
    switch input {
    case .tokens(let tokens):
      self.step(token: tokens[step])
    case .features(let values, let width):
      values.withUnsafeBufferPointer { self.step(features: $0.baseAddress! + step * width) }
    }
  }
}
