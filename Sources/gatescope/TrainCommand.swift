import ArgumentParser
import Files
import ModelFiles
import Recurrent
import Training

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a model for a demo's task.",
    discussion: "Tasks: \(TaskCatalog.all.map(\.name).joined(separator: ", ")).")

  @Argument(help: "The task.")
  var task: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The model file to write, safetensors.", valueName: "file"))
  var output: String

  @Option(help: "The cell: \(CellKind.allCases.map(\.rawValue).joined(separator: ", ")).")
  var cell: CellKind?

  @Option(help: "Layers.")
  var layers: Int?

  @Option(help: "Units in a layer.")
  var units: Int?

  @Option(help: "The seed: the same one gives the same file on the same machine.")
  var seed: UInt64?

  @Option(help: ArgumentHelp("Batches at most.", valueName: "count"))
  var steps: Int?

  func run() throws {
    let task = try TaskCatalog.task(named: task)
    var options = task.defaults
    if let cell { options.plan.cell = cell }
    if let layers { options.plan.layers = layers }
    if let units { options.plan.units = units }
    if let seed { options.seed = seed }
    if let steps { options.maximumSteps = steps }
    try Self.proveWritable(output)
    let interrupt = InterruptFlag()
    var bar = ProgressBar()
    let outcome = try Trainer(task: task, options: options).run(
      progress: { bar.show($0) }, isCancelled: { interrupt.isRaised })
    bar.finish()
    try ModelWriter.write(outcome.model, metadata: facts(outcome), to: output)
    report(outcome)
    if outcome.wasCancelled { throw ExitCode(130) }
    if !outcome.isReached { throw ExitCode.failure }
  }

  /// What made the model, under the names that docs/model-files.md gives.
  private func facts(_ outcome: TrainingOutcome) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: outcome.metadata.map { ("gatescope.training.\($0.key)", $0.value) })
  }

  private func report(_ outcome: TrainingOutcome) {
    let seconds = (outcome.seconds * 10).rounded() / 10
    print("\(output): the best of \(outcome.steps) batches, \(seconds) s")
    for figure in outcome.figures { print("  " + FigureWords.line(figure)) }
    if outcome.wasCancelled {
      Process.say("stopped before the end; the best network so far is in \(output)")
    } else if !outcome.isReached {
      Process.say("the figure was not reached; try another --seed, more --units or more --steps")
    }
  }

  /// A long training must not end with a file that cannot be written.
  private static func proveWritable(_ path: String) throws {
    let file = try AtomicFile(path: path)
    file.discard()
  }
}

extension CellKind: ExpressibleByArgument {}
