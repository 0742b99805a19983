import ArgumentParser
import Demos
import Files
import Inspector
import ModelFiles
import Recurrent

struct AblateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ablate", abstract: "Hold each unit in turn, and say what it costs the model.",
    discussion: """
      Every unit, or every gate of every unit, is held at 0 or at its mean for the whole sequence, one \
      after another; what the loss becomes goes to a CSV, the worst first, and to a table. A demo comes \
      with its own sequence. A sweep that was stopped goes on where it stood. docs/ablate.md has the \
      rest.
      """)

  @OptionGroup var source: ModelArgument

  @Option(
    help: ArgumentHelp(
      "What is held: a signal of each unit, or each of its gates.",
      valueName: AblationPlan.Part.allCases.map(\.rawValue).joined(separator: "|")))
  var what: AblationPlan.Part = .unit

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "At what it is held: 0, or its mean over the sequence.",
      valueName: AblationPlan.Value.allCases.map(\.rawValue).joined(separator: "|")))
  var value: AblationPlan.Value = .zero

  @Option(
    help: ArgumentHelp(
      "Which signal of a unit is held: what it shows, h, or another, such as c.",
      valueName: "signal"))
  var signal: String?

  @Option(help: ArgumentHelp("Lines of the table on the terminal.", valueName: "n"))
  var top = 20

  @Option(help: ArgumentHelp("Threads; as many as there are processors.", valueName: "n"))
  var jobs: Int?

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp("Where the CSV goes; - is standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var replacing: ReplaceOptions

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  func validate() throws {
    if let jobs, !(1...SequenceOptions.mostJobs).contains(jobs) {
      throw ValidationError("--jobs must be a number from 1 to \(SequenceOptions.mostJobs).")
    }
    if top < 0 { throw ValidationError("--top must be 0 or more.") }
    if signal != nil, what == .gate {
      throw ValidationError("--signal belongs to --what unit; --what gate holds every gate.")
    }
    if let signal, Signal(rawValue: signal) == nil || signal == Signal.v.rawValue {
      throw ValidationError(
        "--signal: there is no '\(signal)'; there are "
          + Signal.allCases.filter { $0 != .v }.map(\.rawValue).joined(separator: ", ") + ".")
    }
    if replacing.force && output == nil { throw ValidationError("--force belongs to -o.") }
  }

  func run() throws {
    try output.map(replacing.check)
    let opened = try ModelOrDemo(source, reading, input)
    let sequence = try opened.sequence(input)
    let due = try due(opened, sequence)
    let plan = AblationPlan(
      part: what, value: value, signal: signal.flatMap(Signal.init) ?? .h)
    let network = opened.model.network
    let sweep = try ModelFault.naming(opened.path) {
      try AblationSweep(
        network, input: sequence, state: opened.model.initialState, due: due, plan: plan)
    }
    let part = try output.flatMap { $0 == "-" ? nil : $0 + ".part" }.map {
      try AblationPart(
        path: $0,
        mark: AblationMark(network, sequence, opened.model.initialState, due, sweep.holds).text,
        isForced: replacing.force)
    }
    let found = try losses(of: sweep, part)
    let table = AblationTable(
      found: zip(sweep.holds, found).map { Ablation(hold: $0, loss: $1) }, loss: sweep.loss,
      network: network,
      isNats: network.readout?.activation == .softmax)
    if let output {
      do {
        try replacing.write(to: output) { try table.write(to: $0) }
      } catch ExportError.readerGone {
        // `| head` has seen enough, which is no failure.
      }
      part?.remove()
    }
    if output != "-" { for line in table.lines(top: top, file: output) { try Process.tell(line) } }
  }

  /// What the sweep finds, after what a part file has of it.
  private func losses(of sweep: AblationSweep, _ part: AblationPart?) throws -> [Double] {
    var found = part?.known ?? [:]
    let left = sweep.holds.indices.filter { found[$0] == nil }
    if !found.isEmpty, let part {
      Process.say("\(part.path): goes on after \(found.count) of \(sweep.holds.count)")
    }
    let interrupt = InterruptFlag()
    var bar = ProgressBar()
    defer { bar.finish() }
    try sweep.run(left, jobs: jobs ?? min(Processors.count, SequenceOptions.mostJobs)) {
      numbers, losses in
      for (number, loss) in zip(numbers, losses) { found[number] = loss }
      try part?.add(numbers, losses)
      if interrupt.isRaised {
        bar.finish()
        if let part { Process.say("\(part.path): \(found.count) of \(sweep.holds.count) are kept") }
        throw interrupt.exitCode
      }
      bar.show(Double(found.count) / Double(sweep.holds.count)) {
        "\(found.count) of \(sweep.holds.count) held"
      }
    }
    return sweep.holds.indices.map { found[$0] ?? .nan }
  }

  /// What should come out: as the demo has it, or else the next of the sequence.
  private func due(_ opened: ModelOrDemo, _ sequence: InputSequence) throws -> SequenceLoss.Due {
    guard opened.model.network.readout != nil else {
      throw ModelFault(path: opened.path, reason: GeneratingError.noReadout.description)
    }
    var due: SequenceLoss.Due?
    if !input.isGiven, let demo = opened.demo {
      due = try demo.due()
    }
    due = due ?? SequenceLoss.Due(next: sequence, of: opened.model.network)
    guard let due, due.isAny else {
      throw ModelFault(
        path: opened.path,
        reason: due == nil
          ? "does not predict what it reads next, so nothing says how wrong it is; a demo knows"
          : "the sequence is too short: give two steps at least")
    }
    return due
  }
}

extension AblationPlan.Part: ExpressibleByArgument {}
extension AblationPlan.Value: ExpressibleByArgument {}

extension DemoOpener {
  /// What the demo says should come out; nil where it is the next of the sequence.
  func due() throws -> SequenceLoss.Due? {
    if let expected = try expectedOutputs() { return .outputs(expected) }
    return targets.map { .numbers($0) }
  }
}
