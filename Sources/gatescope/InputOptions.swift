import ArgumentParser
import ModelFiles
import Recurrent

/// What enters the network, the same for every subcommand that runs one.
struct InputOptions: ParsableArguments {
  @Option(help: "The text to read, in the model's own symbols.")
  var text: String?

  @Option(
    help: ArgumentHelp(
      "A file with the text; - is standard input. One newline at its end is left out.",
      valueName: "file"))
  var textFile: String?

  @Option(help: ArgumentHelp("Token numbers, such as 3,1,4.", valueName: "list"))
  var tokens: String?

  @Option(
    help: ArgumentHelp(
      "A CSV file of numbers with a header row, a row a step; - is standard input.",
      valueName: "file"))
  var features: String?

  func validate() throws {
    let given = [text, textFile, tokens, features].compactMap { $0 }.count
    guard given <= 1 else {
      throw ValidationError("Give one of --text, --text-file, --tokens and --features.")
    }
  }

  /// The input as the model's tokens.
  ///
  /// - Throws: `InputError` naming what does not fit and where it came from.
  func sequence(for model: TrainedModel, at path: String) throws -> InputSequence {
    let input: InputSequence
    if let tokens {
      input = .tokens(try Self.numbers(tokens))
    } else if let text {
      input = try Self.tokens(of: text, source: "--text", model, path)
    } else if let textFile {
      var text = try TextFile.read(textFile)
      if text.unicodeScalars.last == "\n", !hasSymbol("\n", model) {
        text.unicodeScalars.removeLast()
      }
      input = try Self.tokens(of: text, source: TextFile.name(of: textFile), model, path)
    } else if let features {
      let table = try FeatureTable(text: TextFile.read(features), path: TextFile.name(of: features))
      input = .features(table.values, width: table.names.count)
    } else {
      throw InputError.nothingGiven(symbols: model.vocabulary?.symbols)
    }
    guard input.count > 0 else { throw InputError.empty }
    do {
      try model.network.validate(input)
    } catch {
      let source = tokens != nil ? "--tokens" : features.map(TextFile.name) ?? "input"
      throw InputError.doesNotFit(source: source, reason: error)
    }
    return input
  }

  private func hasSymbol(_ symbol: String, _ model: TrainedModel) -> Bool {
    model.vocabulary?.symbols.contains(symbol) ?? false
  }

  private static func tokens(
    of text: String, source: String, _ model: TrainedModel, _ path: String
  ) throws -> InputSequence {
    guard let vocabulary = model.vocabulary else { throw InputError.noVocabulary(model: path) }
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

/// Why an input cannot be read.
enum InputError: Error, CustomStringConvertible {
  case nothingGiven(symbols: [String]?)
  case empty
  case noVocabulary(model: String)
  case unknownSymbol(source: String, UnknownSymbol)
  case notANumber(String)
  case noFeatures(path: String)
  case doesNotFit(source: String, reason: NetworkError)

  var description: String {
    switch self {
    case .nothingGiven(let symbols?) where symbols.allSatisfy { $0.unicodeScalars.count == 1 }:
      "no input: give --text with the model's symbols (\(symbols.prefix(30).joined())), "
        + "--text-file or --tokens"
    case .nothingGiven:
      "no input: give --text, --text-file or --tokens"
    case .empty:
      "the input is empty; give at least one symbol"
    case .noVocabulary(let model):
      "\(model): has no vocabulary, so it cannot read text; give --tokens 3,1,4 instead"
    case .unknownSymbol(let source, let error):
      "\(source): \(error)"
    case .notANumber(let part):
      "--tokens: '\(part)' is not a whole number; write them as 3,1,4"
    case .noFeatures(let path):
      "\(path): has no columns but targets"
    case .doesNotFit(let source, let reason):
      "\(source): \(reason)"
    }
  }
}
