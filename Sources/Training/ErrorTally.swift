import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How wrong outputs are, over all the steps that count of one batch after another: the mean of
/// -ln p in nats where a class is due, the root of the mean squared error where numbers are.
struct ErrorTally {
  private var sum = 0.0
  private var weight = 0.0
  private var isSquared = false

  /// - Parameters:
  ///   - outputs: y of every step, (T, B, O).
  ///   - steps: those to be counted; all where nil.
  mutating func add(_ batch: TrainingBatch, outputs: [Float], steps: Range<Int>? = nil) {
    let size = outputs.count / batch.weights.count
    let steps = steps ?? 0..<batch.steps
    let entries = steps.lowerBound * batch.sequences..<steps.upperBound * batch.sequences
    for entry in entries where batch.weights[entry] > 0 {
      let error: Double
      switch batch.targets {
      case .classes(let classes):
        error = -Double(
          log(max(outputs[entry * size + Int(classes[entry])], .leastNormalMagnitude)))
      case .values(let values, _):
        isSquared = true
        error =
          (entry * size..<(entry + 1) * size).reduce(0) { sum, place in
            let difference = Double(outputs[place]) - Double(values[place])
            return sum + difference * difference
          } / Double(size)
      }
      sum += Double(batch.weights[entry]) * error
      weight += Double(batch.weights[entry])
    }
  }

  /// NaN where nothing counted.
  var value: Double {
    let mean = sum / weight
    return isSquared ? mean.squareRoot() : mean
  }
}

extension TrainingTask {
  /// How many sequences one prediction takes at once.
  private var chunk: Int { 500 }

  /// How wrong a network is on `count` fresh sequences, each from a state of zeros as a demo's is.
  func error(_ pass: BackwardPass, random: inout RandomSource, count: Int) throws -> Figure {
    var tally = ErrorTally()
    for start in stride(from: 0, to: max(count, 1), by: chunk) {
      let batch = makeBatch(&random, size: min(chunk, max(count, 1) - start), step: 0)
      tally.add(batch, outputs: try pass.predict(batch))
    }
    var figure = Figure(
      shape.activation == .softmax
        ? "nats a prediction, fresh sequences" : "root of the mean squared error, fresh sequences",
      tally.value, isShare: false)
    figure.isLowerBetter = true
    figure.isError = true
    return figure
  }
}
