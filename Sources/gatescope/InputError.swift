import Files
import ModelFiles
import Recurrent

/// Why an input cannot be read.
enum InputError: Error, CustomStringConvertible {
  case nothingGiven(ModelInput)
  case empty
  case noVocabulary(model: String, ModelInput)
  case unknownSymbol(source: String, UnknownSymbol)
  case notANumber(String)
  case noFeatures(path: String)
  case noBatch(path: String)
  case doesNotFit(source: String, reason: NetworkError)

  var description: String {
    switch self {
    case .nothingGiven(.symbols(let symbols)):
      "no input: give \(ModelInput.symbols(symbols).options)"
    case .nothingGiven(.numbers(let width, let names)):
      "no input: give \(ModelInput.numbers(width: width, names: names).options)"
    case .nothingGiven(let input):
      "no input: give \(input.options), or --text with --vocab"
    case .empty:
      "the input is empty; give at least one symbol"
    case .noVocabulary(let model, .numbers(let width, let names)):
      "\(model): reads \(ModelInput.numbers(width, names)), not text; give them with --features"
    case .noVocabulary(let model, let input):
      "\(model): has no vocabulary, so it cannot read text; give --vocab, or \(input.options)"
    case .unknownSymbol(let source, let error):
      "\(source): \(error)"
    case .notANumber(let part):
      "--tokens: '\(part)' is not a whole number; write them as 3,1,4"
    case .noFeatures(let path):
      "\(path): has no columns but targets"
    case .noBatch(let path):
      "\(path): is a table of one sequence, so --batch has nothing to choose from"
    case .doesNotFit(let source, let reason):
      "\(source): \(reason)"
    }
  }
}

/// What a model reads, as far as its file tells.
enum ModelInput {
  case symbols([String])
  /// Tokens by their numbers: there is an embedding, but no vocabulary.
  case tokens
  /// Numbers that the file names.
  case numbers(width: Int, names: [String])
  /// Numbers, or tokens one-hot.
  case either(width: Int)

  init(_ model: TrainedModel) {
    let width = model.network.layers[0].shape.inputSize
    if let vocabulary = model.vocabulary {
      self = .symbols(vocabulary.symbols)
    } else if let names = model.featureNames {
      self = .numbers(width: width, names: names)
    } else {
      self = model.network.embedding == nil ? .either(width: width) : .tokens
    }
  }

  /// The options that give it something to read.
  var options: String {
    switch self {
    case .symbols(let symbols) where symbols.allSatisfy { $0.unicodeScalars.count == 1 }:
      "--text with the model's symbols \(Self.few(symbols)), --text-file or --tokens"
    case .symbols: "--text, --text-file or --tokens"
    case .tokens: "--tokens 3,1,4"
    case .numbers(let width, let names): "--features with \(Self.numbers(width, names))"
    case .either(let width): "--tokens 3,1,4 or --features with \(Self.numbers(width, []))"
    }
  }

  /// "2 numbers a step (number, mark)".
  static func numbers(_ width: Int, _ names: [String]) -> String {
    let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    return (width == 1 ? "a number" : "\(width) numbers") + " a step"
      + (names.isEmpty ? "" : " (\(shownText(shown)))")
  }

  private static func few(_ symbols: [String]) -> String {
    "(\(shownText(symbols.prefix(30).joined())))"
  }
}
