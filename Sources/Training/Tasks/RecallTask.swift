import Recurrent

/// Recall of the first symbol after 10 to 200 steps of noise: what a forget gate is for, and what
/// a plain tanh network's vanishing gradient does not learn (Hochreiter 1991; Bengio et al. 1994).
public struct RecallTask: TrainingTask {
  public let name = "recall"
  public let title = "Recall the first symbol after up to 200 steps of noise"
  public let shape = TaskShape(
    input: .tokens(count: Self.symbols.count), outputSize: 4, activation: .softmax,
    vocabulary: Vocabulary(Self.symbols), outputNames: Array(Self.symbols.prefix(4)))

  /// A to D are to be recalled, a to d are noise, ? asks.
  private static let symbols = ["A", "B", "C", "D", "a", "b", "c", "d", "?"]
  private static let shortest = 10
  private static let longest = 200

  public init() {}

  public var evaluationCount: Int { 2000 }

  public var defaults: TrainingOptions {
    var options = TrainingOptions(
      plan: NetworkPlan(units: 2, memorySpan: 2000), maximumSteps: 6000,
      learningRate: LearningRate(0.01, end: 0.0005, decay: .cosine))
    // With this seed both units write at the first step and shut their input gates for the rest.
    options.seed = 5
    options.weightDecay = 0.01
    options.gateNoise = 2
    options.minimumSteps = 3000
    options.validationInterval = 250
    options.validationCount = 500
    return options
  }

  public func makeBatch(
    _ random: inout RandomSource, size: Int, step: Int
  ) -> TrainingBatch {
    batch(
      delays: (0..<size).map { _ in random.integer(in: Self.shortest...Self.longest) }, &random)
  }

  private func batch(delays: [Int], _ random: inout RandomSource) -> TrainingBatch {
    let size = delays.count
    let length = (delays.max() ?? 0) + 2
    var input = [Int32](repeating: 4, count: length * size)
    var targets = [Int32](repeating: 0, count: length * size)
    var weights = [Float](repeating: 0, count: length * size)
    for (b, delay) in delays.enumerated() {
      let kept = Int32(random.integer(below: 4))
      input[b] = kept
      for t in 1...delay { input[t * size + b] = 4 + Int32(random.integer(below: 4)) }
      let last = (delay + 1) * size + b
      input[last] = 8
      targets[last] = kept
      weights[last] = 1
    }
    return TrainingBatch(
      steps: length, sequences: size, input: .tokens(input), targets: .classes(targets),
      weights: weights)
  }

  /// The share of fresh sequences recalled right, at the longest delay and at shorter ones.
  public func evaluate(
    _ pass: BackwardPass, random: inout RandomSource, count: Int
  ) throws -> [Figure] {
    try [Self.longest, 100, 50, Self.shortest].map { delay in
      let batch = batch(delays: Array(repeating: delay, count: max(count, 1)), &random)
      let right = try batch.rightClasses(pass.predict(batch), size: shape.outputSize)
      return Figure(
        "right after \(delay) steps", Double(right) / Double(batch.sequences),
        goal: delay == Self.longest ? .atLeast(0.99) : .none)
    }
  }
}
