/// A model file whose container is read: its tensors by name, and what stands beside them.
struct OpenedModel {
  /// "safetensors", "PyTorch", "NPZ".
  var format: String
  /// What wrote the file, where it says so: "torch.save".
  var producer: String?
  var store: any TensorStore
  var metadata: [String: String] = [:]
  var vocabularies: [CheckpointVocabulary] = []
  /// Parts of the file that are not looked at: "optimizer_state_dict".
  var leftOut: [String] = []
  var warnings: [String] = []
  /// Modules that are an RNN of relu, not tanh.
  var reluModules: Set<String> = []

  /// A file, or a folder of arrays.
  static func open(path: String) throws(ModelFileError) -> OpenedModel {
    let file: FileBytes
    do throws(ModelFileError) {
      file = try FileBytes(path: path)
    } catch {
      guard error.problem == .notRegular(.directory) else { throw error }
      let arrays = try NpyArrays(folder: path)
      return OpenedModel(format: "folder of .npy", store: arrays, leftOut: arrays.leftOut)
    }
    return try open(file, path: path)
  }

  static func open(_ file: FileBytes, path: String) throws(ModelFileError) -> OpenedModel {
    switch try ModelFormat.of(file.bytes, path: path) {
    case .safetensors:
      let store = try SafetensorsFile(file, path: path)
      return OpenedModel(format: "safetensors", store: store, metadata: store.metadata)
    // Those hold a graph; ModelReader has other ways for them.
    case .onnx: throw ModelFileError(path, .unknownFormat(looksLike: "ONNX"))
    case .hdf5: throw ModelFileError(path, .unknownFormat(looksLike: "HDF5"))
    case .legacyPyTorch: return try torch(try TorchLegacyFile.open(file, path: path))
    case .zip:
      let archive = try ZipArchive(file, path: path)
      if let root = TorchArchive.root(of: archive) {
        return try torch(try TorchArchive.open(archive, root: root))
      }
      if archive.names.contains(where: { $0.hasSuffix(".npy") }) {
        let arrays = try NpyArrays(archive)
        return OpenedModel(format: "NPZ", store: arrays, leftOut: arrays.leftOut)
      }
      throw ModelFileError(path, .torch(.noPickle))
    }
  }

  private static func torch(_ file: TorchFile) throws(ModelFileError) -> OpenedModel {
    let hasWeights = file.tensors.contains { RecurrentParameter(name: $0.name) != nil }
    if file.tree.isQuantised, !hasWeights {
      throw ModelFileError(file.path, .torch(.quantised))
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
    return OpenedModel(
      format: "PyTorch", producer: producer, store: file, vocabularies: file.vocabularies,
      leftOut: file.tree.leftOut.filter { !lookedAt.contains($0) }.sorted(),
      reluModules: file.tree.reluModules)
  }
}
