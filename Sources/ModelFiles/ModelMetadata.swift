import Files
import Recurrent

/// What Gatescope writes into `__metadata__` beside the tensors; see docs/model-files.md.
enum ModelMetadata {
  static let version = "gatescope.version"
  static let vocabulary = "gatescope.vocabulary"
  static let task = "gatescope.task"
  static let readout = "gatescope.readout"
  static let activation = "gatescope.activation"
  static let outputs = "gatescope.outputs"
  static let features = "gatescope.features"

  /// The version of these keys' meaning.
  static let currentVersion = "1"

  typealias Problem = ModelFileError.Problem

  /// What follows the readout; nil where the file says nothing.
  static func activation(_ metadata: [String: String]) throws(Problem) -> Readout.Activation? {
    guard let text = metadata[readout] else { return nil }
    guard let activation = Readout.Activation(rawValue: text) else {
      let known = Readout.Activation.allCases.map(\.rawValue).joined(separator: ", ")
      throw .badMetadata(key: readout, expected: "one of \(known)", found: text)
    }
    return activation
  }

  /// What an RNN applies; nil where the file says nothing.
  static func rnnActivation(
    _ metadata: [String: String]
  ) throws(Problem) -> ModelChoices.RNNActivation? {
    guard let text = metadata[activation] else { return nil }
    guard let told = ModelChoices.RNNActivation(rawValue: text) else {
      throw .badMetadata(key: activation, expected: "tanh or relu", found: text)
    }
    return told
  }

  /// The symbols, one a token.
  ///
  /// - Parameter tokenCount: how many tokens the network reads.
  static func vocabulary(
    _ metadata: [String: String], tokenCount: Int
  ) throws(Problem) -> Vocabulary? {
    guard let symbols = try names(vocabulary, metadata) else { return nil }
    guard symbols.count == tokenCount else {
      throw .vocabularyCount(expected: tokenCount, found: symbols.count)
    }
    return Vocabulary(symbols)
  }

  /// A list of names, one a number of what enters (`features`) or leaves (`outputs`) the network;
  /// nil where the file has none.
  static func names(
    _ key: String, count: Int?, _ metadata: [String: String]
  ) throws(Problem) -> [String]? {
    guard let count, let names = try names(key, metadata) else { return nil }
    guard names.count == count else {
      throw .badMetadata(
        key: key, expected: "\(count) names", found: "\(names.count): \(names.prefix(8))")
    }
    return names
  }

  private static func names(
    _ key: String, _ metadata: [String: String]
  ) throws(Problem) -> [String]? {
    guard let text = metadata[key] else { return nil }
    do throws(Problem) {
      return try strings(text)
    } catch {
      throw .badMetadata(key: key, expected: "a JSON list of strings", found: text)
    }
  }

  /// Nil where this Gatescope knows the keys' meaning.
  static func warning(_ metadata: [String: String]) -> String? {
    guard let found = metadata[version], found != currentVersion else { return nil }
    return "its metadata is of version \(quoted(found)), this Gatescope knows '\(currentVersion)'"
  }

  /// What a file should say about `model`, over what it said before and what the caller adds.
  static func of(_ model: TrainedModel, extra: [String: String]) -> [String: String] {
    var metadata = model.metadata.merging(extra) { $1 }
    metadata[version] = currentVersion
    metadata[task] = model.task
    metadata[readout] = model.network.readout?.activation.rawValue
    let shape = model.network.layers[0].shape
    metadata[activation] = shape.cell == .rnn ? shape.activations.candidate.description : nil
    metadata[vocabulary] = model.vocabulary.map { list($0.symbols) }
    metadata[features] = model.featureNames.map(list)
    metadata[outputs] =
      model.outputSymbols == model.vocabulary?.symbols ? nil : model.outputSymbols.map(list)
    return metadata
  }

  private static func list(_ names: [String]) -> String {
    "[" + names.map(jsonString).joined(separator: ",") + "]"
  }

  private static func strings(_ text: String) throws(Problem) -> [String] {
    try Array(text.utf8).withUnsafeBufferPointer { bytes throws(Problem) in
      var cursor = JSONCursor(UnsafeRawBufferPointer(bytes))
      var strings: [String] = []
      try cursor.expect("[")
      while try cursor.hasNext(isFirst: strings.isEmpty, end: "]") {
        strings.append(try cursor.string())
      }
      try cursor.expectEnd()
      return strings
    }
  }
}
