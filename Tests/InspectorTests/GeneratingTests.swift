import Inspector
import Recurrent
import Testing

/// Networks that go on by themselves.
@Suite struct GeneratingTests {
  /// A plain network that shows what it has read; `preference` are the readout's weights.
  private func echo(_ count: Int, preference: Float = 4, bias: [Float]? = nil) throws -> Network {
    let shape = LayerShape(cell: .rnn, inputSize: count, hiddenSize: count)
    func diagonal(_ value: Float) -> [Float] {
      (0..<count * count).map { $0 % (count + 1) == 0 ? value : 0 }
    }
    return try Network(
      layers: [
        Layer(
          shape: shape,
          weights: [
            LayerWeights(
              inputWeights: diagonal(9),
              recurrentWeights: Array(repeating: 0, count: count * count))
          ])
      ],
      readout: Readout(
        inputSize: count, outputSize: count, weights: diagonal(preference), bias: bias,
        activation: .softmax))
  }

  private func text(
    _ network: Network, _ start: [Int], count: Int, temperature: Double = 1, top: Int? = nil,
    seed: UInt64
  ) throws -> [Int] {
    var generator = try SymbolGenerator(
      network, choice: TokenChoice(temperature: temperature, topCount: top, seed: seed))
    generator.read(start)
    return try (0..<count).map { _ in try generator.next() }
  }

  /// It goes on from what it was given, and the seed decides how.
  @Test func aTextGoesOnFromItsStart() throws {
    let network = try echo(3)
    let found = try text(network, [2, 0, 1], count: 297, seed: 4)
    let kept = zip([1] + found, found).count { $0 == $1 }
    // e⁴ to 1 and 1: 0.965.
    #expect((270...296).contains(kept))
    #expect(try found == text(network, [2, 0, 1], count: 297, seed: 4))
    #expect(try found != text(network, [2, 0, 1], count: 297, seed: 5))
  }

  /// A readout that prefers symbol 1: by e to 1 at temperature 1, by e² to 1 at one half.
  @Test(arguments: [(1.0, 0.731), (0.5, 0.881), (0.05, 1.0), (0, 1.0)])
  func aLowTemperaturePrefersTheLikely(_ temperature: Double, _ share: Double) throws {
    let network = try echo(2, preference: 0, bias: [0, 1])
    let found = try text(network, [0], count: 2000, temperature: temperature, seed: 3)
    #expect(abs(Double(found.count { $0 == 1 }) / 2000 - share) < 0.03)
  }

  /// Of equals the first, whatever the seed.
  @Test func theLikeliestOfEqualsIsTheFirst() throws {
    let network = try echo(3, preference: 0, bias: [0, 2, 2])
    for seed in [1, 2, 3] as [UInt64] {
      #expect(
        try text(network, [0], count: 9, temperature: 0, seed: seed)
          == Array(repeating: 1, count: 9))
      #expect(
        try text(network, [0], count: 9, top: 1, seed: seed) == Array(repeating: 1, count: 9))
    }
  }

  @Test func onlyTheLikeliestAreDrawnFrom() throws {
    let network = try echo(5, preference: 0, bias: [1, 3, 2, 3, 2])
    func found(_ top: Int?) throws -> Set<Int> {
      Set(try text(network, [0], count: 400, top: top, seed: 9))
    }
    #expect(try found(2) == [1, 3])
    #expect(try found(3) == [1, 2, 3])
    #expect(try found(4) == [1, 2, 3, 4])
    #expect(try found(5) == found(nil) && found(99) == [0, 1, 2, 3, 4])
  }

  /// The share of each symbol is the softmax's.
  @Test func sharesAreThoseOfTheSoftmax() {
    var choice = TokenChoice(seed: 5)
    let sums = [0.0, 1.0, -1.0, 0.5]
    var counts = [0, 0, 0, 0]
    for _ in 0..<20_000 {
      guard let token = sums.withUnsafeBufferPointer({ choice.next(of: $0) }) else { return }
      counts[token] += 1
    }
    for (count, share) in zip(counts, Readout.shares(of: sums).shares) {
      #expect(abs(Double(count) / 20_000 - share) < 0.01)
    }
  }

  static let noNumbers: [[Double]] = [
    [Double.nan, 1.0], [1.0, Double.nan], [Double.infinity, 1.0],
    [-Double.infinity, -Double.infinity], [],
  ]

  @Test(arguments: noNumbers)
  func whatIsNoNumberIsNotChosen(_ sums: [Double]) {
    for temperature in [0, 1.0] {
      var choice = TokenChoice(temperature: temperature, seed: 5)
      #expect(sums.withUnsafeBufferPointer { choice.next(of: $0) } == nil)
    }
  }

  /// What is impossible has no share, and neither has it a chance.
  @Test func anImpossibleSymbolNeverComes() {
    var choice = TokenChoice(seed: 1)
    let sums: [Double] = [-Double.infinity, 0, -Double.infinity, 0]
    for _ in 0..<200 {
      let token = sums.withUnsafeBufferPointer { choice.next(of: $0) }
      #expect(token == 1 || token == 3)
    }
  }

  /// Two that are used in turn write what each writes alone.
  @Test func generatorsDoNotDisturbEachOther() throws {
    let network = try echo(4, preference: 1)
    let alone = try [6, 7].map { try text(network, [1], count: 40, seed: $0) }
    var first = try SymbolGenerator(network, choice: TokenChoice(seed: 6))
    var second = try SymbolGenerator(network, choice: TokenChoice(seed: 7))
    first.read([1])
    second.read([1])
    var found: [[Int]] = [[], []]
    for _ in 0..<40 {
      found[0].append(try first.next())
      found[1].append(try second.next())
    }
    #expect(found == alone && found[0] != found[1])
    #expect(first.steps == 40)
  }

  /// A text that is read in the midst goes on as if the network had written it.
  @Test func whatIsReadCountsAsWritten() throws {
    let network = try echo(4, preference: 1)
    var whole = try SymbolGenerator(network, choice: TokenChoice(temperature: 0, seed: 1))
    whole.read([3, 2, 2])
    var parts = try SymbolGenerator(network, choice: TokenChoice(temperature: 0, seed: 1))
    parts.read([3])
    _ = try parts.next()
    parts.read([2])
    #expect(try whole.next() == 2)
    #expect(try parts.next() == 2)
    #expect(parts.steps == 3)
  }

  /// x to x/2: a free run halves at each step.
  @Test func numbersRunOnTheirOwnOutput() throws {
    let shape = LayerShape(
      cell: .rnn, inputSize: 1, hiddenSize: 1, activations: CellActivations(candidate: .linear))
    let network = try Network(
      layers: [
        Layer(
          shape: shape, weights: [LayerWeights(inputWeights: [0.5], recurrentWeights: [0])])
      ],
      readout: Readout(
        inputSize: 1, outputSize: 1, weights: [1], bias: nil, activation: .linear))
    var generator = try NumberGenerator(network)
    generator.read([3, 1])
    #expect(try (0..<4).map { _ in try generator.next() } == [[0.5], [0.25], [0.125], [0.0625]])
    #expect(generator.steps == 5)
  }

  @Test func whatCannotGoOnIsRefused() throws {
    let network = try echo(3)
    func refusal(_ network: Network, outputs: [String]? = nil) -> GeneratingError? {
      do {
        _ = try SymbolGenerator(
          network, choice: TokenChoice(seed: 1), symbols: ["a", "b", "c"], outputSymbols: outputs)
        return nil
      } catch {
        return error as? GeneratingError
      }
    }
    func numbers(_ network: Network) -> GeneratingError? {
      do {
        _ = try NumberGenerator(network)
        return nil
      } catch {
        return error as? GeneratingError
      }
    }
    func readout(_ outputs: Int, _ activation: Readout.Activation) throws -> Network {
      try Network(
        layers: network.layers,
        readout: Readout(
          inputSize: 3, outputSize: outputs, weights: Array(repeating: 0, count: 3 * outputs),
          bias: nil, activation: activation))
    }
    #expect(refusal(network) == nil && refusal(network, outputs: ["a", "b", "c"]) == nil)
    #expect(refusal(network, outputs: ["x", "y", "z"]) == .namedOutputs("x"))
    #expect(refusal(try Network(layers: network.layers)) == .noReadout)
    #expect(refusal(try readout(4, .softmax)) == .otherOutputs(outputs: 4, tokens: 3))
    #expect(refusal(try readout(3, .sigmoid)) == .noChoice(.sigmoid))
    #expect(numbers(network) == .noNumbers)
    #expect(numbers(try Network(layers: network.layers)) == .noReadout)
    #expect(numbers(try readout(1, .linear)) == .otherNumbers(outputs: 1, inputs: 3))
    #expect(numbers(try readout(3, .linear)) == nil)
  }
}
