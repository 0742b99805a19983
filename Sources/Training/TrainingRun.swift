import ModelFiles
import Recurrent

/// One training in progress.
struct TrainingRun {
  /// Parameters, flat, and how good they were.
  typealias Candidate = TrainingCheckpoint.Candidate

  let task: any TrainingTask
  let options: TrainingOptions
  var isFinished = false
  var wasCancelled = false
  private let pass: BackwardPass
  private let optimiser: Adam
  private var batches: RandomSource
  private var validations: RandomSource
  private var keys: RandomSource
  private var done = 0
  private var figures: [Figure] = []
  private var best: Candidate?
  /// The best of the time in which a network is not kept yet, for one who stops there.
  private var early: Candidate?
  private var losses: [Double] = []
  private var carried: BatchState?
  /// Of this run alone, without what was before a checkpoint.
  private var tokens = 0
  private var steps = 0
  private let began = ContinuousClock.now
  private var secondsBefore = 0.0

  private static let lossWindow = 100

  init(task: any TrainingTask, options: TrainingOptions, start: Network?) throws {
    var random = RandomSource(seed: options.seed)
    var initial = random.split()
    let network = try start ?? options.plan.makeNetwork(for: task.shape, random: &initial)
    self.task = task
    self.options = options
    pass = try BackwardPass(network)
    optimiser = Adam(
      layout: pass.layout, weightDecay: options.weightDecay, largestNorm: options.largestNorm)
    batches = random.split()
    validations = random.split()
    keys = random.split()
  }

  mutating func step() throws {
    let batch = task.makeBatch(&batches, size: options.batchSize, step: done)
    let rate = options.learningRate.at(step: done, of: options.maximumSteps)
    let noise = TrainingNoise(
      dropout: options.dropout, gateNoise: options.gateNoise,
      key: UInt32(truncatingIfNeeded: keys.next()))
    let loss = try pass.run(batch, state: carried, noise: noise)
    guard loss.isFinite else { throw TrainingError.diverged(step: done, learningRate: rate) }
    if task.carriesState { carried = pass.finalState }
    optimiser.step(
      parameters: pass.parameters, gradients: pass.gradients, learningRate: rate)
    done += 1
    steps += 1
    tokens += batch.steps * batch.sequences
    losses.append(loss)
    if losses.count > Self.lossWindow { losses.removeFirst() }
    let isLast = done >= options.maximumSteps
    if isLast || done % options.validationInterval == 0 { try validate() }
    isFinished = isFinished || isLast
  }

  /// A quick look; where that reaches the goal, a full one, which decides.
  private mutating func validate() throws {
    figures = try task.evaluate(pass, random: &validations, count: options.validationCount)
    // Where nothing has to be reached there is always something to gain.
    let isReached =
      figures.contains { $0.goal != .none } && figures.allSatisfy(\.isReached)
      && done >= options.minimumSteps
    if isReached && task.evaluationCount > options.validationCount {
      figures = try task.evaluate(pass, random: &validations, count: task.evaluationCount)
    }
    let now = Candidate(parameters: pass.parameters.values, figures: figures)
    // A network that stopped getting better before its time is not kept for its early luck.
    if done >= options.minimumSteps || done * 2 >= options.maximumSteps {
      if best.map(now.isAsGood) ?? true { best = now }
    } else if early.map(now.isAsGood) ?? true {
      early = now
    }
    if isReached && figures.allSatisfy(\.isReached) {
      best = now
      isFinished = true
    }
  }

  /// What this run has taken and what was before it.
  var seconds: Double {
    let spent = ContinuousClock.now - began
    return secondsBefore + Double(spent.components.seconds)
      + Double(spent.components.attoseconds) * 1e-18
  }

  var isOutOfTime: Bool {
    options.maximumSeconds.map { seconds - secondsBefore >= $0 } ?? false
  }

  var progress: TrainingProgress {
    let seconds = seconds
    let ofThisRun = max(seconds - secondsBefore, 1e-9)
    let left = ofThisRun / Double(max(steps, 1)) * Double(options.maximumSteps - done)
    return TrainingProgress(
      step: done, steps: options.maximumSteps,
      loss: losses.reduce(0, +) / Double(max(losses.count, 1)), figures: figures,
      tokensPerSecond: Double(tokens) / ofThisRun, secondsSpent: seconds,
      secondsLeft: min(left, options.maximumSeconds.map { max($0 - ofThisRun, 0) } ?? left))
  }

  var checkpoint: TrainingCheckpoint {
    TrainingCheckpoint(
      settings: TrainingCheckpoint.settings(of: task, options), step: done, seconds: seconds,
      random: [batches, validations, keys].map(\.words),
      parameters: pass.parameters.values, moments: optimiser.moments,
      carried: carried.map { state in
        (0..<state.sequences).map { .init(tracks: state.state(ofSequence: $0).tracks) }
      } ?? [],
      losses: losses, figures: figures, best: best, early: early)
  }

  /// Takes the place at which another run stopped.
  ///
  /// - Throws: `TrainingError.checkpointDiffers` or `.badCheckpoint`.
  mutating func goOn(from checkpoint: TrainingCheckpoint) throws {
    try checkpoint.expect(TrainingCheckpoint.settings(of: task, options))
    let count = pass.layout.count
    let flats =
      [checkpoint.parameters, checkpoint.moments.first, checkpoint.moments.second]
      + [checkpoint.best, checkpoint.early].compactMap { $0?.parameters }
    guard flats.allSatisfy({ $0.count == count }), checkpoint.random.count == 3,
      checkpoint.carried.count == (task.carriesState ? options.batchSize : 0)
    else { throw TrainingError.badCheckpoint(reason: "its sizes do not fit the network") }
    if task.carriesState {
      let network = pass.network
      var state = BatchState(zeroFor: network, sequences: options.batchSize)
      for (sequence, one) in checkpoint.carried.enumerated() {
        state.set(try NetworkState(tracks: one.tracks, for: network), forSequence: sequence)
      }
      carried = state
    }
    pass.parameters.take(checkpoint.parameters)
    optimiser.take(checkpoint.moments, steps: checkpoint.step)
    batches = RandomSource(words: checkpoint.random[0])
    validations = RandomSource(words: checkpoint.random[1])
    keys = RandomSource(words: checkpoint.random[2])
    done = checkpoint.step
    secondsBefore = checkpoint.seconds
    losses = checkpoint.losses
    figures = checkpoint.figures
    best = checkpoint.best
    early = checkpoint.early
    isFinished = done >= options.maximumSteps
  }

  mutating func outcome() throws -> TrainingOutcome {
    if let kept = best ?? early { pass.parameters.take(kept.parameters) }
    // Whoever stops a training does not want to wait for the full count.
    let final = try task.evaluate(
      pass, random: &validations,
      count: isFinished ? task.evaluationCount : options.validationCount)
    return TrainingOutcome(
      model: TrainedModel(
        network: pass.network, vocabulary: task.shape.vocabulary,
        outputSymbols: task.shape.outputNames,
        featureNames: task.shape.featureNames.isEmpty ? nil : task.shape.featureNames,
        task: task.name),
      figures: final, steps: done, seconds: seconds, isFinished: isFinished,
      wasCancelled: wasCancelled,
      metadata: [
        "task": task.name, "cell": options.plan.cell.rawValue,
        "units": String(options.plan.units), "layers": String(options.plan.layers),
        "seed": String(options.seed), "steps": String(done),
      ])
  }
}

extension FloatBuffer {
  var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Takes as many values as it holds.
  func take(_ values: [Float]) {
    precondition(values.count == count)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: count) }
    }
  }
}
