/// Why a training cannot begin or go on. The cases carry the facts; the words are `description`.
public enum TrainingError: Error, Equatable, Sendable {
  case badOption(name: String, value: String, allowed: String)
  case unknownTask(name: String, known: [String])
  case needsCorpus(task: String)
  case takesNoCorpus(task: String)
  case corpusTooShort(found: Int, least: Int)
  /// A vocabulary without something that the task cannot do without.
  case lacksSymbol(String)
  /// A checkpoint that another command made.
  case checkpointDiffers(setting: String, there: String, here: String)
  case badCheckpoint(reason: String)
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
    case .needsCorpus(let task):
      "\(task) learns from a text: give it with --corpus FILE, in UTF-8"
    case .takesNoCorpus(let task):
      "\(task) makes its own data; leave out --corpus (for a text of your own: train text)"
    case .corpusTooShort(let found, let least):
      "the corpus has \(found) characters, at least \(least) are needed"
    case .lacksSymbol(let what):
      "the vocabulary has no symbol for \(what)"
    case .checkpointDiffers(let setting, let there, let here):
      "the checkpoint is of a training with \(setting) \(there), this one has \(here); "
        + "give the same options, or begin without --resume"
    case .badCheckpoint(let reason):
      "cannot go on from the checkpoint: \(reason)"
    case .diverged(let step, let rate):
      "the loss became NaN at step \(step); try a learning rate below \(rate), such as "
        + "\(rate / 3), or another seed"
    }
  }
}
