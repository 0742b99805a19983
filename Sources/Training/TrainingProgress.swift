import ModelFiles
import Recurrent

/// How far a training has come.
public struct TrainingProgress: Sendable {
  /// Batches done, and at most to do.
  public var step: Int
  public var steps: Int
  /// The mean of the loss over the last batches.
  public var loss: Double
  /// As of the last validation; empty before the first.
  public var figures: [Figure]
  /// Steps of all sequences together, in a second.
  public var tokensPerSecond: Double
  public var secondsSpent: Double
  /// At most so many are left.
  public var secondsLeft: Double

  public var fraction: Double { Double(step) / Double(steps) }
}

/// What a training made.
public struct TrainingOutcome: Sendable {
  /// The best network that was seen, with its vocabulary and task.
  public var model: TrainedModel
  /// Of that network, on the task's full count of fresh sequences.
  public var figures: [Figure]
  /// Batches done.
  public var steps: Int
  public var seconds: Double
  /// Whether the steps were used up or the figures reached; the training can go on where not.
  public var isFinished: Bool
  public var wasCancelled: Bool
  /// What made it, for the model file: the task, seed and options.
  public var metadata: [String: String]

  public var isReached: Bool { figures.allSatisfy(\.isReached) }
}
