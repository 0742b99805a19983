import ArgumentParser
import ModelFiles

/// How a model file is read, where it leaves a choice: the same for every subcommand.
struct ReadingOptions: ParsableArguments {
  @Option(help: "Which recurrent module, where the file has several; a part of its name will do.")
  var module: String?

  @Option(help: ArgumentHelp("The tensor that is the embedding, or none.", valueName: "name"))
  var embedding: String?

  @Option(help: ArgumentHelp("The tensor that is the readout, or none.", valueName: "name"))
  var readout: String?

  @Option(help: "What an RNN applies, where the file does not say: tanh or relu.")
  var activation: ModelChoices.RNNActivation?

  /// - Parameter name: of a module that was chosen from a list; nil for what `--module` says.
  /// - Throws: `ModelFileError`.
  func model(at path: String, module name: String? = nil) throws(ModelFileError) -> TrainedModel {
    try ModelReader.read(path: path, module: name ?? module, choices: choices)
  }

  /// - Throws: `ModelFileError`.
  func report(of path: String) throws(ModelFileError) -> ModelReport {
    try ModelReader.report(path: path, module: module, choices: choices)
  }

  /// As one would type them.
  var words: [String] {
    let given = [
      ("module", module), ("embedding", embedding), ("readout", readout),
      ("activation", activation?.rawValue),
    ]
    return given.compactMap { name, value in value.map { "--\(name)=\($0)" } }
  }

  private var choices: ModelChoices {
    ModelChoices(
      embedding: embedding.map(Self.head), readout: readout.map(Self.head),
      activation: activation)
  }

  private static func head(_ name: String) -> ModelChoices.Head {
    name == "none" ? .absent : .tensor(name)
  }
}

extension ModelChoices.RNNActivation: ExpressibleByArgument {}
