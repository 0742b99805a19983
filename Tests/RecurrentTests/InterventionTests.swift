import CLSTMKernel
import Testing

@testable import Recurrent

/// What a network computes while its signals are changed, against Float64.
@Suite struct InterventionTests {
  @Test func theCasesAreThere() {
    #expect(InterventionCase.all.count == 180)
  }

  @Test(arguments: InterventionCase.all, OracleTests.kernels)
  func layerPassesAgree(_ changed: InterventionCase, _ kernel: String) throws {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let problem = try OracleProblem(changed.oracle)
    let tracks = runLayerPasses(problem, changing: try changed.interventions())
    try expectClose(tracks.flatMap { $0 }, changed)
    guard changed.oracle.isCausal else { return }
    let stepped = try runStepper(problem, changing: try changed.interventions())
    #expect(stepped == tracks, "a pass and a stepper are the same arithmetic")
  }

  /// As near as what is not changed: within 2e-5 + 2e-6·|reference|.
  private func expectClose(_ computed: [Float], _ changed: InterventionCase) throws {
    let reference = try changed.reference()
    try #require(computed.count == reference.count)
    let worst =
      zip(computed, reference).map { ours, exact in
        abs(Double(ours) - exact) / (2e-5 + 2e-6 * abs(exact))
      }.max() ?? 0
    #expect(worst <= 1, "\(worst) times what is allowed")
  }

  /// What changes nothing changes no bit: a value that stays itself is computed by the same kernel as
  /// without.
  @Test(arguments: OracleCase.all)
  func whatChangesNothingChangesNoBit(_ oracle: OracleCase) throws {
    let problem = try OracleProblem(oracle)
    let plain = runLayerPasses(problem)
    var idle: [Intervention] = []
    for (track, place) in problem.network.tracks.enumerated() {
      let shape = problem.network.layers[place.layer].shape
      for signal in shape.signals {
        idle.append(
          Intervention(
            track: track, signal: signal, units: Array(0..<shape.units(of: signal)),
            steps: 1..<problem.input.count, operation: .scale(1)))
      }
    }
    #expect(runLayerPasses(problem, changing: idle) == plain)
    let none = idle.map { change in
      var change = change
      change.units = []
      return change
    }
    #expect(runLayerPasses(problem, changing: none) == plain)
  }

  /// Steps without a change of their own keep their bits until something reaches them.
  @Test func stepsBeforeAChangeKeepTheirBits() throws {
    let oracle = try #require(OracleCase.all.first { $0.name == "lstm, 300 steps" })
    let problem = try OracleProblem(oracle)
    let plain = try runStepper(problem)[0]
    let change = Intervention(
      track: 0, signal: .c, units: [1], steps: 200..<201, operation: .set(3))
    let changed = try runStepper(problem, changing: [change])[0]
    let row = plain.count / 300
    #expect(plain[..<(200 * row)] == changed[..<(200 * row)])
    #expect(changed[200 * row + 4 * 5 + 1] == 3)
    #expect(plain[(201 * row)...] != changed[(201 * row)...])
  }

  @Test(arguments: [
    (0, Signal.r, [0], 0..<1, Intervention.Operation.set(0), "layer 0 fwd has no signal r"),
    (1, .h, [0], 0..<1, .set(0), "there is no track 1"),
    (0, .h, [4], 0..<1, .set(0), "h has no unit 4"),
    (0, .h, [0], 0..<11, .set(0), "steps 0..10 are not all there"),
    (0, .h, [0], 3..<3, .set(0), "steps 3..2 are not all there"),
    (0, .h, [0], 0..<1, .scale(.nan), "nan is no finite number"),
    (0, .f, [0], 0..<4, .freeze, "there is no f before the first step to be frozen"),
    (0, .f, [0, 1], 0..<2, .patch([1, 2, 3]), "a patch of 2 steps and 2 units has 3 values"),
  ])
  func whatDoesNotFitIsRefused(
    _ track: Int, _ signal: Signal, _ units: [Int], _ steps: Range<Int>,
    _ operation: Intervention.Operation, _ reason: String
  ) throws {
    let network = try OracleProblem(OracleCase.all[0]).network
    let change = Intervention(
      track: track, signal: signal, units: units, steps: steps, operation: operation)
    #expect(throws: NetworkError.impossibleIntervention(reason)) {
      try network.validate([change], length: 10)
    }
  }
}
