/// Steps a causal network through time and hands out every signal that it computed. A step allocates
/// nothing.
///
/// Not safe to share between threads; make one a thread.
public final class Stepper {
  public let network: Network
  private let team: StepTeam
  private let steppers: [CellStepper]
  private let schedules: [InterventionSchedule?]
  private let signalBuffers: [FloatBuffer]  // one a layer: (signalsLength)
  private let projection: InputProjection
  /// The number of the step that `step` takes next, by which interventions go.
  public var nextStep = 0

  /// Starts at `state`, or at zeros.
  ///
  /// - Parameter alone: steps on one thread, for a caller whose other threads are busy; the same bits.
  /// - Parameter interventions: what is changed while it steps, by the numbers of the steps.
  /// - Throws: `NetworkError.notCausal` where a layer reads backwards, and what `validate` finds.
  public init(
    _ network: Network, state: NetworkState? = nil, alone: Bool = false,
    interventions: [Intervention] = []
  ) throws(NetworkError) {
    guard network.isCausal else { throw .notCausal }
    try network.validate(interventions, length: .max)
    let state = state ?? NetworkState(zeroFor: network)
    self.network = network
    let team = StepTeam(for: network.layers.lazy.map(\.shape), alone: alone)
    self.team = team
    schedules = state.tracks.enumerated().map { track, state in
      InterventionSchedule(
        interventions, track: track, direction: .forward, state: state,
        shape: network.layers[track].shape, length: .max)
    }
    steppers = zip(zip(network.layers, state.tracks), schedules).map { track, schedule in
      CellStepper(
        shape: track.0.shape, weights: track.0.weights[0], state: track.1, team: team,
        schedule: schedule)
    }
    signalBuffers = network.layers.map {
      FloatBuffer(count: $0.shape.signalsLength)
    }
    projection = InputProjection(network: network, stepper: steppers[0])
  }

  /// What it carries from the step it has taken to the next, a layer an entry.
  public var state: [NetworkState.TrackState] {
    get { steppers.map(\.state) }
    set { for (stepper, state) in zip(steppers, newValue) { stepper.state = state } }
  }

  /// Where it begins in the middle: the steps before which something is frozen are taken elsewhere.
  ///
  /// - Parameter row: a layer's signals at a step that was taken with the same interventions.
  public func remember(
    before step: Int, row: (_ layer: Int, _ step: Int) -> UnsafePointer<Float>
  ) {
    for (layer, schedule) in schedules.enumerated() {
      for before in schedule?.rememberedSteps ?? [] where (0..<step).contains(before) {
        schedule?.remember(row(layer, before), step: before, shape: steppers[layer].shape)
      }
    }
  }

  /// Advances one timestep for a token, which `Network.validate` has found in range.
  public func step(token: Int) {
    team.work {
      projection.project(token: token, into: steppers[0].sums)
      takeOne(isMasked: network.mask == .token(token))
    }
    nextStep += 1
  }

  /// Advances one timestep for a numeric vector of `Network.featureCount` numbers.
  public func step(features: UnsafePointer<Float>) {
    team.work {
      steppers[0].project(features, stride: 0, count: 1, into: steppers[0].sums)
      var isMasked = false
      if case .features(let value) = network.mask {
        isMasked = (0..<network.layers[0].shape.inputSize).allSatisfy { features[$0] == value }
      }
      takeOne(isMasked: isMasked)
    }
    nextStep += 1
  }

  /// A step that the network passes over leaves c and h as they were.
  private func takeOne(isMasked: Bool) {
    guard isMasked else {
      finish(count: 1, first: nextStep) { signalBuffers[$0].pointer }
      return
    }
    for (layer, stepper) in steppers.enumerated() {
      let shape = stepper.shape
      let row = signalBuffers[layer].pointer
      let hidden = row + shape.signalsLength - shape.recurrentSize
      if layer > 0 {
        let below = steppers[layer - 1]
        let shown =
          signalBuffers[layer - 1].pointer
          + (below.signalsLength - below.shape.recurrentSize)
        stepper.project(shown, stride: below.signalsLength, count: 1, into: stepper.sums)
      }
      let before = stepper.state
      stepper.finish(count: 1, first: nextStep, signals: row)
      stepper.state = before
      hidden.update(from: before.hidden, count: shape.recurrentSize)
      if let cell = before.cell {
        (row + shape.carriedOffset).update(from: cell, count: cell.count)
      }
    }
  }

  /// What `layer` computed at the last `step`: (signals, H), in the order of `LayerShape.signals`; a
  /// projected h, the last, has P values.
  /// Valid until the next one, and as long as the stepper is.
  public func signals(layer: Int) -> UnsafeBufferPointer<Float> {
    let buffer = signalBuffers[layer]
    return UnsafeBufferPointer(start: buffer.pointer, count: buffer.count)
  }

  /// Advances through the steps of a part of an input, whose mask is the caller's (`Network.maskedSteps`),
  /// layer by layer in blocks, which reads each
  /// weight matrix less often than step after step and gives the same values to the bit.
  ///
  /// - Parameters:
  ///   - input: what `Network.validate` has found to fit.
  ///   - steps: the steps of `input` to take.
  ///   - rows: where a layer's (steps, signalsLength) go; asked once a layer and block, with the block's
  ///     first step. `Stepper.blockSteps` rows from there on must be there, or as many as are left.
  public func run(
    _ input: InputSequence, steps: Range<Int>,
    rows: (_ layer: Int, _ step: Int) -> UnsafeMutablePointer<Float>
  ) {
    team.work { takeBlocks(of: input, steps: steps, rows: rows) }
  }

  private func takeBlocks(
    of input: InputSequence, steps: Range<Int>,
    rows: (_ layer: Int, _ step: Int) -> UnsafeMutablePointer<Float>
  ) {
    var start = steps.lowerBound
    while start < steps.upperBound {
      let block = start..<min(start + Self.blockSteps, steps.upperBound)
      switch input {
      case .tokens(let tokens):
        projection.project(tokens: tokens[block])
      case .features(let values, let width):
        values.withUnsafeBufferPointer {
          steppers[0].project(
            $0.baseAddress! + block.lowerBound * width, stride: width, count: block.count,
            into: steppers[0].sums)
        }
      }
      finish(count: block.count, first: block.lowerBound) { rows($0, block.lowerBound) }
      start = block.upperBound
    }
  }

  /// Steps of a block at most.
  public static let blockSteps = CellStepper.blockSteps

  /// Takes the steps whose inputs layer 0 has added up, through all layers.
  private func finish(
    count: Int, first: Int, rows: (_ layer: Int) -> UnsafeMutablePointer<Float>
  ) {
    var signals = rows(0)
    steppers[0].finish(count: count, first: first, signals: signals)
    for layer in steppers.indices.dropFirst() {
      let below = steppers[layer - 1]
      let stepper = steppers[layer]
      // h is the last signal of every cell, so a layer reads it where the one below wrote it.
      let hidden = signals + below.signalsLength - below.shape.recurrentSize
      stepper.project(hidden, stride: below.signalsLength, count: count, into: stepper.sums)
      signals = rows(layer)
      stepper.finish(count: count, first: first, signals: signals)
    }
  }
}
