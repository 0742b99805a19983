import ArgumentParser
import Demos
import Files
import Inspector

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The command line: one file a subcommand.
@main
struct Gatescope: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gatescope",
    abstract: "An oscilloscope for the gates of recurrent networks.",
    discussion: """
      Steps a trained LSTM, GRU or RNN through a sequence, one timestep at a time, forwards and \
      backwards, and shows every gate, the slow cell state and the fast hidden state as heatmaps.
      """,
    version: "0.1.0",
    subcommands: [
      DemoCommand.self, OpenCommand.self, ViewCommand.self, InfoCommand.self, TraceCommand.self,
      FindCommand.self, WhyCommand.self, FlowCommand.self, FigureCommand.self,
      GenerateCommand.self, AblateCommand.self,
      TrainCommand.self, EvaluateCommand.self, ProbeCommand.self,
    ],
    defaultSubcommand: DemoCommand.self)

  static func main() {
    // A file that grows past `ulimit -f` is an error of the write, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    // Whoever started this may not care how children end; the probe does.
    signal(SIGCHLD, SIG_DFL)
    Leftovers.removeOnSignals()
    LastWords.arm()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      try takeReadLimit()
      try run(arguments)
    } catch let error as WrongUsage {
      Process.say(error.text)
      exit(withError: ExitCode.validationFailure)
    } catch let error as FileError {
      // A signal that ends the wait for a pipe's reader is why, not the pipe.
      leave(InterruptFlag.exitCode ?? error)
    } catch {
      leave(error)
    }
  }

  /// As the parser would, but nothing that was typed or read reaches a terminal raw, and help that does not
  /// get where it should is a failure.
  private static func leave(_ error: any Error) -> Never {
    var code = exitCode(for: error)
    let text = fullMessage(for: error)
    if code != .success {
      if !text.isEmpty { Process.say(text) }
    } else if !text.isEmpty {
      do {
        try Process.tell(text)
      } catch {
        Process.say("Error: \(error)")
        code = .failure
      }
    }
    exit(withError: code)
  }

  private static func takeReadLimit() throws {
    guard let text = getenv(InputBytes.limitName).map({ String(cString: $0) }) else { return }
    guard let size = MemorySize(text) else {
      throw ValidationError("\(InputBytes.limitName): '\(text)' is no size such as 512M or 4G.")
    }
    InputBytes.limit = size.bytes
  }

  private static func run(_ arguments: [String]) throws {
    let misspelling = Misspelling(
      arguments: arguments,
      demos: try? DemoCatalog(environment: Process.environment, executable: Process.executable)
        .names)
    if let fault = misspelling.unknownCommand() { throw fault }
    var command: any ParsableCommand
    do {
      command = try parseAsRoot(arguments)
    } catch {
      guard exitCode(for: error) == .validationFailure, let fault = misspelling.unknownOption()
      else { throw error }
      throw fault
    }
    do {
      try command.run()
    } catch {
      if let fault = WrongUsage(error, of: type(of: command)) { throw fault }
      throw error
    }
  }
}
