import Recurrent

/// Why a file is not a model that can be opened: the path, and the facts.
public struct ModelFileError: Error, Equatable, Sendable {
  /// As it was given.
  public let path: String
  public let problem: Problem

  public init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  /// Whether there are several recurrent modules, of which one is to be chosen.
  public var asksForModule: Bool {
    if case .severalModules = problem { return true }
    if case .ambiguousModule = problem { return true }
    return false
  }

  /// The facts; `ModelFileErrorWords.swift` words them. Offsets and sizes are bytes.
  public enum Problem: Error, Equatable, Sendable {
    // The file as such.
    case cannotOpen(code: Int32)
    case notRegular(FileKind)
    case empty
    case unknownFormat(looksLike: String?)
    /// Another tool's format, in words: what it is, and what to make instead.
    case foreignFormat(String)

    // Other containers, which word their own problems.
    case zip(ZipProblem)
    case pickle(name: String, PickleProblem)
    case torch(TorchProblem)
    case npy(name: String, NpyProblem)
    case tooManyArrays(limit: Int)
    case notNumPy
    case shards(ShardProblem)
    case severalInArchive([String])
    case tar(offset: Int)
    case bundle(TensorBundleProblem)

    // The safetensors container.
    case tooShort(size: Int)
    case headerBeyondEnd(length: UInt64, available: Int)
    case headerTooLong(length: UInt64, limit: Int)
    case badHeader(offset: Int, expected: String)
    case duplicateTensor(String)
    case duplicateMetadata(key: String)
    case missingField(tensor: String, field: String)
    case unknownField(tensor: String, field: String)
    case duplicateField(tensor: String, field: String)
    case unknownElementType(tensor: String, name: String)
    case tooManyDimensions(tensor: String, limit: Int)
    case badNumber(tensor: String, field: String, text: String)
    case sizeOverflow(tensor: String, shape: [Int])
    case notWholeBytes(tensor: String, shape: [Int], type: ElementType)
    case offsetsReversed(tensor: String, begin: Int, end: Int)
    case wrongByteCount(
      tensor: String, shape: [Int], type: ElementType, expected: Int, found: Int)
    case beyondEnd(tensor: String, end: Int, available: Int)
    case overlap(tensor: String, with: String)
    case gap(begin: Int, end: Int)

    // The ONNX format.
    case onnx(ONNXProblem)

    // Keras's formats.
    case hdf5(HDF5Problem)
    case keras(KerasProblem)

    // The network in it. In an expected shape nil stands for any number.
    case notFloats(tensor: String, type: ElementType)
    case noSuchTensor(String)
    case noRecurrentLayer
    case severalModules([String])
    case noSuchModule(asked: String, modules: [String])
    case ambiguousModule(asked: String, modules: [String])
    case missingTensor(String, neededBy: String)
    case wrongShape(tensor: String, expected: [Int?], found: [Int])
    case unknownCell(tensor: String, shape: [Int])
    case ambiguousRole(Role, tensors: [String])
    /// `fitting`: those that could be chosen.
    case noSuchHead(Role, asked: String, fitting: [String])
    case nothingToChoose(option: String)
    case notAnRNN(CellKind)
    case notSpelled(module: String, CellKind)
    case unknownRNNActivation(String)
    /// Tensors under the module's own name that nothing would read: `prefix` is that name.
    case unusedTensors([String], prefix: String, cell: CellKind)
    /// `unused`: what could be ignored.
    case nothingToIgnore(asked: String, unused: [String])
    /// A module of a class that is not stepped; `shapes`: the kind that it has the shapes of.
    case foreignClass(module: String, name: String, shapes: CellKind?)
    /// The same of one that shows it only by the modules inside it.
    case foreignParts(module: String, parts: [String], shapes: CellKind)
    /// Names and shapes that PyTorch's cell shares with others.
    case ambiguousCell(module: String, CellKind)
    case spectralNorm(tensor: String)
    case unknownForm(tensor: String)
    case network(String)

    // Its metadata.
    case badMetadata(key: String, expected: String, found: String)
    case vocabularyCount(expected: Int, found: Int)
  }

  /// What a tensor outside the recurrent layers may be.
  public enum Role: String, Sendable {
    case embedding, readout
  }
}
