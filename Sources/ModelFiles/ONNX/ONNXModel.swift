import Recurrent
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// From an ONNX file's bytes to a `TrainedModel`. https://onnx.ai/onnx/repo-docs/IR.html
enum ONNXModel {
  typealias Problem = ModelFileError.Problem

  static func read(
    _ file: FileBytes, path: String, module: String?
  ) throws(ModelFileError) -> TrainedModel {
    do throws(Problem) {
      return try read(file, folder: file.isMapped ? path : nil, module: module)
    } catch {
      throw ModelFileError(path, error)
    }
  }

  private static func read(
    _ file: FileBytes, folder path: String?, module: String?
  ) throws(Problem) -> TrainedModel {
    let model = try decode(file.bytes)
    guard model.hasGraph else { throw .onnx(.noGraph) }
    let scopes = ONNXScope(model.graph).all
    let folder = ONNXFolder(data: ONNXTensorData(path: path), fileSize: file.bytes.count)
    let (stack, parts) = try choose(scopes, folder, asked: module)
    let metadata = Dictionary(
      model.metadataProps.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    let heads: ONNXHeads
    let network: Network
    let initialState: NetworkState?
    // Other modules' weights, read to find the stacks, are no part of this network.
    do throws(NetworkError) {
      heads = try ONNXHeads(first: parts[0], last: parts[parts.count - 1], folder)
      network = try Network(
        embedding: heads.embedding, layers: parts.map(\.layer),
        readout: try readout(heads.readout, metadata))
      initialState = try state(parts, network)
    } catch {
      throw .network(error.description)
    }
    var warnings = parts.flatMap(\.warnings) + heads.warnings
    warnings += network.nonFiniteWeights.map { "\($0) hold NaN or infinite numbers" }
    warnings += [ModelMetadata.warning(metadata)].compactMap { $0 }
    let vocabulary = try ModelMetadata.vocabulary(metadata, tokenCount: network.tokenCount)
    let outputSize = network.readout?.outputSize
    let outputs =
      try ModelMetadata.names(ModelMetadata.outputs, count: outputSize, metadata)
      ?? (vocabulary?.count == outputSize ? vocabulary?.symbols : nil)
    return TrainedModel(
      network: network, vocabulary: vocabulary, outputSymbols: outputs,
      featureNames: try ModelMetadata.names(
        ModelMetadata.features, count: network.featureCount, metadata),
      task: metadata[ModelMetadata.task], warnings: warnings, module: stack.name,
      unused: Set(scopes.flatMap(\.initializerNames)).subtracting(folder.used).sorted(),
      metadata: metadata, initialState: initialState)
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> ONNXModelProto {
    do throws(ONNXProblem) {
      try ONNXWire.prove(bytes)
    } catch {
      throw .onnx(error)
    }
    guard let base = bytes.baseAddress else { throw .empty }
    var options = BinaryDecodingOptions()
    // Graph, node and attribute for each level, the model, and what is inside the last.
    options.messageDepthLimit = 3 * ONNXWire.graphDepthLimit + 8
    options.discardUnknownFields = true
    let data = Data(
      bytesNoCopy: UnsafeMutableRawPointer(mutating: base), count: bytes.count, deallocator: .none)
    do {
      return try ONNXModelProto(serializedBytes: data, options: options)
    } catch let error as BinaryDecodingError where error == .invalidUTF8 {
      throw .onnx(.undecodable("a name in it is not UTF-8"))
    } catch {
      throw .onnx(.undecodable("its fields cannot be decoded"))
    }
  }

  // MARK: Which module

  private static func choose(
    _ scopes: [ONNXScope], _ folder: ONNXFolder, asked: String?
  ) throws(Problem) -> (ONNXStack, [ONNXRecurrentNode]) {
    var parts: [ONNXRecurrentNode] = []
    var used: [ONNXNode: Set<String>] = [:]
    // A node that cannot be read stops nobody who asks for another.
    var failures: [(name: String, problem: ONNXProblem)] = []
    for scope in scopes {
      for index in scope.nodes.indices {
        let node = ONNXNode(scope: scope, index: index)
        guard let kind = ONNXRecurrentNode.kind(node) else { continue }
        folder.used = []
        do throws(ONNXProblem) {
          parts.append(try ONNXRecurrentNode(node, kind, folder))
          used[node] = folder.used
        } catch {
          failures.append((node.label, error))
        }
      }
    }
    if parts.isEmpty && failures.isEmpty {
      throw .onnx(.noRecurrentNode(operators: operators(scopes)))
    }
    let stacks = ONNXStack.all(parts, folder)
    let stack = try choose(stacks, failures, asked)
    folder.used = stack.nodes.reduce(into: []) { $0.formUnion(used[$1] ?? []) }
    let byNode = Dictionary(parts.map { ($0.node, $0) }) { first, _ in first }
    return (stack, stack.nodes.compactMap { byNode[$0] })
  }

  /// By any part of the stack's name, or of its nodes'.
  private static func choose(
    _ stacks: [ONNXStack], _ failures: [(name: String, problem: ONNXProblem)], _ asked: String?
  ) throws(Problem) -> ONNXStack {
    guard let asked else {
      if let failure = failures.first { throw .onnx(failure.problem) }
      guard stacks.count == 1 else { throw .severalModules(stacks.map(\.name)) }
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

  /// The graph's own activation, unless the metadata tells another.
  private static func readout(
    _ found: Readout?, _ metadata: [String: String]
  ) throws(NetworkError) -> Readout? {
    guard let found, metadata[ModelMetadata.readout] != nil,
      let told = try? ModelMetadata.activation(metadata)
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
