/// Finds the embedding and the readout among the tensors outside the recurrent module, by shape and
/// name together.
///
/// The shape says what a tensor could be: an embedding gives what layer 0 takes and has no bias, a
/// readout takes what the last layer gives. Among those a telling name wins; where two names tell
/// the same, the one that shares more of its path with the module. A tensor without a telling name
/// is taken when it is the only one left and can be one thing only.
struct HeadSearch {
  /// What is known of a tensor outside the recurrent modules.
  struct Tensor {
    var shape: [Int]
    /// Tensors of one place are one and the same; nil where each has numbers of its own.
    var place: String?
  }

  /// A matrix among them.
  struct Candidate {
    var name: String
    /// (rows, columns).
    var rows: Int
    var columns: Int
    /// The 1-D tensor beside it, as long as it has rows.
    var bias: String?
    var role: ModelFileError.Role?
    var place: String?
  }

  private(set) var embedding: Candidate?
  private(set) var readout: Candidate?
  /// The tensors of a head of more than one layer, which is not a readout that could be shown.
  private(set) var deepHead: [String] = []
  /// What was taken for granted, in words.
  private(set) var notes: [String] = []

  /// - Parameters:
  ///   - tensors: every tensor outside the recurrent modules, by name.
  ///   - module: the recurrent module's name.
  ///   - inputSize: I of layer 0.
  ///   - outputSize: what the last layer gives.
  ///   - choices: what a person has said already.
  init(
    tensors: [String: Tensor], module: String, inputSize: Int, outputSize: Int,
    choices: ModelChoices = ModelChoices()
  ) throws(ModelFileError.Problem) {
    let candidates = Self.candidates(tensors)
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
    embeddings = Self.distinct(embeddings, as: .embedding)
    readouts = Self.distinct(readouts, as: .readout)
    if embedding == nil { embedding = try Self.named(.embedding, embeddings, module) }
    if readout == nil { readout = try Self.named(.readout, readouts, module) }
    try takeTheOnlyOneLeft(embeddings, readouts, among: candidates)
    if let readout, choices.readout == nil {
      let next = candidates.filter {
        $0.role == .readout && $0.columns == readout.rows && $0.name != readout.name
          && ($0.place == nil || $0.place != readout.place)
      }
      if !next.isEmpty {
        deepHead = [readout.name] + next.map(\.name)
        self.readout = nil
      }
    }
    if readout == nil, deepHead.isEmpty, choices.readout == nil {
      readout = tied(tensors, outputSize: outputSize)
    }
  }

  /// Of tensors that are one and the same the one whose name tells the role, or which has a bias.
  private static func distinct(
    _ candidates: [Candidate], as role: ModelFileError.Role
  ) -> [Candidate] {
    func rank(_ candidate: Candidate) -> Int {
      (candidate.role == role ? 4 : candidate.role == nil ? 2 : 0)
        + (candidate.bias != nil ? 1 : 0)
    }
    var best: [String: Candidate] = [:]
    for candidate in candidates {
      guard let place = candidate.place else { continue }
      if best[place].map({ rank($0) >= rank(candidate) }) ?? false { continue }
      best[place] = candidate
    }
    return candidates.filter { candidate in
      candidate.place.map { best[$0]?.name == candidate.name } ?? true
    }
  }

  /// The readout of tied weights: a bias of the vocabulary's size that has no weights in the file is
  /// added to h times the embedding.
  private mutating func tied(_ tensors: [String: Tensor], outputSize: Int) -> Candidate? {
    guard let embedding, embedding.columns == outputSize else { return nil }
    let biases = tensors.keys.filter { name in
      guard let leaf = name.split(separator: ".").last, leaf == "bias" || leaf.hasSuffix("_bias")
      else { return false }
      let weights = String(name.dropLast("bias".count)) + "weight"
      return tensors[name]?.shape == [embedding.rows] && tensors[weights] == nil
    }
    guard let bias = biases.first, biases.count == 1 else { return nil }
    notes.append(
      "the readout is the embedding \(quoted(embedding.name)) again, as \(quoted(bias)) has no "
        + "weights of its own; else --readout none")
    var readout = embedding
    readout.bias = bias
    return readout
  }

  private static func chosen(
    _ role: ModelFileError.Role, _ choice: ModelChoices.Head, _ fitting: [Candidate]
  ) throws(ModelFileError.Problem) -> Candidate? {
    try choice.choose(role, among: fitting.map { [$0.name] }).map { fitting[$0] }
  }

  private static func candidates(_ tensors: [String: Tensor]) -> [Candidate] {
    tensors.keys.sorted().compactMap { name in
      guard let shape = tensors[name]?.shape, shape.count == 2, shape[0] > 0, shape[1] > 0 else {
        return nil
      }
      let bias = biasName(of: name)
      return Candidate(
        name: name, rows: shape[0], columns: shape[1],
        bias: bias.flatMap { tensors[$0]?.shape == [shape[0]] ? $0 : nil }, role: role(of: name),
        place: tensors[name]?.place)
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
    _ embeddings: [Candidate], _ readouts: [Candidate], among candidates: [Candidate]
  ) throws(ModelFileError.Problem) {
    let forEmbedding = embedding == nil ? embeddings.filter { $0.role == nil } : []
    let forReadout = readout == nil ? readouts.filter { $0.role == nil } : []
    if forEmbedding.count > 1 {
      throw .ambiguousRole(.embedding, tensors: forEmbedding.map(\.name))
    }
    if forReadout.count > 1 { throw .ambiguousRole(.readout, tensors: forReadout.map(\.name)) }
    if let one = forEmbedding.first, one.name == forReadout.first?.name {
      // Two names of one matrix that fits both are the one and the other.
      let isShared = candidates.contains {
        $0.name != one.name && $0.place != nil && $0.place == one.place
      }
      guard isShared else { throw .eitherRole(tensor: one.name) }
    }
    embedding = embedding ?? forEmbedding.first
    readout = readout ?? forReadout.first
  }

  /// How many leading parts two dotted names have in common.
  private static func sharedParts(_ first: String, _ second: String) -> Int {
    zip(first.split(separator: "."), second.split(separator: ".")).prefix { $0 == $1 }.count
  }
}
