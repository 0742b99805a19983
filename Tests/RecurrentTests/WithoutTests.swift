import CLSTMKernel
import Testing

@testable import Recurrent

/// Networks without a part of their cells, against cells that were built without it.
@Suite struct WithoutTests {
  static let cases = AblationCase.all.filter { $0.without != nil }

  @Test func everyPartIsThere() {
    #expect(Self.cases.count == 57)
    let named = Set(Self.cases.flatMap { $0.without ?? [] })
    #expect(named == Set(CellPart.allCases.map(\.rawValue)))
  }

  @Test(arguments: cases, OracleTests.kernels)
  func theyAreTheCellsWithoutIt(_ ablation: AblationCase, _ kernel: String) throws {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let base = try ablation.problem()
    var network = base.network
    for part in try ablation.parts() { network = try network.without(part) }
    let problem = OracleProblem(network: network, input: base.input, state: base.state)
    let tracks = runLayerPasses(problem)
    try ablation.expectClose(tracks.flatMap { $0 } + readouts(problem, tracks))
  }

  /// To the bit, whatever enters: the held gate is 1 at every step of every unit.
  @Test(arguments: [CellPart.o, .f, .i, .r], OracleTests.kernels)
  func aHeldGateIsExactlyOne(_ part: CellPart, _ kernel: String) throws {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let signal = try #require(Signal(rawValue: part.rawValue))
    let names =
      part == .r
      ? ["gru, two biases", "gru, saturated", "gru, reset before"]
      : [
        "lstm, peepholes", "lstm, saturated", "projected lstm", "hard lstm, as Keras 3",
        "lstm, very large weights",
      ]
    for name in names {
      let base = try OracleProblem(try #require(OracleCase.all.first { $0.name == name }))
      let network = try base.network.without(part)
      let shape = network.layers[0].shape
      let place = try #require(shape.signals.firstIndex(of: signal)) * shape.hiddenSize
      let rows = runLayerPasses(
        OracleProblem(network: network, input: base.input, state: base.state))[0]
      for step in 0..<base.input.count {
        let first = step * shape.signalsLength + place
        #expect(rows[first..<first + shape.hiddenSize].allSatisfy { $0 == 1 }, "\(name)")
      }
    }
  }

  /// A sigmoid is never 0; what is left of u changes no h.
  @Test(arguments: OracleTests.kernels) func withoutUTheNewStateIsShown(_ kernel: String) throws {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let base = try OracleProblem(
      try #require(OracleCase.all.first { $0.name == "gru, two biases" }))
    let network = try base.network.without(.u)
    let units = network.layers[0].shape.hiddenSize
    let rows = runLayerPasses(
      OracleProblem(network: network, input: base.input, state: base.state))[0]
    for step in 0..<base.input.count {
      let row = Array(rows[step * 4 * units..<(step + 1) * 4 * units])
      #expect(row[units..<2 * units].allSatisfy { $0 < 1e-38 })
      #expect(row[2 * units..<3 * units] == row[(3 * units)...])
    }
  }

  struct Refusal: Sendable {
    let network: String
    let part: CellPart
    /// Nil where it can be without.
    let words: String?

    init(_ network: String, _ part: CellPart, _ words: String?) {
      self.network = network
      self.part = part
      self.words = words
    }
  }

  static let refusals: [Refusal] = [
    Refusal(
      "gru, two biases", .o,
      """
      the network has no o; a layer of kind gru can be without r, u, n-from-h, gates-from-h
      """),
    Refusal(
      "lstm, two biases", .u,
      """
      the network has no u; a layer of kind lstm can be without o, f, i, coupled, z-from-h, \
      gates-from-h
      """),
    Refusal("an lstm under a gru under an rnn", .f, nil),
    Refusal(
      "clipped lstm", .o,
      """
      layer 0 cannot be without o: its gates are sigmoid of sums clipped at 0.75, which cannot be \
      held so that o = 1
      """),
    Refusal("coupled lstm", .i, "layer 0 cannot be without i: its f is 1 - i already"),
    Refusal("coupled lstm", .coupled, "layer 0 cannot be without coupled: its f is 1 - i already"),
    Refusal(
      "lstm, gates of softplus", .o,
      """
      layer 0 cannot be without o: its gates are softplus, which cannot be held so that o = 1
      """),
    Refusal(
      "lstm, gates of linear", .coupled,
      """
      layer 0 cannot be without coupled: its gates are linear, which cannot be held so that i = 1 - f
      """),
    Refusal("lstm, gates of linear", .o, nil),
  ]

  @Test(arguments: refusals) func whatACellHasNotIsRefusedByName(_ refusal: Refusal) throws {
    let network = try OracleProblem(
      try #require(OracleCase.all.first { $0.name == refusal.network })
    ).network
    guard let words = refusal.words else {
      #expect(try network.without(refusal.part) != network)
      return
    }
    let error = #expect(throws: CellPartError.self) { try network.without(refusal.part) }
    #expect(error?.description == words)
  }
}
