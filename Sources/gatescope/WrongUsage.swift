import ArgumentParser
import Demos
import Inspector
import Training

/// A command line that nobody can carry out as it stands: a sentence, then the usage, and exit status
/// 64 (EX_USAGE of sysexits.h), as the parser has it for options.
struct WrongUsage: Error {
  let message: String
  /// Whose usage is shown.
  let command: any ParsableCommand.Type

  init(_ message: String, of command: any ParsableCommand.Type = Gatescope.self) {
    self.message = message
    self.command = command
  }

  /// What went wrong while a command ran, where the fault is in how it was called: a name that there
  /// is not, or nothing to read. Nil for everything else, such as files that cannot be read.
  init?(_ error: any Error, of command: any ParsableCommand.Type) {
    switch error {
    case let error as ValidationError: self.init(error.message, of: command)
    case InputError.nothingGiven, DemoError.unknown, DemoError.unknownVariant:
      self.init("\(error)", of: command)
    case TrainingError.unknownTask(let name, let known):
      let meant = nearestName(to: name, among: known)
      self.init(
        meant.map { "there is no task '\(name)'; did you mean '\($0)'?" } ?? "\(error)", of: command
      )
    default: return nil
    }
  }

  /// As the parser writes its own.
  var text: String {
    let name = command.configuration.commandName ?? ""
    let whole = command == Gatescope.self ? name : "gatescope \(name)"
    return """
      Error: \(message)
      Usage: \(Gatescope.usageString(for: command))
        See '\(whole) --help' for more information.
      """
  }
}
