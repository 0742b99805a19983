import Recurrent

/// A Keras file with every recurrent layer in it found.
struct KerasModel {
  typealias Problem = ModelFileError.Problem

  private(set) var stacks: [KerasStack]
  private(set) var failures: [(name: String, problem: KerasProblem)]
  /// "Keras archive (.keras)", "Keras HDF5".
  let format: String
  /// "Keras 3.15.1, backend torch".
  let producer: String?
  let weights: KerasWeights
  private var version: KerasVersion?
  /// Whether the file lists its layers.
  private var hasConfig = false
  /// Arrays of texts and the like.
  private(set) var leftOut: [String] = []

  /// Every layer is compared with every other.
  private static let layerLimit = 1000
  private static let weightsName = "model.weights.h5"

  /// Whether an archive is Keras's.
  static func isArchive(_ archive: ZipArchive) -> Bool {
    archive.contains(weightsName) || archive.contains("config.json")
  }

  /// Reads one stack, by any part of its name or of its layers'.
  func model(module: String?, choices: ModelChoices) throws(Problem) -> TrainedModel {
    try trained(try choose(module), choices)
  }

  init(_ file: FileBytes, path: String) throws(ModelFileError) {
    var config: String?
    var told: String?
    let bytes: FileSlice
    if try ModelFormat.of(file.bytes, path: path) == .zip {
      let archive = try ZipArchive(file, path: path)
      guard archive.contains(Self.weightsName) else {
        throw ModelFileError(path, .keras(.noWeights))
      }
      bytes = try archive.bytes(of: Self.weightsName)
      config = try Self.text("config.json", archive)
      told = try Self.text("metadata.json", archive).flatMap {
        (try? JSONValue(json: $0))?["keras_version"]?.text
      }
      format = "Keras archive (.keras)"
    } else {
      bytes = FileSlice(file, 0..<file.bytes.count)
      format = "Keras HDF5"
    }
    do throws(Problem) {
      let hdf5: HDF5File
      do throws(HDF5Problem) {
        hdf5 = try HDF5File(bytes)
      } catch {
        throw .hdf5(error)
      }
      told = told ?? hdf5.attributes["keras_version"]
      version = told.flatMap { KerasVersion($0) }
      producer = Self.producer(told, hdf5.attributes["backend"])
      weights = KerasWeights(hdf5, fileSize: bytes.count)
      if weights.isKeras1 { version = version ?? .beforeKeras2 }
      (stacks, failures) = ([], [])
      let text = config ?? hdf5.attributes["model_config"]
      do throws(KerasProblem) {
        try find(text.map { json throws(KerasProblem) in try JSONValue(json: json) })
      } catch {
        throw .keras(error)
      }
    } catch {
      throw ModelFileError(path, error)
    }
  }

  /// Arrays of numpy's under the variables' names.
  ///
  /// - Parameter format: "NPZ".
  init(_ arrays: NpyArrays, format: String) throws(ModelFileError) {
    weights = KerasWeights(arrays)
    self.format = format
    producer = "arrays with Keras's names"
    leftOut = arrays.leftOut
    (stacks, failures) = ([], [])
    do throws(KerasProblem) {
      try find(nil)
    } catch {
      throw ModelFileError(arrays.path, .keras(error))
    }
  }

  private static func text(_ name: String, _ archive: ZipArchive) throws(ModelFileError) -> String?
  {
    guard archive.contains(name) else { return nil }
    return try archive.bytes(of: name).withBytes { String(decoding: $0, as: UTF8.self) }
  }

  private static func producer(_ version: String?, _ backend: String?) -> String? {
    guard let version else { return nil }
    return "Keras \(printable(version))" + (backend.map { ", backend \(printable($0))" } ?? "")
  }

  /// The numbered layout came with Keras 3.
  private var isKeras3: Bool { version?.isKeras3 ?? weights.isNumbered }

  private mutating func find(_ config: JSONValue?) throws(KerasProblem) {
    if let config, let graph = KerasGraph(config) {
      guard graph.nodes.count <= Self.layerLimit else {
        throw .tooManyLayers(graph.nodes.count, limit: Self.layerLimit)
      }
      hasConfig = true
      let found = KerasStacks(graph, weights, version, isKeras3: isKeras3)
      if found.stacks.isEmpty && found.failures.isEmpty {
        throw .noRecurrentLayer(classes: graph.nodes.map(\.className))
      }
      (stacks, failures) = (found.stacks, found.failures)
      return
    }
    stacks = KerasUnconfigured.stacks(weights)
    guard !stacks.isEmpty else { throw .noRecurrentLayer(classes: []) }
  }

  /// The same weights with the config that lies beside them.
  ///
  /// - Parameter json: what `model.to_json()` gives.
  func configured(_ json: String) throws(KerasProblem) -> KerasModel {
    let config = try JSONValue(json: json)
    guard KerasGraph(config) != nil else { throw .noModelConfig }
    var model = self
    // The config names the functions, so its version says which they are, whoever wrote the weights.
    model.version = KerasVersion(config: config) ?? version
    try model.find(config)
    return model
  }

  /// The same with what a person says of the config.
  func configured(by choices: ModelChoices) throws(ModelFileError) -> KerasModel {
    guard let path = choices.configPath else { return self }
    if hasConfig { throw ModelFileError(path, .nothingToChoose(option: "--config")) }
    let file = try FileBytes(path: path)
    guard file.bytes.count < 64 << 20 else { throw ModelFileError(path, .keras(.noModelConfig)) }
    do throws(KerasProblem) {
      return try configured(String(decoding: file.bytes, as: UTF8.self))
    } catch {
      throw ModelFileError(path, .keras(error))
    }
  }

  /// By any part of the stack's name, or of its layers'.
  func choose(_ asked: String?) throws(Problem) -> KerasStack {
    if let asked, asked.contains(",") { return try chained(asked) }
    guard let asked else {
      // One of several that cannot be read stops nobody who asks for another.
      if stacks.isEmpty, let failure = failures.first { throw .keras(failure.problem) }
      guard stacks.count == 1, failures.isEmpty else {
        throw .severalModules(stacks.map(\.name) + failures.map(\.name))
      }
      return stacks[0]
    }
    if let exact = stacks.first(where: { $0.name == asked }) { return exact }
    let fitting = stacks.filter { stack in stack.layers.contains { $0.name.contains(asked) } }
    let failed = failures.filter { $0.name.contains(asked) }
    let names = fitting.map(\.name) + failed.map(\.name)
    guard names.count <= 1 else { throw .ambiguousModule(asked: asked, modules: names) }
    if let failure = failed.first { throw .keras(failure.problem) }
    guard let only = fitting.first else {
      throw .noSuchModule(asked: asked, modules: stacks.map(\.name) + failures.map(\.name))
    }
    return only
  }

  /// Layers of a file of weights alone, "a,b,c": one feeds the next, because a person says so.
  private func chained(_ asked: String) throws(Problem) -> KerasStack {
    var layers: [KerasRecurrent] = []
    var owners: [KerasStack] = []
    for name in asked.split(separator: ",") {
      let all = stacks.filter { !$0.isConfigured }.flatMap { stack in
        stack.layers.map { (stack, $0) }
      }
      let exact = all.filter { $0.1.name == name }
      let fitting = exact.isEmpty ? all.filter { $0.1.name.contains(name) } : exact
      guard fitting.count < 2 else {
        throw .ambiguousModule(asked: String(name), modules: fitting.map(\.1.name))
      }
      guard let (stack, layer) = fitting.first else {
        throw .noSuchModule(asked: String(name), modules: all.map(\.1.name))
      }
      layers.append(layer)
      owners.append(stack)
    }
    guard let first = owners.first, let last = owners.last else {
      throw .noSuchModule(asked: asked, modules: stacks.map(\.name))
    }
    var stack = KerasStack(layers: layers, isConfigured: false)
    stack.embedding = first.layers[0].name == layers[0].name ? first.embedding : nil
    if last.layers.last?.name == layers.last?.name {
      (stack.readout, stack.readouts) = (last.readout, last.readouts)
    }
    stack.isToldByPerson = true
    return stack
  }

  /// A stack with its weights read.
  func trained(_ stack: KerasStack, _ choices: ModelChoices) throws(Problem) -> TrainedModel {
    weights.begin()
    if choices.cell != nil { throw .nothingToChoose(option: "--cell") }
    let taken = try assumptions(stack, choices)
    var isReversed = false
    var layers: [Layer] = []
    for part in taken?.layers ?? stack.layers {
      if isReversed, part.cells.count > 1 {
        throw .keras(
          .unsupported(layer: part.name, "it reads a reversed sequence in both directions"))
      }
      layers.append(try part.layer(isReversed: isReversed, weights))
      isReversed = isReversed != part.goesBackwards
    }
    let embedded = try Self.chosen(
      .embedding, choices.embedding, stack.embedding,
      among: [stack.embedding].compactMap { $0 })
    let head = try Self.chosen(.readout, choices.readout, stack.readout, among: stack.readouts)
    let table = try embedded.map { table throws(Problem) in try weights.floats(table.matrix) }
    let matrix = try head.map { head throws(Problem) in try weights.floats(head.matrix) }
    let bias = try head?.bias.map { bias throws(Problem) in try weights.floats(bias) }
    let network: Network
    do throws(NetworkError) {
      var embedding: Embedding?
      if let shape = embedded?.matrix.shape, let table {
        embedding = try Embedding(count: shape[0], size: shape[1], weights: table)
      }
      var readout: Readout?
      if let shape = head?.matrix.shape, let head, let matrix {
        readout = try Readout(
          inputSize: shape[0], outputSize: shape[1],
          weights: transposed(matrix, rows: shape[0], columns: shape[1]), bias: bias,
          activation: choices.output ?? head.activation)
      }
      network = try Network(
        embedding: embedding, layers: layers, readout: readout, mask: stack.mask)
    } catch {
      throw .network(error.description)
    }
    var warnings = stack.warnings
    if head == nil, choices.output != nil { warnings.append(HeadWords.noOutput) }
    if choices.readout != nil { warnings.removeAll { $0.contains("--readout") } }
    if choices.embedding != nil { warnings.removeAll { $0.contains("--embedding") } }
    warnings += [taken?.warning].compactMap { $0 }
    let unused = weights.datasets.map(\.path).filter { !weights.used.contains($0) }.sorted()
    let cells = stack.layers.flatMap(\.cells)
    let ignored = try LeftoverTensors.ignored(
      cells.flatMap { weights.unused(beside: $0) }, of: unused, prefix: cells[0].path + "/",
      by: choices.ignored, cell: stack.layers[0].cell)
    let notFinite = network.nonFiniteWeights.map { "\($0) hold NaN or infinite numbers" }
    var model = TrainedModel(
      network: network, warnings: warnings + notFinite, module: stack.name, unused: unused)
    model.ignored = ignored
    model.isStated = stack.isConfigured
    model.headNames = .init(embedding: embedded?.name, readout: head?.name)
    model.guesses = taken?.guesses ?? versionGuesses(stack)
    for (name, kind) in stack.layers.compactMap({ layer in layer.ownClass.map { ($0, layer.cell) } }
    )
    where !model.guesses.contains(where: { $0.what.contains(quoted(name)) }) {
      model.guesses.append(
        ReadingGuess(
          "a plain \(kind.rawValue.uppercased()), whose config its class \(quoted(name)) has",
          mark: "\(kind.rawValue.uppercased())?"))
    }
    if let mask = stack.mask {
      model.notes.append("steps of \(mask) change nothing, as Keras masks them")
    }
    if !ignored.isEmpty { model.guesses.append(LeftoverTensors.guess(ignored)) }
    if let head, !stack.isConfigured, choices.output == nil {
      model.headNames.isActivationGuessed = true
      model.guesses.append(HeadWords.softmax(head.name))
    }
    return model
  }

  /// What is taken for granted; nil where the config says it.
  private func assumptions(
    _ stack: KerasStack, _ choices: ModelChoices
  ) throws(Problem) -> KerasAssumptions? {
    guard !stack.isConfigured else {
      if choices.activation != nil { throw .nothingToChoose(option: "--activation") }
      if choices.direction != nil { throw .nothingToChoose(option: "--direction") }
      return nil
    }
    return try KerasAssumptions(stack, version, isKeras3: isKeras3, choices)
  }

  /// What hangs on the version where nothing tells it.
  private func versionGuesses(_ stack: KerasStack) -> [ReadingGuess] {
    guard version == nil, !weights.isNumbered else { return [] }
    return stack.layers.compactMap { layer in
      guard [layer.activations.gates, layer.activations.candidate].contains(.hardSigmoidONNX) else {
        return nil
      }
      return ReadingGuess(
        "hard_sigmoid of \(quoted(layer.name)) as Keras 1 and 2 have it, 0.2 x + 0.5: no version is told",
        mark: "hard_sigmoid?")
    }
  }

  private static func chosen(
    _ role: ModelFileError.Role, _ choice: ModelChoices.Head?, _ found: KerasStack.Table?,
    among tables: [KerasStack.Table]
  ) throws(Problem) -> KerasStack.Table? {
    guard let choice else { return found }
    return try choice.choose(role, among: tables.map { [$0.name] }).map { tables[$0] }
  }
}
