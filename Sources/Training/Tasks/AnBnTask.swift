import Recurrent

/// aⁿbⁿcⁿ (Gers & Schmidhuber 2001): predict the next symbol of strings one after another, with S
/// between them. From the first b on, all that follows is certain, but only for one that has
/// counted; the b's alone are aⁿbⁿ.
public struct AnBnTask: TrainingTask {
  public let name = "anbn"
  public let title = "aⁿbⁿcⁿ: count up, then down"
  public let shape = TaskShape(symbols: ["S", "a", "b", "c"])

  private static let longestTrained = 10
  private static let longestTested = 50
  /// Steps of a training sequence.
  private static let streamLength = 80

  public init() {}

  public var evaluationCount: Int { Self.longestTested }

  public var defaults: TrainingOptions {
    var options = TrainingOptions(
      plan: NetworkPlan(units: 2, hasPeepholes: true), maximumSteps: 20_000,
      learningRate: LearningRate(0.01, end: 0.0003, decay: .cosine))
    // Without noise the counters drift, and fail soon after the longest n of the training. With
    // this seed one unit counts the a's up and down and the other the b's.
    options.gateNoise = 1
    options.seed = 3
    options.minimumSteps = 6000
    options.validationInterval = 500
    options.validationCount = Self.longestTested
    return options
  }

  /// aⁿbⁿcⁿ and the S that ends it.
  static func string(_ n: Int) -> [Int32] {
    [1, 2, 3].flatMap { [Int32](repeating: $0, count: n) } + [0]
  }

  public func makeBatch(
    _ random: inout RandomSource, size: Int, step: Int
  ) -> TrainingBatch {
    SymbolBatch.padded(
      (0..<size).map { _ in
        var stream: [Int32] = [0]
        while stream.count <= Self.streamLength {
          stream += Self.string(random.integer(in: 1...Self.longestTrained))
        }
        return Array(stream.prefix(Self.streamLength + 1))
      })
  }

  /// Up to which n every string from 1 on is right: each symbol after the first b the likeliest.
  public func evaluate(
    _ pass: BackwardPass, random: inout RandomSource, count: Int
  ) throws -> [Figure] {
    let strings = (1...max(count, 1)).map { [0] + Self.string($0) }
    let batch = SymbolBatch.padded(strings)
    let outputs = try pass.predict(batch)
    var right = 0
    for (index, string) in strings.enumerated() {
      let n = index + 1
      let isRight = (n + 1..<string.count - 1).allSatisfy { t in
        let entry = t * batch.sequences + index
        return likeliest(outputs, entry: entry, size: shape.outputSize) == string[t + 1]
      }
      guard isRight else { break }
      right = n
    }
    return [
      Figure(
        "right up to n", Double(right), goal: .atLeast(Double(Self.longestTested)), isShare: false)
    ]
  }
}
