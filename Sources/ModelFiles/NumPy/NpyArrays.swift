import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Arrays by the names of their files: an NPZ archive, or a folder of .npy files.
final class NpyArrays: TensorStore {
  struct Tensor: NamedTensor {
    let name: String
    let type: ElementType
    fileprivate let view: TensorView
    fileprivate let isBigEndian: Bool
    fileprivate let data: FileSlice

    var shape: [Int] { view.shape }
    var typeName: String? { type.rawValue }
  }

  let path: String
  let tensors: [Tensor]
  /// Arrays of texts, objects and the like.
  let leftOut: [String]
  private let indices: [String: Int]

  /// A folder with more is something else.
  static let fileLimit = 20_000

  /// Of an NPZ archive: the entries whose names end in .npy.
  convenience init(_ archive: ZipArchive) throws(ModelFileError) {
    var collection = Collection(path: archive.path)
    for name in archive.names where name.hasSuffix(".npy") {
      try collection.add(name, try archive.bytes(of: name))
    }
    try self.init(collection)
  }

  /// Of a single .npy file, whose array has no name.
  convenience init(_ file: FileBytes, path: String) throws(ModelFileError) {
    var collection = Collection(path: path)
    try collection.add(".npy", FileSlice(file, 0..<file.bytes.count))
    try self.init(collection)
  }

  /// Of a folder, not of the folders in it.
  convenience init(folder path: String) throws(ModelFileError) {
    var collection = Collection(path: path)
    for name in try Self.files(in: path) {
      let file = try FileBytes(path: "\(path)/\(name)")
      try collection.add(name, FileSlice(file, 0..<file.bytes.count))
    }
    guard !collection.isEmpty else { throw ModelFileError(path, .notRegular(.directory)) }
    try self.init(collection)
  }

  /// The variables of a TensorFlow checkpoint.
  convenience init(_ bundle: TensorBundle, path: String) throws(ModelFileError) {
    var collection = Collection(path: path)
    for variable in bundle.variables {
      guard let strides = TensorView.strides(of: variable.shape),
        let view = TensorView(
          offset: 0, shape: variable.shape, strides: strides,
          available: TensorView.count(variable.shape) ?? 0)
      else { continue }
      collection.tensors.append(
        Tensor(
          name: variable.name, type: variable.type, view: view, isBigEndian: false,
          data: variable.data))
    }
    collection.leftOut = bundle.leftOut
    try self.init(collection)
  }

  private init(_ collection: Collection) throws(ModelFileError) {
    // An archive of nothing else says what it is that cannot be read.
    if collection.tensors.isEmpty, let problem = collection.problem { throw problem }
    tensors = collection.tensors
    leftOut = collection.leftOut
    path = collection.path
    indices = Dictionary(
      tensors.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  private static func files(in path: String) throws(ModelFileError) -> [String] {
    let names = folderNames(in: path, upTo: fileLimit + 1) {
      $0.hasSuffix(".npy") && !$0.hasPrefix(".")
    }
    guard let names else { throw ModelFileError(path, .cannotOpen(code: errno)) }
    guard names.count <= fileLimit else {
      throw ModelFileError(path, .tooManyArrays(limit: fileLimit))
    }
    return names.sorted()
  }

  /// Arrays as they are found; those of texts and objects are left out, unless weights are.
  private struct Collection {
    let path: String
    var tensors: [Tensor] = []
    var leftOut: [String] = []
    var problem: ModelFileError?

    init(path: String) { self.path = path }

    var isEmpty: Bool { tensors.isEmpty && leftOut.isEmpty }

    mutating func add(_ file: String, _ slice: FileSlice) throws(ModelFileError) {
      let name = String(file.dropLast(".npy".count))
      do throws(NpyProblem) {
        tensors.append(try NpyArrays.tensor(name, slice))
      } catch {
        let failure = ModelFileError(path, .npy(name: name, error))
        guard case .type = error, RecurrentParameter(name: name) == nil else { throw failure }
        leftOut.append(name)
        problem = problem ?? failure
      }
    }
  }

  func floats(_ name: String) throws(ModelFileError) -> [Float] {
    let tensor = try tensor(name)
    let values = tensor.data.withBytes { bytes in
      tensor.view.floats(bytes, tensor.type, isBigEndian: tensor.isBigEndian)
    }
    guard let values else { throw ModelFileError(path, .npy(name: name, .noNumbers)) }
    return values
  }

  /// An array as rows of columns, read where it lies.
  func matrix(_ name: String, rows: Int, columns: Int) throws(ModelFileError) -> ArrayMatrix {
    let tensor = try tensor(name)
    let matrix = ArrayMatrix(
      tensor.view, rows: rows, columns: columns, tensor.type, isBigEndian: tensor.isBigEndian,
      tensor.data)
    guard let matrix else { throw ModelFileError(path, .npy(name: name, .noNumbers)) }
    return matrix
  }

  /// Whole numbers; an array of others is refused.
  func integers(_ name: String) throws(ModelFileError) -> [Int] {
    let tensor = try tensor(name)
    let values = tensor.data.withBytes { bytes in
      tensor.view.integers(bytes, tensor.type, isBigEndian: tensor.isBigEndian)
    }
    guard let values else {
      throw ModelFileError(path, .npy(name: name, .noIntegers(tensor.type)))
    }
    return values
  }

  private func tensor(_ name: String) throws(ModelFileError) -> Tensor {
    guard let index = indices[name] else { throw ModelFileError(path, .noSuchTensor(name)) }
    return tensors[index]
  }

  private static func tensor(_ name: String, _ slice: FileSlice) throws(NpyProblem) -> Tensor {
    let header = try slice.withBytes { bytes throws(NpyProblem) in try NpyHeader(bytes) }
    let data = slice[header.dataStart..<slice.count]
    let width = header.type.bits / 8
    guard
      let strides = TensorView.strides(of: header.shape, isFortranOrder: header.isFortranOrder),
      let (needed, overflow) = TensorView.count(header.shape)?.multipliedReportingOverflow(
        by: width), !overflow
    else { throw .sizeOverflow(shape: header.shape) }
    guard needed == data.count,
      let view = TensorView(
        offset: 0, shape: header.shape, strides: strides, available: data.count / width)
    else { throw .wrongSize(shape: header.shape, needed: needed, found: data.count) }
    return Tensor(
      name: name, type: header.type, view: view, isBigEndian: header.isBigEndian, data: data)
  }
}
