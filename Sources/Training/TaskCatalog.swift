import Recurrent

/// All tasks that `gatescope train` knows, in the order in which they are shown.
public enum TaskCatalog {
  /// Those that make their own data.
  public static let all: [any TrainingTask] = [
    ReberTask(), AnBnTask(), AddingTask(), OrderTask(), RecallTask(), BracketsTask(),
    MackeyGlassTask(),
  ]

  /// Of those that make their own data and of those that learn from a text.
  public static var names: [String] { all.map(\.name) + TextKind.allCases.map(\.rawValue) }

  /// The task of that name.
  ///
  /// - Parameters:
  ///   - corpus: gives the text, for a task that learns from one; nil where there is none.
  ///   - vocabulary: that of the model which the task is for; nil for a new one.
  /// - Throws: `TrainingError`, or what `corpus` or reading the text with `vocabulary` throws.
  public static func task(
    named name: String, corpus: (() throws -> String)? = nil, vocabulary: Vocabulary? = nil
  ) throws -> any TrainingTask {
    if let kind = TextKind(rawValue: name) {
      guard let corpus else { throw TrainingError.needsCorpus(task: name) }
      return TextTask(kind, corpus: try Corpus(try corpus(), vocabulary: vocabulary))
    }
    guard let task = all.first(where: { $0.name == name }) else {
      throw TrainingError.unknownTask(name: name, known: names)
    }
    guard corpus == nil else { throw TrainingError.takesNoCorpus(task: name) }
    return task
  }
}
