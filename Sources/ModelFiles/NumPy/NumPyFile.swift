/// Arrays of numbers as NumPy saves them, in a `.npy` file or an `.npz` archive: inputs, initial
/// states and references. Told by the first bytes, not by the name.
///
/// Not safe to share between threads.
public struct NumPyFile {
  public let path: String
  private let arrays: NpyArrays

  /// - Throws: `ModelFileError` for what is no such file, or is damaged.
  public init(path: String) throws(ModelFileError) {
    try self.init(FileBytes(path: path), path: path)
  }

  /// Of bytes in memory.
  ///
  /// - Parameter path: for messages.
  public init(bytes: [UInt8], path: String) throws(ModelFileError) {
    guard !bytes.isEmpty else { throw ModelFileError(path, .empty) }
    try self.init(FileBytes(bytes), path: path)
  }

  private init(_ file: FileBytes, path: String) throws(ModelFileError) {
    self.path = path
    guard Self.begins(file.bytes) else { throw ModelFileError(path, .notNumPy) }
    if file.bytes.starts(with: NpyHeader.magic) {
      arrays = try NpyArrays(file, path: path)
    } else {
      arrays = try NpyArrays(ZipArchive(file, path: path))
    }
  }

  /// Whether a file begins as one of NumPy's.
  public static func begins(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.starts(with: NpyHeader.magic) || bytes.starts(with: Array("PK".utf8))
  }

  /// The names of the arrays, as in the archive; a `.npy` file's only array is named "".
  public var names: [String] { arrays.tensors.map(\.name) }

  /// Nil where there is no array of that name.
  public func shape(of name: String) -> [Int]? { tensor(name)?.shape }

  /// Whether an array holds whole numbers.
  public func isInteger(_ name: String) -> Bool {
    switch tensor(name)?.type {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    case .float64, .float32, .float16, .bfloat16, .complex64, .bool, .float8e4m3, .float8e5m2,
      .float8e8m0, .float8e4m3fnuz, .float8e5m2fnuz, .float6e2m3, .float6e3m2, .float4, nil:
      false
    }
  }

  /// An array's numbers, row-major, rounded to Float32.
  public func floats(_ name: String) throws(ModelFileError) -> [Float] {
    try arrays.floats(name)
  }

  /// An array's whole numbers, row-major.
  public func integers(_ name: String) throws(ModelFileError) -> [Int] {
    try arrays.integers(name)
  }

  private func tensor(_ name: String) -> NpyArrays.Tensor? {
    arrays.tensors.first { $0.name == name }
  }
}
