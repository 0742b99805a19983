import Testing

@testable import Recurrent

/// Cells that are lines of the table: what every one of them must do, whatever it computes. That it computes
/// the right thing is held by fixtures of the packages (ModelFilesTests).
@Suite struct DescribedStepTests {
  static let cells = DescribedCell.all.map(CellKind.described)
  private static let steps = 70

  private static func network(_ cell: CellKind) throws -> Network {
    var random = RandomSource(seed: 5)
    var shape = LayerShape(cell: cell, inputSize: 3, hiddenSize: 4)
    if cell.rawValue.hasPrefix("cfc") {
      shape.options = ["layers": 2, "backbone": 5]
      shape.inputSize = 4
    }
    func values(_ count: Int) -> [Float] {
      (0..<count).map { _ in random.uniform(in: -1..<1) }
    }
    let matrix = shape.recurrentMatrix
    let needed = shape.definition?.parameters(shape) ?? [:]
    var parameters: [String: [Float]] = [:]
    for (name, count) in needed.sorted(by: { $0.key < $1.key }) { parameters[name] = values(count) }
    return try Network(layers: [
      Layer(
        shape: shape,
        weights: [
          LayerWeights(
            inputWeights: values(shape.gateRows * shape.inputSize),
            recurrentWeights: values(matrix.rows * matrix.columns),
            inputBias: values(shape.gateRows), recurrentBias: values(shape.gateRows),
            parameters: parameters)
        ])
    ])
  }

  private static func input(_ network: Network) -> [Float] {
    var random = RandomSource(seed: 6)
    return (0..<steps * network.layers[0].shape.inputSize).map { _ in random.uniform(in: -2..<2) }
  }

  /// (steps, signalsLength), step after step.
  private static func run(
    _ network: Network, changing changes: [Intervention] = [], from first: Int = 0,
    state: NetworkState? = nil
  ) throws -> [[Float]] {
    let stepper = try Stepper(network, state: state, interventions: changes)
    stepper.nextStep = first
    let x = input(network)
    let width = network.layers[0].shape.inputSize
    return x.withUnsafeBufferPointer { x in
      (first..<steps).map { step in
        stepper.step(features: x.baseAddress! + step * width)
        return Array(stepper.signals(layer: 0))
      }
    }
  }

  @Test(arguments: cells)
  func theDescriptionFitsItself(_ cell: CellKind) {
    let about = cell.about
    let signals = about.signals.map(\.signal)
    #expect(signals.last == .h && Set(signals).count == signals.count)
    #expect(CellKind(rawValue: about.name) == cell)
    #expect(signals.allSatisfy { Signal(rawValue: $0.rawValue) == $0 })
    // What is carried stands together.
    let carried = signals.drop { $0 != about.carried.first }.prefix(about.carried.count)
    #expect(Array(carried) == about.carried)
    #expect(about.sum?.signals.allSatisfy(signals.contains) ?? true)
    #expect(!about.equations.isEmpty)
  }

  /// The memory is what its description says that it adds up from.
  @Test(arguments: cells)
  func theSumHolds(_ cell: CellKind) throws {
    let network = try Self.network(cell)
    guard let sum = cell.about.sum else { return }
    let rows = try Self.run(network)
    let units = network.layers[0].shape.hiddenSize
    func value(_ row: [Float], _ signal: Signal, _ unit: Int) -> Double {
      Double(row[(cell.signals.firstIndex(of: signal) ?? 0) * units + unit])
    }
    for (before, row) in zip([[Float](repeating: 0, count: rows[0].count)] + rows, rows) {
      for unit in 0..<units {
        let keep = sum.keep.value(sum.keep.signal.map { value(row, $0, unit) } ?? 1)
        let gate = sum.gate.value(sum.gate.signal.map { value(row, $0, unit) } ?? 1)
        let made =
          keep * value(before, sum.memory, unit) + gate * value(row, sum.candidate, unit)
        #expect(abs(made - value(row, sum.memory, unit)) < 1e-5 * max(1, abs(made)))
      }
    }
  }

  /// In Float64 the same step gives the same, as near as Float32 can.
  @Test(arguments: cells)
  func agreesWithTheOracle(_ cell: CellKind) throws {
    let network = try Self.network(cell)
    var oracle = try #require(CellOracle(network.layers[0]))
    let x = Self.input(network)
    let width = network.layers[0].shape.inputSize
    for (step, row) in try Self.run(network).enumerated() {
      let exact = oracle.step(x[step * width..<(step + 1) * width].map(Double.init))
      for (ours, theirs) in zip(row, exact) {
        #expect(abs(Double(ours) - theirs) < 2e-4 * max(1, abs(theirs)))
      }
    }
  }

  /// In blocks, and as one of a batch, to the bit.
  @Test(arguments: cells)
  func blocksAndBatchesGiveTheSameBits(_ cell: CellKind) throws {
    let network = try Self.network(cell)
    let alone = try Self.run(network).flatMap { $0 }
    let shape = network.layers[0].shape
    let input = InputSequence.features(Self.input(network), width: shape.inputSize)
    let length = shape.signalsLength
    let blocks = FloatBuffer(count: Self.steps * length)
    try Stepper(network).run(input, steps: 0..<Self.steps) { _, step in
      blocks.pointer + step * length
    }
    #expect((0..<alone.count).allSatisfy { blocks.pointer[$0] == alone[$0] })
    let batched = FloatBuffer(count: 2 * Self.steps * length)
    BatchStepper(BatchWeights(network)).run(
      [input, input], rows: [[batched.pointer, batched.pointer + Self.steps * length]])
    #expect((0..<2 * alone.count).allSatisfy { batched.pointer[$0] == alone[$0 % alone.count] })
  }

  /// All that a step needs of the one before stands in its row.
  @Test(arguments: cells)
  func goesOnFromARecordedRow(_ cell: CellKind) throws {
    let network = try Self.network(cell)
    let shape = network.layers[0].shape
    let whole = try Self.run(network)
    let row = whole[29]
    let carried = row[shape.carriedOffset..<shape.carriedOffset + shape.carriedSize]
    let state = try NetworkState(
      tracks: [
        .init(
          hidden: Array(row.suffix(shape.hiddenSize)),
          cell: shape.carriedSize > 0 ? Array(carried) : nil)
      ], for: network)
    #expect(try Self.run(network, from: 30, state: state) == Array(whole[30...]))
  }

  /// What changes nothing changes no bit; what is held is held, and what follows is computed of it.
  @Test(arguments: cells)
  func interventionsReachWhatFollows(_ cell: CellKind) throws {
    let network = try Self.network(cell)
    let plain = try Self.run(network)
    let units = network.layers[0].shape.hiddenSize
    func change(_ signal: Signal, _ operation: Intervention.Operation) -> Intervention {
      Intervention(
        track: 0, signal: signal, units: [1], steps: 20..<40, operation: operation)
    }
    let idle = cell.signals.map { change($0, .scale(1)) }
    #expect(try Self.run(network, changing: idle) == plain)
    for (place, signal) in cell.signals.enumerated() {
      let held = try Self.run(network, changing: [change(signal, .set(0.25))])
      #expect(held[..<20] == plain[..<20])
      #expect((20..<40).allSatisfy { held[$0][place * units + 1] == 0.25 })
      guard let sum = cell.about.sum, signal == sum.candidate else { continue }
      let memory = (cell.signals.firstIndex(of: sum.memory) ?? 0) * units + 1
      #expect(held[20][memory] != plain[20][memory])
    }
    let frozen = try Self.run(network, changing: [change(cell.about.memory, .freeze)])
    let memory = (cell.signals.firstIndex(of: cell.about.memory) ?? 0) * units + 1
    #expect((20..<40).allSatisfy { frozen[$0][memory] == plain[19][memory] })
  }

  @Test func aParameterThatIsMissingIsNamed() throws {
    let cell = try #require(CellKind(rawValue: "janet"))
    let shape = LayerShape(cell: cell, inputSize: 1, hiddenSize: 1)
    #expect(throws: NetworkError.wrongShape(what: "beta", expected: [1], found: 0)) {
      try Layer(
        shape: shape, weights: [LayerWeights(inputWeights: [0, 0], recurrentWeights: [0, 0])])
    }
    let recorded = DescribedCell(
      recorded: CellDescription(
        name: "x", title: "x", withArticle: "x", gates: [],
        signals: [.init(.h, .fast, "h")]))
    #expect(throws: NetworkError.notStepped("x")) {
      try Layer(
        shape: LayerShape(cell: .described(recorded), inputSize: 1, hiddenSize: 1), weights: [])
    }
  }
}
