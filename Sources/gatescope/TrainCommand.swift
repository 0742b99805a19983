import ArgumentParser
import Files
import ModelFiles
import Recurrent
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a model for a demo's task, or on a text of your own.",
    discussion: """
      Tasks: \(TaskCatalog.names.joined(separator: ", ")). \
      The last three learn from a text: give it with --corpus. \
      ^C stops and keeps the best network so far; --resume goes on.
      """)

  @Argument(help: "The task.")
  var task: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The model file to write, safetensors.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp("The text to learn from, UTF-8; - is standard input.", valueName: "file"))
  var corpus: String?

  @Option(help: "The cell: \(CellKind.classic.map(\.rawValue).joined(separator: ", ")).")
  var cell: CellKind?

  @Option(help: "Layers.")
  var layers: Int?

  @Option(help: "Units in a layer.")
  var units: Int?

  @Option(help: ArgumentHelp("The length of a token's vector; 0 for one-hot.", valueName: "size"))
  var embedding: Int?

  @Option(help: "The seed: the same one gives the same weights on the same machine.")
  var seed: UInt64?

  @Option(help: ArgumentHelp("Batches at most.", valueName: "count"))
  var steps: Int?

  @Option(help: ArgumentHelp("Stop after so many minutes.", valueName: "count"))
  var minutes: Double?

  @Flag(help: "Store half-precision numbers: a file of half the size.")
  var float16 = false

  @Option(
    help: ArgumentHelp(
      "Go on from the checkpoint of a training that was stopped; give the same options.",
      valueName: "file"))
  var resume: String?

  func validate() throws {
    if let cell, !cell.isClassic {
      throw ValidationError(
        "--cell \(cell.rawValue): there are no gradients of \(cell.about.withArticle) yet; "
          + "train knows \(CellKind.classic.map(\.rawValue).joined(separator: ", ")).")
    }
    if output == "-" {
      throw ValidationError("-o needs a file's name: a model is not written to standard output.")
    }
    guard output.lowercased().hasSuffix(".safetensors") || output.hasPrefix("/dev/") else {
      throw ValidationError("-o '\(output)': the name must end in .safetensors, which it writes.")
    }
  }

  func run() throws {
    let corpus = corpus
    let task = try TaskCatalog.task(
      named: task, corpus: corpus.map { path in { try TextFile.corpus(path) } })
    let checkpoint = try resume.map { try TrainingCheckpoint(path: $0) }
    try Self.proveWritable(output)
    let checkpointPath = output + ".checkpoint"
    let interrupt = InterruptFlag()
    var bar = ProgressBar()
    let outcome = try Trainer(task: task, options: options(for: task)).run(
      from: checkpoint, progress: { bar.show($0) }, isCancelled: { interrupt.isRaised },
      keep: { try $0.write(to: checkpointPath) })
    bar.finish()
    try ModelWriter.write(outcome.model, metadata: facts(outcome), to: output, float16: float16)
    if outcome.isFinished { Self.remove(checkpointPath) }
    try report(outcome, checkpoint: checkpointPath)
    if outcome.wasCancelled { throw interrupt.exitCode }
    if outcome.isFinished && !outcome.isReached { throw ExitCode.failure }
  }

  /// The task's own options, but for those that were given.
  private func options(for task: any TrainingTask) -> TrainingOptions {
    var options = task.defaults
    if let cell { options.plan.cell = cell }
    if let layers { options.plan.layers = layers }
    if let units { options.plan.units = units }
    if let embedding { options.plan.embeddingSize = embedding == 0 ? nil : embedding }
    if let seed { options.seed = seed }
    if let steps {
      // Who learns to the last step by default also does so in fewer or more.
      if options.minimumSteps == options.maximumSteps { options.minimumSteps = steps }
      options.maximumSteps = steps
    }
    if let minutes { options.maximumSeconds = minutes * 60 }
    return options
  }

  /// What made the model, under the names that docs/model-files.md gives.
  private func facts(_ outcome: TrainingOutcome) -> [String: String] {
    var facts = Dictionary(
      uniqueKeysWithValues: outcome.metadata.map { ("gatescope.training.\($0.key)", $0.value) })
    facts[RecallTimes.key] = String((outcome.seconds * 10).rounded() / 10)
    return facts
  }

  private func report(_ outcome: TrainingOutcome, checkpoint: String) throws {
    let seconds = (outcome.seconds * 10).rounded() / 10
    try Process.tell("\(output): the best of \(outcome.steps) batches, \(seconds) s")
    for figure in outcome.figures { try Process.tell("  " + FigureWords.line(figure)) }
    if !outcome.isFinished {
      Process.say(
        "stopped before the end; the best network so far is in \(output)\n"
          + "to go on, give the same options and --resume \(checkpoint)")
    } else if !outcome.isReached {
      Process.say("the figure was not reached; try another --seed, more --units or more --steps")
    }
  }

  /// A long training must not end with a file that cannot be written.
  private static func proveWritable(_ path: String) throws {
    let file = try AtomicFile(path: path)
    file.discard()
  }

  /// A finished training leaves no checkpoint; where there is none, nothing happens.
  private static func remove(_ path: String) { _ = unlink(path) }
}

extension CellKind: ExpressibleByArgument {
  public init?(argument: String) { self.init(rawValue: argument) }
  public var defaultValueDescription: String { rawValue }
  public static var allValueStrings: [String] { all.map(\.rawValue) }
}
