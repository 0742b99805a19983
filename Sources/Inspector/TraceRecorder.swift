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
  /// - Throws: `NetworkError` where the input does not fit the network.
  public init(
    network: Network, input: InputSequence, state: NetworkState? = nil, symbols: [String]? = nil,
    outputSymbols: [String]? = nil, memory: Int = MemorySize.usual.bytes,
    alone: Bool = false
  ) throws(NetworkError) {
    try network.validate(input)
    let seed = state ?? NetworkState(zeroFor: network)
    let layout = network.tracks.map { track in
      TrackLayout(track: track, shape: network.layers[track.layer].shape)
    }
    let storage = TraceStorage(
      layout: layout, length: input.count, products: network.productsPerStep, seed: seed.tracks,
      budget: memory)
    self.network = network
    self.storage = storage
    trace = Trace(
      of: network, layout: layout, input: input, symbols: symbols, outputSymbols: outputSymbols,
      seed: seed, storage: storage)
    engine =
      network.isCausal
      ? .causal(
        CausalRecording(
          try Stepper(network, state: seed, alone: alone), input: input, storage: storage))
      : .layered(
        LayeredRecording(network: network, layout: layout, input: input, storage: storage))
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
