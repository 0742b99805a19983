/// Why a training cannot begin or go on. The cases carry the facts; the words are `description`.
public enum TrainingError: Error, Equatable, Sendable {
  case badOption(name: String, value: String, allowed: String)
  case unknownTask(name: String, known: [String])
  /// The loss is not a number any more.
  case diverged(step: Int, learningRate: Float)
}

extension TrainingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badOption(let name, let value, let allowed):
      "\(name): \(value) will not do; give \(allowed)"
    case .unknownTask(let name, let known):
      "there is no task '\(name)'; there are " + known.joined(separator: ", ")
    case .diverged(let step, let rate):
      "the loss became NaN at step \(step); try a learning rate below \(rate), such as "
        + "\(rate / 3), or another seed"
    }
  }
}
