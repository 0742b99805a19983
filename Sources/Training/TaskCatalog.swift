/// All tasks that `gatescope train` knows, in the order in which they are shown.
public enum TaskCatalog {
  public static let all: [any TrainingTask] = [
    ReberTask(), AnBnTask(), AddingTask(), OrderTask(), RecallTask(), MackeyGlassTask(),
  ]

  /// The task of that name.
  ///
  /// - Throws: `TrainingError.unknownTask`, which names all that there are.
  public static func task(named name: String) throws(TrainingError) -> any TrainingTask {
    guard let task = all.first(where: { $0.name == name }) else {
      throw .unknownTask(name: name, known: all.map(\.name))
    }
    return task
  }
}
