import ArgumentParser
import Demos
import Inspector
import ModelFiles
import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a command runs, the same for every subcommand that takes a model.
struct ModelArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The model file, a folder of .npy, or a demo's name.", valueName: "model"))
  var name: String

  @Option(help: "The demo's other model, such as gru or rnn.")
  var variant: String?

  /// A word without a dot or a slash is a demo's name, unless a file or folder has it.
  ///
  /// - Returns: nil for a file.
  /// - Throws: `DemoError` for a name that no demo has, and what goes with one of the two only.
  fileprivate func demo(_ reading: ReadingOptions) throws -> Demo? {
    let isWord = !name.contains { $0 == "." || $0 == "/" }
    guard isWord, access(name, F_OK) != 0 else {
      guard variant == nil else {
        throw ValidationError("--variant is another model of a demo, but \(name) is a file.")
      }
      return nil
    }
    let demo: Demo
    do {
      demo = try DemoCatalog(
        environment: Process.environment, executable: Process.executable
      ).demo(named: name)
    } catch {
      throw NoSuchFile(path: name, others: "\(error)")
    }
    if let option = reading.words.first {
      let path = try demo.modelPath(variant: variant)
      throw ValidationError(
        "\(option) says how a file is read, but \(name) is a demo; its file is \(path).")
    }
    return demo
  }

  /// Of the model's file.
  func path(_ reading: ReadingOptions) throws -> String {
    try demo(reading)?.modelPath(variant: variant) ?? name
  }
}

/// A word that is neither a file's nor a demo's name.
struct NoSuchFile: Error, CustomStringConvertible {
  let path: String
  /// Why it is no demo's.
  let others: String
  var description: String { "\(path): No such file or directory, and \(others)" }
}

/// A model with the demo that it comes from, if it comes from one.
struct ModelOrDemo {
  let model: TrainedModel
  /// Of the model.
  let path: String
  /// Nil where a file was given.
  let demo: DemoOpener?

  /// - Throws: what reading the model throws.
  init(_ source: ModelArgument, _ reading: ReadingOptions, _ input: InputOptions) throws {
    let found = try source.demo(reading)
    path = try found?.modelPath(variant: source.variant) ?? source.name
    demo = try found.map { try DemoOpener($0, variant: source.variant) }
    model =
      try demo.map { try input.applied(to: $0.model) }
      ?? Recording.model(path, reading, input)
  }

  /// The sequence that was given, or the demo's own.
  func sequence(_ input: InputOptions) throws -> InputSequence {
    if !input.isGiven, let demo { return demo.input }
    return try input.sequence(for: model, at: path)
  }
}

/// What a model cannot do, with its path.
struct ModelFault: Error, CustomStringConvertible {
  let path: String
  let reason: String

  var description: String { "\(path): \(reason)" }

  /// Runs what may find that the model cannot do what is asked.
  static func naming<Result: ~Copyable>(
    _ path: String, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as GeneratingError {
      throw ModelFault(path: path, reason: error.description)
    } catch let error as UnitHoldError {
      throw ModelFault(path: path, reason: error.description)
    } catch let error as CellPartError {
      throw ModelFault(path: path, reason: error.description)
    }
  }
}
