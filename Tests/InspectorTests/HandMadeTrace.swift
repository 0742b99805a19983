import Recurrent

@testable import Inspector

/// A trace whose values are written down by a rule, so that a test says exactly what a file holds.
func handMadeTrace(
  _ layout: [TrackLayout], input: InputSequence, symbols: [String]? = nil,
  recordedSteps: Int? = nil, seed anySeed: ((_ units: Int, _ isCell: Bool) -> [Float])? = nil,
  value: (_ track: Int, _ signal: Signal, _ step: Int, _ unit: Int) -> Float
) throws -> Trace {
  let storage = TraceStorage(
    layout: layout, length: input.count, products: 1, seed: seeds(layout, anySeed))
  for (index, track) in layout.enumerated() {
    for step in 0..<input.count {
      let row = storage.mutableRow(track: index, step: step)
      var place = 0
      for signal in track.signals {
        for unit in 0..<track.units(of: signal) {
          row[place] = value(index, signal, step, unit)
          place += 1
        }
      }
    }
  }
  storage.recordedSteps = recordedSteps ?? input.count
  let anyLayer = try Layer(
    shape: LayerShape(cell: .rnn, inputSize: 1, hiddenSize: 1),
    weights: [LayerWeights(inputWeights: [0], recurrentWeights: [0])])
  var seed = NetworkState(zeroFor: try Network(layers: [anyLayer]))
  seed.tracks = seeds(layout, anySeed)
  return Trace(layout: layout, input: input, symbols: symbols, seed: seed, storage: storage)
}

private func seeds(
  _ layout: [TrackLayout], _ anySeed: ((_ units: Int, _ isCell: Bool) -> [Float])?
) -> [NetworkState.TrackState] {
  layout.map { track in
    func state(_ count: Int, isCell: Bool) -> [Float] {
      anySeed?(count, isCell) ?? Array(repeating: 0, count: count)
    }
    return NetworkState.TrackState(
      hidden: state(track.units(of: .h), isCell: false),
      cell: track.cell.hasCellState ? state(track.units, isCell: true) : nil)
  }
}

/// Two LSTM units that read both ways under one GRU unit, over "a", a comma and a line break.
///
/// A value's digits say where it stands: track, step and unit before the point, the signal after.
func mixedTrace() throws -> Trace {
  let layout = [
    TrackLayout(track: Track(layer: 0, direction: .forward), cell: .lstm, units: 2),
    TrackLayout(track: Track(layer: 0, direction: .backward), cell: .lstm, units: 2),
    TrackLayout(track: Track(layer: 1), cell: .gru, units: 1),
  ]
  return try handMadeTrace(layout, input: .tokens([0, 1, 2]), symbols: ["a", ",", "\r\n"]) {
    track, signal, step, unit in
    let place = Signal.allCases.filter { $0 != .m }.firstIndex(of: signal)!
    return Float("\(track)\(step)\(unit).\(place)")!
  }
}

/// Three LSTM units projected to two numbers under a tanh unit, over numbers.
///
/// A value's digits: track, step and unit before the point; after it 5 is m and 6 is h.
func projectedTrace() throws -> Trace {
  let layout = [
    TrackLayout(track: Track(layer: 0), cell: .lstm, units: 3, projectedUnits: 2),
    TrackLayout(track: Track(layer: 1), cell: .rnn, units: 1),
  ]
  return try handMadeTrace(layout, input: .features([0, 0], width: 1)) {
    track, signal, step, unit in
    let place = layout[0].signals.firstIndex(of: signal)!
    return Float("\(track + 1)\(step)\(unit).\(place)")!
  }
}

/// Collects what an export writes.
final class MemorySink: ByteSink {
  private(set) var bytes: [UInt8] = []
  func write(_ bytes: UnsafeRawBufferPointer) { self.bytes.append(contentsOf: bytes) }
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// What an export of `trace` holds.
func exported(
  _ trace: Trace, _ selection: TraceSelection, _ format: TraceFormat, network: Network? = nil
) throws -> MemorySink {
  let sink = MemorySink()
  try TraceExporter(network: network).write(trace, selection, format, to: sink)
  return sink
}

/// Numbers that look random and are the same on every machine (a linear congruential generator).
struct TestNumbers {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func bits() -> UInt32 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt32(truncatingIfNeeded: state >> 32)
  }

  /// In -scale…scale.
  mutating func values(_ count: Int, scale: Float) -> [Float] {
    (0..<count).map { _ in (Float(bits()) / Float(UInt32.max) * 2 - 1) * scale }
  }
}

/// A network with random weights: one entry of `layers` a layer.
func randomNetwork(
  layers: [LayerShape], embedding: Int? = nil, seed: UInt64 = 1, scale: Float = 0.8
) throws -> Network {
  var numbers = TestNumbers(seed: seed)
  let table = try embedding.map { count in
    try Embedding(
      count: count, size: layers[0].inputSize,
      weights: numbers.values(count * layers[0].inputSize, scale: 1))
  }
  return try Network(
    embedding: table,
    layers: layers.map { shape in
      try Layer(
        shape: shape,
        weights: shape.directions.map { _ in
          LayerWeights(
            inputWeights: numbers.values(shape.gateRows * shape.inputSize, scale: scale),
            recurrentWeights: numbers.values(shape.gateRows * shape.recurrentSize, scale: scale),
            inputBias: numbers.values(shape.gateRows, scale: scale),
            projection: shape.projectionSize.map {
              numbers.values($0 * shape.hiddenSize, scale: scale)
            })
        })
    })
}
