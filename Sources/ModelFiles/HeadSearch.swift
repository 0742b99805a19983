/// Finds the embedding and the readout among the tensors outside the recurrent module, by shape and
/// name together.
///
/// The shape says what a tensor could be: an embedding gives what layer 0 takes and has no bias, a
/// readout takes what the last layer gives. A head must stand nearer to this module than to any
/// other that it would fit, and no farther than from one that it would not. Among those a telling name
/// wins; where two names tell the same, the one that shares more of its path with the module. A tensor
/// without a telling name is taken when it is the only one left and can be one thing only. Where two
/// remain, none is taken.
struct HeadSearch {
  typealias Role = ModelFileError.Role

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
    var role: Role?
    var place: String?
  }

  /// A recurrent module of the file, by what it takes and gives; nil where its shapes do not say.
  struct Module {
    var name: String
    var inputSize: Int?
    var outputSize: Int?
  }

  private(set) var embedding: Candidate?
  private(set) var readout: Candidate?
  /// The tensors of a head of more than one layer, which is not a readout that could be shown.
  private(set) var deepHead: [String] = []
  /// How it was read.
  private(set) var notes: [String] = []
  private(set) var guesses: [ReadingGuess] = []
  private(set) var warnings: [String] = []
  /// Heads that were seen and not taken, with their biases: no part of the recurrent module.
  private(set) var leftOut: Set<String> = []

  private let module: Module
  private var all = HeadNearness.Paths()
  /// Of the modules that a head of the role would fit.
  private var fitting: [Role: HeadNearness.Paths] = [:]
  private let hasOthers: Bool
  /// Candidates that another module has as much right to.
  private var shared: [Role: [Candidate]] = [:]

  /// - Parameters:
  ///   - tensors: every tensor outside the recurrent modules, by name.
  ///   - module: this module, with both sizes.
  ///   - others: the file's other recurrent modules.
  ///   - choices: what a person has said already.
  init(
    tensors: [String: Tensor], module: Module, others: [Module] = [],
    choices: ModelChoices = ModelChoices()
  ) throws(ModelFileError.Problem) {
    self.module = module
    hasOthers = !others.isEmpty
    for other in others {
      all.insert(other.name)
      if other.inputSize == nil || other.inputSize == module.inputSize {
        fitting[.embedding, default: .init()].insert(other.name)
      }
      if other.outputSize == nil || other.outputSize == module.outputSize {
        fitting[.readout, default: .init()].insert(other.name)
      }
    }
    let candidates = Self.candidates(tensors)
    var embeddings = candidates.filter { $0.columns == module.inputSize && $0.bias == nil }
    var readouts = candidates.filter { $0.columns == module.outputSize }
    let heads = (embeddings + readouts).filter(isOutside)
    leftOut = Set(heads.flatMap { [$0.name, $0.bias].compactMap { $0 } })
    if let choice = choices.embedding {
      embedding = try Self.chosen(.embedding, choice, embeddings)
      embeddings = []
    }
    if let choice = choices.readout {
      readout = try Self.chosen(.readout, choice, readouts)
      readouts = []
    }
    // What was chosen as the one is not found as the other.
    embeddings.removeAll { $0.name == readout?.name || !isOutside($0) }
    readouts.removeAll { $0.name == embedding?.name || !isOutside($0) }
    embeddings = Self.distinct(embeddings, as: .embedding)
    readouts = Self.distinct(readouts, as: .readout)
    if choices.embedding == nil { embedding = named(.embedding, &embeddings) }
    if choices.readout == nil { readout = named(.readout, &readouts) }
    takeTheOnlyOneLeft(embeddings, readouts, among: candidates)
    if embedding == nil, choices.embedding == nil { warnOfShared(.embedding) }
    if readout == nil, choices.readout == nil { warnOfShared(.readout) }
    if choices.readout == nil { leaveDeepHead(candidates) }
    if readout == nil, deepHead.isEmpty, choices.readout == nil {
      readout = tied(tensors)
    }
  }

  /// Whether a matrix may be a head without anybody's word: one that stands under the recurrent
  /// module's own name is a part of its cell. Where that is no name at all, a head is a module of its
  /// own and says what it is.
  private func isOutside(_ candidate: Candidate) -> Bool {
    module.name.isEmpty
      ? candidate.role != nil && candidate.name.contains(".")
      : !candidate.name.hasPrefix(module.name + ".")
  }

  /// Whether a candidate stands nearer to this module than to any other that could have it.
  private enum Standing { case near, shared, farther }

  private func standing(_ candidate: Candidate, as role: Role) -> Standing {
    guard hasOthers else { return .near }
    let own = HeadNearness(candidate.name, module.name)
    if own < all.nearest(to: candidate.name) { return .farther }
    guard let rivals = fitting[role]?.nearest(to: candidate.name) else { return .near }
    return own > rivals ? .near : .shared
  }

  /// The one that names tell.
  ///
  /// - Parameter candidates: those that other modules have as much right to, or more, are removed.
  private mutating func named(_ role: Role, _ candidates: inout [Candidate]) -> Candidate? {
    candidates.removeAll { candidate in
      switch standing(candidate, as: role) {
      case .near: return false
      case .shared:
        if candidate.role == role || candidate.role == nil {
          shared[role, default: []].append(candidate)
        }
        return true
      case .farther: return true
      }
    }
    let named = candidates.filter { $0.role == role }
    let nearness = named.map { HeadNearness($0.name, module.name) }
    let closest = nearness.max()
    let nearest = zip(named, nearness).filter { $0.1 == closest }.map(\.0)
    if nearest.count <= 1 { return nearest.first }
    // A name that is the role itself is beyond doubt.
    let exact = nearest.filter { candidate in
      candidate.name.split(separator: ".").dropLast().last.map(String.init) == role.rawValue
    }
    if exact.count == 1 { return exact[0] }
    warnings.append(HeadWords.several(role, nearest.map { quoted($0.name) }))
    // None of them is taken for want of a name either.
    candidates = []
    shared[role] = nil
    return nil
  }

  /// Where nothing was taken, what other modules have as much right to: what names tell, or else what
  /// has the shape.
  private mutating func warnOfShared(_ role: Role) {
    guard let all = shared[role] else { return }
    let named = all.filter { $0.role == role }
    let names = (named.isEmpty ? all : named).map(\.name)
    warnings.append(HeadWords.shared(role, names.map(quoted), choose: names[0]))
  }

  /// Fills what no name told, from tensors whose names tell nothing.
  private mutating func takeTheOnlyOneLeft(
    _ embeddings: [Candidate], _ readouts: [Candidate], among candidates: [Candidate]
  ) {
    var forEmbedding = embedding == nil ? embeddings.filter { $0.role == nil } : []
    var forReadout = readout == nil ? readouts.filter { $0.role == nil } : []
    for (role, found) in [(Role.embedding, forEmbedding), (.readout, forReadout)]
    where found.count > 1 {
      warnings.append(HeadWords.several(role, found.map { quoted($0.name) }))
    }
    if forEmbedding.count > 1 { forEmbedding = [] }
    if forReadout.count > 1 { forReadout = [] }
    if let one = forEmbedding.first, one.name == forReadout.first?.name {
      // Two names of one matrix that fits both are the one and the other.
      let isShared = candidates.contains {
        $0.name != one.name && $0.place != nil && $0.place == one.place
      }
      guard isShared else {
        warnings.append(HeadWords.either(one.name))
        return
      }
    }
    if let one = forEmbedding.first { take(one, as: .embedding) }
    if let one = forReadout.first { take(one, as: .readout) }
  }

  private mutating func take(_ candidate: Candidate, as role: Role) {
    switch role {
    case .embedding: embedding = candidate
    case .readout: readout = candidate
    }
    guesses.append(
      ReadingGuess(
        "\(quoted(candidate.name)) as the \(role.rawValue), by its shape alone",
        otherwise: "--\(role.rawValue) none"))
  }

  /// A readout that another one follows is not shown.
  private mutating func leaveDeepHead(_ candidates: [Candidate]) {
    guard let readout else { return }
    let next = candidates.filter {
      $0.role == .readout && $0.columns == readout.rows && $0.name != readout.name
        && ($0.place == nil || $0.place != readout.place)
    }
    guard !next.isEmpty else { return }
    deepHead = [readout.name] + next.map(\.name)
    leftOut.formUnion(next.flatMap { [$0.name, $0.bias].compactMap { $0 } })
    guesses.removeAll { $0.otherwise == "--readout none" }
    self.readout = nil
  }

  /// Of tensors that are one and the same the one whose name tells the role, or which has a bias.
  private static func distinct(_ candidates: [Candidate], as role: Role) -> [Candidate] {
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
  private mutating func tied(_ tensors: [String: Tensor]) -> Candidate? {
    guard let embedding, embedding.columns == module.outputSize else { return nil }
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
    _ role: Role, _ choice: ModelChoices.Head, _ fitting: [Candidate]
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
        bias: bias.flatMap { tensors[$0]?.shape == [shape[0]] ? $0 : nil },
        role: HeadWords.role(of: name), place: tensors[name]?.place)
    }
  }

  /// "head.bias" for "head.weight".
  static func biasName(of name: String) -> String? {
    guard name == "weight" || name.hasSuffix(".weight") else { return nil }
    return name.dropLast("weight".count) + "bias"
  }
}
