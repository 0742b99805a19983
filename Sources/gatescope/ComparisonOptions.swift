import ArgumentParser
import ModelFiles
import Workbench

/// Other runs to compare with, the same for every subcommand that has a screen and a model.
struct ComparisonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Compare with another model on the same input; may be given twice.", valueName: "model"))
  var against: [String] = []

  @Option(
    help: ArgumentHelp(
      "Compare with what the model does on another text; may be given twice.", valueName: "text"))
  var againstText: [String] = []

  func validate() throws {
    if requests.count > State.mostOtherRuns {
      throw ValidationError("Give --against and --against-text twice at most, both together.")
    }
  }

  /// Models first.
  var requests: [OtherRunRequest] {
    against.map { .model(path: $0) } + againstText.map { .text($0) }
  }

  /// Reads a model for another run as the first was read.
  static func model(at path: String) throws -> TrainedModel {
    try ProbeCommand.check(path, .model, [])
    return try ModelReader.read(path: path)
  }
}
