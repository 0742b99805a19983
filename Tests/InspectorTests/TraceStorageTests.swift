import Recurrent
import Testing

@testable import Inspector

/// What has no room is let go and computed again, with the same bits.
@Suite struct TraceStorageTests {
  static let stacks: [String: [LayerShape]] = [
    "lstm, gru, rnn": TraceRecorderTests.causal,
    "both ways": TraceRecorderTests.bothWays,
    "projected": [
      LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 5, projectionSize: 2),
      LayerShape(cell: .gru, inputSize: 2, hiddenSize: 3, resetsBefore: true),
    ],
  ]

  private static func input(_ count: Int) -> InputSequence {
    var numbers = TestNumbers(seed: 8)
    return .features(numbers.values(count * 3, scale: 1), width: 3)
  }

  /// A state that is not zero, so that the first segment's start counts too.
  private static func seed(_ network: Network) -> NetworkState {
    var seed = NetworkState(zeroFor: network)
    var numbers = TestNumbers(seed: 5)
    for track in seed.tracks.indices {
      seed.tracks[track].hidden = numbers.values(seed.tracks[track].hidden.count, scale: 1)
      seed.tracks[track].cell = seed.tracks[track].cell.map { numbers.values($0.count, scale: 1) }
    }
    return seed
  }

  /// A storage of ten segments and a bit, three of which have room, filled by a network.
  private func recording(
    _ network: Network, _ length: Int
  ) throws -> (TraceStorage, record: () -> Void) {
    let layout = network.tracks.map {
      TrackLayout(track: $0, shape: network.layers[$0.layer].shape)
    }
    let seed = Self.seed(network)
    // So many products a step that a segment is a stepper's block, the shortest that there can be.
    let storage = TraceStorage(
      layout: layout, length: length, products: 1 << 40, seed: seed.tracks, budget: 0)
    if network.isCausal {
      let recording = CausalRecording(
        try Stepper(network, state: seed), input: Self.input(length), storage: storage)
      return (storage, { recording.record(until: length) })
    }
    let recording = LayeredRecording(
      network: network, layout: layout, input: Self.input(length), seed: seed, interventions: [],
      storage: storage)
    return (
      storage,
      {
        while !recording.isComplete { recording.advance(limit: 100) }
        storage.recordedSteps = length
      }
    )
  }

  @Test func aSmallerBudgetLetsGoAtOnce() throws {
    let network = try randomNetwork(layers: Self.stacks["projected"]!)
    let length = 10 * Stepper.blockSteps
    let (storage, record) = try recording(network, length)
    storage.budget = .max
    record()
    #expect(storage.residentSegments == 10)
    storage.budget = 0
    #expect(storage.residentSegments == 3)
    storage.budget = .max
    let row = storage.row(track: 1, step: 0)
    #expect(row[0].isFinite && storage.residentSegments == 4)
  }

  @Test(arguments: stacks.keys.sorted())
  func whatIsComputedAgainIsTheSameToTheBit(_ name: String) throws {
    let network = try randomNetwork(layers: Self.stacks[name]!)
    let length = 10 * Stepper.blockSteps + 7
    let whole = try TraceRecorder(
      network: network, input: Self.input(length), state: Self.seed(network))
    whole.recordAll()
    let (storage, record) = try recording(network, length)
    record()
    #expect(storage.segmentSteps == Stepper.blockSteps)
    let before = storage.recomputed
    var numbers = TestNumbers(seed: 2)
    let layout = whole.trace.layout
    for _ in 0..<200 {
      let track = Int(numbers.bits()) % layout.count
      let signal = layout[track].signals[Int(numbers.bits()) % layout[track].signals.count]
      let first = Int(numbers.bits()) % length
      let request = WindowRequest(
        track: track, signal: signal,
        steps: first..<min(length, first + Int(numbers.bits()) % 120 + 1),
        units: 0..<layout[track].units(of: signal))
      let wanted = whole.trace.window(request).values
      var found = [Float](repeating: .nan, count: wanted.count)
      found.withUnsafeMutableBufferPointer { storage.read(request, into: $0.baseAddress!) }
      #expect(found.map(\.bitPattern) == wanted.map(\.bitPattern), "\(request)")
    }
    #expect(storage.recomputed > before + 100)
    #expect(storage.residentSegments <= 3)
  }

  /// Somebody looks back while the recording goes on: it is not disturbed.
  @Test func lookingBackWhileRecordingChangesNothing() throws {
    let network = try randomNetwork(layers: TraceRecorderTests.causal)
    let length = 8 * Stepper.blockSteps
    let input = Self.input(length)
    let whole = try TraceRecorder(network: network, input: input, state: Self.seed(network))
    whole.recordAll()
    let seed = Self.seed(network)
    let storage = TraceStorage(
      layout: whole.trace.layout, length: length, products: 1 << 40, seed: seed.tracks, budget: 0)
    let recording = CausalRecording(
      try Stepper(network, state: seed), input: input, storage: storage)
    func row(_ step: Int) -> [Float] {
      let count = whole.trace.layout[1].rowLength
      return Array(UnsafeBufferPointer(start: storage.row(track: 1, step: step), count: count))
    }
    for end in stride(from: 5, through: length, by: 5) {
      recording.record(until: end)
      // Of the first segment, of one between, of the last that there is.
      for step in [0, end / 2, end - 1] {
        #expect(row(step) == whole.trace.row(track: 1, step: step))
      }
    }
    #expect(storage.recomputed > 5)
  }

  /// A trace is read after whoever recorded it has gone.
  @Test func aTraceOutlivesItsRecorder() throws {
    let network = try randomNetwork(layers: TraceRecorderTests.causal, seed: 9)
    let length = 100_000
    func trace(_ memory: Int) throws -> Trace {
      let recorder = try TraceRecorder(
        network: network, input: .tokens((0..<length).map { $0 % 3 }), memory: memory)
      recorder.recordAll()
      return recorder.trace
    }
    let (small, whole) = (try trace(1), try trace(.max))
    for step in [0, 77, 50_000, 99_999] {
      #expect(small.row(track: 2, step: step) == whole.row(track: 2, step: step))
    }
  }

  /// A demo takes no more than it needs; a long trace's segments are pieces that huge pages hold.
  @Test(arguments: [
    (66, 8, 96), (1, 8, 48), (10_000_000, 256, 672), (10_000_000, 2048, 48), (1000, 1, 1008),
  ])
  func segmentsAreAsLongAsTheyMayBe(_ length: Int, _ units: Int, _ steps: Int) throws {
    let shape = LayerShape(cell: .lstm, inputSize: 64, hiddenSize: units)
    let storage = TraceStorage(
      layout: [TrackLayout(track: Track(layer: 0), shape: shape)], length: length,
      products: shape.productsPerStep, seed: [.init(hidden: [], cell: [])])
    #expect(storage.segmentSteps == steps)
  }
}
