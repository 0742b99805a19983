import Inspector
import ModelFiles
import Recurrent
import Screen

/// Another run beside the session's own, for comparing: another text, or another model.
public struct OtherRun {
  public let trace: Trace
  let model: TrainedModel
  /// "gru.safetensors", "“BTXSE”": what tells it from the first.
  public let name: String
  /// Whether it reads something else than the session does.
  public let hasOwnInput: Bool
  /// Which of the demo's other models it is; nil for another text or a file.
  let variant: String?
  /// Fills the trace; only the workbench runs it. Nil where everything is recorded.
  let recorder: TraceRecorder?
}

/// What another run is to be made of.
public enum OtherRunRequest: Sendable, Equatable {
  /// Another text through the session's model.
  case text(String)
  /// Another model over the session's input.
  case model(path: String)
  /// Another model of the same demo, by its name.
  case variant(String)
}

/// Makes other runs.
public struct OtherRunOpener {
  private let session: Session
  private let readModel: (String) throws -> TrainedModel

  /// - Parameter readModel: reads a model file; the description of an error that it throws is shown.
  public init(session: Session, readModel: @escaping (String) throws -> TrainedModel) {
    self.session = session
    self.readModel = readModel
  }

  /// - Throws: `OtherRunError`, or what `readModel` throws.
  public func open(_ request: OtherRunRequest) throws -> OtherRun {
    switch request {
    case .text(let text):
      guard let model = session.model else { throw OtherRunError.noModel(session.name) }
      let input = try tokens(of: text, model)
      return try run(model, input, name: "“\(Glyphs.line(text).fitted(to: 18))”", hasOwnInput: true)
    case .model(let path):
      return try reading(path, name: path.split(separator: "/").last.map(String.init) ?? path)
    case .variant(let name):
      guard let path = session.variants[name] else {
        throw OtherRunError.noVariant(name, known: session.variants.keys.sorted())
      }
      return try reading(path, name: name, variant: name)
    }
  }

  /// Another model over the session's input.
  private func reading(
    _ path: String, name: String, variant: String? = nil
  ) throws -> OtherRun {
    let model = try readModel(path)
    let input = try input(for: model, name)
    let doubts = Session.doubts(about: model).joined(separator: ", ")
    let shown = Glyphs.visible(name) + (doubts.isEmpty ? "" : " (\(doubts))")
    return try run(model, input, name: shown, hasOwnInput: false, variant: variant)
  }

  private func run(
    _ model: TrainedModel, _ input: InputSequence, name: String, hasOwnInput: Bool,
    variant: String? = nil
  ) throws -> OtherRun {
    let recorder: TraceRecorder
    do {
      recorder = try TraceRecorder(
        network: model.network, input: input, state: model.initialState,
        symbols: model.vocabulary?.symbols, outputSymbols: model.outputSymbols)
    } catch let error {
      throw OtherRunError.doesNotFit(name, error)
    }
    return OtherRun(
      trace: recorder.trace, model: model, name: name, hasOwnInput: hasOwnInput, variant: variant,
      recorder: recorder)
  }

  private func tokens(of text: String, _ model: TrainedModel) throws -> InputSequence {
    guard let vocabulary = model.vocabulary else { throw OtherRunError.noVocabulary(session.name) }
    let tokens: [Int]
    do throws(UnknownSymbol) {
      tokens = try vocabulary.tokens(of: text)
    } catch {
      throw OtherRunError.unknownSymbol(error)
    }
    guard !tokens.isEmpty else { throw OtherRunError.emptyText }
    return .tokens(tokens)
  }

  /// The session's input as the other model numbers its symbols, a token a token, so that the steps
  /// stay side by side; the same numbers where one of them has no symbols.
  private func input(for model: TrainedModel, _ name: String) throws -> InputSequence {
    let trace = session.trace
    switch trace.input {
    case .features(_, width: 0): throw OtherRunError.noInput(session.name)
    case .features: return trace.input
    case .tokens(let tokens):
      guard let symbols = trace.symbols, let others = model.vocabulary?.symbols,
        symbols != others
      else { return trace.input }
      var numbers: [String: Int] = [:]
      for (number, symbol) in others.enumerated() where numbers[symbol] == nil {
        numbers[symbol] = number
      }
      return .tokens(
        try tokens.indices.map { step in
          let symbol = trace.tokenText(at: step) ?? ""
          guard let number = numbers[symbol] else {
            throw OtherRunError.noSuchSymbol(symbol, step: step, model: name)
          }
          return number
        })
    }
  }
}

/// Why there cannot be another run.
public enum OtherRunError: Error, CustomStringConvertible {
  case noModel(String)
  case noVariant(String, known: [String])
  case noVocabulary(String)
  case noInput(String)
  case emptyText
  case unknownSymbol(UnknownSymbol)
  case noSuchSymbol(String, step: Int, model: String)
  case doesNotFit(String, NetworkError)

  public var description: String {
    switch self {
    case .noModel(let name): "\(name) is a recorded trace: there is no model to read a text"
    case .noVariant(let name, let known): Words.noVariant(name, known: known)
    case .noVocabulary(let name): "\(name) has no vocabulary, so it cannot read text"
    case .noInput(let name): "\(name) does not say what it read, so no model can read it again"
    case .emptyText: "the text is empty; give at least one symbol"
    case .unknownSymbol(let error): "\(error)"
    case .noSuchSymbol(let symbol, let step, let model):
      "\(model) has no symbol \(Glyphs.visible(symbol)), which step \(step) reads"
    case .doesNotFit(let name, let error): "\(name): \(error)"
    }
  }
}

extension Glyphs {
  /// A text on one line, what would not show made visible.
  static func line(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { $0 += $1 == " " ? " " : visible(String($1)) }
  }
}
