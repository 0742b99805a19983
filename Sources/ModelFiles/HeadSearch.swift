/// Finds the embedding and the readout among the tensors outside the recurrent module, by shape and
/// name together.
///
/// The shape says what a tensor could be: an embedding gives what layer 0 takes and has no bias, a
/// readout takes what the last layer gives. Among those a telling name wins; where two names tell
/// the same, the one that shares more of its path with the module. A tensor without a telling name
/// is taken when it is the only one left and can be one thing only.
struct HeadSearch {
  /// A tensor outside the recurrent modules.
  struct Candidate {
    var name: String
    /// (rows, columns).
    var rows: Int
    var columns: Int
    /// The 1-D tensor beside it, as long as it has rows.
    var bias: String?
    var role: ModelFileError.Role?
  }

  private(set) var embedding: Candidate?
  private(set) var readout: Candidate?
  /// The tensors of a head of more than one layer, which is not a readout that could be shown.
  private(set) var deepHead: [String] = []

  /// - Parameters:
  ///   - shapes: of every tensor outside the recurrent modules, by name.
  ///   - module: the recurrent module's name.
  ///   - inputSize: I of layer 0.
  ///   - outputSize: what the last layer gives.
  ///   - choices: what a person has said already.
  init(
    shapes: [String: [Int]], module: String, inputSize: Int, outputSize: Int,
    choices: ModelChoices = ModelChoices()
  ) throws(ModelFileError.Problem) {
    let candidates = Self.candidates(shapes)
    var embeddings = candidates.filter { $0.columns == inputSize && $0.bias == nil }
    var readouts = candidates.filter { $0.columns == outputSize }
    if let choice = choices.embedding {
      embedding = try Self.chosen(.embedding, choice, embeddings)
      embeddings = []
    }
    if let choice = choices.readout {
      readout = try Self.chosen(.readout, choice, readouts)
      readouts = []
    }
    // What was chosen as the one is not found as the other.
    embeddings.removeAll { $0.name == readout?.name }
    readouts.removeAll { $0.name == embedding?.name }
    if embedding == nil { embedding = try Self.named(.embedding, embeddings, module) }
    if readout == nil { readout = try Self.named(.readout, readouts, module) }
    try takeTheOnlyOneLeft(embeddings, readouts)
    if let readout, choices.readout == nil {
      let next = candidates.filter {
        $0.role == .readout && $0.columns == readout.rows && $0.name != readout.name
      }
      if !next.isEmpty {
        deepHead = [readout.name] + next.map(\.name)
        self.readout = nil
      }
    }
  }

  private static func chosen(
    _ role: ModelFileError.Role, _ choice: ModelChoices.Head, _ fitting: [Candidate]
  ) throws(ModelFileError.Problem) -> Candidate? {
    try choice.choose(role, among: fitting.map { [$0.name] }).map { fitting[$0] }
  }

  private static func candidates(_ shapes: [String: [Int]]) -> [Candidate] {
    shapes.keys.sorted().compactMap { name in
      guard let shape = shapes[name], shape.count == 2, shape[0] > 0, shape[1] > 0 else {
        return nil
      }
      let bias = biasName(of: name)
      return Candidate(
        name: name, rows: shape[0], columns: shape[1],
        bias: bias.flatMap { shapes[$0] == [shape[0]] ? $0 : nil }, role: role(of: name))
    }
  }

  /// "head.bias" for "head.weight".
  static func biasName(of name: String) -> String? {
    guard name == "weight" || name.hasSuffix(".weight") else { return nil }
    return name.dropLast("weight".count) + "bias"
  }

  /// What the name tells; the part nearest to its end decides ("decoder.embedding.weight").
  static func role(of name: String) -> ModelFileError.Role? {
    let readoutWords = [
      "readout", "linear", "head", "decoder", "dense", "classif", "logits", "predict", "generator",
      "output", "h2o", "hidden2",
    ]
    for part in name.lowercased().split(separator: ".").reversed() {
      if part.contains("emb") || ["wte", "lookup", "encoder"].contains(part) { return .embedding }
      if readoutWords.contains(where: { part.contains($0) }) || part == "out"
        || part.hasSuffix("_out") || part.hasPrefix("out_") || part.hasPrefix("fc")
      {
        return .readout
      }
    }
    return nil
  }

  private static func named(
    _ role: ModelFileError.Role, _ candidates: [Candidate], _ module: String
  ) throws(ModelFileError.Problem) -> Candidate? {
    let named = candidates.filter { $0.role == role }
    let nearness = named.map { sharedParts($0.name, module) }
    let closest = nearness.max()
    let nearest = zip(named, nearness).filter { $0.1 == closest }.map(\.0)
    guard nearest.count <= 1 else {
      // A name that is the role itself is beyond doubt.
      let exact = nearest.filter { candidate in
        candidate.name.split(separator: ".").dropLast().last.map(String.init) == role.rawValue
      }
      if exact.count == 1 { return exact[0] }
      throw .ambiguousRole(role, tensors: nearest.map(\.name))
    }
    return nearest.first
  }

  /// Fills what no name told, from tensors whose names tell nothing.
  private mutating func takeTheOnlyOneLeft(
    _ embeddings: [Candidate], _ readouts: [Candidate]
  ) throws(ModelFileError.Problem) {
    let forEmbedding = embedding == nil ? embeddings.filter { $0.role == nil } : []
    let forReadout = readout == nil ? readouts.filter { $0.role == nil } : []
    if forEmbedding.count > 1 {
      throw .ambiguousRole(.embedding, tensors: forEmbedding.map(\.name))
    }
    if forReadout.count > 1 { throw .ambiguousRole(.readout, tensors: forReadout.map(\.name)) }
    if let one = forEmbedding.first, one.name == forReadout.first?.name {
      throw .eitherRole(tensor: one.name)
    }
    embedding = embedding ?? forEmbedding.first
    readout = readout ?? forReadout.first
  }

  /// How many leading parts two dotted names have in common.
  private static func sharedParts(_ first: String, _ second: String) -> Int {
    zip(first.split(separator: "."), second.split(separator: ".")).prefix { $0 == $1 }.count
  }
}
