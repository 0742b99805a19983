import ArgumentParser
import Files
import FoundationEssentials
import ModelFiles
import Recurrent

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Say what is in a model file and how its gates were read.",
    discussion: "docs/model-files.md describes the formats.")

  @OptionGroup var source: ModelArgument

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @Flag(help: "As JSON, for scripts.")
  var json = false

  func run() throws {
    let path = try source.path(reading)
    try ProbeCommand.check(path, .report, reading.words)
    var report = try reading.report(of: path)
    let seconds = RecallTimes.seconds()
    for module in report.modules.indices {
      report.modules[module].costs = report.modules[module].costs?.map { cost in
        var cost = cost
        cost.recallSeconds = CellKind(rawValue: cost.cell).flatMap { seconds[$0] }
        return cost
      }
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try Process.tell(shownJSON(String(decoding: try encoder.encode(report), as: UTF8.self)))
    } else {
      for line in ReportWords.lines(report) { try Process.tell(line) }
    }
    // A script should notice a file that nothing in can be opened.
    if report.modules.allSatisfy({ $0.problem != nil }) { throw ExitCode.failure }
  }
}
