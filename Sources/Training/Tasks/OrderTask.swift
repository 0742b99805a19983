import Recurrent

/// Temporal order (Hochreiter & Schmidhuber 1997, experiment 6a): among noise two marked symbols,
/// each X or Y, far apart; at the end the network says which came first and which second.
public struct OrderTask: TrainingTask {
  public let name = "order"
  public let title = "Temporal order: which of X and Y came first, which second"
  public let shape = TaskShape(
    input: .tokens(count: Self.symbols.count), outputSize: 4, activation: .softmax,
    vocabulary: Vocabulary(Self.symbols), outputNames: Self.classes)

  /// B begins, E ends, a to d are noise.
  private static let symbols = ["B", "E", "a", "b", "c", "d", "X", "Y"]
  /// The classes in the order of the outputs.
  public static let classes = ["XX", "XY", "YX", "YY"]
  private static let length = 100

  public init() {}

  public var defaults: TrainingOptions {
    var options = TrainingOptions(
      plan: NetworkPlan(units: 2, memorySpan: 1000), maximumSteps: 10_000,
      learningRate: LearningRate(0.01, end: 0.0005, decay: .cosine))
    // With this seed one unit writes at the first mark only, and keeps it to the end.
    options.seed = 2
    options.weightDecay = 0.01
    options.gateNoise = 1
    options.minimumSteps = 5000
    options.validationInterval = 250
    return options
  }

  public func makeBatch(
    _ random: inout RandomSource, size: Int, step: Int
  ) -> TrainingBatch {
    let length = Self.length
    var input = [Int32](repeating: 0, count: length * size)
    var targets = input
    var weights = [Float](repeating: 0, count: length * size)
    for b in 0..<size {
      let marks = [random.integer(in: 10...20), random.integer(in: 50...60)]
      var answer: Int32 = 0
      for t in 1..<length - 1 {
        let isMark = marks.contains(t)
        let choice = Int32(random.integer(below: isMark ? 2 : 4))
        input[t * size + b] = (isMark ? 6 : 2) + choice
        if isMark { answer = answer * 2 + choice }
      }
      let last = (length - 1) * size + b
      input[last] = 1
      targets[last] = answer
      weights[last] = 1
    }
    return TrainingBatch(
      steps: length, sequences: size, input: .tokens(input), targets: .classes(targets),
      weights: weights)
  }

  /// The share of fresh sequences whose class is the likeliest in the network's eyes.
  public func evaluate(
    _ pass: BackwardPass, random: inout RandomSource, count: Int
  ) throws -> [Figure] {
    var right = 0
    var total = 0
    while total < count {
      let batch = makeBatch(&random, size: min(500, count - total), step: 0)
      right += try batch.rightClasses(pass.predict(batch), size: shape.outputSize)
      total += batch.sequences
    }
    return [
      Figure("order right", Double(right) / Double(max(total, 1)), goal: .atLeast(0.99))
    ]
  }
}
