import ArgumentParser
import Inspector
import ModelFiles

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Record every signal of every step without a screen.",
    discussion: "docs/trace-files.md describes the files.")

  @Argument(help: "The model file, or a folder of .npy.")
  var model: String

  @OptionGroup(title: "Input") var input: InputOptions

  @Option(help: "Which recurrent module, where the file has several; a part of its name will do.")
  var module: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where to: .csv or .npz by the name; - is standard output, as CSV.", valueName: "file"))
  var output: String

  @Option(
    help: "The layout of a CSV: \(CSVLayout.allCases.map(\.rawValue).joined(separator: ", ")).")
  var layout: CSVLayout = .unit

  @Option(help: ArgumentHelp("Steps A to B, both counted in; A.. and ..B too.", valueName: "a..b"))
  var steps: String?

  @Option(help: ArgumentHelp("Layers, such as 0,2.", valueName: "list"))
  var layers: String?

  @Option(help: ArgumentHelp("Units, such as 0..7,12.", valueName: "list"))
  var units: String?

  @Option(help: ArgumentHelp("Signals, such as f,c,h.", valueName: "list"))
  var signals: String?

  func run() throws {
    let format = try TraceFormat(forPath: output, layout: layout)
    let opened = try ModelReader.read(path: model, module: module)
    for warning in opened.warnings { Process.say("\(model): \(warning)") }
    let sequence = try input.sequence(for: opened, at: model)
    let recorder = try TraceRecorder(
      network: opened.network, input: sequence, state: opened.initialState,
      symbols: opened.vocabulary?.symbols)
    let options = SelectionOptions(steps: steps, layers: layers, units: units, signals: signals)
    let selection = try TraceSelection(options, of: recorder.trace)
    while !recorder.record(through: selection.steps.upperBound - 1) {}
    do {
      try TraceExporter(network: opened.network)
        .write(recorder.trace, selection, format, to: output)
    } catch ExportError.readerGone {
      // `| head` has seen enough, which is no failure.
    }
  }
}

extension CSVLayout: ExpressibleByArgument {}
