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

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Let a model go on by itself, and print what it writes.",
    discussion: """
      A model that predicts the next symbol writes a text: each symbol is drawn from what the readout \
      says, and read. One that gives the numbers that it reads, such as mackey-glass, runs free on its \
      own output, as CSV. The same seed gives the same text. docs/generate.md has the rest.
      """)

  @OptionGroup var source: ModelArgument

  @Option(
    help: ArgumentHelp(
      "What the text begins with; of a demo else its own beginning. \\n is a line break.",
      valueName: "text"))
  var prompt: String?

  @Option(
    name: [.customShort("n"), .customLong("count")],
    help: ArgumentHelp("How many symbols or steps follow.", valueName: "n"))
  var count = 200

  @Option(
    help: ArgumentHelp(
      "Below 1 the likelier symbols become likelier still; 0 takes the likeliest. Else 1.",
      valueName: "t"))
  var temperature: Double?

  @Option(help: ArgumentHelp("Draw from the k likeliest symbols only.", valueName: "k"))
  var topK: Int?

  @Option(help: ArgumentHelp("What the draws are made from. Else 1.", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Stop where this has been written; \\n is a line break.", valueName: "text"))
  var until: String?

  @Option(
    help: ArgumentHelp(
      "Record every signal of every step as well, into a .csv or .npz.", valueName: "file"))
  var record: String?

  @OptionGroup var replacing: ReplaceOptions

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @OptionGroup var memory: MemoryOptions

  func validate() throws {
    if prompt != nil, input.isGiven {
      throw ValidationError(
        "Give --prompt, or one of --text, --text-file, --tokens and --features.")
    }
    if count < 1 { throw ValidationError("-n must be 1 or more.") }
    if let temperature, !(temperature >= 0 && temperature.isFinite) {
      throw ValidationError("--temperature must be a number from 0 on; 0 takes the likeliest.")
    }
    if let topK, topK < 1 { throw ValidationError("--top-k must be 1 or more.") }
    if until?.isEmpty == true { throw ValidationError("--until needs a text to stop at.") }
    if replacing.force && record == nil { throw ValidationError("--force belongs to --record.") }
    if record == "-" { throw ValidationError("--record needs a file; the text is printed.") }
  }

  func run() throws {
    let format = try record.map { try TraceFormat(forPath: $0) }
    try record.map(replacing.check)
    let opened = try ModelOrDemo(source, reading, input)
    let isText =
      opened.model.vocabulary != nil || opened.model.network.embedding != nil
      || input.tokens != nil || prompt != nil
    let whole = isText ? try write(opened) : try runFree(opened)
    if let record, let format {
      try save(whole, of: opened.model, format, to: record)
    }
  }

  // MARK: - Symbols

  /// Prints the prompt and what follows.
  ///
  /// - Returns: both.
  private func write(_ opened: ModelOrDemo) throws -> InputSequence {
    let (model, path) = (opened.model, opened.path)
    var generator = try ModelFault.naming(path) {
      try SymbolGenerator(
        model.network, state: model.initialState,
        choice: TokenChoice(temperature: temperature ?? 1, topCount: topK, seed: seed ?? 1),
        symbols: model.vocabulary?.symbols, outputSymbols: model.outputSymbols)
    }
    guard case .tokens(var tokens) = try beginning(opened) else {
      throw GenerateFault.numbersForText(path)
    }
    var ending = try ending(until.map { unescaped($0, model) }, model, path)
    let symbols = model.vocabulary?.symbols.map { Array($0.utf8) }
    let output = GeneratedOutput(isLive: isatty(STDOUT_FILENO) == 1)
    let interrupt = InterruptFlag()
    var bar = ProgressBar(isSilent: output.isLive)
    defer { bar.finish() }
    try output.writing {
      for token in tokens { try output.write(symbols?[token], orNumber: token) }
      generator.read(tokens)
      for number in 0..<count {
        if interrupt.isRaised { throw interrupt.exitCode }
        let token = try ModelFault.naming(path) { try generator.next() }
        tokens.append(token)
        try output.write(symbols?[token], orNumber: token)
        if let symbols, ending.isReached(after: symbols[token]) { break }
        bar.show(Double(number) / Double(count)) { "\(number) of \(count)" }
      }
    }
    return .tokens(tokens)
  }

  /// What is read first.
  private func beginning(_ opened: ModelOrDemo) throws -> InputSequence {
    let model = opened.model
    if let prompt {
      guard let vocabulary = model.vocabulary else {
        throw InputError.noVocabulary(model: opened.path, ModelInput(model))
      }
      guard !prompt.isEmpty else { throw InputError.empty }
      do {
        return .tokens(try vocabulary.tokens(of: unescaped(prompt, model)))
      } catch {
        throw InputError.unknownSymbol(source: "--prompt", error)
      }
    }
    if input.isGiven { return try input.sequence(for: model, at: opened.path) }
    guard let demo = opened.demo else {
      throw ValidationError(
        "No beginning: give --prompt with a text in the model's symbols, or --tokens 3,1,4.")
    }
    if let start = demo.demo.sampling?.start, let vocabulary = model.vocabulary {
      return .tokens(try vocabulary.tokens(of: start))
    }
    guard case .tokens(let tokens) = demo.input else { return demo.input }
    return .tokens(Array(tokens.prefix(1)))
  }

  /// \n and \t stand for a line break and a tab in a model that has no \ of its own.
  private func unescaped(_ text: String, _ model: TrainedModel) -> String {
    guard text.contains("\\"),
      model.vocabulary?.symbols.contains(where: { $0.contains("\\") }) == false
    else { return text }
    return text.replacing("\\n", with: "\n").replacing("\\t", with: "\t")
  }

  // MARK: - Numbers

  /// Prints a row a step that follows.
  ///
  /// - Returns: what was read and these.
  private func runFree(_ opened: ModelOrDemo) throws -> InputSequence {
    let (model, path) = (opened.model, opened.path)
    let misplaced = [
      (temperature != nil, "--temperature"), (topK != nil, "--top-k"), (seed != nil, "--seed"),
      (until != nil, "--until"),
    ].first(where: \.0)
    if let option = misplaced?.1 {
      throw ValidationError("\(option) chooses among symbols, but \(path) gives numbers.")
    }
    var generator = try ModelFault.naming(path) {
      try NumberGenerator(model.network, state: model.initialState)
    }
    guard opened.demo != nil || input.isGiven else {
      throw ValidationError("No beginning: give --features with the numbers that come first.")
    }
    guard case .features(var values, let width) = try opened.sequence(input) else {
      throw GenerateFault.numbersForText(path)
    }
    let names = model.featureNames ?? (0..<width).map { "x\($0)" }
    let output = GeneratedOutput(isLive: isatty(STDOUT_FILENO) == 1)
    let interrupt = InterruptFlag()
    try output.writing {
      try output.write("step," + names.joined(separator: ",") + "\n")
      generator.read(values)
      for _ in 0..<count {
        if interrupt.isRaised { throw interrupt.exitCode }
        let next = try ModelFault.naming(path) { try generator.next() }
        let step = values.count / width
        values += next
        try output.write("\(step)," + next.map { "\($0)" }.joined(separator: ",") + "\n")
      }
    }
    return .features(values, width: width)
  }

  // MARK: - The trace

  /// Steps through the whole once more, which gives the same values to the bit.
  private func save(
    _ whole: InputSequence, of model: TrainedModel, _ format: TraceFormat, to path: String
  ) throws {
    let recorder = try TraceRecorder(
      network: model.network, input: whole, state: model.initialState,
      symbols: model.vocabulary?.symbols, outputSymbols: model.outputSymbols,
      memory: memory.bytes())
    let selection = try TraceSelection(SelectionOptions(), of: recorder.trace, for: format)
    let interrupt = InterruptFlag()
    var bar = ProgressBar()
    defer { bar.finish() }
    let exporter = TraceExporter(network: model.network) { end in
      repeat {
        if interrupt.isRaised { throw interrupt.exitCode }
        bar.show(recorder.progress) { "recording step \(recorder.trace.recordedSteps)" }
      } while !recorder.record(through: end - 1, limit: 256)
    }
    try replacing.write(to: path) {
      try exporter.write(recorder.trace, selection, format, to: $0)
    }
  }
}

/// Why nothing can be generated.
enum GenerateFault: Error, CustomStringConvertible {
  case numbersForText(String)

  var description: String {
    switch self {
    case .numbersForText(let path):
      "\(path): predicts symbols, so it goes on from a text, not numbers"
    }
  }
}

/// Where a text should stop.
///
/// - Throws: `InputError` where the model never writes it.
private func ending(
  _ text: String?, _ model: TrainedModel, _ path: String
) throws -> WrittenEnding {
  guard let text else { return WrittenEnding(nil) }
  guard let vocabulary = model.vocabulary else {
    throw InputError.noVocabulary(model: path, ModelInput(model))
  }
  // Symbols of several characters may hold a part of it.
  if vocabulary.symbols.allSatisfy({ $0.unicodeScalars.count <= 1 }) {
    do {
      _ = try vocabulary.tokens(of: text)
    } catch {
      throw InputError.unknownSymbol(source: "--until", error)
    }
  }
  return WrittenEnding(text)
}

/// Standard output, written at once where somebody looks on, and in pieces elsewhere.
private final class GeneratedOutput {
  let isLive: Bool
  private let sink = DescriptorSink()
  private var pending: [UInt8] = []
  private var last: UInt8?
  private var isBegun = false

  init(isLive: Bool) { self.isLive = isLive }

  /// A symbol, or a token's number where it has none.
  func write(_ symbol: [UInt8]?, orNumber token: Int) throws {
    try add(symbol ?? Array((isBegun ? " " : "").utf8) + Array("\(token)".utf8))
    isBegun = true
  }

  func write(_ text: String) throws { try add(Array(text.utf8)) }

  private func add(_ bytes: [UInt8]) throws {
    pending += bytes
    last = bytes.last ?? last
    if isLive || pending.count > 1 << 16 { try flush() }
  }

  private func flush() throws {
    defer { pending.removeAll(keepingCapacity: true) }
    try pending.withUnsafeBytes { try sink.write($0) }
  }

  /// Runs what writes, and writes what is left however that ends; a reader that has gone is none of its
  /// faults.
  func writing(_ body: () throws -> Void) throws {
    signal(SIGPIPE, SIG_IGN)
    do {
      do {
        try body()
      } catch ExportError.readerGone {
        throw ExportError.readerGone
      } catch {
        try end()
        throw error
      }
      try end()
    } catch ExportError.readerGone {
      // `| head` has seen enough, which is no failure.
    }
  }

  private func end() throws {
    if isLive, last != UInt8(ascii: "\n") { try add([UInt8(ascii: "\n")]) }
    try flush()
  }
}
