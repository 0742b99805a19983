import ModelFiles
import Recurrent

/// Trains a network for a task: batches, backpropagation through time, Adam, validation.
///
/// The same task, options and machine give the same network to the bit, also when the training was
/// stopped on the way and went on from a checkpoint.
public struct Trainer: Sendable {
  public let task: any TrainingTask
  public let options: TrainingOptions
  /// Where to start; nil for random weights.
  public let start: Network?
  /// Seconds between two checkpoints.
  public var checkpointInterval = 60.0

  /// - Parameter options: the task's own where nil.
  public init(task: any TrainingTask, options: TrainingOptions? = nil, start: Network? = nil) {
    self.task = task
    self.options = options ?? task.defaults
    self.start = start
  }

  /// Trains until the figures are reached, the steps or the time are used up, or `isCancelled` says
  /// so, and gives the best network by the first figure.
  ///
  /// - Parameters:
  ///   - checkpoint: where to go on; nil to begin.
  ///   - progress: called after every step.
  ///   - isCancelled: asked after every step.
  ///   - keep: given a checkpoint every `checkpointInterval`, and where the training stops before
  ///     its end.
  /// - Throws: `TrainingError`, `NetworkError` where `start` does not fit the task, or what `keep`
  ///   throws.
  public func run(
    from checkpoint: TrainingCheckpoint? = nil,
    progress: (TrainingProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false },
    keep: (TrainingCheckpoint) throws -> Void = { _ in }
  ) throws -> TrainingOutcome {
    try options.validate()
    var run = try TrainingRun(task: task, options: options, start: start)
    if let checkpoint { try run.goOn(from: checkpoint) }
    var keptAt = run.seconds
    while !run.isFinished {
      try run.step()
      progress(run.progress)
      run.wasCancelled = isCancelled()
      let isStopped = run.wasCancelled || run.isOutOfTime
      if !run.isFinished && (isStopped || run.seconds - keptAt >= checkpointInterval) {
        try keep(run.checkpoint)
        keptAt = run.seconds
      }
      if isStopped { break }
    }
    return try run.outcome()
  }
}
