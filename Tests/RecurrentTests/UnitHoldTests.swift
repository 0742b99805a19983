import CLSTMKernel
import Testing

@testable import Recurrent

/// A signal of a unit that is held, in one lane of a batch.
@Suite struct UnitHoldTests {
  static let cases = AblationCase.all.filter { $0.hold != nil }

  /// (T, signalsLength) of each track, of several lanes with something held in each.
  private func run(
    _ problem: OracleProblem, _ holds: [UnitHold?], block: Int = .max
  ) -> [[[Float]]] {
    let shapes = problem.network.tracks.map { problem.network.layers[$0.layer].shape }
    let stepper = BatchStepper(BatchWeights(problem.network), state: problem.state)
    let length = problem.input.count
    let buffers = shapes.map { shape in
      holds.map { _ in FloatBuffer(count: (length + 1) * shape.signalsLength) }
    }
    var start = 0
    while start < length {
      let count = min(block, length - start)
      stepper.run(
        holds.map { _ in problem.input.part(from: start, count: count) },
        rows: zip(buffers, shapes).map { buffers, shape in
          buffers.map { $0.pointer + (start + 1) * shape.signalsLength }
        },
        holds: holds, isContinued: start > 0)
      start += count
    }
    return holds.indices.map { lane in
      zip(buffers, shapes).map { buffers, shape in
        Array(
          UnsafeBufferPointer(
            start: buffers[lane].pointer + shape.signalsLength, count: length * shape.signalsLength)
        )
      }
    }
  }

  @Test(arguments: cases, OracleTests.kernels)
  func aHeldUnitAgreesWithFloat64(_ ablation: AblationCase, _ kernel: String) throws {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let problem = try ablation.problem()
    let hold = try #require(try ablation.unitHold())
    try problem.network.validate(hold)
    // Between lanes in which nothing is held, or something else.
    let other = UnitHold(track: 0, signal: .h, unit: 0, value: -0.5)
    let lanes = run(problem, [nil, hold, other, hold])
    try ablation.expectClose(lanes[1].flatMap { $0 } + readouts(problem, lanes[1]))
    // Batches have the steps' bits with the kernel that the machine itself would choose.
    if kernel == OracleTests.kernels[0] {
      #expect(lanes[0] == runLayerPasses(problem), "a lane without a hold is the network as it is")
    }
    #expect(lanes[3] == lanes[1], "a lane does not depend on its place")
    #expect(lanes[1] == run(problem, [hold])[0], "nor on the others")
    if problem.network.isCausal {
      #expect(run(problem, [nil, hold, other, hold], block: 3) == lanes, "nor on blocks")
    }
  }

  /// h and c, held by somebody who overwrites the state of a stepper after each step: to the bit.
  @Test(arguments: [
    ("lstm, embedding and softmax", Signal.h), ("gru, embedding and softmax", .h),
    ("rnn, 17 units", .h), ("clipped rnn", .h),
  ])
  func itIsASingleRunWithTheStateOverwritten(_ name: String, _ signal: Signal) throws {
    let problem = try OracleProblem(try #require(OracleCase.all.first { $0.name == name }))
    let hold = UnitHold(track: 0, signal: signal, unit: 3, value: 0.25)
    let shape = problem.network.layers[0].shape
    let stepper = try Stepper(problem.network, state: problem.state)
    var rows: [Float] = []
    for step in 0..<problem.input.count {
      switch problem.input {
      case .tokens(let tokens): stepper.step(token: tokens[step])
      case .features(let values, let width):
        values.withUnsafeBufferPointer { stepper.step(features: $0.baseAddress! + step * width) }
      }
      var row = Array(stepper.signals(layer: 0))
      row[shape.signalsLength - shape.recurrentSize + 3] = 0.25
      rows += row
      var state = stepper.state
      state[0].hidden[3] = 0.25
      stepper.state = state
    }
    #expect(run(problem, [hold])[0][0] == rows)
  }

  struct Refusal: Sendable {
    let network: String
    let hold: UnitHold
    /// Nil where it can be held.
    let words: String?

    init(_ network: String, _ signal: Signal, _ unit: Int, _ words: String?, value: Float = 0) {
      self.network = network
      hold = UnitHold(track: 0, signal: signal, unit: unit, value: value)
      self.words = words
    }
  }

  private static let unknown = """
    of layer 0 fwd cannot be held: its cell has both peepholes, a projection or a reset before the \
    product, and a clip, coupled gates or other activations; its h can
    """

  static let refusals: [Refusal] = [
    Refusal(
      "gru, two biases", .c, 0, "layer 0 fwd has no c to be held; it has r, u, n, h"),
    Refusal("lstm, two biases", .f, 4, "layer 0 fwd has no f[4]; its units are 0 to 3"),
    Refusal("projected lstm", .h, 3, "layer 0 fwd has no h[3]; its units are 0 to 2"),
    Refusal("lstm, two biases", .f, -1, "layer 0 fwd has no f[-1]; its units are 0 to 3"),
    Refusal("lstm, two biases", .f, 0, "a signal cannot be held at nan", value: .nan),
    Refusal("clipped lstm, peepholes", .c, 0, "c \(unknown)"),
    Refusal("gru, reset before", .r, 0, "r \(unknown)"),
    Refusal("clipped lstm, peepholes", .h, 0, nil), Refusal("clipped lstm, peepholes", .o, 0, nil),
    Refusal("gru, reset before", .u, 0, nil),
  ]

  @Test(arguments: refusals)
  func whatCannotBeHeldIsRefused(_ refusal: Refusal) throws {
    let network = try OracleProblem(
      try #require(OracleCase.all.first { $0.name == refusal.network })
    ).network
    guard let words = refusal.words else {
      try network.validate(refusal.hold)
      return
    }
    let error = #expect(throws: UnitHoldError.self) { try network.validate(refusal.hold) }
    #expect(error?.description == words)
  }
}
