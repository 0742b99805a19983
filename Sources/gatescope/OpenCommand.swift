import ArgumentParser
import Inspector
import ModelFiles

struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Step a trained model through a sequence, on the screen.")

  @Argument(help: "The model file, or a folder of .npy.")
  var model: String

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @OptionGroup(title: "Screen") var screen: ScreenOptions

  func run() throws {
    try DamageProbe.check(model)
    let opened = try input.applied(to: reading.model(at: model))
    let sequence = try input.sequence(for: opened, at: model)
    let facts = SessionFacts(
      name: TraceNames.stem(of: model), title: opened.task ?? "",
      featureNames: opened.featureNames ?? [])
    try ScreenSession(model: opened, input: sequence) { _ in facts }.run(screen)
  }
}
