import ArgumentParser
import ModelFiles
import Recurrent

/// What enters the network, the same for every subcommand that runs one.
struct InputOptions: ParsableArguments {
  @Option(help: "The text to read, in the model's own symbols.")
  var text: String?

  @Option(
    help: ArgumentHelp(
      "A file with the text; - is standard input.",
      discussion: """
        One line end at its end is left out, and CR LF is read as LF, where the model's vocabulary has \
        no such symbol.
        """,
      valueName: "file"))
  var textFile: String?

  @Option(
    help: ArgumentHelp(
      "Token numbers, such as 3,1,4, or a .npy of them; - is a .npy from standard input.",
      valueName: "list"))
  var tokens: String?

  @Option(
    help: ArgumentHelp(
      "Numbers, a row a step: a CSV file with a header row, or a .npy; - is standard input.",
      valueName: "file"))
  var features: String?

  @Option(help: ArgumentHelp("Which sequence of a .npy that holds several.", valueName: "n"))
  var batch: Int?

  @Option(
    help: ArgumentHelp(
      "The model's symbols: a JSON list, a JSON map to token numbers, or a line a symbol.",
      valueName: "file"))
  var vocab: String?

  @Option(
    help: ArgumentHelp(
      "The state before step 0: an .npz with h and c, or l0_fwd_h, l0_fwd_c …", valueName: "npz"))
  var state: String?

  func validate() throws {
    let given = [text, textFile, tokens, features].compactMap { $0 }.count
    guard given <= 1 else {
      throw ValidationError("Give one of --text, --text-file, --tokens and --features.")
    }
    if let batch {
      guard batch >= 0 else { throw ValidationError("--batch counts from 0.") }
      guard tokens.map(Self.isArray) ?? (features != nil) else {
        throw ValidationError("--batch chooses from a .npy of --tokens or --features.")
      }
    }
    if [textFile, tokens, features].contains("-") && vocab == "-" {
      throw ValidationError("Only one file can come from standard input.")
    }
  }

  /// Whether a sequence was given.
  var isGiven: Bool { text != nil || textFile != nil || tokens != nil || features != nil }

  /// The model with what the options say beside it: its vocabulary and its initial state.
  ///
  /// - Throws: `InputFileError` for what does not fit the network, or why a file cannot be read.
  func applied(to model: TrainedModel) throws -> TrainedModel {
    var model = model
    if let vocab {
      let vocabulary = try VocabularyFile.vocabulary(
        text: TextFile.read(vocab), path: TextFile.name(of: vocab),
        count: model.network.tokenCount)
      // Outputs that have names of their own keep them.
      if model.outputSymbols == model.vocabulary?.symbols {
        let fits = model.network.readout?.outputSize == vocabulary.count
        model.outputSymbols = fits ? vocabulary.symbols : nil
      }
      model.vocabulary = vocabulary
    }
    if let state {
      model.initialState = try StateFile.state(NumPyFile(path: state), for: model.network)
    }
    return model
  }

  /// The input as the model's tokens.
  ///
  /// - Parameter model: as `applied(to:)` gives it.
  /// - Throws: `InputError` naming what does not fit and where it came from.
  func sequence(for model: TrainedModel, at path: String) throws -> InputSequence {
    let input: InputSequence
    if let tokens {
      input =
        Self.isArray(tokens)
        ? try InputArray.tokens(Self.array(tokens), batch: batch)
        : .tokens(try Self.numbers(tokens))
    } else if let text {
      input = try Self.tokens(of: text, source: "--text", model, path)
    } else if let textFile {
      let text = try TextFile.read(textFile)
      let source = TextFile.name(of: textFile)
      input = try Self.tokens(
        of: Self.readable(text, source: source, model), source: source, model, path)
    } else if let features {
      input = try numbers(in: features, model.network)
    } else {
      throw InputError.nothingGiven(ModelInput(model))
    }
    guard input.count > 0 else { throw InputError.empty }
    do {
      try model.network.validate(input)
    } catch {
      let source =
        tokens.map { Self.isArray($0) ? TextFile.name(of: $0) : "--tokens" } ?? features.map(
          TextFile.name) ?? "input"
      throw InputError.doesNotFit(source: source, reason: error)
    }
    return input
  }

  /// Told from a list by the name.
  private static func isArray(_ tokens: String) -> Bool {
    tokens.hasSuffix(".npy") || tokens.hasSuffix(".npz") || tokens == "-"
  }

  private static func array(_ path: String) throws -> NumPyFile {
    guard path == "-" else { return try NumPyFile(path: path) }
    return try NumPyFile(bytes: TextFile.bytes(path), path: TextFile.name(of: path))
  }

  /// A CSV, or NumPy's by its first bytes.
  private func numbers(in path: String, _ network: Network) throws -> InputSequence {
    let name = TextFile.name(of: path)
    let bytes = try TextFile.bytes(path)
    if NumPyFile.begins(bytes) {
      return try InputArray.features(
        NumPyFile(bytes: bytes, path: name), width: network.layers[0].shape.inputSize,
        batch: batch)
    }
    guard batch == nil else { throw InputError.noBatch(path: name) }
    let table = try FeatureTable(text: TextFile.text(bytes, path: path), path: name)
    return .features(table.values, width: table.names.count)
  }

  /// A file's text without what editors and systems add and the model does not know: the mark at its
  /// start, the CR of line ends, one line end after all.
  private static func readable(
    _ text: String, source: String, _ model: TrainedModel
  ) -> String {
    let known = Set((model.vocabulary?.symbols ?? []).flatMap(\.unicodeScalars))
    // In place where it can be: a text of a million characters stands before the first frame.
    var scalars = text.unicodeScalars[...]
    let mark = TextFile.byteOrderMark
    if scalars.first == mark, !known.contains(mark) { scalars.removeFirst() }
    if scalars.last == "\n", !known.contains("\n") {
      scalars.removeLast()
      if scalars.last == "\r", !known.contains("\r") { scalars.removeLast() }
    }
    guard text.utf8.contains(UInt8(ascii: "\r")), !known.contains("\r") else {
      return String(scalars)
    }
    let all = Array(scalars)
    let kept = all.indices.filter {
      all[$0] != "\r" || $0 + 1 == all.count || all[$0 + 1] != "\n"
    }.map { all[$0] }
    // A line end at the very end changes nothing that would be worth a word.
    if known.contains("\n"), kept.count < all.count {
      Process.say("\(source): line ends of CR LF are read as LF: the model has no CR")
    }
    return String(String.UnicodeScalarView(kept))
  }

  private static func tokens(
    of text: String, source: String, _ model: TrainedModel, _ path: String
  ) throws -> InputSequence {
    guard let vocabulary = model.vocabulary else {
      throw InputError.noVocabulary(model: path, ModelInput(model))
    }
    do {
      return .tokens(try vocabulary.tokens(of: text))
    } catch {
      throw InputError.unknownSymbol(source: source, error)
    }
  }

  private static func numbers(_ list: String) throws -> [Int] {
    if list.isEmpty { return [] }
    return try list.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let digits = part.drop { $0 == " " }
      guard let number = Int(digits) else { throw InputError.notANumber(String(part)) }
      return number
    }
  }
}
