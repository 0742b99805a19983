import ArgumentParser
import ModelFiles
import TraceFiles

struct ViewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view", abstract: "Look at a recorded trace, without the model.",
    discussion: """
      Opens what `gatescope trace` writes (.npz, .csv in any layout, whole or narrowed), arrays that \
      NumPy saved, and HDF5 as LSTMVis has it. docs/trace-files.md says how arrays are named.
      """)

  @Argument(help: "The recorded trace: .npz, .csv, .npy or HDF5.")
  var trace: String

  @Option(
    help: ArgumentHelp(
      "Token numbers, one a step, where the trace has none: .npy, .npz or HDF5.",
      valueName: "file"))
  var tokens: String?

  @Option(
    help: ArgumentHelp(
      "The tokens' symbols: a JSON list, a JSON map to token numbers, a line a symbol, or a .dict.",
      valueName: "file"))
  var vocab: String?

  @OptionGroup(title: "Screen") var screen: ScreenOptions

  func run() throws {
    let (recorded, warnings) = try Self.read(trace, tokens: tokens, vocab: vocab)
    try ScreenSession(
      recorded, name: TraceNames.file(of: trace), warnings: recorded.warnings + warnings
    ).run(screen)
  }

  /// The trace with its tokens and their symbols, from where the person says, or from where LSTMVis
  /// keeps them.
  static func read(
    _ trace: String, tokens: String? = nil, vocab: String? = nil
  ) throws -> (RecordedTrace, warnings: [String]) {
    try ProbeCommand.check(trace, .trace)
    let beside = TraceReader.companions(of: trace)
    let symbols = try (vocab ?? beside.symbols).map { path in
      try VocabularyFile.symbols(text: TextFile.read(path), path: TextFile.name(of: path))
    }
    if let tokens {
      try ProbeCommand.check(tokens, .tokens)
      let numbers = try TraceReader.tokens(path: tokens)
      switch attempt(trace, symbols, numbers, of: tokens) {
      case .success(let recorded): return (recorded, [])
      case .failure(let error): throw error
      }
    }
    if let path = beside.tokens, (try? ProbeCommand.check(path, .tokens)) != nil,
      let numbers = try? TraceReader.tokens(path: path)
    {
      switch attempt(trace, symbols, numbers, of: path) {
      case .success(let recorded): return (recorded, [])
      case .failure(let error):
        guard error.path == path else { throw error }
        return (try TraceReader.read(path: trace), ["\(error); it is left out"])
      }
    }
    // A vocabulary that nobody asked for is of no use without tokens.
    return (try TraceReader.read(path: trace, .init(symbols: vocab == nil ? nil : symbols)), [])
  }

  /// - Returns: an error of the tokens' file where that has another number of them.
  private static func attempt(
    _ trace: String, _ symbols: [String]?, _ numbers: [Int], of path: String
  ) -> Result<RecordedTrace, TraceFileError> {
    let result = Result { () throws(TraceFileError) in
      try TraceReader.read(path: trace, .init(symbols: symbols, tokens: numbers))
    }
    return result.mapError { error in
      if case .wrongCount(array: "tokens", _, _) = error.problem {
        return TraceFileError(path, error.problem)
      }
      return error
    }
  }
}
