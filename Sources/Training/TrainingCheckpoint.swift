import Recurrent

/// A training on its way: all that is needed to go on as though it had never stopped.
public struct TrainingCheckpoint: Sendable, Equatable {
  /// Parameters, flat, and how good they were.
  struct Candidate: Sendable, Equatable {
    var parameters: [Float]
    var figures: [Figure]

    func isAsGood(as other: Candidate) -> Bool { figures[0].isAsGood(as: other.figures[0]) }
  }

  /// What one sequence carries from batch to batch.
  struct Carried: Sendable, Equatable {
    var tracks: [NetworkState.TrackState]
  }

  /// What one option was, in words.
  struct Setting: Sendable, Equatable {
    var name: String
    var value: String
  }

  /// With what it was made; with anything else it would go somewhere else.
  var settings: [Setting]
  /// Batches done.
  public internal(set) var step: Int
  var seconds: Double
  /// The states of the generators of batches, validations and noise.
  var random: [[UInt64]]
  var parameters: [Float]
  var moments: Adam.Moments
  /// What each sequence carries; empty for a task that carries nothing.
  var carried: [Carried]
  var losses: [Double]
  var figures: [Figure]
  var best: Candidate?
  var early: Candidate?

  /// The options that decide how a training goes, and the data.
  static func settings(of task: any TrainingTask, _ options: TrainingOptions) -> [Setting] {
    let plan = options.plan
    let rate = options.learningRate
    func word(_ value: (some CustomStringConvertible)?) -> String {
      value.map { $0.description } ?? "none"
    }
    return [
      Setting(name: "task", value: task.name),
      Setting(name: "cell", value: plan.cell.rawValue),
      Setting(name: "units", value: word(plan.units)),
      Setting(name: "layers", value: word(plan.layers)),
      Setting(name: "peepholes", value: word(plan.hasPeepholes)),
      Setting(name: "embedding", value: word(plan.embeddingSize)),
      Setting(name: "forget bias", value: word(plan.forgetBias)),
      Setting(name: "memory span", value: word(plan.memorySpan)),
      Setting(name: "seed", value: word(options.seed)),
      Setting(name: "batch size", value: word(options.batchSize)),
      Setting(name: "steps", value: word(options.maximumSteps)),
      Setting(name: "least steps", value: word(options.minimumSteps)),
      Setting(name: "learning rate", value: "\(rate.start) to \(rate.end), \(rate.decay)"),
      Setting(name: "weight decay", value: word(options.weightDecay)),
      Setting(name: "largest norm", value: word(options.largestNorm)),
      Setting(name: "dropout", value: word(options.dropout)),
      Setting(name: "gate noise", value: word(options.gateNoise)),
      Setting(name: "validation interval", value: word(options.validationInterval)),
      Setting(name: "validation count", value: word(options.validationCount)),
      Setting(name: "data", value: String(task.dataFingerprint, radix: 16)),
    ]
  }

  /// - Throws: `TrainingError.checkpointDiffers`, at the first setting that is not the same.
  func expect(_ others: [Setting]) throws(TrainingError) {
    for (mine, other) in zip(settings, others) where mine != other {
      throw .checkpointDiffers(setting: other.name, there: mine.value, here: other.value)
    }
    guard settings.count == others.count else {
      throw .badCheckpoint(reason: "another version of Gatescope made it")
    }
  }
}
