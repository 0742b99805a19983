/// A model file that is open: what is in it is known, its weights are still to be read.
struct OpenedModel {
  /// The three ways in which formats keep a network.
  enum Contents {
    /// Tensors with PyTorch's names.
    case named(NamedTensors)
    case onnx(ONNXModel)
    case keras(KerasModel)
  }

  /// As it was given.
  let path: String
  let contents: Contents

  /// A file, or a folder of arrays.
  static func open(path: String) throws(ModelFileError) -> OpenedModel {
    if path.hasSuffix(".index"), let file = try? FileBytes(path: path),
      TensorTable.isTable(file.bytes)
    {
      return try checkpoint(path, of: path)
    }
    let file: FileBytes
    do throws(ModelFileError) {
      file = try FileBytes(path: path)
    } catch {
      // A prefix, or a folder, of a checkpoint.
      if let index = TensorBundle.index(of: path) { return try checkpoint(index, of: path) }
      guard error.problem == .notRegular(.directory) else { throw error }
      if let index = ShardedTensors.index(inFolder: path) {
        return OpenedModel(path: path, contents: .named(.shards(try ShardedTensors(index: index))))
      }
      if let foreign = ForeignFormat.named(path) {
        throw ModelFileError(path, .foreignFormat(foreign.words))
      }
      if (try? FileBytes(path: path + "/saved_model.pb")) != nil {
        throw ModelFileError(path, .foreignFormat(ForeignFormat.savedModel.words))
      }
      return OpenedModel(
        path: path, contents: try arrays(NpyArrays(folder: path), format: "folder of .npy"))
    }
    if ShardedTensors.isIndex(path) {
      return OpenedModel(path: path, contents: .named(.shards(try ShardedTensors(index: path))))
    }
    if path.contains(".data-"), let index = TensorBundle.index(of: path) {
      return try checkpoint(index, of: path)
    }
    return try open(file, path: path)
  }

  private static func checkpoint(
    _ index: String, of path: String
  ) throws(ModelFileError) -> OpenedModel {
    let file = try FileBytes(path: index)
    let bundle: TensorBundle
    do throws(TensorBundleProblem) {
      bundle = try TensorBundle(index: file, path: index)
    } catch {
      throw ModelFileError(path, .bundle(error))
    }
    return OpenedModel(
      path: path,
      contents: try arrays(NpyArrays(bundle, path: path), format: "TensorFlow checkpoint"))
  }

  /// Bytes that are mapped, or in memory.
  ///
  /// - Parameter path: for messages; it may tell the format.
  static func open(_ file: FileBytes, path: String) throws(ModelFileError) -> OpenedModel {
    OpenedModel(path: path, contents: try contents(of: file, path))
  }

  private static func contents(
    of file: FileBytes, _ path: String, isWrapped: Bool = false
  ) throws(ModelFileError) -> Contents {
    switch try ModelFormat.of(file.bytes, path: path) {
    case .safetensors: return .named(.safetensors(try SafetensorsFile(file, path: path)))
    case .legacyPyTorch: return .named(try .torch(TorchLegacyFile.open(file, path: path)))
    case .hdf5: return .keras(try KerasModel(file, path: path))
    case .onnx:
      do throws(ModelFileError.Problem) {
        return .onnx(try ONNXModel(file, path: path))
      } catch {
        throw ModelFileError(path, error)
      }
    case .zip:
      let archive = try ZipArchive(file, path: path)
      if let root = TorchArchive.root(of: archive) {
        return .named(try .torch(TorchArchive.open(archive, root: root)))
      }
      if archive.names.contains(where: { $0.hasSuffix(".npy") }) {
        return try arrays(NpyArrays(archive), format: "NPZ")
      }
      guard KerasModel.isArchive(archive) else {
        let entries = archive.names.map { ($0, archive.size(of: $0) ?? 0) }
        guard !isWrapped, let name = try WrappedModel.only(of: entries, path: path) else {
          throw ModelFileError(path, .torch(.noPickle))
        }
        let inner = try archive.bytes(of: name).withBytes { FileBytes(copying: $0) }
        return try contents(of: inner, "\(path)/\(name)", isWrapped: true)
      }
      return .keras(try KerasModel(file, path: path))
    case .tar:
      let archive: TarArchive
      do throws(TarProblem) {
        archive = try TarArchive(file.bytes)
      } catch {
        throw ModelFileError(path, .tar(offset: error.offset))
      }
      let entries = archive.entries.map { ($0.name, $0.range.count) }
      guard !isWrapped, let name = try WrappedModel.only(of: entries, path: path),
        let range = archive.entries.first(where: { $0.name == name })?.range
      else {
        throw ModelFileError(path, .unknownFormat(looksLike: "a tar archive without a model"))
      }
      let inner = FileBytes(copying: file.bytes[range])
      return try contents(of: inner, "\(path)/\(name)", isWrapped: true)
    }
  }

  /// By PyTorch's names or by Keras's.
  private static func arrays(
    _ arrays: NpyArrays, format: String
  ) throws(ModelFileError) -> Contents {
    KerasWeights.names(arrays)
      ? .keras(try KerasModel(arrays, format: format)) : .named(.arrays(arrays, format: format))
  }

  /// Reads one recurrent module, with what stands around it.
  func model(
    module: String?, choices: ModelChoices
  ) throws(ModelFileError) -> TrainedModel {
    if case .keras(let model) = contents, choices.configPath != nil {
      let configured = OpenedModel(
        path: path, contents: .keras(try model.configured(by: choices)))
      return try configured.model(module: module, choices: choices.withoutConfig)
    }
    do throws(ModelFileError.Problem) {
      if choices.configPath != nil { throw .nothingToChoose(option: "--config") }
      return switch contents {
      case .named(let tensors): try tensors.model(module: module, choices: choices)
      case .onnx(let model): try model.model(module: module, choices: choices)
      case .keras(let model): try model.model(module: module, choices: choices)
      }
    } catch {
      throw ModelFileError(path, error)
    }
  }

  /// What is in it: every module that opens, and why the others do not.
  ///
  /// - Parameter asked: shows only modules whose names hold it.
  func report(
    asked: String?, choices: ModelChoices
  ) throws(ModelFileError) -> ModelReport {
    if case .keras(let model) = contents, choices.configPath != nil {
      let configured = OpenedModel(
        path: path, contents: .keras(try model.configured(by: choices)))
      return try configured.report(asked: asked, choices: choices.withoutConfig)
    }
    do throws(ModelFileError.Problem) {
      if choices.configPath != nil { throw .nothingToChoose(option: "--config") }
      return switch contents {
      case .named(let tensors): try ModelReport(tensors, path, asked: asked, choices)
      case .onnx(let model): try ModelReport(model, path, asked: asked, choices)
      case .keras(let model): try ModelReport(model, path, asked: asked, choices)
      }
    } catch {
      throw ModelFileError(path, error)
    }
  }
}
