import Recurrent

/// The door: a path in, a trained model out.
public enum ModelReader {
  /// Reads the model file at `path`. Its format is told by its first bytes.
  ///
  /// - Parameter module: any unambiguous part of the name of the recurrent module, for a file that
  ///   has several.
  /// - Throws: `ModelFileError`, whose description is one line for a person.
  public static func read(path: String, module: String? = nil) throws(ModelFileError)
    -> TrainedModel
  {
    try read(FileBytes(path: path), path: path, module: module)
  }

  /// Reads a model from bytes in memory; `path` is for messages and may tell the format.
  public static func read(
    bytes: [UInt8], path: String, module: String? = nil
  ) throws(ModelFileError) -> TrainedModel {
    guard !bytes.isEmpty else { throw ModelFileError(path, .empty) }
    return try read(FileBytes(bytes), path: path, module: module)
  }

  private static func read(
    _ file: FileBytes, path: String, module: String?
  ) throws(ModelFileError) -> TrainedModel {
    switch try ModelFormat.of(file.bytes, path: path) {
    case .safetensors:
      let store = try SafetensorsFile(file, path: path)
      return try model(store, metadata: store.metadata, module: module)
    }
  }

  private static func model(
    _ store: some TensorStore, metadata: [String: String], module: String?
  ) throws(ModelFileError) -> TrainedModel {
    do throws(ModelFileError.Problem) {
      let activation = try ModelMetadata.activation(metadata)
      let named: PyTorchNames
      do throws(ModelFileError) {
        named = try PyTorchNames(store, module: module, activation: activation)
      } catch {
        throw error.problem
      }
      let vocabulary = try ModelMetadata.vocabulary(
        metadata, tokenCount: named.network.tokenCount)
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
        warnings: named.warnings + [ModelMetadata.warning(metadata)].compactMap { $0 },
        module: named.module,
        unused: named.unused,
        metadata: metadata)
    } catch {
      throw ModelFileError(store.path, error)
    }
  }
}
