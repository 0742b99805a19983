import Demos
import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing

@testable import Workbench

/// Random keys, pastes and sizes, drawn after each: nothing traps, and the state stays in bounds.
@Suite struct FuzzTests {
  @Test(arguments: 0..<15)
  func nothingThatIsTypedTraps(_ seed: Int) throws {
    var random = Random(UInt64(seed))
    let scene = try scene(seed)
    var exportCount = 0
    let workbench = Workbench(
      state: scene.state(
        colors: [.none, .eight, .sixteen, .indexed, .direct][seed % 5], unicode: seed % 3 > 0,
        theme: seed % 2 == 0 ? .dark : .light),
      recorder: scene.recording
    ) { _, request in
      exportCount += 1
      return exportCount % 2 == 0 || request.mayReplace ? .written : .exists
    }
    let layout = scene.session.trace.layout
    for _ in 0..<300 {
      let action = action(&random)
      workbench.handle(action)
      if random.below(3) > 0 { workbench.finish() }
      let grid = workbench.frame()
      let state = workbench.state
      let isInBounds =
        (0..<scene.session.length).contains(state.step) && layout.indices.contains(state.track)
        && (0..<layout[state.track].units).contains(state.unit)
        && layout[state.track].signals.indices.contains(state.lane)
        && (grid.width, grid.height) == (state.width, state.height)
      if !isInBounds { Issue.record("after \(action): \(state.step) \(state.unit)") }
    }
  }

  private func scene(_ seed: Int) throws -> Scene {
    switch seed {
    case 0: try Scene.letters()
    case 1: try Scene.letters(.gru, units: 40)
    case 2: try Scene.letters(.rnn, units: 1)
    case 3: try Scene(try TestModels.bidirectional(), text: TestModels.reberText)
    case 4:
      try Scene(
        try TestModels.symbols(["春", "", "\n", "long word", "👩\u{200D}👧", "\u{301}"]),
        .tokens((0..<300).map { $0 % 6 }), name: "词.safetensors")
    case 5:
      try Scene(try TestModels.withNaN(), text: "B", name: String(repeating: "name", count: 40))
    case 6:
      try Scene(
        TrainedModel(
          network: try TestModels.network([LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 130)])),
        .features((0..<60).map { Float($0) * 1e5 }, width: 3))
    case 7:
      try Scene(
        TrainedModel(
          network: try TestModels.network(
            [LayerShape(cell: .lstm, inputSize: 2, hiddenSize: 2)], readout: 1,
            activation: .sigmoid)), .tokens((0..<2000).map { $0 % 2 }))
    case 8:
      try Scene(
        try TestModels.letters(.lstm), .tokens((0..<50).map { $0 % 7 }), lanes: Self.lanes,
        tour: Self.tour)
    case 9:
      try Scene(
        try TestModels.projected(), .tokens((0..<50).map { $0 % 7 }), lanes: Self.lanes,
        tour: Self.tour)
    case 10:
      try Scene(
        TrainedModel(
          network: try TestModels.network(
            [
              LayerShape(
                cell: .lstm, inputSize: 7, hiddenSize: 9, directions: [.forward, .backward],
                merge: .multiply, projectionSize: 2,
                activations: CellActivations(candidate: .relu, output: .linear)),
              LayerShape(cell: .gru, inputSize: 2, hiddenSize: 3, directions: [.backward]),
            ], readout: 7)), .tokens((0..<50).map { $0 % 7 }), lanes: Self.lanes, tour: Self.tour)
    case 12: try ViewedTraces.narrowed()
    case 13: try ViewedTraces.largeNumbers()
    case 14: try ViewedTraces.unknownArrays()
    default:
      try Scene(
        TrainedModel(
          network: try TestModels.network(
            [LayerShape(cell: .gru, inputSize: 2, hiddenSize: 4)], readout: 1, activation: .linear)
        ),
        .features(
          (0..<100).map { [0, 3e38, -3e38, .infinity, -.infinity, .nan][$0 % 6] }, width: 2),
        lanes: Self.lanes, tour: Self.tour,
        targets: (0..<50).map { [3e38, -3e38, .nan, 0][$0 % 4] })
    }
  }

  private static let lanes = [
    GroundTruthLane(
      name: "depth of brackets", kind: .number,
      values: (0..<50).map { [0, 1, 2, .nan, 3e38, -3e38, .infinity][$0 % 7] }),
    GroundTruthLane(name: "春", kind: .flag, values: (0..<50).map { Float($0 % 2) }),
    GroundTruthLane(
      name: "state", kind: .symbol, values: (0..<50).map { Float($0 % 3) },
      symbols: ["a", "春", "long"]),
  ]

  private static let tour = Tour(
    stops: [0, 49, 7].map { step in
      TourStop(
        step: step, view: step == 7 ? .cell : .lanes, layer: step, unit: step, signal: "c",
        text: String(repeating: "words of a tour that goes on ", count: 2 + step / 4), claims: [])
    })

  private func action(_ random: inout Random) -> Action {
    switch random.below(20) {
    case 0: .resize(width: 1 + random.below(300), height: 1 + random.below(100))
    case 1: .resize(width: 58 + random.below(70), height: 14 + random.below(30))
    case 2: .paste(["", "a\u{1B}b\n", "春眠", String(repeating: "x/", count: 90)][random.below(4)])
    case 3: .playTick
    case 4: .countExpired
    case 5 where random.below(2) == 0:
      .instruct(
        Instruction(
          random.below(2) == 0 ? .find : .breakpoint,
          Self.expressions[random.below(Self.expressions.count)]))
    case 5: .key(Self.rareKeys[random.below(Self.rareKeys.count)])
    case 6, 7: .key(.character(Unicode.Scalar(UInt8(48 + random.below(10)))))
    case 8, 9: .mouse(mouse(&random))
    default: .key(Self.keys[random.below(Self.keys.count)])
    }
  }

  private static let expressions = [
    "", "h[0] > 0", "any(h) > 0.5", "rise(h[0]) && step % 3 == 0", "l1.bwd.h[1]' < 0", "1 < 0",
    "1 > 0",
    "isnan(h[0])", "step == 40", "token == 1", "x[0] > 1", "lane(\"春\")", "f[",
    "lane(\"state\") == \"a\"",
  ]
  private func mouse(_ random: inout Random) -> MouseEvent {
    let kinds: [MouseEvent.Kind] = [
      .press(.left), .press(.left), .press(.left), .drag(.left), .drag(.left), .release(.left),
      .wheel(.up), .wheel(.down), .wheel(.right), .press(.right),
    ]
    let place = Point(x: random.below(130) - 2, y: random.below(50) - 2)
    return MouseEvent(
      kinds[random.below(kinds.count)], at: place,
      MouseEvent.Modifiers(rawValue: UInt8(random.below(8))))
  }

  private static let keys = Keymap.standard.bindings.flatMap(\.keys).filter { $0 != "q" }
  private static let rareKeys: [Key] = [
    .enter, .backspace, .delete, "y", "n", "é", "春", .control("u"), .control("c"), "q",
  ]

  /// SplitMix64 (Steele et al. 2014).
  private struct Random {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(bound))
    }
  }
}
