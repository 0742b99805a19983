import Recurrent

/// The door: a path in, a trained model out.
public enum ModelReader {
  /// Reads the model file, or the folder of .npy files, at `path`. Its format is told by its first
  /// bytes.
  ///
  /// - Parameter module: any unambiguous part of the name of the recurrent module, for a file that
  ///   has several.
  /// - Throws: `ModelFileError`, whose description is one line for a person.
  public static func read(path: String, module: String? = nil) throws(ModelFileError)
    -> TrainedModel
  {
    if let file = try? FileBytes(path: path), let format = graphFormat(file, path) {
      return try read(file, format, path, module)
    }
    return try model(OpenedModel.open(path: path), module: module)
  }

  /// Reads a model from bytes in memory; `path` is for messages and may tell the format.
  public static func read(
    bytes: [UInt8], path: String, module: String? = nil
  ) throws(ModelFileError) -> TrainedModel {
    let file = FileBytes(bytes)
    if let format = graphFormat(file, path) { return try read(file, format, path, module) }
    return try model(open(bytes: bytes, path: path), module: module)
  }

  /// What is in the model file at `path`: every recurrent module, and what else was found.
  ///
  /// - Parameter module: shows only the modules whose names hold it.
  /// - Throws: `ModelFileError` where the file cannot be read; a module in it that cannot be run
  ///   says so in its own entry.
  public static func report(path: String, module: String? = nil) throws(ModelFileError)
    -> ModelReport
  {
    if let file = try? FileBytes(path: path), let format = graphFormat(file, path) {
      return try report(file, format, path, module)
    }
    return try ModelReport(OpenedModel.open(path: path), asked: module)
  }

  /// The same, of bytes in memory.
  public static func report(
    bytes: [UInt8], path: String, module: String? = nil
  ) throws(ModelFileError) -> ModelReport {
    let file = FileBytes(bytes)
    if let format = graphFormat(file, path) { return try report(file, format, path, module) }
    return try ModelReport(open(bytes: bytes, path: path), asked: module)
  }

  /// Formats that hold a graph beside named tensors, and so have a way of their own.
  private enum GraphFormat {
    case onnx, keras
  }

  /// Nil for anything else, also for what cannot be read: the other way says why.
  private static func graphFormat(_ file: FileBytes, _ path: String) -> GraphFormat? {
    switch try? ModelFormat.of(file.bytes, path: path) {
    case .onnx: return .onnx
    case .hdf5: return .keras
    case .zip:
      guard let archive = try? ZipArchive(file, path: path), KerasModel.isArchive(archive),
        TorchArchive.root(of: archive) == nil,
        !archive.names.contains(where: { $0.hasSuffix(".npy") })
      else { return nil }
      return .keras
    case .safetensors, .legacyPyTorch, nil: return nil
    }
  }

  private static func read(
    _ file: FileBytes, _ format: GraphFormat, _ path: String, _ module: String?
  ) throws(ModelFileError) -> TrainedModel {
    switch format {
    case .onnx: try ONNXModel.read(file, path: path, module: module)
    case .keras: try KerasModel.read(file, path: path, module: module)
    }
  }

  private static func report(
    _ file: FileBytes, _ format: GraphFormat, _ path: String, _ module: String?
  ) throws(ModelFileError) -> ModelReport {
    switch format {
    case .onnx: try ModelReport(onnx: file, path: path, asked: module)
    case .keras: try ModelReport(keras: file, path: path, asked: module)
    }
  }

  private static func open(bytes: [UInt8], path: String) throws(ModelFileError) -> OpenedModel {
    guard !bytes.isEmpty else { throw ModelFileError(path, .empty) }
    return try OpenedModel.open(FileBytes(bytes), path: path)
  }

  static func model(
    _ opened: OpenedModel, module: String?
  ) throws(ModelFileError) -> TrainedModel {
    try model(opened.store, opened, module: module)
  }

  private static func model(
    _ store: some TensorStore, _ opened: OpenedModel, module: String?
  ) throws(ModelFileError) -> TrainedModel {
    let metadata = opened.metadata
    do throws(ModelFileError.Problem) {
      let activation = try ModelMetadata.activation(metadata)
      let named: PyTorchNames
      do throws(ModelFileError) {
        named = try PyTorchNames(
          store, module: module, activation: activation, reluModules: opened.reluModules)
      } catch {
        throw error.problem
      }
      var warnings = opened.warnings + named.warnings
      var vocabulary = try ModelMetadata.vocabulary(
        metadata, tokenCount: named.network.tokenCount)
      if vocabulary == nil {
        vocabulary = found(opened.vocabularies, named.network.tokenCount, &warnings)
      }
      let outputSize = named.network.readout?.outputSize
      let outputs =
        try ModelMetadata.names(ModelMetadata.outputs, count: outputSize, metadata)
        ?? (vocabulary?.count == outputSize ? vocabulary?.symbols : nil)
      return TrainedModel(
        network: named.network,
        vocabulary: vocabulary,
        outputSymbols: outputs,
        featureNames: try ModelMetadata.names(
          ModelMetadata.features, count: named.network.featureCount, metadata),
        task: metadata[ModelMetadata.task],
        warnings: warnings + [ModelMetadata.warning(metadata)].compactMap { $0 },
        module: named.module,
        unused: named.unused,
        metadata: metadata)
    } catch {
      throw ModelFileError(store.path, error)
    }
  }

  /// The one vocabulary of a checkpoint that has as many symbols as the network reads tokens.
  private static func found(
    _ vocabularies: [CheckpointVocabulary], _ tokenCount: Int, _ warnings: inout [String]
  ) -> Vocabulary? {
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
