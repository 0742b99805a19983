import ArgumentParser
import ModelFiles
import Workbench

/// A second run to compare with, the same for every subcommand that has a screen and a model.
struct ComparisonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Compare with another model on the same input.", valueName: "model"))
  var against: String?

  @Option(
    help: ArgumentHelp("Compare with what the model does on another text.", valueName: "text"))
  var againstText: String?

  func validate() throws {
    if against != nil && againstText != nil {
      throw ValidationError("Give one of --against and --against-text.")
    }
  }

  var request: OtherRunRequest? {
    against.map { .model(path: $0) } ?? againstText.map { .text($0) }
  }

  /// Reads a model for a second run as the first was read.
  static func model(at path: String) throws -> TrainedModel {
    try ProbeCommand.check(path, .model, [])
    return try ModelReader.read(path: path)
  }
}
