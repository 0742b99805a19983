import Demos
import Inspector
import ModelFiles
import Recurrent
import Screen

@testable import Workbench

/// Weights from a little integer arithmetic, the same on every machine: multiples of 1/16 that look
/// random, so that a unit's numbers differ and no file is needed.
struct TestWeights {
  private var state: UInt32

  init(seed: UInt32) { state = seed &* 2_654_435_761 &+ 12_345 }

  mutating func values(_ count: Int, largest: Int = 24) -> [Float] {
    (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(Int(state >> 16) % (2 * largest + 1) - largest) / 16
    }
  }
}

/// The models that the tests look at.
enum TestModels {
  static let letters = ["B", "T", "P", "E", "S", "X", "V"]

  static func network(
    _ shapes: [LayerShape], embedding: Int? = nil, readout: Int? = nil,
    activation: Readout.Activation = .softmax, seed: UInt32 = 1, recurrent: Int = 24
  ) throws -> Network {
    var weights = TestWeights(seed: seed)
    let table = try embedding.map {
      try Embedding(
        count: $0, size: shapes[0].inputSize, weights: weights.values($0 * shapes[0].inputSize))
    }
    let layers = try shapes.map { shape in
      try Layer(
        shape: shape,
        weights: shape.directions.map { _ in
          LayerWeights(
            inputWeights: weights.values(shape.gateRows * shape.inputSize, largest: 40),
            recurrentWeights: weights.values(
              shape.gateRows * shape.recurrentSize, largest: recurrent),
            inputBias: weights.values(shape.gateRows),
            projection: shape.projectionSize.map { weights.values($0 * shape.hiddenSize) })
        })
    }
    let top = shapes.last!.outputSize
    return try Network(
      embedding: table, layers: layers,
      readout: readout.map {
        try Readout(
          inputSize: top, outputSize: $0, weights: weights.values($0 * top, largest: 60),
          bias: weights.values($0), activation: activation)
      })
  }

  /// One layer that reads letters and says the next.
  static func letters(_ cell: CellKind, units: Int = 8) throws -> TrainedModel {
    TrainedModel(
      network: try network(
        [LayerShape(cell: cell, inputSize: letters.count, hiddenSize: units)],
        readout: letters.count),
      vocabulary: Vocabulary(letters), outputSymbols: letters, task: "reber")
  }

  /// Many units whose recurrent weights are so small that the last bits of a step are forgotten, and a
  /// long sequence is the same on any machine.
  static func calm(_ cell: CellKind = .lstm, units: Int) throws -> TrainedModel {
    TrainedModel(
      network: try network(
        [LayerShape(cell: cell, inputSize: letters.count, hiddenSize: units)],
        readout: letters.count, recurrent: 1),
      vocabulary: Vocabulary(letters), outputSymbols: letters)
  }

  /// One layer of that shape, which reads letters and says the next.
  static func letters(_ shape: LayerShape) throws -> TrainedModel {
    TrainedModel(
      network: try network([shape], readout: letters.count), vocabulary: Vocabulary(letters),
      outputSymbols: letters)
  }

  /// Eight units projected to five numbers.
  static func projected() throws -> TrainedModel {
    try letters(LayerShape(cell: .lstm, inputSize: 7, hiddenSize: 8, projectionSize: 5))
  }

  /// An LSTM with coupled gates and none of the usual activations.
  static func varied() throws -> TrainedModel {
    try letters(
      LayerShape(
        cell: .lstm, inputSize: 7, hiddenSize: 6, isCoupled: true, clip: 4,
        activations: CellActivations(
          gates: .hardSigmoidONNX, candidate: .softsign, output: .leakyRelu(alpha: 0.125))))
  }

  /// Two layers that read both ways.
  static func bidirectional() throws -> TrainedModel {
    TrainedModel(
      network: try network(
        [
          LayerShape(cell: .lstm, inputSize: 7, hiddenSize: 6, isBidirectional: true),
          LayerShape(cell: .lstm, inputSize: 12, hiddenSize: 5, isBidirectional: true),
        ], readout: 7),
      vocabulary: Vocabulary(letters), outputSymbols: letters)
  }

  /// Symbols of any kind, through an embedding.
  static func symbols(_ symbols: [String], units: Int = 6) throws -> TrainedModel {
    TrainedModel(
      network: try network(
        [LayerShape(cell: .lstm, inputSize: 4, hiddenSize: units)], embedding: symbols.count,
        readout: symbols.count),
      vocabulary: Vocabulary(symbols), outputSymbols: symbols)
  }

  /// An LSTM whose unit 2 has a weight that is no number.
  static func withNaN() throws -> TrainedModel {
    var model = try letters(.lstm)
    let layer = model.network.layers[0]
    var weights = layer.weights[0]
    weights.inputBias?[2] = .nan
    model.network = try Network(
      layers: [try Layer(shape: layer.shape, weights: [weights])], readout: model.network.readout)
    return model
  }

  static let reberText = "BTBPVVETEBPBTXSEPEBTBTXXTVVETE"
}

/// A model with an input, ready to be looked at.
struct Scene {
  let session: Session
  /// Nil where a recorded trace is viewed.
  let recording: TraceRecorder?

  /// - Precondition: no recorded trace is viewed.
  var recorder: TraceRecorder { recording! }

  init(
    _ model: TrainedModel, _ input: InputSequence, name: String = "reber", title: String = "",
    lanes: [GroundTruthLane] = [], tour: Tour? = nil, targets: [Float]? = nil
  ) throws {
    let recorder = try TraceRecorder(
      network: model.network, input: input, symbols: model.vocabulary?.symbols,
      outputSymbols: model.outputSymbols)
    recording = recorder
    session = Session(
      model: model, trace: recorder.trace, name: name, title: title, exportName: "trace.csv",
      lanes: lanes, tour: tour, targets: targets)
  }

  init(_ model: TrainedModel, text: String, name: String = "reber", title: String = "") throws {
    try self.init(
      model, .tokens(try model.vocabulary!.tokens(of: text)), name: name, title: title)
  }

  /// The Reber-like LSTM over thirty letters.
  static func letters(_ cell: CellKind = .lstm, units: Int = 8) throws -> Scene {
    try Scene(
      try TestModels.letters(cell, units: units), text: TestModels.reberText,
      title: "embedded Reber grammar")
  }

  func state(
    width: Int = 80, height: Int = 24, colors: Capabilities.ColorDepth = .none,
    unicode: Bool = true, theme: Theme.Name = .dark
  ) -> State {
    State(
      session: session, width: width, height: height,
      theme: Theme(theme, Capabilities(colors: colors, unicode: unicode)))
  }

  /// A state all of whose steps are recorded, for `update` alone.
  func recordedState(colors: Capabilities.ColorDepth = .none) -> State {
    recording?.recordAll()
    var state = state(colors: colors)
    _ = update(&state, .recorded)
    return state
  }

  /// The same in a view at a size, unit 2 at step 17 in hand, with what the view has to know.
  func preparedState(
    _ view: ViewKind, _ size: (Int, Int), _ colors: Capabilities.ColorDepth = .direct
  ) -> State {
    var state = recordedState(colors: colors)
    (state.width, state.height) = size
    state.view = view
    state.step = 17
    state.unit = 2
    _ = prepare(&state)
    if state.pending == .flow {
      let opener = OtherRunOpener(session: session) { try ModelReader.read(path: $0) }
      state.flows.work(on: state.flowQuestion, session, opener) { false }
      _ = update(&state, .flowed)
    }
    return state
  }

  func workbench(
    _ state: State,
    write: @escaping (String, String) throws -> Void = { _, _ in },
    export: @escaping (ExportRequest) throws -> Workbench.ExportOutcome = { _ in .written }
  ) -> Workbench {
    Workbench(
      state: state, recorder: recording,
      writeText: { text, path, _ in
        try write(text, path)
        return .written
      },
      exportTrace: { _, request in try export(request) })
  }
}

extension Workbench {
  /// Presses the keys of each text, then waits. `\r` is Return, after which it waits too.
  func type(_ texts: String...) {
    for text in texts {
      for scalar in text.unicodeScalars {
        handle(.key(scalar == "\r" ? .enter : .character(scalar)))
        if scalar == "\r" { finish() }
      }
      finish()
    }
  }

  func press(_ keys: Key...) {
    for key in keys { handle(.key(key)) }
    finish()
  }
}

/// The effects of pressing keys one after the other.
func press(_ state: inout State, _ keys: [Key]) -> [Effect] {
  keys.flatMap { update(&state, .key($0)) }
}

/// "\r" is Enter.
func keys(_ text: String) -> [Key] {
  text.unicodeScalars.map { $0 == "\r" ? .enter : .character($0) }
}
