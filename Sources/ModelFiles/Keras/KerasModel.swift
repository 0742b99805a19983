import Recurrent

/// A Keras file with every recurrent layer in it found.
struct KerasModel {
  typealias Problem = ModelFileError.Problem

  let stacks: [KerasStack]
  let failures: [(name: String, problem: KerasProblem)]
  /// "Keras archive (.keras)", "Keras HDF5".
  let format: String
  /// "Keras 3.15.1, backend torch".
  let producer: String?
  let weights: KerasWeights
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
    var version: String?
    let bytes: FileSlice
    if try ModelFormat.of(file.bytes, path: path) == .zip {
      let archive = try ZipArchive(file, path: path)
      guard archive.contains(Self.weightsName) else {
        throw ModelFileError(path, .keras(.noWeights))
      }
      bytes = try archive.bytes(of: Self.weightsName)
      config = try Self.text("config.json", archive)
      version = try Self.text("metadata.json", archive).flatMap {
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
      version = version ?? hdf5.attributes["keras_version"]
      producer = Self.producer(version, hdf5.attributes["backend"])
      weights = KerasWeights(hdf5, fileSize: bytes.count)
      (stacks, failures) = try Self.find(
        config ?? hdf5.attributes["model_config"], version, weights)
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
    do throws(Problem) {
      (stacks, failures) = try Self.find(nil, nil, weights)
    } catch {
      throw ModelFileError(arrays.path, error)
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

  private static func find(
    _ config: String?, _ version: String?, _ weights: KerasWeights
  ) throws(Problem) -> ([KerasStack], [(name: String, problem: KerasProblem)]) {
    do throws(KerasProblem) {
      if let config, let graph = KerasGraph(try JSONValue(json: config)) {
        guard graph.nodes.count <= Self.layerLimit else {
          throw .tooManyLayers(graph.nodes.count, limit: Self.layerLimit)
        }
        // The numbered layout came with Keras 3.
        let major = version.flatMap { $0.split(separator: ".").first.flatMap { Int($0) } }
        let found = KerasStacks(
          graph, weights, isKeras3: major.map { $0 >= 3 } ?? weights.isNumbered)
        if found.stacks.isEmpty && found.failures.isEmpty {
          throw .noRecurrentLayer(classes: graph.nodes.map(\.className))
        }
        return (found.stacks, found.failures)
      }
      let stacks = KerasUnconfigured.stacks(weights)
      guard !stacks.isEmpty else { throw .noRecurrentLayer(classes: []) }
      return (stacks, [])
    } catch {
      throw .keras(error)
    }
  }

  /// By any part of the stack's name, or of its layers'.
  private func choose(_ asked: String?) throws(Problem) -> KerasStack {
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

  /// A stack with its weights read.
  func trained(_ stack: KerasStack, _ choices: ModelChoices) throws(Problem) -> TrainedModel {
    weights.begin()
    var isReversed = false
    var layers: [Layer] = []
    for part in try parts(of: stack, choices.activation) {
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
          activation: head.activation)
      }
      network = try Network(embedding: embedding, layers: layers, readout: readout)
    } catch {
      throw .network(error.description)
    }
    var warnings = stack.warnings
    if !stack.isConfigured {
      warnings += KerasUnconfigured.warnings(
        stack.layers, told: choices.activation, readout: head)
    }
    let notFinite = network.nonFiniteWeights.map { "\($0) hold NaN or infinite numbers" }
    return TrainedModel(
      network: network, warnings: warnings + notFinite, module: stack.name,
      unused: weights.datasets.map(\.path)
        .filter { !weights.used.contains($0) }.sorted())
  }

  /// The layers with the activation that a person says, where the file says none.
  private func parts(
    of stack: KerasStack, _ activation: ModelChoices.RNNActivation?
  ) throws(Problem) -> [KerasRecurrent] {
    guard let activation else { return stack.layers }
    guard !stack.isConfigured else { throw .nothingToChoose(option: "--activation") }
    guard stack.layers[0].cell == .rnn else { throw .notAnRNN(stack.layers[0].cell) }
    return stack.layers.map { layer in
      var layer = layer
      layer.activations = CellActivations(candidate: activation == .relu ? .relu : .tanh)
      return layer
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
