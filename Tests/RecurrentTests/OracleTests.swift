import CLSTMKernel
import Recurrent
import Testing

/// Every signal of every step against Float64, with every kernel that this CPU can run.
@Suite struct OracleTests {
  static let kernels = ["avx512", "avx2", "portable"].filter { name in
    defer { gs_use_kernel(nil) }
    return gs_use_kernel(name) == 1
  }

  @Test func theCasesAreThere() {
    #expect(OracleCase.all.count == 88)
    #expect(Self.kernels.contains("portable"))
    #expect(Self.kernels.contains(String(cString: gs_kernel_name())))
  }

  @Test func aKernelCanBeForcedAndGivenBack() {
    let best = String(cString: gs_kernel_name())
    #expect(gs_use_kernel("abacus") == 0)
    #expect(String(cString: gs_kernel_name()) == best)
    for kernel in Self.kernels {
      #expect(gs_use_kernel(kernel) == 1)
      #expect(String(cString: gs_kernel_name()) == kernel)
    }
    #expect(gs_use_kernel(nil) == 1)
    #expect(String(cString: gs_kernel_name()) == best)
  }

  @Test(arguments: OracleCase.all, kernels)
  func layerPassesAgree(_ oracle: OracleCase, _ kernel: String) throws {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let problem = try OracleProblem(oracle)
    let tracks = runLayerPasses(problem)
    let computed = tracks.flatMap { $0 } + readouts(problem, tracks)
    try expectClose(computed, oracle)
  }

  @Test(arguments: OracleCase.all.filter(\.isCausal), kernels)
  func theStepperAgrees(_ oracle: OracleCase, _ kernel: String) throws {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let problem = try OracleProblem(oracle)
    let tracks = try runStepper(problem)
    let computed = tracks.flatMap { $0 } + readouts(problem, tracks)
    try expectClose(computed, oracle)
    #expect(tracks == runLayerPasses(problem), "a pass and a stepper are the same arithmetic")
  }

  /// What the project promises: within 2e-5 + 2e-6·|reference|.
  private func expectClose(_ computed: [Float], _ oracle: OracleCase) throws {
    let reference = try oracle.reference()
    try #require(computed.count == reference.count)
    var worst = (share: 0.0, place: 0)
    for (place, (ours, exact)) in zip(computed, reference).enumerated() {
      let share = abs(Double(ours) - exact) / (2e-5 + 2e-6 * abs(exact))
      // Turned round, so that a NaN is the worst there is.
      if !(share <= worst.share) { worst = (share, place) }
    }
    #expect(
      worst.share <= 1,
      """
      value \(worst.place) is \(computed[worst.place]), not \(reference[worst.place]): \
      \(worst.share) times what is allowed
      """)
  }
}

/// (steps, signals) of each track, stepped forwards.
func runStepper(
  _ problem: OracleProblem, changing interventions: [Intervention] = []
) throws -> [[Float]] {
  let stepper = try Stepper(
    problem.network, state: problem.state, interventions: interventions)
  defer { withExtendedLifetime(stepper) {} }  // its signals are only lent
  var tracks = [[Float]](repeating: [], count: problem.network.layers.count)
  for step in 0..<problem.input.count {
    switch problem.input {
    case .tokens(let tokens):
      stepper.step(token: tokens[step])
    case .features(let values, let width):
      values.withUnsafeBufferPointer { stepper.step(features: $0.baseAddress! + step * width) }
    }
    for layer in tracks.indices { tracks[layer] += stepper.signals(layer: layer) }
  }
  return tracks
}

/// (steps, signals) of each track, each over the whole sequence, in uneven blocks, before the
/// next layer begins.
func runLayerPasses(
  _ problem: OracleProblem, changing interventions: [Intervention] = []
) -> [[Float]] {
  let network = problem.network
  let steps = problem.input.count
  var tracks: [[Float]] = []
  var below: [Float] = []  // what enters the layer: (steps, I)
  for (number, layer) in network.layers.enumerated() {
    var shown: [[[Float]]] = []  // [direction][step]
    for direction in layer.shape.directions {
      let pass = LayerPass(
        network: network, track: Track(layer: number, direction: direction),
        state: problem.state.tracks[tracks.count],
        schedule: InterventionSchedule(
          interventions, track: tracks.count, direction: direction,
          state: problem.state.tracks[tracks.count], shape: layer.shape, length: steps))
      let length = layer.shape.signalsLength
      var rows = [Float](repeating: 0, count: steps * length)
      var done = 0
      while done < steps {
        let count = min(1 + done % LayerPass.blockSteps, steps - done)
        let first = direction == .forward ? done : steps - done - count
        rows.withUnsafeMutableBufferPointer { rows in
          let signals = rows.baseAddress! + first * length
          switch (number, problem.input) {
          case (0, .tokens(let tokens)):
            pass.run(tokens: tokens[first..<first + count], signals: signals)
          case (0, .features(let values, let width)):
            pass.run(
              Array(values[(first * width)...]), stride: width, count: count, first: first,
              signals: signals)
          default:
            let width = layer.shape.inputSize
            pass.run(
              Array(below[(first * width)...]), stride: width, count: count, first: first,
              signals: signals)
          }
        }
        done += count
      }
      shown.append(hidden(rows, layer.shape))
      tracks.append(rows)
    }
    below = (0..<steps).flatMap { step in layer.shape.merge.merged(shown.map { $0[step] }) }
  }
  return tracks
}

/// h of every step, from the rows of a track.
private func hidden(_ rows: [Float], _ shape: LayerShape) -> [[Float]] {
  stride(from: shape.signalsLength, through: rows.count, by: shape.signalsLength).map {
    Array(rows[$0 - shape.recurrentSize..<$0])
  }
}

/// (steps, outputs), from the last layer's h.
func readouts(_ problem: OracleProblem, _ tracks: [[Float]]) -> [Float] {
  guard let readout = problem.network.readout, let shape = problem.network.layers.last?.shape
  else { return [] }
  let shown = tracks.suffix(shape.directions.count).map { hidden($0, shape) }
  return (0..<problem.input.count).flatMap { step in
    readout(shape.merge.merged(shown.map { $0[step] }))
  }
}
