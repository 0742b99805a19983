import ArgumentParser
import Demos
import ModelFiles
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

  @Option(help: "What the fresh data are made from.")
  var seed: UInt64 = 1997

  func run() throws {
    let catalog = try DemoCatalog(environment: Process.environment, executable: Process.executable)
    let demo = try catalog.demo(named: name)
    let task = try TaskCatalog.task(named: demo.task)
    let path = try model ?? demo.modelPath(variant: variant)
    let network = try ModelReader.read(path: path).network
    let figures = try task.evaluate(network, seed: seed)
    print("\(path), seed \(seed)")
    for figure in figures { print("  " + FigureWords.line(figure)) }
    if !figures.allSatisfy(\.isReached) { throw ExitCode.failure }
  }
}
