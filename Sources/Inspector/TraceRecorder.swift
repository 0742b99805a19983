import Recurrent

/// Runs a network over an input and keeps every signal of every step.
///
/// A causal network is recorded as far as it is asked for, so a screen computes a step when it is
/// reached. A network that also reads backwards is recorded whole, layer by layer, in slices.
///
/// Not safe to share between threads.
public final class TraceRecorder {
  public let trace: Trace
  private let storage: TraceStorage
  private let network: Network
  private let seed: NetworkState
  private let outputSymbols: [String]?
  private let engine: Engine

  private enum Engine {
    case causal(CausalRecording)
    case layered(LayeredRecording)
  }

  /// - Parameters:
  ///   - state: what step 0 starts from; zeros where nil.
  ///   - symbols: the symbol of each token number, to be carried by the trace.
  ///   - outputSymbols: what each output of the readout stands for, where it is no token.
  ///   - memory: bytes that the values may take; what has no room is computed again when it is read.
  ///   - alone: steps a causal network on one thread, for a caller whose other threads are busy.
  ///   - interventions: what is changed while it records.
  /// - Throws: `NetworkError` where the input or an intervention does not fit the network.
  public convenience init(
    network: Network, input: InputSequence, state: NetworkState? = nil, symbols: [String]? = nil,
    outputSymbols: [String]? = nil, memory: Int = MemorySize.usual.bytes,
    alone: Bool = false, interventions: [Intervention] = []
  ) throws(NetworkError) {
    try self.init(
      network, input, state, symbols, outputSymbols, memory, alone, interventions, from: nil)
  }

  /// A recording that goes another way from a step on: what both have in common is not computed again.
  ///
  /// - Parameters:
  ///   - input: nil for the same.
  ///   - state: what step 0 starts from; where it is another, `step` must be 0.
  ///   - step: from where on anything may differ. A network that also reads backwards is recorded
  ///     whole in any case.
  ///   - memory: bytes that its own values may take.
  /// - Throws: `NetworkError` where the input or an intervention does not fit the network.
  public func branch(
    input: InputSequence? = nil, state: NetworkState? = nil, interventions: [Intervention],
    from step: Int, memory: Int
  ) throws(NetworkError) -> TraceRecorder {
    let input = input ?? trace.input
    let common = min(step, trace.recordedSteps, input.count)
    return try TraceRecorder(
      network, input, state ?? seed, trace.symbols, outputSymbols, memory, false, interventions,
      from: network.isCausal && common > 0 ? (storage, common) : nil)
  }

  private init(
    _ network: Network, _ input: InputSequence, _ state: NetworkState?, _ symbols: [String]?,
    _ outputSymbols: [String]?, _ memory: Int, _ alone: Bool, _ interventions: [Intervention],
    from parent: (storage: TraceStorage, step: Int)?
  ) throws(NetworkError) {
    try network.validate(input)
    let interventions = network.maskedSteps(of: input) + interventions
    try network.validate(interventions, length: input.count)
    let seed = state ?? NetworkState(zeroFor: network)
    let layout = network.tracks.map { track in
      TrackLayout(track: track, shape: network.layers[track.layer].shape)
    }
    let storage = TraceStorage(
      layout: layout, length: input.count, products: network.productsPerStep, seed: seed.tracks,
      budget: memory)
    if let parent { storage.adopt(parent.storage, before: parent.step) }
    self.network = network
    self.storage = storage
    self.seed = seed
    self.outputSymbols = outputSymbols
    trace = Trace(
      of: network, layout: layout, input: input, symbols: symbols, outputSymbols: outputSymbols,
      seed: seed, interventions: interventions, storage: storage)
    engine =
      network.isCausal
      ? .causal(
        CausalRecording(
          try Stepper(network, state: seed, alone: alone, interventions: interventions),
          input: input, storage: storage))
      : .layered(
        LayeredRecording(
          network: network, layout: layout, input: input, seed: seed,
          interventions: interventions, storage: storage))
  }

  /// Bytes that the values may take.
  public var memory: Int {
    get { storage.budget }
    set { storage.budget = newValue }
  }

  /// Multiplications that the whole recording takes; `Int.max` where there are more.
  public var products: Int {
    let (all, overflow) = network.productsPerStep.multipliedReportingOverflow(by: trace.length)
    return overflow ? .max : all
  }

  /// Whether everything is recorded.
  public var isComplete: Bool { trace.recordedSteps == trace.length }

  /// How far the recording has come, 0…1.
  public var progress: Double {
    switch engine {
    case .causal: Double(trace.recordedSteps) / Double(trace.length)
    case .layered(let recording): recording.progress
    }
  }

  /// Records until `step` can be read, or until about `limit` steps have been computed. Steps that
  /// are recorded already cost nothing.
  ///
  /// - Returns: whether `step` can be read now; where not, call again.
  @discardableResult
  public func record(through step: Int, limit: Int = .max) -> Bool {
    let wanted = min(step, trace.length - 1)
    guard wanted >= trace.recordedSteps else { return true }
    switch engine {
    case .causal(let recording):
      let (end, overflow) = trace.recordedSteps.addingReportingOverflow(limit)
      recording.record(until: min(wanted + 1, overflow ? .max : end))
    case .layered(let recording):
      recording.advance(limit: limit)
      if recording.isComplete { storage.recordedSteps = trace.length }
    }
    return wanted < trace.recordedSteps
  }

  /// Records everything that is left.
  public func recordAll() {
    while !record(through: trace.length - 1) {}
  }
}
