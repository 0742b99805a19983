import Recurrent

/// Holds every unit, or every gate of every unit, in turn, and says what becomes of the loss: the lanes
/// of a batch are the same sequence, each with something else held, so that a weight that is read
/// serves all of them. What a lane gives is what it gives alone, to the bit.
public final class AblationSweep {
  /// What is held, in the order of tracks and units.
  public let holds: [UnitHold]
  /// The loss of the network as it is.
  public let loss: Double
  private let network: Network
  private let input: InputSequence
  private let state: NetworkState?
  private let due: SequenceLoss.Due
  private let readout: Readout
  private let weights: BatchWeights

  /// Sequences that are stepped together at most. More do not make a step cheaper.
  static let widest = 48
  /// Steps between two looks at the outputs, where the network is causal.
  private static let block = 16
  /// Bytes of signals that one thread may hold.
  private static let memory = 256 << 20

  /// Runs the network as it is once.
  ///
  /// - Parameters:
  ///   - input: what `Network.validate` has found to fit.
  ///   - due: what should come out, as long as the input.
  /// - Throws: `UnitHoldError` where the plan does not fit the network, `GeneratingError.noReadout`.
  public init(
    _ network: Network, input: InputSequence, state: NetworkState? = nil,
    due: SequenceLoss.Due, plan: AblationPlan
  ) throws {
    guard let readout = network.readout else { throw GeneratingError.noReadout }
    var holds = try plan.holds(of: network)
    let weights = BatchWeights(network)
    self.network = network
    self.input = input
    self.state = state
    self.due = due
    self.readout = readout
    self.weights = weights
    if plan.value == .mean {
      let recorder = try TraceRecorder(network: network, input: input, state: state)
      recorder.recordAll()
      for index in holds.indices { holds[index].value = Self.mean(holds[index], recorder.trace) }
    }
    self.holds = holds
    loss = Lanes(network, input, state, due, readout, weights).losses(of: [nil])[0]
  }

  private static func mean(_ hold: UnitHold, _ trace: Trace) -> Float {
    let values = trace.window(
      WindowRequest(
        track: hold.track, signal: hold.signal, steps: 0..<trace.length,
        units: hold.unit..<hold.unit + 1)
    ).values
    return Float(values.reduce(0.0) { $0 + Double($1) } / Double(values.count))
  }

  /// What becomes of the loss of some of `holds`.
  ///
  /// - Parameters:
  ///   - numbers: indices into `holds`.
  ///   - jobs: threads.
  ///   - done: is told what has been found, some at a time, from the caller's thread; what it throws ends
  ///     the sweep.
  public func run(
    _ numbers: [Int], jobs: Int,
    done: (_ numbers: ArraySlice<Int>, _ losses: [Double]) throws -> Void
  ) throws {
    let width = groupWidth(of: numbers.count, jobs: jobs)
    let lanes = (0..<max(1, jobs)).map { _ in
      Lanes(network, input, state, due, readout, weights)
    }
    var start = 0
    while start < numbers.count {
      let groups = (0..<lanes.count).map { job in
        numbers[
          min(start + job * width, numbers.count)..<min(start + (job + 1) * width, numbers.count)]
      }.filter { !$0.isEmpty }
      let holds = groups.map { $0.map { self.holds[$0] } }
      let found = try Self.together(lanes, holds)
      for (group, losses) in zip(groups, found) { try done(group, losses) }
      start = groups.last?.endIndex ?? numbers.count
    }
  }

  /// Every thread's group of lanes at once.
  private static func together(_ lanes: [Lanes], _ holds: [[UnitHold]]) throws -> [[Double]] {
    let found = UnsafeMutableBufferPointer<[Double]>.allocate(capacity: holds.count)
    found.initialize(repeating: [])
    defer {
      found.deinitialize()
      found.deallocate()
    }
    // Each task has an entry of its own.
    try concurrently(jobs: holds.count, tasks: holds.count) { _, task in
      found[task] = lanes[task].losses(of: holds[task])
    }
    return Array(found)
  }

  /// As many lanes as have room, in groups of like size for all threads.
  private func groupWidth(of count: Int, jobs: Int) -> Int {
    let length = network.isCausal ? Self.block + 1 : input.count
    let row = network.layers.reduce(0) {
      $0 + $1.shape.signalsLength * $1.shape.directions.count
    }
    let (bytes, overflow) = (4 * length).multipliedReportingOverflow(by: row)
    let room = overflow ? 1 : max(1, Self.memory / max(bytes, 1))
    let jobs = max(1, jobs)
    let widest = min(Self.widest, room)
    let rounds = (count + jobs * widest - 1) / (jobs * widest)
    return max(1, (count + jobs * rounds - 1) / (jobs * max(rounds, 1)))
  }

  /// The lanes of one thread.
  private struct Lanes {
    private let network: Network
    private let input: InputSequence
    private let due: SequenceLoss.Due
    private let readout: Readout
    private let stepper: BatchStepper
    private let topTracks: [Int]

    init(
      _ network: Network, _ input: InputSequence, _ state: NetworkState?, _ due: SequenceLoss.Due,
      _ readout: Readout, _ weights: BatchWeights
    ) {
      self.network = network
      self.input = input
      self.due = due
      self.readout = readout
      stepper = BatchStepper(weights, state: state)
      topTracks = network.tracks.indices.filter {
        network.tracks[$0].layer == network.layers.count - 1
      }
    }

    /// The loss of the whole sequence in each lane.
    func losses(of holds: [UnitHold?]) -> [Double] {
      let length = input.count
      let block = network.isCausal ? min(AblationSweep.block, length) : length
      let shapes = network.tracks.map { network.layers[$0.layer].shape }
      // A row before the first, for what the block before it has left.
      let buffers = shapes.map { shape in
        holds.map { _ in FloatBuffer(uninitialized: (block + 1) * shape.signalsLength) }
      }
      let rows = zip(buffers, shapes).map { buffers, shape in
        buffers.map { $0.pointer + shape.signalsLength }
      }
      // An array goes when it has been looked at for the last time, and its memory with it.
      return withExtendedLifetime(buffers) { losses(of: holds, rows: rows, block: block) }
    }

    /// - Parameters:
    ///   - rows: a track and a lane an entry, with room for `block` steps and for the one before them.
    ///   - block: steps between two looks at the outputs.
    private func losses(
      of holds: [UnitHold?], rows: [BatchStepper.Rows], block: Int
    ) -> [Double] {
      let length = input.count
      let shapes = network.tracks.map { network.layers[$0.layer].shape }
      var losses = holds.map { _ in SequenceLoss(due) }
      var start = 0
      while start < length {
        let count = min(block, length - start)
        let part = input.steps(start..<start + count)
        stepper.run(
          Array(repeating: part, count: holds.count), rows: rows,
          holds: holds.contains { $0 != nil } ? holds : [], isContinued: start > 0)
        add(rows, steps: start..<start + count, to: &losses)
        for (rows, shape) in zip(rows, shapes) {
          let size = shape.signalsLength
          for row in rows { (row - size).update(from: row + (count - 1) * size, count: size) }
        }
        start += count
      }
      return losses.map(\.value)
    }

    private func add(
      _ rows: [BatchStepper.Rows], steps: Range<Int>, to losses: inout [SequenceLoss]
    ) {
      let shape = network.layers[network.layers.count - 1].shape
      let size = shape.recurrentSize
      let shown = FloatBuffer(count: readout.inputSize)
      withUnsafeTemporaryAllocation(of: Double.self, capacity: readout.outputSize) { sums in
        guard let base = sums.baseAddress else { return }
        for lane in losses.indices {
          for step in steps where losses[lane].isDue(at: step, outputs: readout.outputSize) {
            let place = (step - steps.lowerBound) * shape.signalsLength + shape.signalsLength - size
            for (index, track) in topTracks.enumerated() {
              shape.merge.take(
                rows[track][lane] + place, size: size, place: index, of: topTracks.count,
                into: shown.pointer)
            }
            readout.add(
              UnsafeBufferPointer(start: shown.pointer, count: shown.count), into: base)
            losses[lane].add(UnsafeBufferPointer(sums), of: readout, at: step)
          }
        }
      }
    }
  }
}

extension InputSequence {
  /// Some of its steps.
  fileprivate func steps(_ steps: Range<Int>) -> InputSequence {
    switch self {
    case .tokens(let tokens): .tokens(Array(tokens[steps]))
    case .features(let values, let width):
      .features(
        Array(values[steps.lowerBound * width..<steps.upperBound * width]), width: width)
    }
  }
}
