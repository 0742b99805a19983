import ModelFiles
import Recurrent

/// Trains a network for a task: batches, backpropagation through time, Adam, validation.
///
/// The same task, options and machine give the same network to the bit.
public struct Trainer: Sendable {
  public let task: any TrainingTask
  public let options: TrainingOptions
  /// Where to start; nil for random weights.
  public let start: Network?

  /// - Parameter options: the task's own where nil.
  public init(task: any TrainingTask, options: TrainingOptions? = nil, start: Network? = nil) {
    self.task = task
    self.options = options ?? task.defaults
    self.start = start
  }

  /// Trains until the figures are reached, the steps are used up, or `isCancelled` says so, and
  /// gives the best network by the first figure.
  ///
  /// - Parameters:
  ///   - progress: called after every step.
  ///   - isCancelled: asked after every step.
  /// - Throws: `TrainingError`, or `NetworkError` where `start` does not fit the task.
  public func run(
    progress: (TrainingProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> TrainingOutcome {
    try options.validate()
    var run = try TrainingRun(task: task, options: options, start: start)
    while !run.isFinished && !run.wasCancelled {
      try run.step()
      progress(run.progress)
      run.wasCancelled = isCancelled()
    }
    return try run.outcome()
  }
}

/// One training in progress.
private struct TrainingRun {
  let task: any TrainingTask
  let options: TrainingOptions
  let pass: BackwardPass
  let optimiser: Adam
  var batches: RandomSource
  var validations: RandomSource
  var keys: RandomSource
  var done = 0
  var isFinished = false
  var wasCancelled = false
  var figures: [Figure] = []
  var best: (network: Network, figures: [Figure])?
  var losses: [Double] = []
  var tokens = 0
  let began = ContinuousClock.now

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

  private var carried: BatchState?
  private static let lossWindow = 100

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
    let isReached = figures.allSatisfy(\.isReached) && done >= options.minimumSteps
    if isReached && task.evaluationCount > options.validationCount {
      figures = try task.evaluate(pass, random: &validations, count: task.evaluationCount)
    }
    // A network that stopped getting better before its time is not kept for its early luck.
    let counts = done >= options.minimumSteps || done * 2 >= options.maximumSteps || best == nil
    if counts, best.map({ figures[0].isAsGood(as: $0.figures[0]) }) ?? true {
      best = (pass.network, figures)
    }
    if isReached && figures.allSatisfy(\.isReached) {
      best = (pass.network, figures)
      isFinished = true
    }
  }

  private var seconds: Double {
    let spent = ContinuousClock.now - began
    return Double(spent.components.seconds) + Double(spent.components.attoseconds) * 1e-18
  }

  var progress: TrainingProgress {
    let seconds = seconds
    return TrainingProgress(
      step: done, steps: options.maximumSteps,
      loss: losses.reduce(0, +) / Double(max(losses.count, 1)), figures: figures,
      tokensPerSecond: Double(tokens) / max(seconds, 1e-9), secondsSpent: seconds,
      secondsLeft: seconds / Double(max(done, 1)) * Double(options.maximumSteps - done))
  }

  mutating func outcome() throws -> TrainingOutcome {
    let network = best?.network ?? pass.network
    let final = try task.evaluate(
      BackwardPass(network), random: &validations, count: task.evaluationCount)
    return TrainingOutcome(
      model: TrainedModel(
        network: network, vocabulary: task.shape.vocabulary, task: task.name),
      figures: final, steps: done, seconds: seconds, wasCancelled: wasCancelled,
      metadata: [
        "task": task.name, "cell": options.plan.cell.rawValue,
        "units": String(options.plan.units), "layers": String(options.plan.layers),
        "seed": String(options.seed), "steps": String(done),
      ])
  }
}
