import Recurrent
import Testing

@testable import Inspector

/// Changes as they are written, and what they mean to a network.
@Suite struct ChangeTests {
  /// Two layers, the second both ways; tokens a to e.
  static let network: Network = {
    var numbers = TestNumbers(seed: 3)
    func weights(_ shape: LayerShape) -> LayerWeights {
      LayerWeights(
        inputWeights: numbers.values(shape.gateRows * shape.inputSize, scale: 0.5),
        recurrentWeights: numbers.values(shape.gateRows * shape.recurrentSize, scale: 0.5))
    }
    let first = LayerShape(cell: .lstm, inputSize: 5, hiddenSize: 4)
    let second = LayerShape(cell: .gru, inputSize: 4, hiddenSize: 3, isBidirectional: true)
    return try! Network(layers: [
      Layer(shape: first, weights: [weights(first)]),
      Layer(shape: second, weights: [weights(second), weights(second)]),
    ])
  }()

  static func recorder() throws -> TraceRecorder {
    try TraceRecorder(
      network: network, input: .tokens([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]),
      symbols: ["a", "b", "c", "d", "e"])
  }

  static func scope(_ recorder: TraceRecorder) -> ChangeScope {
    let letters = ["a": 0, "b": 1, "c": 2, "d": 3, "e": 4]
    return ChangeScope(
      base: recorder.trace, network: network, state: NetworkState(zeroFor: network),
      tokens: { text in
        let tokens = text.map { letters[String($0)] ?? -1 }
        return tokens.contains(-1) ? nil : tokens
      },
      runs: ["other"],
      run: { name, _ in
        guard name == "other" else { return nil }
        recorder.recordAll()
        return recorder.trace
      },
      statistics: { track in
        recorder.recordAll()
        var survey = UnitSurvey(of: recorder.trace, track: track)
        while !survey.advance(budget: 1 << 20) {}
        return survey.statistics
      })
  }

  @Test(arguments: [
    (
      "f[2] = 0 @ 3..5", "l0.f[2] = 0 @ 3..5", Signal.f, 0, [2], 3..<6,
      Intervention.Operation.set(0)
    ),
    ("  o*=.5", "l0.o *= 0.5", .o, 0, [0, 1, 2, 3], 0..<10, .scale(0.5)),
    ("c[3] += 1 @ 7", "l0.c[3] += 1 @ 7", .c, 0, [3], 7..<8, .add(1)),
    ("c[0..1,3]-=1e-1@..2", "l0.c[0..1,3] -= 0.1 @ ..2", .c, 0, [0, 1, 3], 0..<3, .add(-0.1)),
    ("c[1] @ 4.. = -2.5", "l0.c[1] = -2.5 @ 4..", .c, 0, [1], 4..<10, .set(-2.5)),
    ("freeze c[3] @ 6..", "freeze l0.c[3] @ 6..", .c, 0, [3], 6..<10, .freeze),
    ("freeze h", "freeze l0.h", .h, 0, [0, 1, 2, 3], 0..<10, .freeze),
    ("l1.bwd.u[0..1] = 1 @ 9", "l1.bwd.u[0..1] = 1 @ 9", .u, 2, [0, 1], 9..<10, .set(1)),
    ("z[mean(f) < 2] = 0", "l0.z[0..3] = 0", .z, 0, [0, 1, 2, 3], 0..<10, .set(0)),
  ])
  func aChangeIsRead(
    _ source: String, _ canonical: String, _ signal: Signal, _ track: Int, _ units: [Int],
    _ steps: Range<Int>, _ operation: Intervention.Operation
  ) throws {
    let scope = Self.scope(try Self.recorder())
    let change = try Change(source)
    let run = try ChangedRun([change], in: scope)
    #expect(
      run.interventions == [
        Intervention(track: track, signal: signal, units: units, steps: steps, operation: operation)
      ])
    let written = try ChangedRun.canonical(change, in: scope, length: 10)
    #expect(written.source == canonical)
    #expect(try ChangedRun([written], in: scope).interventions == run.interventions)
  }

  @Test(arguments: [
    ("token = \"b\" @ 0", [1, 1, 2, 3, 4, 0, 1, 2, 3, 4], 0),
    ("insert \"de\" @ 2", [0, 1, 3, 4, 2, 3, 4, 0, 1, 2, 3, 4], 0),
    ("insert 'e' @ 10", [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 4], 0),
    ("delete 1..8", [0, 4], 0),
    ("delete token @ 9", [0, 1, 2, 3, 4, 0, 1, 2, 3], 0),
  ])
  func tokensChange(_ source: String, _ tokens: [Int], _ first: Int) throws {
    let run = try ChangedRun([Change(source)], in: Self.scope(try Self.recorder()))
    #expect(run.input == .tokens(tokens))
  }

  @Test func whatARunBeginsWithChanges() throws {
    let scope = Self.scope(try Self.recorder())
    let run = try ChangedRun(
      [Change("c0[1] = 2"), Change("l0.h0 += 0.5"), Change("c0[1] *= 3")], in: scope)
    #expect(run.state.tracks[0].cell == [0, 6, 0, 0])
    #expect(run.state.tracks[0].hidden == [0.5, 0.5, 0.5, 0.5])
    #expect(run.firstStep == 0)
  }

  @Test func aPatchTakesTheOtherRunsValues() throws {
    let recorder = try Self.recorder()
    let run = try ChangedRun([Change("h[2,1] @ 4..5 from other")], in: Self.scope(recorder))
    let row = recorder.trace.window(
      WindowRequest(track: 0, signal: .h, steps: 4..<6, units: 0..<4))
    #expect(
      run.interventions[0].operation
        == .patch([row[4, 2], row[4, 1], row[5, 2], row[5, 1]]))
  }

  /// What is wrong, and the marks under it: from the first scalar at fault, as many as there are.
  @Test(arguments: [
    ("", "a change is missing", 0, 1),
    ("f[12] = 0", "unit 12 of 4; there is f[0] to f[3]", 2, 2),
    ("f[1..12] = 0", "unit 12 of 4; there is f[0] to f[3]", 5, 2),
    ("f[3..1] = 0", "3..1", 2, 4),
    ("f[2] = 0 @ 12", "there is no step 12; the last is 9", 11, 2),
    ("f[2] = 0 @ 8..12", "there is no step 8..12; the last is 9", 11, 5),
    ("f[2] = 0 @ 8..2", "'8..2' runs backwards", 11, 4),
    ("f[2] = 0 @", "which steps?", 10, 1),
    ("f[2] = 0 @ x", "which steps?", 11, 1),
    ("f[2] = nan", "'nan' is no finite number", 7, 3),
    ("f[2] = 1e99", "'1e99' is no finite number", 7, 4),
    ("f[2] = much", "'much' is not a number", 7, 4),
    ("f[2] = 0x10", "'0x10' is not a number", 7, 4),
    ("f[2] =", "a number is missing", 6, 1),
    ("f[2] == 0", "== compares", 5, 2),
    ("f[2] 0", "what is to become of it?", 5, 1),
    ("f[2 = 0", "the ] is missing", 1, 1),
    ("= 0", "which signal?", 0, 3),
    ("f[2] = 0 @ 3 please", "cannot read 'please' there", 13, 6),
    ("r[2] = 0", "has no signal r", 0, 1),
    ("l1.u[0] = 0", "l1", 0, 4),
    ("l3.f = 0", "there is no layer l3", 0, 2),
    ("l0.bwd.f = 0", "layer 0 has no bwd", 3, 3),
    ("g[1] = 0", "z", 0, 1),
    ("step = 0", "has no signal step", 0, 4),
    ("f0[1] = 0", "only c0 and h0", 0, 2),
    ("c0[1] = 0 @ 4", "leave the steps out", 12, 1),
    ("freeze c0", "set, scaled or added to", 7, 2),
    ("freeze f[0]", "there is no f before the first step", 7, 1),
    ("freeze f[0] @ 0..3", "there is no f before the first step", 14, 4),
    ("freeze l1.bwd.n[0] @ 4..", "there is no n before the first step", 21, 3),
    ("c[1] @ 4 from nowhere", "there is no run 'nowhere'; there is other", 14, 7),
    ("c[1] from", "from which run?", 9, 1),
    ("z[role=queen] = 0", "there is no role 'queen'", 7, 5),
    ("z[mean(f) > 2] = 0", "no unit fits mean(f) > 2", 2, 11),
    ("token = \"x\" @ 3", "the model has no token \"x\"", 8, 3),
    ("token = \"ab\" @ 3", "these are 2 tokens", 8, 4),
    ("token = \"a\" @ 33", "there is no step 33", 14, 2),
    ("token = \"a\"", "at which step?", 11, 1),
    ("token = \"a\" @ 1..2", "'1..2' are several steps", 14, 4),
    ("token = \"a @ 1", "the closing quote is missing", 8, 1),
    ("token 3", "a token is changed by", 6, 1),
    ("insert @ 3", "which token?", 7, 1),
    ("insert \"a\" @ 11", "there is no step 11", 13, 2),
    ("delete ..9", "that leaves no step", 7, 3),
    ("delete", "which steps?", 6, 1),
  ])
  func faultsHaveTheirPlace(_ source: String, _ words: String, _ start: Int, _ count: Int) throws {
    let scope = Self.scope(try Self.recorder())
    let error: ChangeError
    do {
      _ = try ChangedRun([try Change(source)], in: scope)
      Issue.record("nothing is wrong with \(source)")
      return
    } catch let fault as ChangeError {
      error = fault
    } catch let fault as ChangeListError {
      error = fault.error
    }
    #expect("\(error)".contains(words), "\(error)")
    #expect(error.range == start..<start + count, "\(error)")
  }

  // MARK: - Runs

  /// A causal network over tokens, long enough for several segments.
  private static let long: (network: Network, input: InputSequence) = {
    var numbers = TestNumbers(seed: 8)
    let shape = LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 6)
    let layer = try! Layer(
      shape: shape,
      weights: [
        LayerWeights(
          inputWeights: numbers.values(shape.gateRows * 3, scale: 1),
          recurrentWeights: numbers.values(shape.gateRows * 6, scale: 0.5))
      ])
    return (try! Network(layers: [layer]), .tokens((0..<400).map { _ in Int(numbers.bits() % 3) }))
  }()

  private static func values(_ trace: Trace) -> [[Float]] {
    trace.layout.indices.flatMap { track in
      trace.layout[track].signals.map { signal in
        trace.window(
          WindowRequest(
            track: track, signal: signal, steps: 0..<trace.length,
            units: 0..<trace.layout[track].units(of: signal))
        ).values
      }
    }
  }

  private static func recording(
    _ interventions: [Intervention], memory: Int = .max
  ) throws -> TraceRecorder {
    try TraceRecorder(
      network: long.network, input: long.input, memory: memory, interventions: interventions)
  }

  static let changes: [[Intervention]] = [
    [.init(track: 0, signal: .f, units: [1, 4], steps: 130..<180, operation: .set(0.5))],
    [.init(track: 0, signal: .c, units: [2], steps: 100..<400, operation: .freeze)],
    [
      .init(track: 0, signal: .c, units: [2], steps: 60..<400, operation: .freeze),
      .init(track: 0, signal: .o, units: [0, 5], steps: 200..<210, operation: .scale(0)),
    ],
    [.init(track: 0, signal: .h, units: [3], steps: 0..<1, operation: .add(1))],
  ]

  /// A branch is the same run as one with the changes from the first step on, wherever it begins.
  @Test(arguments: changes.indices)
  func aBranchIsTheWholeRun(_ index: Int) throws {
    let changes = Self.changes[index]
    let main = try Self.recording([])
    main.recordAll()
    let before = Self.values(main.trace)
    let first = changes.map(\.firstStep).min() ?? 0
    let branch = try main.branch(interventions: changes, from: first, memory: .max)
    #expect(branch.trace.recordedSteps == first)
    branch.recordAll()
    let whole = try Self.recording(changes)
    whole.recordAll()
    #expect(Self.values(branch.trace) == Self.values(whole.trace))
    // A branch of the branch, in which something was frozen before it begins.
    let more =
      changes + [.init(track: 0, signal: .z, units: [2], steps: 300..<301, operation: .set(1))]
    let second = try branch.branch(interventions: more, from: 300, memory: .max)
    second.recordAll()
    let all = try Self.recording(more)
    all.recordAll()
    #expect(Self.values(second.trace) == Self.values(all.trace))
    #expect(Self.values(main.trace) == before, "the run that was left keeps its bits")
  }

  /// What was let go of comes back with its changes.
  @Test func littleMemoryGivesTheSameBits() throws {
    let changes = Self.changes[2]
    let network = try Self.wide()
    let input = InputSequence.tokens((0..<1000).map { $0 * 7 % 3 })
    let plenty = try TraceRecorder(network: network, input: input, interventions: changes)
    plenty.recordAll()
    let little = try TraceRecorder(
      network: network, input: input, memory: 0, interventions: changes)
    little.recordAll()
    for step in [999, 100, 60, 59, 205, 500, 0] {
      let request = WindowRequest(
        track: 0, signal: .c, steps: step..<step + 1, units: 0..<network.layers[0].shape.hiddenSize)
      #expect(little.trace.window(request) == plenty.trace.window(request))
    }
    #expect(
      plenty.trace.window(
        WindowRequest(track: 0, signal: .c, steps: 399..<400, units: 2..<3)
      ).values
        == plenty.trace.window(
          WindowRequest(track: 0, signal: .c, steps: 59..<60, units: 2..<3)
        ).values)
  }

  private static func wide() throws -> Network {
    var numbers = TestNumbers(seed: 9)
    let shape = LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 512)
    return try Network(layers: [
      Layer(
        shape: shape,
        weights: [
          LayerWeights(
            inputWeights: numbers.values(shape.gateRows * 3, scale: 1),
            recurrentWeights: numbers.values(shape.gateRows * 512, scale: 0.05))
        ])
    ])
  }

  /// Longer and shorter inputs share what comes before the change.
  @Test(arguments: ["insert \"bb\" @ 90", "delete 90..120", "token = \"c\" @ 90"])
  func aBranchOfOtherTokensIsTheWholeRun(_ source: String) throws {
    let main = try TraceRecorder(
      network: Self.long.network, input: Self.long.input, symbols: ["a", "b", "c"])
    main.recordAll()
    let letters = ["a": 0, "b": 1, "c": 2]
    let scope = ChangeScope(
      base: main.trace, network: Self.long.network, state: NetworkState(zeroFor: Self.long.network),
      tokens: { $0.map { letters[String($0)]! } }, statistics: { _ in [] })
    let run = try ChangedRun([Change(source)], in: scope)
    #expect(run.firstStep == 90)
    let branch = try main.branch(
      input: run.input, interventions: [], from: run.firstStep, memory: .max)
    branch.recordAll()
    let whole = try TraceRecorder(network: Self.long.network, input: run.input)
    whole.recordAll()
    #expect(Self.values(branch.trace) == Self.values(whole.trace))
  }
}
