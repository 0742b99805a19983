import Inspector
import Recurrent
import Testing

@Suite struct GradientPassTests {
  @Test func theCasesAreThere() {
    #expect(GradientFixture.all.count == 27)
    #expect(Set(GradientFixture.all.flatMap { $0.layers.map(\.cell) }) == ["lstm", "gru", "rnn"])
  }

  /// Every gradient with respect to every state and input is PyTorch's in Float64.
  @Test(arguments: GradientFixture.all)
  func gradientsAreThoseOfAutograd(_ fixture: GradientFixture) throws {
    let found = try gradients(of: fixture)
    #expect(abs(found.value - fixture.value) < 2e-6 * (1 + abs(fixture.value)))
    expectClose(try #require(found.input), fixture.x, "x")
    for (track, expected) in fixture.h.enumerated() {
      expectClose(found.tracks[track].hidden, expected, "h of track \(track)")
      expectClose(found.tracks[track].cell, fixture.c[track], "c of track \(track)")
    }
  }

  @Test(arguments: GradientFixture.all)
  func gradientsAreThoseOfCentralDifferences(_ fixture: GradientFixture) throws {
    let problem = try fixture.drawn()
    let forward = DoubleForward(
      network: problem.network, input: problem.input, state: problem.state)
    let found = try gradients(of: fixture)
    let (step, output) = (fixture.target, fixture.output)
    #expect(abs(forward.value(step: step, output: output) - fixture.value) < 1e-9)
    func difference(_ nudge: (Double) -> DoubleForward.Nudge) -> Double {
      let width = 1e-5
      return
        (forward.value(step: step, output: output, nudge(width))
        - forward.value(step: step, output: output, nudge(-width))) / (2 * width)
    }
    for step in 0..<fixture.steps {
      let column = step % fixture.inputs
      let slope = difference { .input(step: step, column: column, by: $0) }
      #expect(abs(Double(found.input![step * fixture.inputs + column]) - slope) < 3e-5)
      for track in found.tracks.indices {
        let unit = step % found.tracks[track].hiddenSize
        let slope = difference { .hidden(track: track, step: step, unit: unit, by: $0) }
        let ours = found.gradient(track: track, signal: .h, step: step, unit: unit)
        #expect(abs(Double(ours) - slope) < 3e-5, "h[\(unit)] of track \(track), step \(step)")
        guard found.tracks[track].cellSize > 0 else { continue }
        let cellSlope = difference { .cell(track: track, step: step, unit: unit, by: $0) }
        let ofC = found.gradient(track: track, signal: .c, step: step, unit: unit)
        #expect(abs(Double(ofC) - cellSlope) < 3e-5, "c[\(unit)] of track \(track), step \(step)")
      }
    }
  }

  /// x · ∂/∂x is what it says, for tokens of one number as for vectors.
  @Test(arguments: GradientFixture.all)
  func inputTimesGradientIsTheProduct(_ fixture: GradientFixture) throws {
    let (network, trace) = try fixture.recorded()
    let found = try gradients(of: fixture)
    let vectors = LayerInputs(network, trace.input)
    for (row, step) in found.steps.enumerated() {
      let expected = vectors.row(step).indices.reduce(0.0) {
        $0 + Double(vectors.row(step)[$1]) * Double(found.input![row * found.inputSize + $1])
      }
      #expect(abs(found.inputTimesGradient[row] - expected) < 1e-9 + 1e-6 * abs(expected))
    }
  }

  /// Slices, however small, change no bit, and a window only cuts off what lies before it.
  @Test(arguments: GradientFixture.all)
  func slicesAndWindowsChangeNothing(_ fixture: GradientFixture) throws {
    let (network, trace) = try fixture.recorded()
    let target = GradientTarget(step: fixture.target, output: fixture.output)
    let whole = try gradients(of: fixture)
    let pass = try GradientPass(network, trace, target: target)
    var sliced: TraceGradients?
    var last = -1.0
    while sliced == nil {
      #expect(pass.progress > last)
      last = pass.progress
      sliced = pass.advance(products: 1)
    }
    #expect(sliced?.tracks.map(\.hidden) == whole.tracks.map(\.hidden))
    #expect(sliced?.input == whole.input)
    guard network.isCausal else { return }
    let part = try #require(try GradientPass(network, trace, target: target, window: 3).advance())
    #expect(part.steps == fixture.target - 2..<fixture.target + 1)
    #expect(part.input! == Array(whole.input!.suffix(3 * fixture.inputs)))
  }

  @Test(arguments: GradientFixture.all)
  func integratedGradientsAreThoseOfAFineRule(_ fixture: GradientFixture) throws {
    let (network, trace) = try fixture.recorded()
    let target = GradientTarget(step: fixture.target, output: fixture.output)
    let search = try IntegratedGradients(network, trace, target: target)
    var found: IntegratedGradients.Answer?
    while found == nil { found = search.advance(products: 500) }
    let answer = try #require(found)
    #expect(answer.isComplete)
    #expect(abs(answer.sum - answer.difference) <= 0.01 * max(abs(answer.difference), 0.05))
    #expect(abs(answer.value - fixture.value) < 2e-5)
    #expect(abs(answer.baseline - fixture.baseline) < 2e-5)
    let scale = fixture.integrated.reduce(0.01) { max($0, abs($1)) }
    for (part, expected) in zip(answer.parts, fixture.integrated) {
      #expect(abs(part - expected) < 0.03 * scale)
    }
  }

  @Test func whatCannotBeAskedIsSaid() throws {
    let (network, trace) = try GradientFixture.all[0].recorded()
    let bare = try Network(layers: network.layers)
    let target = GradientTarget(step: 3, output: 9)
    #expect(throws: WhyError.noReadout) { try GradientPass(bare, trace, target: target) }
    #expect(throws: WhyError.noSuchOutput(9, count: 4)) {
      try GradientPass(network, trace, target: target)
    }
    #expect(throws: WhyError.noReadout) { try IntegratedGradients(bare, trace, target: target) }
  }

  private func gradients(of fixture: GradientFixture) throws -> TraceGradients {
    let (network, trace) = try fixture.recorded()
    let target = GradientTarget(step: fixture.target, output: fixture.output)
    return try #require(try GradientPass(network, trace, target: target).advance())
  }

  private func expectClose(_ found: [Float], _ expected: [Double], _ what: String) {
    #expect(found.count == expected.count, "\(what)")
    let scale = expected.reduce(1) { max($0, abs($1)) }
    for (place, (ours, exact)) in zip(found, expected).enumerated()
    where abs(Double(ours) - exact) > 1e-5 * scale {
      Issue.record("\(what), \(place): \(ours), not \(exact)")
    }
  }
}

/// The vectors that enter layer 0.
struct LayerInputs {
  private let rows: [[Float]]

  init(_ network: Network, _ input: InputSequence) {
    switch input {
    case .features(let values, let width):
      rows = (0..<input.count).map { Array(values[$0 * width..<($0 + 1) * width]) }
    case .tokens(let tokens):
      rows = tokens.map { token in
        guard let table = network.embedding else {
          return (0..<network.tokenCount).map { $0 == token ? 1 : 0 }
        }
        return Array(table.weights[token * table.size..<(token + 1) * table.size])
      }
    }
  }

  func row(_ step: Int) -> [Float] { rows[step] }
}
