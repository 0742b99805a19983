import Recurrent

/// Records many sequences, some at a time: those of a window are run together, in groups of like length,
/// on several threads. Each gives the trace that it gives alone, to the bit.
///
/// Not safe to share between threads.
public final class BatchRecorder {
  public let network: Network
  public let layout: [TrackLayout]
  /// Threads.
  public let jobs: Int
  /// Steps that a window may have: what its values take is within the memory that was given.
  public let stepLimit: Int
  /// Sequences that a window may have.
  public let sequenceLimit: Int
  let state: NetworkState
  let symbols: [String]?
  let outputSymbols: [String]?
  private let memory: Int
  private let steppers: [BatchStepper]
  private var buffers: [FloatBuffer]  // a track an entry

  /// More together gain nothing: their states leave the second cache.
  private static let groupSize = 96
  /// Groups of a window for each thread, so that none waits long for the others.
  private static let groupsPerJob = 4

  /// - Parameters:
  ///   - state: what every sequence begins with; zeros where nil.
  ///   - memory: bytes that the values of a window may take.
  public init(
    network: Network, state: NetworkState? = nil, symbols: [String]? = nil,
    outputSymbols: [String]? = nil, jobs: Int = 1, memory: Int = BatchRecorder.usualMemory
  ) {
    precondition(jobs > 0)
    self.network = network
    self.state = state ?? NetworkState(zeroFor: network)
    self.symbols = symbols
    self.outputSymbols = outputSymbols
    self.jobs = jobs
    self.memory = memory
    layout = network.tracks.map {
      TrackLayout(track: $0, shape: network.layers[$0.layer].shape)
    }
    let rowLength = layout.reduce(0) { $0 + $1.rowLength }
    stepLimit = max(1, memory / (rowLength * MemoryLayout<Float>.stride))
    sequenceLimit = jobs * Self.groupSize * Self.groupsPerJob
    let weights = BatchWeights(network)
    steppers = (0..<jobs).map { _ in BatchStepper(weights, state: state) }
    buffers = layout.map { _ in FloatBuffer(count: 0) }
  }

  /// Bytes that a window's values take where nobody says otherwise: 256 MiB.
  public static let usualMemory = 1 << 28

  /// Records a window. Its traces are good until the next one.
  ///
  /// - Parameter inputs: of one kind.
  /// - Returns: their traces, in the same order.
  /// - Throws: `NetworkError` where one does not fit the network.
  public func record(_ inputs: [InputSequence]) throws -> [Trace] {
    for input in inputs { try network.validate(input) }
    var (starts, steps) = ([Int](), 0)
    for input in inputs {
      starts.append(steps)
      steps += input.count
    }
    for (index, track) in layout.enumerated() where buffers[index].count < steps * track.rowLength {
      buffers[index] = FloatBuffer(uninitialized: steps * track.rowLength)
    }
    let groups = groups(of: inputs)
    let (buffers, layout, steppers) = (buffers, layout, steppers)
    try concurrently(jobs: jobs, tasks: groups.count) { job, task in
      let group = groups[task]
      steppers[job].run(
        group.map { inputs[$0] },
        rows: layout.indices.map { track in
          group.map { buffers[track].pointer + starts[$0] * layout[track].rowLength }
        })
    }
    return inputs.indices.map { index in
      trace(
        of: inputs[index],
        BatchValues(
          layout: layout, buffers: buffers, first: starts[index], count: inputs[index].count))
    }
  }

  /// A sequence that is too long for a window, on its own: kept as far as the memory reaches.
  public func recorder(of input: InputSequence) throws(NetworkError) -> TraceRecorder {
    try TraceRecorder(
      network: network, input: input, state: state, symbols: symbols,
      outputSymbols: outputSymbols, memory: memory)
  }

  /// A trace of which nothing is recorded: for what is to be known of all before the first.
  public func preview(of input: InputSequence) -> Trace {
    trace(of: input, BatchValues(layout: layout, buffers: [], first: 0, count: 0))
  }

  private func trace(of input: InputSequence, _ values: BatchValues) -> Trace {
    Trace(
      of: network, layout: layout, input: input, symbols: symbols, outputSymbols: outputSymbols,
      seed: state, interventions: network.maskedSteps(of: input), storage: values)
  }

  /// The sequences by their length, the longest first, in groups of about as many steps.
  private func groups(of inputs: [InputSequence]) -> [[Int]] {
    let order = inputs.indices.sorted {
      (inputs[$1].count, $0) < (inputs[$0].count, $1)
    }
    let count = (inputs.count + Self.groupSize - 1) / Self.groupSize
    let wanted = (count + jobs - 1) / jobs * jobs
    // As many groups as all threads together take, so that they end at about the same time.
    let enough = (inputs.reduce(0) { $0 + $1.count } + wanted - 1) / wanted
    var groups: [[Int]] = []
    var steps = Int.max
    for index in order {
      if steps >= enough || (groups.last?.count ?? 0) >= Self.groupSize {
        groups.append([])
        steps = 0
      }
      groups[groups.count - 1].append(index)
      steps += inputs[index].count
    }
    return groups
  }
}
