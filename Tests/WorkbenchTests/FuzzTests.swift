import Demos
import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing

@testable import Workbench

/// Random keys, commands, pastes, clicks and sizes, drawn after each: nothing traps, and the state stays
/// in bounds. `scripts/monkey` types many more.
@Suite struct FuzzTests {
  @Test(arguments: 0..<15)
  func nothingThatIsTypedTraps(_ number: Int) throws {
    for seed in MonkeyPlan.seeds(of: number) {
      MonkeyPlan.note("scene \(number), seed \(seed)")
      try type(number, seed)
    }
  }

  /// One monkey in a scene, in one of the colours and themes.
  private func type(_ number: Int, _ seed: UInt64) throws {
    var monkey = Monkey(seed: seed)
    let scene = try scene(number)
    var exportCount = 0
    var state = scene.state(
      colors: [.none, .eight, .sixteen, .indexed, .direct][Int(seed % 5)], unicode: seed % 3 > 0,
      theme: seed % 2 == 0 ? .dark : .light)
    if number % 4 == 0, let model = scene.session.model {
      // A second run, of another cell and length where the input allows it.
      let gru = try TestModels.letters(.gru, units: 3)
      let opener = OtherRunOpener(session: scene.session) { $0 == "gru" ? gru : model }
      state.begin(
        comparingWith: try number == 0
          ? [opener.open(.text("BTBPTT")), opener.open(.model(path: "gru"))]
          : [opener.open(.model(path: number == 8 ? "gru" : "same"))])
    }
    let workbench = Workbench(
      state: state, recorder: scene.recording,
      readModel: { path in throw OtherRunError.noModel(path) },
      exportTrace: { _, request in
        exportCount += 1
        return exportCount % 2 == 0 || request.mayReplace ? .written : .exists
      })
    let layout = scene.session.trace.layout
    for _ in 0..<MonkeyPlan.eventsOfASeed {
      let action = monkey.next()
      workbench.handle(action)
      if monkey.isPatient { workbench.finish() }
      let grid = workbench.frame()
      let state = workbench.state
      let isInBounds =
        (0..<state.session.length).contains(state.step) && layout.indices.contains(state.track)
        && (0..<layout[state.track].units).contains(state.unit)
        && layout[state.track].signals.indices.contains(state.lane)
        && (grid.width, grid.height) == (state.width, state.height)
      if !isInBounds {
        Issue.record("scene \(number), seed \(seed), after \(action): \(state.step) \(state.unit)")
        return
      }
    }
  }

  private func scene(_ number: Int) throws -> Scene {
    switch number {
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
}
