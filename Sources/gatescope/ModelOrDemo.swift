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

/// What a command was given as MODEL|DEMO: a demo by its name, or else a model file.
struct ModelOrDemo {
  let model: TrainedModel
  /// Of the model.
  let path: String
  /// Nil where a file was given.
  let demo: DemoOpener?

  /// A word without a dot or a slash is a demo's name, unless a file or folder has it.
  ///
  /// - Throws: `DemoError` where it is neither, or what reading the model throws.
  init(
    _ name: String, variant: String?, _ reading: ReadingOptions, _ input: InputOptions
  ) throws {
    let isWord = !name.contains { $0 == "." || $0 == "/" }
    if isWord, access(name, F_OK) != 0 {
      let catalog = try DemoCatalog(
        environment: Process.environment, executable: Process.executable)
      let opener = try DemoOpener(try catalog.demo(named: name), variant: variant)
      demo = opener
      path = try opener.demo.modelPath(variant: variant)
      model = try input.applied(to: opener.model)
      return
    }
    guard variant == nil else {
      throw ValidationError("--variant is another model of a demo, but \(name) is a file.")
    }
    demo = nil
    path = name
    model = try Recording.model(name, reading, input)
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
