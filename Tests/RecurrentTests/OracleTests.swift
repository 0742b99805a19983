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
    #expect(OracleCase.all.count == 36)
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

  @Test(arguments: OracleCase.all.filter { !$0.layers.contains(where: \.isBidirectional) }, kernels)
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

/// (steps, signals, units) of each track, stepped forwards.
func runStepper(_ problem: OracleProblem) throws -> [[Float]] {
  let stepper = try Stepper(problem.network, state: problem.state)
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

/// (steps, signals, units) of each track, each over the whole sequence, in uneven blocks, before the
/// next layer begins.
func runLayerPasses(_ problem: OracleProblem) -> [[Float]] {
  let network = problem.network
  let steps = problem.input.count
  var tracks: [[Float]] = []
  var below: [Float] = []  // what enters the layer: (steps, I)
  for (number, layer) in network.layers.enumerated() {
    var shown = [[Float]](repeating: [], count: steps)
    for direction in layer.shape.directions {
      let pass = LayerPass(
        network: network, track: Track(layer: number, direction: direction),
        state: problem.state.tracks[tracks.count])
      let length = layer.shape.cell.signals.count * layer.shape.hiddenSize
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
              Array(values[(first * width)...]), stride: width, count: count, signals: signals)
          default:
            let width = layer.shape.inputSize
            pass.run(
              Array(below[(first * width)...]), stride: width, count: count, signals: signals)
          }
        }
        done += count
      }
      for step in shown.indices {
        shown[step] += rows[((step + 1) * length - layer.shape.hiddenSize)..<(step + 1) * length]
      }
      tracks.append(rows)
    }
    below = shown.flatMap { $0 }
  }
  return tracks
}

/// (steps, outputs), from the last layer's h.
private func readouts(_ problem: OracleProblem, _ tracks: [[Float]]) -> [Float] {
  guard let readout = problem.network.readout, let last = problem.network.layers.last else {
    return []
  }
  let units = last.shape.hiddenSize
  let row = last.shape.cell.signals.count * units
  return (0..<problem.input.count).flatMap { step in
    readout(
      tracks.suffix(last.shape.directions.count).flatMap {
        $0[step * row..<(step + 1) * row].suffix(units)
      })
  }
}
