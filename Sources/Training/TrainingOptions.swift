/// How a network is trained.
public struct TrainingOptions: Sendable, Hashable {
  public var plan: NetworkPlan
  public var seed: UInt64 = 1
  public var batchSize = 32
  /// Batches at most.
  public var maximumSteps: Int
  /// Batches at least, also where the figure is reached before: gates go on getting clearer.
  public var minimumSteps = 0
  public var learningRate: LearningRate
  /// Shrinks every weight by rate × decay a step.
  public var weightDecay: Float = 0
  public var largestNorm: Float? = 1
  /// Between layers and before the readout, while training.
  public var dropout: Float = 0
  /// What is added to gates' sums while training, so that they saturate and can be read.
  public var gateNoise: Float = 0
  /// The training stops after this time, unfinished; nil for none.
  public var maximumSeconds: Double?
  /// Batches between two validations.
  public var validationInterval = 200
  /// Sequences of a validation; the last one, before stopping, has the task's full count.
  public var validationCount = 1000

  public init(plan: NetworkPlan, maximumSteps: Int, learningRate: LearningRate) {
    self.plan = plan
    self.maximumSteps = maximumSteps
    self.learningRate = learningRate
  }

  func validate() throws(TrainingError) {
    func expect(_ name: String, _ value: Int, from least: Int = 1) throws(TrainingError) {
      guard value >= least else {
        throw .badOption(name: name, value: String(value), allowed: "\(least) or more")
      }
    }
    try expect("batch size", batchSize)
    try expect("steps", maximumSteps)
    try expect("validation interval", validationInterval)
    try expect("validation count", validationCount)
    if let maximumSeconds, !(maximumSeconds > 0) {
      throw .badOption(name: "time", value: "\(maximumSeconds) s", allowed: "more than 0")
    }
    guard dropout >= 0, dropout < 1 else {
      throw .badOption(name: "dropout", value: "\(dropout)", allowed: "0 up to 1")
    }
    guard gateNoise >= 0, gateNoise.isFinite else {
      throw .badOption(name: "gate noise", value: "\(gateNoise)", allowed: "0 or more")
    }
    guard learningRate.start > 0, learningRate.start.isFinite else {
      throw .badOption(
        name: "learning rate", value: "\(learningRate.start)", allowed: "more than 0")
    }
  }
}
