import ArgumentParser

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
      Steps a trained LSTM through a sequence, one timestep at a time, forwards and backwards, and \
      shows every gate, the slow cell state and the fast hidden state as heatmaps.
      """,
    version: "0.1.0",
    subcommands: [
      DemoCommand.self, OpenCommand.self, ViewCommand.self, InfoCommand.self, TraceCommand.self,
      FindCommand.self,
      TrainCommand.self, EvaluateCommand.self, ProbeCommand.self,
    ],
    defaultSubcommand: DemoCommand.self)

  static func main() {
    // A file that grows past `ulimit -f` is an error of the write, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    // Whoever started this may not care how children end; the probe does.
    signal(SIGCHLD, SIG_DFL)
    main(nil)
  }
}
