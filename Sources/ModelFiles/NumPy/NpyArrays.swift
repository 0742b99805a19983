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
  private let indices: [String: Int]

  /// A folder with more is something else.
  static let fileLimit = 20_000

  /// Of an NPZ archive: the entries whose names end in .npy.
  convenience init(_ archive: ZipArchive) throws(ModelFileError) {
    var tensors: [Tensor] = []
    for name in archive.names where name.hasSuffix(".npy") {
      let tensor = try Self.tensor(name, try archive.bytes(of: name), archive.path)
      tensors.append(tensor)
    }
    try self.init(tensors, path: archive.path)
  }

  /// Of a folder, not of the folders in it.
  convenience init(folder path: String) throws(ModelFileError) {
    guard let directory = opendir(path) else {
      throw ModelFileError(path, .cannotOpen(code: errno))
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { place in
        place.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      if name.hasSuffix(".npy"), !name.hasPrefix(".") { names.append(name) }
      guard names.count <= Self.fileLimit else {
        throw ModelFileError(path, .tooManyArrays(limit: Self.fileLimit))
      }
    }
    var tensors: [Tensor] = []
    for name in names.sorted() {
      let file = try FileBytes(path: "\(path)/\(name)")
      let tensor = try Self.tensor(name, FileSlice(file, 0..<file.bytes.count), path)
      tensors.append(tensor)
    }
    try self.init(tensors, path: path)
  }

  private init(_ tensors: [Tensor], path: String) throws(ModelFileError) {
    guard !tensors.isEmpty else { throw ModelFileError(path, .notRegular(.directory)) }
    self.tensors = tensors
    self.path = path
    indices = Dictionary(
      tensors.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  func floats(_ name: String) throws(ModelFileError) -> [Float] {
    guard let index = indices[name] else { throw ModelFileError(path, .noSuchTensor(name)) }
    let tensor = tensors[index]
    let values = tensor.data.withBytes { bytes in
      tensor.view.floats(bytes, tensor.type, isBigEndian: tensor.isBigEndian)
    }
    guard let values else { throw ModelFileError(path, .npy(name: name, .noNumbers)) }
    return values
  }

  private static func tensor(
    _ file: String, _ slice: FileSlice, _ path: String
  ) throws(ModelFileError) -> Tensor {
    let name = String(file.dropLast(".npy".count))
    do throws(NpyProblem) {
      let header = try slice.withBytes { bytes throws(NpyProblem) in try NpyHeader(bytes) }
      let data = slice[header.dataStart..<slice.count]
      let width = header.type.bits / 8
      guard
        let strides = TensorView.strides(
          of: header.shape, isFortranOrder: header.isFortranOrder),
        let (needed, overflow) = TensorView.count(header.shape)?.multipliedReportingOverflow(
          by: width), !overflow
      else { throw .sizeOverflow(shape: header.shape) }
      guard needed == data.count,
        let view = TensorView(
          offset: 0, shape: header.shape, strides: strides, available: data.count / width)
      else { throw .wrongSize(shape: header.shape, needed: needed, found: data.count) }
      return Tensor(
        name: name, type: header.type, view: view, isBigEndian: header.isBigEndian, data: data)
    } catch {
      throw ModelFileError(path, .npy(name: name, error))
    }
  }
}
