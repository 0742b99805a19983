import Testing

extension CommandLineTests {
  /// What comes of words that are no command, no demo and no option: what was meant, the usage of the
  /// command in hand, and the exit status of a wrong usage.
  @Suite struct Misspellings {
    struct Case: CustomTestStringConvertible {
      let arguments: String
      let message: String
      var usage = "<subcommand>"
      var testDescription: String { arguments }

      init(_ arguments: String, _ message: String, usage: String = "<subcommand>") {
        self.arguments = arguments
        self.message = message
        self.usage = usage
      }
    }

    static let commands: [Case] = [
      Case("trce", "there is no command 'trce'; did you mean 'trace'?"),
      Case("trce --help", "there is no command 'trce'; did you mean 'trace'?"),
      Case("opne m.pt --text a", "there is no command 'opne'; did you mean 'open'?"),
      Case("Info m.pt", "there is no command 'Info'; did you mean 'info'?"),
      Case("eval reber", "there is no command 'eval'; did you mean 'evaluate'?"),
      Case("help finde", "there is no command 'finde'; did you mean 'find'?"),
      Case("rebr", "there is no command 'rebr'; did you mean 'demo reber'?"),
      Case("help reber", "'reber' is a demo; 'gatescope demo reber' opens it"),
      Case(
        "frobnicate",
        "there is no command 'frobnicate'; there are: demo, open, view, info, trace, find, why, "
          + "flow, figure, generate, ablate, train, evaluate, help"),
      Case("model.pt", "'model.pt' is no command. To open a model: gatescope open model.pt"),
    ]

    /// `export` and its kind exist, but not here.
    static let ofTheScreen: [Case] = [
      Case(
        "export --help",
        "'export' is a command of the screen, :export FILE; did you mean "
          + "'gatescope trace MODEL -o FILE'?"),
      Case(
        "help export",
        "'export' is a command of the screen, :export FILE; did you mean "
          + "'gatescope trace MODEL -o FILE'?"),
      Case(
        "compare a.pt b.pt",
        "'compare' is a command of the screen, :compare WHAT; did you mean "
          + "'gatescope open MODEL --against OTHER'?"),
      Case(
        "record",
        "'record' is a command of the screen, :record FILE; type it after opening a demo "
          + "or a model"),
    ]

    static let options: [Case] = [
      Case("--halp", "Unknown option '--halp'. Did you mean '--help'?"),
      Case("--verison", "Unknown option '--verison'. Did you mean '--version'?"),
      Case("--colours 256", "Unknown option '--colours'. Did you mean '--colors'?"),
      Case("--frobnicate", "Unknown option '--frobnicate'"),
      Case(
        "trace --halp", "Unknown option '--halp'. Did you mean '--help'?",
        usage: "trace [<options>] <model>"),
      Case(
        "trace m.pt --txet=a -o -", "Unknown option '--txet'. Did you mean '--text'?",
        usage: "trace [<options>] <model>"),
    ]

    static let names: [Case] = [
      Case(
        "demo rebr", "there is no demo 'rebr'; did you mean 'reber'?",
        usage: "demo [<options>] [<name>]"),
      Case(
        "evaluate tagn", "there is no demo 'tagn'; did you mean 'tang'?", usage: "evaluate <name>"),
      Case(
        "demo recall --variant rnnn",
        "demo 'recall' has no variant 'rnnn'; did you mean 'rnn'?",
        usage: "demo [<options>] [<name>]"),
      Case(
        "train rebr -o x.safetensors", "there is no task 'rebr'; did you mean 'reber'?",
        usage: "train <task>"),
      Case(
        "demo model.pt", "'model.pt' is no demo. To open a model: gatescope open model.pt",
        usage: "demo [<options>] [<name>]"),
    ]

    @Test(arguments: commands + ofTheScreen + options + names)
    func whatWasMeantIsSaid(example: Case) throws {
      let outcome = try BuiltProgram.run(example.arguments.split(separator: " ").map(String.init))
      #expect(outcome.end == .exited(64))
      #expect(outcome.output.isEmpty)
      let lines = outcome.error.split(separator: "\n")
      #expect(lines.first == "Error: \(example.message)")
      #expect(lines[1].hasPrefix("Usage: gatescope \(example.usage)"))
      let command = example.usage.hasPrefix("<") ? "" : " \(example.usage.prefix { $0 != " " })"
      #expect(lines.last == "  See 'gatescope\(command) --help' for more information.")
      #expect(lines.count == 3)
    }

    /// A demo's name alone opens it, and its options go with it.
    @Test func aDemosNameAloneIsNoSlip() throws {
      let long = try BuiltProgram.run(["demo", "reber", "--screen", "-"])
      let short = try BuiltProgram.run(["reber", "--screen", "-"])
      #expect(long.end == .exited(0) && short.end == .exited(0))
      #expect(short.output == long.output && !short.output.isEmpty)
      #expect(try BuiltProgram.run(["reber", "--help"]).text.hasPrefix("OVERVIEW: Open a demo"))
    }

    @Test func theOverviewSpeaksOfEveryCell() throws {
      let words = try BuiltProgram.run(["--help"]).text
      #expect(words.contains("Steps a trained LSTM, GRU or RNN through a sequence"))
    }
  }
}
