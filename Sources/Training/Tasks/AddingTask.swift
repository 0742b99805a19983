import Recurrent

/// The adding problem (Hochreiter & Schmidhuber 1997, experiment 4): a sequence of numbers in 0…1,
/// two of them marked; at the end the network gives the sum of the marked two.
public struct AddingTask: TrainingTask {
  public let name = "adding"
  public let title = "The adding problem: add the two marked numbers of a hundred"
  public let shape = TaskShape(
    input: .features(width: 2), outputSize: 1, activation: .linear,
    featureNames: ["number", "mark"],
    outputNames: ["sum"])

  private static let shortest = 100
  private static let longest = 110
  /// A sequence is right where the error is less.
  private static let tolerance: Float = 0.04

  public init() {}

  public var evaluationCount: Int { 2000 }

  public var defaults: TrainingOptions {
    var options = TrainingOptions(
      // Gates that start nearly shut stay shut but for the marks, and one unit will do.
      plan: NetworkPlan(units: 1, memorySpan: 5000), maximumSteps: 20_000,
      learningRate: LearningRate(0.02, end: 0.0003, decay: .cosine))
    // With this seed a larger number steps c up.
    options.seed = 4
    options.batchSize = 64
    options.minimumSteps = 18_000
    options.validationInterval = 500
    options.validationCount = 500
    return options
  }

  public func makeBatch(
    _ random: inout RandomSource, size: Int, step: Int
  ) -> TrainingBatch {
    let longest = Self.longest
    var input = [Float](repeating: 0, count: longest * size * 2)
    var targets = [Float](repeating: 0, count: longest * size)
    var weights = targets
    for b in 0..<size {
      // As in the paper, a tenth more or less: whoever lets the sum drift cannot make up for it.
      let length = random.integer(in: Self.shortest...longest)
      // One mark in each half, as later work has it.
      let marks = [
        random.integer(below: length / 2), length / 2 + random.integer(below: length / 2),
      ]
      for t in 0..<length {
        let number = random.uniform(in: 0..<1)
        input[(t * size + b) * 2] = number
        guard marks.contains(t) else { continue }
        input[(t * size + b) * 2 + 1] = 1
        targets[(length - 1) * size + b] += number
      }
      weights[(length - 1) * size + b] = 1
    }
    return TrainingBatch(
      steps: longest, sequences: size, input: .features(input, width: 2),
      targets: .values(targets, width: 1), weights: weights)
  }

  /// The share of fresh sequences whose sum is right within the tolerance.
  public func evaluate(
    _ pass: BackwardPass, random: inout RandomSource, count: Int
  ) throws -> [Figure] {
    let batch = makeBatch(&random, size: max(count, 1), step: 0)
    let outputs = try pass.predict(batch)
    guard case .values(let targets, _) = batch.targets else { return [] }
    let errors = targets.indices.filter { batch.weights[$0] > 0 }.map {
      abs(outputs[$0] - targets[$0])
    }
    let right = errors.filter { $0 < Self.tolerance }.count
    return [
      Figure("error under 0.04", Double(right) / Double(errors.count), goal: .atLeast(0.99)),
      Figure(
        "mean error", Double(errors.reduce(0, +)) / Double(errors.count), isShare: false),
    ]
  }
}
