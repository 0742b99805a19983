import ArgumentParser
import Demos
import ModelFiles
import Recurrent
import Training

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Say how well a demo's model does its task, on fresh data.",
    discussion: "Exits with 1 where a figure falls short of what the demo must reach.")

  @Argument(help: "The demo's name.")
  var name: String

  @Option(help: ArgumentHelp("Another model for the same task.", valueName: "file"))
  var model: String?

  @Option(help: "The demo's other model, such as gru or rnn.")
  var variant: String?

  @Option(
    help: ArgumentHelp(
      "The text that the model was trained on; its last 10 % is what counts.", valueName: "file"))
  var corpus: String?

  @Option(help: "What the fresh data are made from.")
  var seed: UInt64 = 1997

  func run() throws {
    let catalog = try DemoCatalog(environment: Process.environment, executable: Process.executable)
    let demo = try catalog.demo(named: name)
    let path = try model ?? demo.modelPath(variant: variant)
    try ProbeCommand.check(path, .model)
    let figures = try figures(of: try ModelReader.read(path: path), task: demo.task)
    print("\(path), seed \(seed)")
    for figure in figures { print("  " + FigureWords.line(figure)) }
    if !figures.allSatisfy(\.isReached) { throw ExitCode.failure }
  }

  private func figures(of model: TrainedModel, task name: String) throws -> [Figure] {
    // A poem's form can be seen without the text that the network has learned from.
    if name == TextKind.tang.rawValue, corpus == nil, let vocabulary = model.vocabulary {
      return try PoemForm.figures(of: model.network, vocabulary, seed: seed)
    }
    let corpus = corpus
    let task = try TaskCatalog.task(
      named: name, corpus: corpus.map { path in { try TextFile.read(path) } },
      vocabulary: model.vocabulary)
    return try task.evaluate(model.network, seed: seed)
  }
}
