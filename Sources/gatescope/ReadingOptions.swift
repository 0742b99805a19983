import ArgumentParser
import ModelFiles
import Recurrent

/// How a model file is read, where it leaves a choice: the same for every subcommand.
struct ReadingOptions: ParsableArguments {
  @Option(help: "Which recurrent module, where the file has several; a part of its name will do.")
  var module: String?

  @Option(help: ArgumentHelp("The tensor that is the embedding, or none.", valueName: "name"))
  var embedding: String?

  @Option(help: ArgumentHelp("The tensor that is the readout, or none.", valueName: "name"))
  var readout: String?

  @Option(
    help: ArgumentHelp(
      "What follows the readout: \(Self.list(Readout.Activation.allCases.map(\.rawValue))); "
        + "a file to write is -o.",
      valueName: "function"))
  var output: Readout.Activation?

  @Option(
    help: ArgumentHelp(
      "What the cell applies, where the file does not say: tanh or relu of an RNN; of Keras's weights "
        + "alone the gates' function, the candidate's, or both with a comma.",
      valueName: "name"))
  var activation: ModelChoices.Activations?

  @Option(help: "Which way it reads, where the file does not say: forward or backward.")
  var direction: ModelChoices.ReadingDirection?

  @Option(
    help: ArgumentHelp(
      "The kind of cell, where the file does not say: "
        + "\(Self.list(CellKind.all.map(\.rawValue))).", valueName: "kind"))
  var cell: CellKind?

  @Option(
    help: ArgumentHelp(
      "The config of a Keras model whose weights lie alone, as model.to_json() gives it.",
      valueName: "json"))
  var config: String?

  @Option(
    name: .customLong("ignore"),
    help: ArgumentHelp(
      "Open the module though this tensor beside its weights is not used; a part of the name will "
        + "do. Repeat it for others.", valueName: "tensor"))
  var ignored: [String] = []

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
      ("output", output?.rawValue), ("activation", activation?.names.joined(separator: ",")),
      ("direction", direction?.rawValue), ("cell", cell?.rawValue), ("config", config),
    ]
    return given.compactMap { name, value in value.map { "--\(name)=\($0)" } }
      + ignored.map { "--ignore=\($0)" }
  }

  private var choices: ModelChoices {
    ModelChoices(
      embedding: embedding.map(Self.head), readout: readout.map(Self.head),
      activation: activation, direction: direction, output: output, cell: cell, ignored: ignored,
      configPath: config)
  }

  private static func head(_ name: String) -> ModelChoices.Head {
    name == "none" ? .absent : .tensor(name)
  }

  private static func list(_ names: [String]) -> String {
    names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}

extension ModelChoices.Activations: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(
      names: argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
  }

  public var defaultValueDescription: String { names.joined(separator: ",") }
}

extension ModelChoices.ReadingDirection: ExpressibleByArgument {}
extension Readout.Activation: ExpressibleByArgument {}
