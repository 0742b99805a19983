import Recurrent
import Testing

@testable import Inspector

/// Networks that go on where a sequence ends: as a change, and as the generators have it.
@Suite struct ContinuationTests {
  private static let symbols = ["a", "b", "c", "d"]

  /// Random weights, four symbols.
  private static func network(_ cell: CellKind = .lstm, layers: Int = 1) throws -> Network {
    var numbers = TestNumbers(seed: 11)
    let shapes = (0..<layers).map {
      LayerShape(cell: cell, inputSize: $0 == 0 ? 4 : 6, hiddenSize: 6)
    }
    return try Network(
      layers: shapes.map { shape in
        try Layer(
          shape: shape,
          weights: [
            LayerWeights(
              inputWeights: numbers.values(shape.gateRows * shape.inputSize, scale: 2),
              recurrentWeights: numbers.values(shape.gateRows * shape.recurrentSize, scale: 2))
          ])
      },
      readout: Readout(
        inputSize: 6, outputSize: 4, weights: numbers.values(24, scale: 3), bias: nil,
        activation: .softmax))
  }

  private static func scope(_ recorder: TraceRecorder, _ network: Network) -> ChangeScope {
    ChangeScope(
      base: recorder.trace, network: network, state: NetworkState(zeroFor: network),
      tokens: { text in
        let tokens = text.map { symbols.firstIndex(of: String($0)) ?? -1 }
        return tokens.contains(-1) ? nil : tokens
      },
      statistics: { _ in [] })
  }

  private static func tokens(_ input: InputSequence) -> [Int] {
    if case .tokens(let tokens) = input { tokens } else { [] }
  }

  private static func generated(
    _ network: Network, after start: [Int], _ request: GenerationRequest
  ) throws -> [Int] {
    var generator = try SymbolGenerator(
      network,
      choice: TokenChoice(
        temperature: request.temperature, topCount: request.topCount, seed: request.seed))
    generator.read(start)
    return try (0..<request.count).map { _ in try generator.next() }
  }

  /// What follows is what `SymbolGenerator` writes, taken at once, in slices, and from where a recorded
  /// run stands.
  @Test(arguments: [
    GenerationRequest(count: 40), GenerationRequest(count: 40, temperature: 0.5, seed: 7),
    GenerationRequest(count: 40, temperature: 0), GenerationRequest(count: 9, topCount: 2, seed: 3),
  ])
  func itWritesWhatTheGeneratorWrites(_ request: GenerationRequest) throws {
    for (cell, layers) in [(CellKind.lstm, 1), (.gru, 1), (.rnn, 1), (.lstm, 3)] {
      let network = try Self.network(cell, layers: layers)
      let start = [0, 1, 2, 3, 1, 0, 2]
      let expected = start + (try Self.generated(network, after: start, request))
      let state = NetworkState(zeroFor: network)
      func made(_ from: Continuation.Start?) throws -> Continuation {
        try Continuation(
          of: network, request, after: .tokens(start), state: state, symbols: Self.symbols,
          from: from)
      }
      let whole = try made(nil)
      try whole.finish()
      #expect(Self.tokens(whole.input) == expected, "\(cell)")
      #expect(whole.isComplete && whole.progress == 1 && whole.stepsLeft == 0)
      let sliced = try made(nil)
      var left = sliced.stepsLeft
      while !(try sliced.advance(limit: 3)) {
        #expect(sliced.stepsLeft == left - 3)
        left = sliced.stepsLeft
      }
      #expect(Self.tokens(sliced.input) == expected, "\(cell)")
      let recorder = try TraceRecorder(network: network, input: .tokens(start))
      recorder.recordAll()
      for steps in 0...start.count {
        let later = try made(steps > 0 ? .init(recorder.trace, before: steps) : nil)
        try later.finish()
        #expect(Self.tokens(later.input) == expected, "\(cell) from \(steps)")
      }
    }
  }

  /// Interventions are in force while it writes: the text is that of the network as it is changed, step
  /// by step, and what is recorded of the text is what wrote it.
  @Test(arguments: [
    "c[2] = 3 @ 4..", "o *= 0.25", "freeze c[1] @ 5..", "f[3] = 0 @ 9", "c0[1] = 2",
    "h[0] += 1 @ 7..",
  ])
  func interventionsAreInForce(_ change: String) throws {
    let network = try Self.network()
    let recorder = try TraceRecorder(
      network: network, input: .tokens([0, 1, 2, 3, 1, 0, 2]), symbols: Self.symbols)
    recorder.recordAll()
    let scope = Self.scope(recorder, network)
    let changes = try [Change("generate 30 temperature 0.8 seed 2"), Change(change)]
    let run = try ChangedRun(changes, in: scope)
    let plain = try ChangedRun([changes[0]], in: scope)
    #expect(run.input.count == 37 && plain.input.count == 37)
    #expect(run.input != plain.input, "the text does not change")
    #expect(run.editedSteps == [7..<37])
    let changed = try TraceRecorder(
      network: network, input: run.input, state: run.state, interventions: run.interventions)
    changed.recordAll()
    // Drawn again from what was recorded.
    var choice = TokenChoice(temperature: 0.8, seed: 2)
    let readout = try #require(network.readout)
    var sums = [Double](repeating: 0, count: 4)
    for step in 6..<36 {
      let hidden = changed.trace.topHidden(at: step)
      sums.withUnsafeMutableBufferPointer { sums in
        hidden.withUnsafeBufferPointer { readout.add($0, into: sums.baseAddress!) }
      }
      let next = sums.withUnsafeBufferPointer { choice.next(of: $0) }
      #expect(next == changed.trace.token(at: step + 1), "after step \(step)")
    }
  }

  /// In the midst all behind it is written anew; what stands in a list before and after it is kept.
  @Test func itTakesThePlaceOfWhatFollows() throws {
    let network = try Self.network()
    let recorder = try TraceRecorder(
      network: network, input: .tokens([0, 1, 2, 3, 1, 0, 2]), symbols: Self.symbols)
    let scope = Self.scope(recorder, network)
    let run = try ChangedRun(
      [Change("insert \"dd\" @ 1"), Change("generate 5 @ 4"), Change("token = \"a\" @ 6")],
      in: scope)
    let read = [0, 3, 3, 1]
    var expected = read + (try Self.generated(network, after: read, .init(count: 5)))
    expected[6] = 0
    #expect(Self.tokens(run.input) == expected)
    #expect(run.firstSteps == [1, 4, 6])
    #expect(run.editedSteps == [1..<3, 4..<9])
  }

  @Test func itStopsAtWhatItWasToWrite() throws {
    let network = try Self.network()
    let start = [0, 1, 2]
    let all = try Self.generated(network, after: start, .init(count: 60, seed: 4))
    let text = all.map { Self.symbols[$0] }.joined()
    let wanted = String(text.dropFirst(5).prefix(3))
    let request = GenerationRequest(count: 60, seed: 4, until: wanted)
    let made = try Continuation(
      of: network, request, after: .tokens(start), state: NetworkState(zeroFor: network),
      symbols: Self.symbols)
    try made.finish()
    let found = Self.tokens(made.input).dropFirst(3).map { Self.symbols[$0] }.joined()
    #expect(found.hasSuffix(wanted) && text.hasPrefix(found) && found.count <= 8)
    #expect(!found.dropLast().hasSuffix(wanted))
  }

  /// x to x/2 runs free, with a change in force.
  @Test func numbersRunFree() throws {
    let shape = LayerShape(
      cell: .rnn, inputSize: 1, hiddenSize: 1, activations: CellActivations(candidate: .linear))
    let network = try Network(
      layers: [
        Layer(shape: shape, weights: [LayerWeights(inputWeights: [0.5], recurrentWeights: [0])])
      ],
      readout: Readout(inputSize: 1, outputSize: 1, weights: [1], bias: nil, activation: .linear))
    let recorder = try TraceRecorder(network: network, input: .features([3, 1], width: 1))
    let scope = Self.scope(recorder, network)
    let free = try ChangedRun([Change("generate 4")], in: scope)
    #expect(free.input == .features([3, 1, 0.5, 0.25, 0.125, 0.0625], width: 1))
    let held = try ChangedRun([Change("generate 4"), Change("h[0] = 8 @ 3")], in: scope)
    #expect(held.input == .features([3, 1, 0.5, 0.25, 8, 4], width: 1))
  }

  // MARK: - As it is written

  @Test(arguments: [
    ("generate 200", GenerationRequest(count: 200), nil as Int?),
    ("generate 5 @ 3", GenerationRequest(count: 5), 3),
    (
      "generate 7 temperature 0.5 top-k 3 seed 9 until \"c.\" @ 2",
      GenerationRequest(count: 7, temperature: 0.5, topCount: 3, seed: 9, until: "c."), 2
    ),
    (
      "generate 7 --seed 9 --temperature=0 --until ab",
      GenerationRequest(count: 7, temperature: 0, seed: 9, until: "ab"), nil
    ),
  ])
  func itIsReadFromText(_ text: String, _ request: GenerationRequest, _ step: Int?) throws {
    let change = try Change(text)
    guard case .generate(let found, let steps) = change.kind else {
      Issue.record("no generate")
      return
    }
    #expect(found == request && steps?.first == step && change.generatedFrom == step)
    #expect(change.isOfTokens)
  }

  @Test(arguments: [
    ("generate", "'' is no number of steps", 8..<9),
    ("generate 0", "'0' is no number of steps", 9..<10),
    ("generate -3", "'-3' is no number", 9..<11),
    ("generate 2000000", "1 to 1000000", 9..<16),
    ("generate 9 temperature nan", "'nan' is no temperature", 23..<26),
    ("generate 9 temperature -1", "'-1' is no temperature", 23..<25),
    ("generate 9 top-k 0", "'0' is no number of symbols", 17..<18),
    ("generate 9 seed x", "'x' is no seed", 16..<17),
    ("generate 9 speed 3", "'speed' is none of", 11..<16),
    ("generate 9 until", "until which text?", 16..<17),
    ("generate 9 until \"a", "closing quote", 17..<18),
    ("generate 9 @ 2..3", "several steps", 13..<17),
    ("generate 9 @ 0", "a step to go on from", 13..<14),
    ("generate 9 @ 99", "no step 99", 13..<15),
  ])
  func faultsAreMarked(_ text: String, _ words: String, _ range: Range<Int>) throws {
    let network = try Self.network()
    let recorder = try TraceRecorder(
      network: network, input: .tokens([0, 1, 2]), symbols: Self.symbols)
    do {
      _ = try ChangedRun([Change(text)], in: Self.scope(recorder, network))
      Issue.record("nothing is wrong with it")
    } catch let error as ChangeError {
      #expect("\(error)".contains(words), "\(error)")
      #expect(error.range == range)
    } catch let error as ChangeListError {
      #expect("\(error.error)".contains(words), "\(error.error)")
      #expect(error.error.range == range)
    }
  }

  /// A network that does not say what comes next is refused by name.
  @Test func whatSaysNothingOfTheNextDoesNotGoOn() throws {
    func fault(_ network: Network, _ text: String = "generate 3") -> String {
      do {
        let recorder = try TraceRecorder(network: network, input: .tokens([0, 1, 2]))
        _ = try ChangedRun([Change(text)], in: Self.scope(recorder, network))
        return "none"
      } catch {
        return "\((error as? ChangeListError).map { "\($0.error)" } ?? "\(error)")"
      }
    }
    let whole = try Self.network()
    #expect(fault(whole) == "none")
    #expect(fault(try Network(layers: whole.layers)) == "\(GeneratingError.noReadout)")
    #expect(fault(ChangeTests.network) == "\(GeneratingError.noReadout)")
  }
}
