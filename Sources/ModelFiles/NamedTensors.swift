import Recurrent

/// Tensors with PyTorch's names, whatever container they came in, and what stands beside them.
struct NamedTensors {
  /// "safetensors", "PyTorch", "NPZ".
  var format: String
  /// What wrote the file, where it says so: "torch.save".
  var producer: String?
  var store: any TensorStore
  var metadata: [String: String] = [:]
  var vocabularies: [CheckpointVocabulary] = []
  /// Parts of the file that are not looked at: "optimizer_state_dict".
  var leftOut: [String] = []
  /// What no tensor shows.
  var facts = Facts()
  /// What a person should know of the file as such.
  var warnings: [String] = []
  /// In which order a module's gates stand in the file, where that is not PyTorch's.
  var gates: [String: (signals: [Signal], letters: [String])] = [:]
  /// What its way of writing cells leaves open, and how it was taken.
  var guesses: [ReadingGuess] = []

  /// What a file tells of its modules beside their tensors.
  struct Facts {
    /// By the module's name.
    var modules: [String: ModuleFacts] = [:]
    /// Every module by name; nil where the file does not list them.
    var moduleNames: [String]?
    /// By the module's name.
    var rnnActivations: [String: ModelChoices.RNNActivation] = [:]
    /// GRUs whose r is applied before the product, by the module's name.
    var resetBefore: Set<String> = []
    /// What follows the readout.
    var readoutActivation: Readout.Activation?

    /// The listed modules that none of the tensors stands in.
    func modules(without tensors: some Sequence<String>) -> [String]? {
      guard let moduleNames else { return nil }
      var owners: Set<Substring> = []
      for tensor in tensors {
        var owner = tensor[...]
        while let dot = owner.lastIndex(of: ".") {
          owner = owner[..<dot]
          guard owners.insert(owner).inserted else { break }
        }
      }
      return moduleNames.filter { !owners.contains($0[...]) }
    }
  }

  static func safetensors(_ file: SafetensorsFile) -> NamedTensors {
    var named = AliasedTensors(file).map { spelled($0) } ?? spelled(file)
    named.format = "safetensors"
    named.metadata = file.metadata
    return named
  }

  static func arrays(_ arrays: NpyArrays, format: String) -> NamedTensors {
    var named = spelled(arrays)
    named.format = format
    named.leftOut = arrays.leftOut
    return named
  }

  /// The parts of one model, of which an index tells where each tensor is.
  static func shards(_ shards: ShardedTensors) -> NamedTensors {
    var named = spelled(shards)
    named.format = shards.format
    named.metadata = shards.metadata
    return named
  }

  /// Under PyTorch's names, whatever framework's the file has.
  private static func spelled(_ store: some TensorStore) -> NamedTensors {
    guard let spelled = SpelledTensors(store) else {
      return NamedTensors(format: "", store: folded(store))
    }
    let spellings = spelled.spellings
    return NamedTensors(
      format: "", producer: spellings.frameworks.sorted().joined(separator: ", "),
      store: folded(spelled), facts: Facts(resetBefore: spellings.resetBefore),
      gates: spellings.gates, guesses: spellings.guesses)
  }

  /// Every weight in the form that is used at inference.
  private static func folded(_ store: some TensorStore) -> any TensorStore {
    FoldedTensors(store) ?? store
  }

  static func torch(_ file: TorchFile) throws(ModelFileError) -> NamedTensors {
    let hasWeights = file.tensors.contains { RecurrentParameter(name: $0.name) != nil }
    if file.tree.isPacked, !hasWeights {
      throw ModelFileError(file.path, .torch(.packed))
    }
    var producer = file.producer
    if let version = file.facts["pytorch-lightning_version"] {
      producer += ", Lightning \(printable(version))"
    }
    if let name = file.tree.className { producer += ", module \(printable(name))" }
    if !file.tree.keys.isEmpty {
      producer += ", weights under \(quoted(file.tree.keys.joined(separator: ".")))"
    }
    let lookedAt = file.vocabularies.compactMap {
      $0.name.split(separator: ".").first.map(String.init)
    }
    return NamedTensors(
      format: "PyTorch", producer: producer, store: folded(file), vocabularies: file.vocabularies,
      leftOut: file.tree.leftOut.filter { !lookedAt.contains($0) }.sorted(),
      facts: Facts(
        modules: file.tree.modules, moduleNames: file.tree.moduleNames,
        rnnActivations: file.tree.rnnActivations),
      warnings: file.tree.warnings)
  }
}

extension NamedTensors {
  /// Reads one recurrent module, with its embedding, its readout and its vocabulary.
  func model(
    module: String?, choices: ModelChoices
  ) throws(ModelFileError.Problem) -> TrainedModel {
    try model(store, module, choices)
  }

  private func model(
    _ store: some TensorStore, _ module: String?, _ choices: ModelChoices
  ) throws(ModelFileError.Problem) -> TrainedModel {
    var facts = facts
    facts.readoutActivation = try ModelMetadata.activation(metadata)
    if let told = try ModelMetadata.rnnActivation(metadata) {
      for name in PyTorchNames.modules(store) { facts.rnnActivations[name] = told }
    }
    let named: PyTorchNames
    do throws(ModelFileError) {
      named = try PyTorchNames(store, module: module, facts: facts, choices: choices)
    } catch {
      throw error.problem
    }
    let network = named.network
    var warnings = warnings + named.warnings
    var vocabulary: Vocabulary?
    do throws(ModelFileError.Problem) {
      vocabulary = try ModelMetadata.vocabulary(metadata, tokenCount: network.tokenCount)
    } catch {
      // The symbols are the embedding's; a person may say that there is none.
      guard choices.embedding == .absent else { throw error }
    }
    if vocabulary == nil { vocabulary = found(tokenCount: network.tokenCount, &warnings) }
    let outputSize = network.readout?.outputSize
    let outputs =
      try ModelMetadata.names(ModelMetadata.outputs, count: outputSize, metadata)
      ?? (vocabulary?.count == outputSize ? vocabulary?.symbols : nil)
    // What Gatescope wrote means what its own documentation says.
    let isOwn = metadata[ModelMetadata.version] == ModelMetadata.currentVersion
    let hasHeads = network.embedding != nil || network.readout != nil
    var model = TrainedModel(
      network: network,
      vocabulary: vocabulary,
      outputSymbols: outputs,
      featureNames: try ModelMetadata.names(
        ModelMetadata.features, count: network.featureCount, metadata),
      task: metadata[ModelMetadata.task],
      warnings: warnings + [ModelMetadata.warning(metadata)].compactMap { $0 },
      notes: named.notes + quantisation(of: named.module),
      module: named.module,
      unused: named.unused,
      metadata: metadata)
    model.ignored = named.ignored
    model.guesses = guesses + named.guesses
    model.headNames = named.headNames
    model.isStated = isOwn || named.isCellStated && !hasHeads
    return model
  }

  /// What PyTorch does with quantised weights beside rounding them.
  private func quantisation(of module: String) -> [String] {
    let isQuantised = store.tensors.contains { tensor in
      tensor.typeName?.hasPrefix("q") ?? false
        && RecurrentParameter(name: tensor.name)?.module == module
    }
    return isQuantised
      ? ["the weights are those of 8 bits; PyTorch also rounds what enters them while it runs"] : []
  }

  /// The one vocabulary of a checkpoint that has as many symbols as the network reads tokens.
  private func found(tokenCount: Int, _ warnings: inout [String]) -> Vocabulary? {
    let fitting = vocabularies.filter { $0.symbols.count == tokenCount }
    guard let first = fitting.first else { return nil }
    guard fitting.allSatisfy({ $0.symbols == first.symbols }) else {
      let names = fitting.map { quoted($0.name) }.joined(separator: ", ")
      warnings.append("several vocabularies fit (\(names)); none is taken")
      return nil
    }
    return Vocabulary(first.symbols)
  }
}
