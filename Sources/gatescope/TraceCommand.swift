import ArgumentParser
import Inspector
import ModelFiles
import Recurrent
import Workbench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Record every signal of every step without a screen.",
    discussion: """
      docs/trace-files.md describes the files, docs/corpora.md those of many sequences, docs/verify.md \
      how to compare a trace with what your own framework computes.
      """)

  @OptionGroup var source: ModelArgument

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Many sequences") var sequences: SequenceOptions

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @Option(
    name: [.short, .customLong("to")],
    help: ArgumentHelp(
      "Where to: .csv, .npz or .parquet by the name; - is standard output, as CSV. With --shard a folder.",
      valueName: "file"))
  var output: String?

  @OptionGroup var replacing: ReplaceOptions

  @OptionGroup var memory: MemoryOptions

  @OptionGroup var whatIf: WhatIfOptions

  @Option(
    help: ArgumentHelp(
      "Write a page of HTML that stands alone: the lanes, numbers under the pointer, arrow keys.",
      valueName: "file"))
  var html: String?

  @Option(
    help: ArgumentHelp(
      "Compare with these arrays and fail where they differ: docs/verify.md makes such a file.",
      valueName: "npz"))
  var verify: String?

  @Option(
    help: ArgumentHelp(
      "How far --verify lets a value be off: t + t/10 of the reference's size.", valueName: "t"))
  var tolerance: Double?

  @Option(
    help: "The layout of a CSV: \(CSVLayout.allCases.map(\.rawValue).joined(separator: ", ")).")
  var layout: CSVLayout = .unit

  @Option(help: ArgumentHelp("Steps A to B, both counted in; A.. and ..B too.", valueName: "a..b"))
  var steps: String?

  @Option(help: ArgumentHelp("Layers, such as 0,2.", valueName: "list"))
  var layers: String?

  @Option(help: ArgumentHelp("Units, such as 0..7,12.", valueName: "list"))
  var units: String?

  @Option(
    help: ArgumentHelp(
      "Signals, such as f,c,h; y for what the readout says, or loss, entropy.", valueName: "list"))
  var signals: String?

  func validate() throws {
    if replacing.force && output == nil && html == nil {
      throw ValidationError("--force belongs to -o and --html.")
    }
    if output == nil && verify == nil && html == nil {
      throw ValidationError(
        "Give -o or --html with a file's name, --verify with an .npz, or several.")
    }
    if html != nil, sequences.file != nil || isParquet {
      throw ValidationError("--html is a page of one sequence, beside a .csv or an .npz.")
    }
    if html == "-" && output == "-" {
      throw ValidationError("Only one of -o and --html can go to standard output.")
    }
    try validateSequences()
    if let tolerance {
      if verify == nil { throw ValidationError("--tolerance belongs to --verify.") }
      guard tolerance.isFinite, tolerance >= 0 else {
        throw ValidationError("--tolerance must be a number from 0 on.")
      }
    }
  }

  private var isParquet: Bool { output?.lowercased().hasSuffix(".parquet") == true }

  private func validateSequences() throws {
    if whatIf.file != nil, sequences.file != nil || isParquet {
      throw ValidationError("--what-if changes one sequence, to a .csv or an .npz.")
    }
    guard sequences.file != nil else {
      if let option = sequences.given.first {
        throw ValidationError("\(option) belongs to --sequences.")
      }
      if isParquet, steps != nil || verify != nil {
        throw ValidationError("--steps and --verify go with a .csv or an .npz.")
      }
      return
    }
    if input.isGiven {
      throw ValidationError("Give --sequences, or one sequence with --text and the like.")
    }
    if verify != nil { throw ValidationError("--verify compares one sequence, not --sequences.") }
    if steps != nil {
      throw ValidationError(
        "--steps counts the steps of one sequence; --where 'step < 10' keeps some of each.")
    }
    if sequences.file == "-" && input.vocab == "-" {
      throw ValidationError("Only one file can come from standard input.")
    }
    if sequences.shard != nil, sequences.file == "-" || output == "-" {
      throw ValidationError(
        "--shard reads a file and writes into a folder, not standard input or output.")
    }
  }

  func run() throws {
    if sequences.file != nil || isParquet {
      try runCorpus()
      return
    }
    let format = try output.map { try TraceFormat(forPath: $0, layout: layout) }
    try output.map(replacing.check)
    try html.map(replacing.check)
    let recording = try Recording(source, reading, input, memory, whatIf) { network in
      units == nil && format.map { $0.occupies(network) } ?? false
    }
    let recorder = recording.recorder
    let options = SelectionOptions(steps: steps, layers: layers, units: units, signals: signals)
    let selection = try TraceSelection(options, of: recorder.trace, for: format ?? .npz)
    if let output, let format {
      do {
        try write(recorder, recording.model.network, selection, format, to: output)
      } catch ExportError.readerGone {
        // `| head` has seen enough, which is no failure.
      }
    }
    if let verify { try compare(recorder, with: verify) }
    if let html { try writePage(recording, options, to: html) }
  }

  /// As the screen would show it, so that names and limits are the same.
  private func writePage(
    _ recording: Recording, _ options: SelectionOptions, to path: String
  ) throws {
    let model = recording.model
    let session = try ScreenSession(
      model: model, input: recording.input, memory: memory.bytes(isReplayed: true)
    ) { _ in
      SessionFacts(
        name: TraceNames.stem(of: recording.path), title: model.task ?? "",
        featureNames: model.featureNames ?? [])
    }
    let workbench = try session.workbench(
      Settings(), comparing: [], whatIf: try whatIf.named(for: model))
    try workbench.replay(["last-step"])
    try replacing.write(to: path) { try $0.write(Array(try workbench.page(options).utf8)) }
  }

  /// Many sequences, or one as Parquet, which has room for many.
  private func runCorpus() throws {
    let opened = try ModelOrDemo(source, reading, input)
    let single = sequences.file == nil ? try opened.sequence(input) : nil
    let trace = CorpusTrace(
      modelPath: opened.path, model: opened.model, options: sequences,
      selection: SelectionOptions(layers: layers, units: units, signals: signals), layout: layout,
      memory: memory.memory?.bytes, output: output ?? "", replacing: replacing)
    try trace.run(single: single)
  }

  /// Records as the export comes to the steps, so that both take little memory, and heeds ^C.
  private func write(
    _ recorder: TraceRecorder, _ network: Network, _ selection: TraceSelection,
    _ format: TraceFormat, to output: String
  ) throws {
    let interrupt = InterruptFlag()
    var bar = ProgressBar(isSilent: output == "-" && isatty(STDOUT_FILENO) == 1)
    let exporter = TraceExporter(network: network) { end in
      repeat {
        if interrupt.isRaised {
          bar.finish()
          throw interrupt.exitCode
        }
        bar.show(min(1, recorder.progress)) {
          "step \(recorder.trace.recordedSteps) of \(recorder.trace.length)"
        }
      } while !recorder.record(through: end - 1, limit: Self.slice)
    }
    try replacing.write(to: output) {
      try exporter.write(recorder.trace, selection, format, to: $0)
    }
    bar.finish()
  }

  /// Steps between two looks at the keyboard.
  private static let slice = 256

  /// Everything that the file has, whatever was selected for the output.
  private func compare(_ recorder: TraceRecorder, with path: String) throws {
    recorder.recordAll()
    let verification = try Verification(
      recorder.trace, path: path, tolerance: tolerance.map { .init(absolute: $0) } ?? .init())
    // Standard output may be the trace itself.
    for line in verification.lines {
      if output == "-" { Process.say(line) } else { try Process.tell(line) }
    }
    if let failure = verification.failure { throw failure }
  }
}

extension CSVLayout: ExpressibleByArgument {}
