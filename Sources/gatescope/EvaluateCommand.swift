import ArgumentParser
import Demos
import Inspector
import ModelFiles
import Recurrent
import Training

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Say how well a demo's model does its task, on fresh data.",
    discussion: """
      Exits with 1 where a figure falls short of what the demo must reach, where the demo's own \
      sequence costs the model a quarter more than fresh ones, or where demo.yml says otherwise.

      With --without it prints the figures beside those of the same model without a part of its cell, \
      and requires nothing: \
      \(CellPart.allCases.map { "\($0.rawValue) (\($0.consequence))" }.joined(separator: ", ")).
      """)

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

  @OptionGroup var whatIf: WhatIfOptions

  @Option(help: "What the fresh data are made from.")
  var seed: UInt64 = Self.standardSeed

  @Option(
    help: ArgumentHelp(
      "Beside it the model without a part of its cell: o, f, i, coupled …; several at once with a "
        + "comma. Repeat it for others.", valueName: "part"))
  var without: [String] = []

  /// That of the figures in the demos' folders.
  private static let standardSeed: UInt64 = 1997

  func validate() throws {
    for parts in without { _ = try LackingParts(parts) }
    guard without.isEmpty || whatIf.file == nil else {
      throw ValidationError("--without and --what-if each ask a question of their own; give one.")
    }
  }

  func run() throws {
    let catalog = try DemoCatalog(environment: Process.environment, executable: Process.executable)
    let demo = try catalog.demo(named: name)
    let path = try model ?? demo.modelPath(variant: variant)
    try ProbeCommand.check(path, .model)
    if whatIf.file != nil {
      try compare(demo, path)
      return
    }
    let opened = try ModelReader.read(path: path)
    if !without.isEmpty {
      try compare(opened, demo, path)
      return
    }
    var figures = try figures(of: opened, task: demo.task)
    if model == nil { figures += try shown(demo, fresh: figures.first(where: \.isError)) }
    try Process.tell("\(path), seed \(seed)")
    for figure in figures { try Process.tell("  " + FigureWords.line(figure)) }
    try checkNote(demo, figures)
    if !figures.allSatisfy(\.isReached) { throw ExitCode.failure }
  }

  /// The figures as the model is, and without parts of its cells.
  private func compare(_ opened: TrainedModel, _ demo: Demo, _ path: String) throws {
    let lacking = try without.map(LackingParts.init)
    // All are tried before the first is measured.
    let networks = try lacking.map { parts in
      try ModelFault.naming(path) { try parts.taken(from: opened.network) }
    }
    var columns: [FigureTable.Column] = []
    for (name, network) in zip(["as it is"] + lacking.map(\.name), [opened.network] + networks) {
      var changed = opened
      changed.network = network
      var figures = try figures(of: changed, task: demo.task)
      if model == nil { figures += try shown(demo, fresh: nil, network: network) }
      columns.append(FigureTable.Column(name: name, figures: figures))
    }
    try Process.tell("\(path), seed \(seed)")
    for line in FigureTable(columns: columns).lines { try Process.tell("  " + line) }
  }

  private func figures(of model: TrainedModel, task name: String) throws -> [Figure] {
    // A poem's form can be seen without the text that the network has learned from.
    if name == TextKind.tang.rawValue, corpus == nil, let vocabulary = model.vocabulary {
      return try PoemForm.figures(of: model.network, vocabulary, seed: seed)
    }
    let corpus = corpus
    let task = try TaskCatalog.task(
      named: name, corpus: corpus.map { path in { try TextFile.corpus(path) } },
      vocabulary: model.vocabulary)
    return try task.evaluate(model.network, seed: seed)
  }

  /// The error on the demo's own sequence, held against that on fresh ones: as measured now, or else
  /// as demo.yml has it. The sequence was chosen for the demo's own model, so others only report it.
  ///
  /// - Parameter network: in place of the demo's own.
  private func shown(
    _ demo: Demo, fresh: Figure?, network: Network? = nil
  ) throws -> [Figure] {
    let opener = try DemoOpener(demo, variant: variant)
    guard let error = try opener.shownError(of: network) else { return [] }
    let usual = variant == nil ? fresh?.value ?? demo.error : nil
    return [
      Figure(
        "the same on the sequence shown", error,
        goal: usual.map { .atMost($0 * ShownError.bound) } ?? .none, isShare: false)
    ]
  }

  /// What changes make of the demo's own sequence, whose steps they name.
  private func compare(_ demo: Demo, _ path: String) throws {
    if model != nil { throw ValidationError("--what-if goes with the demo's own models.") }
    let opener = try DemoOpener(demo, variant: variant)
    let without = try opener.shownError()
    let with = try opener.shownError { recorder in
      try whatIf.applied(to: recorder, of: opener.model, memory: MemorySize.usual.bytes)
    }
    guard let without, let with else {
      throw ValidationError(
        "nothing is due on the sequence of \(demo.name), so no change costs it anything.")
    }
    try Process.tell(path)
    for (name, error) in [("the sequence shown", without), ("the same, what if", with)] {
      try Process.tell(
        "  " + FigureWords.line(Figure(name, error, goal: .none, isShare: false)))
    }
  }

  /// What demo.yml says must be what is found.
  private func checkNote(_ demo: Demo, _ figures: [Figure]) throws {
    guard model == nil, variant == nil, seed == Self.standardSeed,
      let found = figures.first(where: \.isError)
    else { return }
    if let noted = demo.error, abs(noted - found.value) <= 0.01 * found.value + 0.0001 { return }
    let there = demo.error.map { "error: \($0)" } ?? "no error"
    Process.say(
      "\(demo.folder)/demo.yml says \(there); "
        + "write error: \(FigureWords.number(found.value, found))")
    throw ExitCode.failure
  }
}
