import Recurrent

/// One-step forecast of the Mackey-Glass series (Mackey & Glass 1977) with a delay of 17, where it
/// is chaotic: dx/dt = 0.2 x(t - 17) / (1 + x(t - 17)^10) - 0.1 x.
public struct MackeyGlassTask: TrainingTask {
  public let name = "mackey-glass"
  public let title = "Mackey-Glass: forecast a chaotic series one step ahead"
  public let shape = TaskShape(
    input: .features(width: 1), outputSize: 1, activation: .linear, featureNames: ["x"],
    outputNames: ["next x"])

  private static let delay = 17
  /// Euler steps of one step of the series.
  private static let parts = 10
  /// The network sees so many steps before it is asked.
  private static let warmUp = 30
  private static let length = 130
  /// The series' mean, taken off what the network sees.
  private static let mean: Float = 0.93

  public init() {}

  public var evaluationCount: Int { 200 }

  public var defaults: TrainingOptions {
    var options = TrainingOptions(
      plan: NetworkPlan(units: 3), maximumSteps: 6000,
      learningRate: LearningRate(0.01, end: 0.0003, decay: .cosine))
    options.minimumSteps = 6000
    options.validationInterval = 250
    options.validationCount = 50
    return options
  }

  /// `length` values less the mean, from a random past, after the start has been forgotten.
  static func series(length: Int, _ random: inout RandomSource) -> [Float] {
    let span = delay * parts
    let skipped = 100 + random.integer(below: 50)
    var history = [Double](repeating: 0.5 + random.uniform(), count: span)
    var x = history[0]
    var place = 0
    var series: [Float] = []
    series.reserveCapacity(length)
    for step in 0..<(skipped + length) * parts {
      let old = history[place]
      let square = old * old
      let fourth = square * square
      history[place] = x
      x += (0.2 * old / (1 + fourth * fourth * square) - 0.1 * x) / Double(parts)
      place = place + 1 == span ? 0 : place + 1
      if step % parts == 0 && step >= skipped * parts { series.append(Float(x) - mean) }
    }
    return series
  }

  public func makeBatch(
    _ random: inout RandomSource, size: Int, step: Int
  ) -> TrainingBatch {
    let length = Self.length
    var input = [Float](repeating: 0, count: length * size)
    var targets = input
    var weights = input
    for b in 0..<size {
      let series = Self.series(length: length + 1, &random)
      for t in 0..<length {
        input[t * size + b] = series[t]
        targets[t * size + b] = series[t + 1]
        weights[t * size + b] = t < Self.warmUp ? 0 : 1
      }
    }
    return TrainingBatch(
      steps: length, sequences: size, input: .features(input, width: 1),
      targets: .values(targets, width: 1), weights: weights)
  }

  /// The root of the mean squared error, as a share of the series' own deviation; and that of
  /// saying that the next value is this one, for comparison.
  public func evaluate(
    _ pass: BackwardPass, random: inout RandomSource, count: Int
  ) throws -> [Figure] {
    let batch = makeBatch(&random, size: max(count, 1), step: 0)
    let outputs = try pass.predict(batch)
    guard case .values(let targets, _) = batch.targets, case .features(let input, _) = batch.input
    else { return [] }
    let places = targets.indices.filter { batch.weights[$0] > 0 }
    func meanSquare(_ value: (Int) -> Float) -> Double {
      places.reduce(0) { $0 + Double(value($1) * value($1)) } / Double(places.count)
    }
    let mean = places.reduce(0) { $0 + Double(targets[$1]) } / Double(places.count)
    let variance = meanSquare { targets[$0] - Float(mean) }
    let error = meanSquare { outputs[$0] - targets[$0] }
    let naive = meanSquare { input[$0] - targets[$0] }
    return [
      Figure(
        "normalised RMSE", (error / variance).squareRoot(), goal: .atMost(0.05), isShare: false),
      Figure("of repeating the last value", (naive / variance).squareRoot(), isShare: false),
    ]
  }
}
