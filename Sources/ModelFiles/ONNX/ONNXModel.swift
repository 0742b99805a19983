import Recurrent
import SwiftProtobuf

/// An ONNX file with every recurrent node in it read. https://onnx.ai/onnx/repo-docs/IR.html
struct ONNXModel {
  typealias Problem = ModelFileError.Problem

  /// Every recurrent module that can be read.
  let stacks: [ONNXStack]
  /// The recurrent nodes that cannot: they stop nobody who asks for another.
  let failures: [(name: String, problem: ONNXProblem)]
  let metadata: [String: String]
  /// "pytorch 2.9.0, opset 17".
  let producer: String?
  let scopes: [ONNXScope]
  private let folder: ONNXFolder
  private let parts: [ONNXNode: ONNXRecurrentNode]
  /// The initializers that each node read.
  private let used: [ONNXNode: Set<String>]

  /// - Parameter path: where the model is, if it is in a file: its data may be beside it.
  /// - Throws: what is wrong with the file as such.
  init(_ file: FileBytes, path: String) throws(Problem) {
    let model = try Self.decode(file.bytes)
    guard model.hasGraph else { throw .onnx(.noGraph) }
    do throws(ONNXProblem) {
      scopes = ONNXScope(try ONNXFunctions.inlined(model)).all
    } catch {
      throw .onnx(error)
    }
    let data = ONNXTensorData(file, path: file.isMapped ? path : nil)
    folder = ONNXFolder(data: data, fileSize: file.bytes.count)
    metadata = Dictionary(
      model.metadataProps.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    producer = Self.producer(model)
    var found: [ONNXRecurrentNode] = []
    var used: [ONNXNode: Set<String>] = [:]
    var failures: [(name: String, problem: ONNXProblem)] = []
    for scope in scopes {
      for index in scope.nodes.indices {
        let node = ONNXNode(scope: scope, index: index)
        guard let kind = ONNXRecurrentNode.kind(node) else { continue }
        folder.used = []
        do throws(ONNXProblem) {
          found.append(try ONNXRecurrentNode(node, kind, folder))
          used[node] = folder.used
        } catch {
          failures.append((node.label, error))
        }
      }
    }
    if found.isEmpty && failures.isEmpty {
      throw .onnx(.noRecurrentNode(operators: Self.operators(scopes)))
    }
    self.used = used
    self.failures = failures
    stacks = ONNXStack.all(found, folder)
    parts = Dictionary(found.map { ($0.node, $0) }) { first, _ in first }
  }

  /// Reads one stack, by any part of its name or of its nodes'.
  func model(module: String?, choices: ModelChoices) throws(Problem) -> TrainedModel {
    try trained(try Self.choose(stacks, failures, module), choices)
  }

  /// What a stack's weights are stored as: "float16".
  func types(_ stack: ONNXStack) -> [String] {
    Set(stack.nodes.flatMap { parts[$0]?.types ?? [] }).sorted()
  }

  /// A stack with what stands around it.
  func trained(_ stack: ONNXStack, _ choices: ModelChoices) throws(Problem) -> TrainedModel {
    if choices.activation != nil { throw .nothingToChoose(option: "--activation") }
    if !choices.ignored.isEmpty { throw .nothingToChoose(option: "--ignore") }
    if choices.direction != nil { throw .nothingToChoose(option: "--direction") }
    if choices.cell != nil { throw .nothingToChoose(option: "--cell") }
    let parts = stack.nodes.compactMap { self.parts[$0] }
    folder.used = stack.nodes.reduce(into: []) { $0.formUnion(used[$1] ?? []) }
    let heads = try ONNXHeads(
      first: parts[0], last: parts[parts.count - 1], folder, choices)
    let network: Network
    let initialState: NetworkState?
    do throws(NetworkError) {
      network = try Network(
        embedding: heads.embedding, layers: parts.map(\.layer),
        readout: try Self.readout(heads.readout, choices.output, metadata))
      initialState = try Self.state(parts, network)
    } catch {
      throw .network(error.description)
    }
    // An activation that is none is told as everywhere.
    _ = try ModelMetadata.activation(metadata)
    var warnings = parts.flatMap(\.warnings) + heads.warnings
    warnings += network.nonFiniteWeights.map { "\($0) hold NaN or infinite numbers" }
    warnings += [ModelMetadata.warning(metadata)].compactMap { $0 }
    var vocabulary: Vocabulary?
    do throws(Problem) {
      vocabulary = try ModelMetadata.vocabulary(metadata, tokenCount: network.tokenCount)
    } catch {
      // The symbols are the embedding's; a person may say that there is none.
      guard choices.embedding == .absent else { throw error }
    }
    let outputSize = network.readout?.outputSize
    let outputs =
      try ModelMetadata.names(ModelMetadata.outputs, count: outputSize, metadata)
      ?? (vocabulary?.count == outputSize ? vocabulary?.symbols : nil)
    if heads.readout == nil, choices.output != nil { warnings.append(HeadWords.noOutput) }
    var model = TrainedModel(
      network: network, vocabulary: vocabulary, outputSymbols: outputs,
      featureNames: try ModelMetadata.names(
        ModelMetadata.features, count: network.featureCount, metadata),
      task: metadata[ModelMetadata.task], warnings: warnings, module: stack.name,
      unused: Set(scopes.flatMap(\.initializerNames)).subtracting(folder.used).sorted(),
      metadata: metadata, initialState: initialState)
    model.headNames = heads.names
    model.isStated = true
    return model
  }

  /// The messages, in which raw data are `ONNXWire.DataReference`s.
  static func decode(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> ONNXModelProto {
    let skeleton: [UInt8]
    do throws(ONNXProblem) {
      skeleton = try ONNXWire.skeleton(bytes)
    } catch {
      throw .onnx(error)
    }
    var options = BinaryDecodingOptions()
    // Graph, node and attribute for each level, the model, and what is inside the last.
    options.messageDepthLimit = 3 * ONNXWire.graphDepthLimit + 8
    options.discardUnknownFields = true
    do {
      return try ONNXModelProto(serializedBytes: skeleton, options: options)
    } catch let error as BinaryDecodingError where error == .invalidUTF8 {
      throw .onnx(.undecodable("a name in it is not UTF-8"))
    } catch {
      throw .onnx(.undecodable("its fields cannot be decoded"))
    }
  }

  private static func producer(_ model: ONNXModelProto) -> String? {
    let name = [model.producerName, model.producerVersion].filter { !$0.isEmpty }
    let opset = model.opsetImport.first { $0.domain.isEmpty || $0.domain == "ai.onnx" }
    let words = [name.joined(separator: " "), opset.map { "opset \($0.version)" } ?? ""]
      .filter { !$0.isEmpty }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }

  // MARK: Which module

  /// By any part of the stack's name, or of its nodes'.
  private static func choose(
    _ stacks: [ONNXStack], _ failures: [(name: String, problem: ONNXProblem)], _ asked: String?
  ) throws(Problem) -> ONNXStack {
    guard let asked else {
      // One of several that cannot be read stops nobody who asks for another.
      if stacks.isEmpty, let failure = failures.first { throw .onnx(failure.problem) }
      guard stacks.count == 1, failures.isEmpty else {
        throw .severalModules(stacks.map(\.name) + failures.map(\.name))
      }
      return stacks[0]
    }
    if let exact = stacks.first(where: { $0.name == asked }) { return exact }
    let fitting = stacks.filter { stack in
      stack.name.contains(asked) || stack.nodes.contains { $0.label.contains(asked) }
    }
    let failed = failures.filter { $0.name.contains(asked) }
    let names = fitting.map(\.name) + failed.map(\.name)
    guard names.count <= 1 else { throw .ambiguousModule(asked: asked, modules: names) }
    if let failure = failed.first { throw .onnx(failure.problem) }
    guard let only = fitting.first else {
      throw .noSuchModule(asked: asked, modules: stacks.map(\.name) + failures.map(\.name))
    }
    return only
  }

  /// The commonest first, at most six, for a message.
  private static func operators(_ scopes: [ONNXScope]) -> [String] {
    var counts: [String: Int] = [:]
    for node in scopes.flatMap(\.nodes) { counts[node.opType, default: 0] += 1 }
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return sorted.prefix(6).map { String($0.key.prefix(40)) }
  }

  // MARK: What the file says beside the weights

  /// The graph's own activation, unless a person or the metadata tells another.
  private static func readout(
    _ found: Readout?, _ asked: Readout.Activation?, _ metadata: [String: String]
  ) throws(NetworkError) -> Readout? {
    guard let found,
      let told = asked ?? (try? ModelMetadata.activation(metadata)).flatMap({ $0 })
    else { return found }
    return try Readout(
      inputSize: found.inputSize, outputSize: found.outputSize, weights: found.weights,
      bias: found.bias, activation: told)
  }

  /// Nil where every layer begins with zeros.
  private static func state(
    _ parts: [ONNXRecurrentNode], _ network: Network
  ) throws(NetworkError) -> NetworkState? {
    guard parts.contains(where: { $0.states != nil }) else { return nil }
    var tracks = NetworkState(zeroFor: network).tracks
    var place = 0
    for part in parts {
      for direction in part.layer.shape.directions.indices {
        if let states = part.states { tracks[place] = states[direction] }
        place += 1
      }
    }
    return try NetworkState(tracks: tracks, for: network)
  }
}
