import Demos
import Foundation
import Inspector
import ModelFiles
import Recurrent
import Testing
import Training

/// No demo shows predictions for which its network would not stand.
@Suite struct ShownErrorTests {
  /// That of the figures in the demos' folders.
  private static let seed: UInt64 = 1997
  /// Tasks that make their own data; the others need a text that is not in the project.
  private static let measurable = ReplayedDemo.names.filter { name in
    guard let demo = try? ReplayedDemo.catalog?.demo(named: name) else { return false }
    return TaskCatalog.all.contains { $0.name == demo.task }
  }

  @Test(arguments: ReplayedDemo.names)
  func whatIsShownCostsLittleMoreThanFreshData(name: String) throws {
    let replayed = try ReplayedDemo(name)
    let usual = try #require(replayed.demo.error, "demo.yml has no error: see gatescope evaluate")
    let shown = try #require(
      ShownError.value(
        of: replayed.model.network, over: replayed.trace, expected: replayed.expected,
        targets: replayed.targets()))
    #expect(shown <= usual * ShownError.bound, "\(shown) shown, \(usual) usual")
  }

  /// The whole of `gatescope evaluate`.
  @Test(arguments: measurable) func whatDemoYmlNotesIsWhatIsMeasured(name: String) throws {
    let replayed = try ReplayedDemo(name)
    let noted = try #require(replayed.demo.error)
    let task = try TaskCatalog.task(named: replayed.demo.task)
    let figures = try task.evaluate(replayed.model.network, seed: Self.seed)
    let found = try #require(figures.first(where: { $0.isError })).value
    #expect(abs(found - noted) <= 0.01 * found + 0.0001)
    #expect(figures.allSatisfy { $0.isReached })
  }

  @Test(arguments: ReplayedDemo.names) func theReadmeSaysTheSame(name: String) throws {
    let demo = try ReplayedDemo(name).demo
    let readme = try String(
      contentsOf: URL(filePath: demo.folder + "/README.md"), encoding: .utf8)
    let noted = String(format: "%.4f", try #require(demo.error))
    #expect(readme.contains(": \(noted)"), "README.md does not give \(noted)")
  }

  // MARK: - The measure itself

  private static func network(
    _ activation: Readout.Activation, bias: [Float], tokens: Int?
  ) throws -> Network {
    let width = tokens ?? 1
    let shape = LayerShape(cell: .rnn, inputSize: width, hiddenSize: 1)
    return try Network(
      layers: [
        Layer(
          shape: shape,
          weights: [
            LayerWeights(
              inputWeights: Array(repeating: 0, count: width), recurrentWeights: [0],
              inputBias: [0])
          ])
      ],
      readout: Readout(
        inputSize: 1, outputSize: bias.count, weights: Array(repeating: 0, count: bias.count),
        bias: bias, activation: activation))
  }

  private static func trace(_ network: Network, _ input: InputSequence) throws -> Trace {
    let recorder = try TraceRecorder(network: network, input: input, symbols: nil)
    recorder.recordAll()
    return recorder.trace
  }

  @Test func theNextTokenIsDueOrAnAnswer() throws {
    // p = 1/4, 3/4 at every step.
    let network = try Self.network(.softmax, bias: [0, 1.0986123], tokens: 2)
    let trace = try Self.trace(network, .tokens([0, 0, 1, 1, 1]))
    let (rare, often) = (1.3862944, 0.2876821)
    let next = try #require(ShownError.value(of: network, over: trace))
    #expect(abs(next - (rare + 3 * often) / 4) < 1e-6)
    let answer = ShownError.value(of: network, over: trace, expected: [nil, nil, 1, nil, 0])
    #expect(abs(try #require(answer) - (rare + often) / 2) < 1e-6)
    let none = [Int?](repeating: nil, count: 5)
    #expect(ShownError.value(of: network, over: trace, expected: none) == nil)
  }

  @Test func numbersAreHeldAgainstWhatIsDue() throws {
    let network = try Self.network(.linear, bias: [0.5], tokens: nil)
    let trace = try Self.trace(network, .features([1, 2, 3], width: 1))
    let error = ShownError.value(of: network, over: trace, targets: [.nan, 0.1, 0.8])
    #expect(abs(try #require(error) - 0.3535534) < 1e-6)
    #expect(ShownError.value(of: network, over: trace, targets: [.nan, .nan, .nan]) == nil)
    #expect(ShownError.value(of: network, over: trace) == nil)
  }
}
