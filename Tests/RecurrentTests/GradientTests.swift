import Testing

@testable import Recurrent

@Suite struct GradientTests {
  /// Every cell with every choice of biases and peepholes, in turn with each input, loss,
  /// direction, depth and carried state.
  static let cases: [GradientCase] = {
    var cases: [GradientCase] = []
    for cell in CellKind.classic {
      for biases in GradientCase.Biases.allCases {
        for peepholes in cell == .lstm ? [false, true] : [false] {
          for deep in [false, true] {
            let turn = cases.count
            cases.append(
              GradientCase(
                cell: cell, biases: biases, hasPeepholes: peepholes, isBidirectional: deep,
                layers: deep ? 2 : 1, units: deep ? 2 : 3,
                input: GradientCase.Input.allCases[turn % 3],
                activation: Readout.Activation.allCases[(turn / 2 + turn) % 3],
                hasReadoutBias: turn % 2 == 0, carries: turn % 4 < 2, stride: deep ? 2 : 1))
          }
        }
      }
      // Units that fill whole vectors and leave a rest; one sequence; dropout; many tokens.
      cases.append(
        GradientCase(cell: cell, layers: 2, units: 19, carries: true, steps: 2, stride: 97))
      cases.append(
        GradientCase(
          cell: cell, isBidirectional: true, layers: 2, input: .embedding, dropout: 0.4,
          sequences: 1, stride: 3))
      cases.append(
        GradientCase(cell: cell, isBidirectional: true, input: .embedding, tokens: 1030, stride: 13)
      )
    }
    return cases
  }()

  @Test(arguments: cases)
  func gradientsAreThoseOfCentralDifferences(_ example: GradientCase) throws {
    let network = try example.network()
    let batch = example.batch()
    let noise =
      example.dropout > 0 ? TrainingNoise(dropout: example.dropout, gateNoise: 0.5, key: 99) : nil
    let state = example.state(for: network)
    let pass = try BackwardPass(network)
    // Twice: the second run must find clean workspaces.
    _ = try pass.run(batch, state: state, noise: noise)
    let loss = try pass.run(batch, state: state, noise: noise)

    let reference = GradientReference(
      network: network, layout: pass.layout, batch: batch, state: state, noise: noise)
    var parameters = (0..<pass.layout.count).map { Double(pass.parameters.pointer[$0]) }
    let expectedLoss = reference.loss(parameters)
    #expect(abs(loss - expectedLoss) < 1e-6 * (1 + abs(expectedLoss)))

    var checked = 0
    var largest = 0.0
    for block in pass.layout.blocks {
      for index in block.range where (index - block.offset) % example.stride == 0 {
        let value = parameters[index]
        parameters[index] = value + 1e-5
        let above = reference.loss(parameters)
        parameters[index] = value - 1e-5
        let below = reference.loss(parameters)
        parameters[index] = value
        let expected = (above - below) / 2e-5
        let found = Double(pass.gradients.pointer[index])
        largest = max(largest, abs(expected))
        if abs(found - expected) > 1e-6 + 1e-4 * abs(expected) {
          Issue.record("\(block.name)[\(index - block.offset)]: \(found), expected \(expected)")
        }
        checked += 1
      }
    }
    #expect(checked >= pass.layout.parameterCount / example.stride)
    #expect(largest > 0.002)
  }

  @Test(arguments: CellKind.classic)
  func theForwardPassComputesWhatTheStepperDoes(_ cell: CellKind) throws {
    let example = GradientCase(
      cell: cell, hasPeepholes: cell == .lstm, layers: 2, units: 21, input: .oneHot, carries: true,
      steps: 9)
    let network = try example.network()
    let batch = example.batch()
    let state = try #require(example.state(for: network))
    let readout = try #require(network.readout)
    let pass = try BackwardPass(network)
    let outputs = try pass.predict(batch, state: state)
    let found = pass.hidden(track: 1, steps: batch.steps, sequences: batch.sequences)
    guard case .tokens(let tokens) = batch.input else { return }
    for b in 0..<batch.sequences {
      let stepper = try Stepper(network, state: state.state(ofSequence: b))
      for t in 0..<batch.steps {
        let entry = t * batch.sequences + b
        stepper.step(token: Int(tokens[entry]))
        let h = Array(stepper.signals(layer: 1).suffix(example.units))
        for u in 0..<example.units {
          #expect(abs(found[entry * example.units + u] - h[u]) < 1e-6)
        }
        let y = readout(h)
        for k in y.indices { #expect(abs(outputs[entry * y.count + k] - y[k]) < 1e-6) }
      }
      let last = Array(stepper.signals(layer: 0).suffix(example.units))
      let carried = pass.finalState.state(ofSequence: b).tracks[0].hidden
      #expect(zip(carried, last).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test func aCarriedStateContinuesTheSequence() throws {
    let example = GradientCase(cell: .lstm, layers: 2, units: 5, steps: 6)
    let network = try example.network()
    let whole = example.batch()
    guard case .features(let values, let width) = whole.input,
      case .classes(let classes) = whole.targets
    else { return }
    func piece(_ range: Range<Int>) -> TrainingBatch {
      let entries = range.lowerBound * 3..<range.upperBound * 3
      return TrainingBatch(
        steps: range.count, sequences: 3,
        input: .features(
          Array(values[entries.lowerBound * width..<entries.upperBound * width]), width: width),
        targets: .classes(Array(classes[entries])), weights: Array(whole.weights[entries]))
    }
    let pass = try BackwardPass(network)
    let together = try pass.predict(whole)
    let first = try pass.predict(piece(0..<2))
    let second = try pass.predict(piece(2..<6), state: pass.finalState)
    #expect(first + second == together)
  }

  /// A sequence that begins takes no part of the state it is given: loss, gradients and the state it
  /// leaves are those of zeros, and those of the others are as they were.
  @Test(arguments: CellKind.classic)
  func aSequenceThatBeginsStartsFromZeros(_ cell: CellKind) throws {
    let example = GradientCase(cell: cell, layers: 2, units: 5, carries: true, sequences: 5)
    let network = try example.network()
    let carried = try #require(example.state(for: network))
    for beginning: Set<Int> in [[], [0], [1, 4], [0, 1, 2, 3, 4]] {
      var batch = example.batch()
      batch.beginning = beginning
      var zeroed = carried
      for sequence in beginning {
        zeroed.set(NetworkState(zeroFor: network), forSequence: sequence)
      }
      #expect((zeroed == carried) == beginning.isEmpty)
      let (found, expected) = (try BackwardPass(network), try BackwardPass(network))
      let loss = try found.run(batch, state: carried)
      #expect(try loss == expected.run(example.batch(), state: zeroed))
      #expect(found.finalState == expected.finalState)
      for index in 0..<found.layout.count {
        #expect(found.gradients.pointer[index] == expected.gradients.pointer[index])
      }
      #expect(
        try found.predict(batch, state: carried)
          == expected.predict(example.batch(), state: zeroed))
    }
  }

  @Test func theSameRunGivesTheSameBits() throws {
    let example = GradientCase(cell: .lstm, layers: 2, units: 20, dropout: 0.3, sequences: 7)
    func gradients() throws -> [Float] {
      let pass = try BackwardPass(example.network())
      _ = try pass.run(example.batch(), noise: TrainingNoise(dropout: 0.3, gateNoise: 0.1, key: 1))
      return Array(UnsafeBufferPointer(start: pass.gradients.pointer, count: pass.layout.count))
    }
    #expect(try gradients() == gradients())
  }

  @Test func dropoutKeepsItsShare() {
    let noise = TrainingNoise(dropout: 0.25, key: 7)
    var kept = 0
    for step in 0..<100 {
      for unit in 0..<100 {
        let keeps = noise.keeps(
          track: 1, step: step, sequence: 0, sequences: 1, unit: unit, units: 100)
        if keeps { kept += 1 }
      }
    }
    #expect(abs(kept - 7500) < 200)
  }

  @Test func gateNoiseHasItsDeviation() {
    let noise = TrainingNoise(gateNoise: 0.5, key: 7)
    var sum: Float = 0
    var squares: Float = 0
    for row in 0..<10_000 {
      let value = noise.gateNoise(
        track: 0, step: 0, sequence: 0, sequences: 1, row: row, rows: 10_000)
      sum += value
      squares += value * value
    }
    #expect(abs(sum / 10_000) < 0.02)
    #expect(abs((squares / 10_000).squareRoot() - 0.5) < 0.02)
  }

  @Test func theLayoutGivesBackTheNetwork() throws {
    for example in Self.cases {
      let network = try example.network()
      let pass = try BackwardPass(network)
      #expect(pass.network == network)
      #expect(pass.layout.blocks.allSatisfy { $0.offset % 16 == 0 })
    }
  }

  @Test func aBatchThatDoesNotFitIsRefused() throws {
    let network = try GradientCase(cell: .lstm, input: .oneHot).network()
    let good = GradientCase(cell: .lstm, input: .oneHot).batch()
    let pass = try BackwardPass(network)
    func error(_ change: (inout TrainingBatch) -> Void) -> BatchError? {
      var batch = good
      change(&batch)
      do {
        _ = try pass.run(batch)
        return nil
      } catch { return error }
    }
    #expect(error { _ in } == nil)
    #expect(error { $0.steps = 0 } == .empty)
    #expect(error { $0.steps = .max } == .empty)
    #expect(error { $0.weights[0] = -1 } == .badWeights)
    #expect(error { $0.weights = Array(repeating: 0, count: 12) } == .badWeights)
    #expect(
      error { $0.weights.removeLast() } == .wrongSize(what: "weights", expected: 12, found: 11))
    #expect(
      error { $0.input = .tokens(Array(repeating: 5, count: 12)) }
        == .tokenOutOfRange(what: "input token", token: 5, count: 5))
    #expect(
      error { $0.targets = .classes(Array(repeating: 3, count: 12)) }
        == .tokenOutOfRange(what: "target class", token: 3, count: 3))
    #expect(error { $0.targets = .values([], width: 3) } == .wrongTargets(.softmax))
    #expect(
      error { $0.input = .features([], width: 2) }
        == .wrongSize(what: "features a step", expected: 5, found: 2))
    #expect(error { $0.beginning = [0, 2] } == nil)
    #expect(error { $0.beginning = [3] } == .noSuchSequence(3, count: 3))
    #expect(error { $0.beginning = [-1] } == .noSuchSequence(-1, count: 3))
    let narrow = BatchState(zeroFor: network, sequences: 2)
    #expect(throws: BatchError.wrongState(expected: 18, found: 12)) {
      _ = try pass.run(good, state: narrow)
    }
  }
}
