import CHDF5

/// An HDF5 file in memory: what is in it by name, and the numbers of its datasets.
///
/// The format is https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html. Every entry
/// into the library goes through `HDF5Thread`. Links other than hard ones are not followed, so that
/// no other file is opened, and dimensions are proved against what the file holds before anything is
/// allocated on them. The library lists the datasets and reads those in chunks; what lies in one piece,
/// and the root's attributes, are read without it.
struct HDF5File: Sendable {
  struct Dataset: Sendable {
    /// "layers/lstm/cell/vars/0".
    let path: String
    let shape: [Int]
    /// "float32".
    let type: String
    /// Why its numbers cannot be read.
    let problem: HDF5Problem?
    /// How many numbers.
    let count: Int
    /// Where they lie in the file as they are, and what they are; nil where only the library can say.
    let stored: Stored?
  }

  struct Stored: Sendable {
    let type: ElementType
    let isBigEndian: Bool
    let bytes: Range<Int>
  }

  /// In the order of the file.
  let datasets: [Dataset]
  /// The texts among the root's attributes.
  let attributes: [String: String]
  private let bytes: FileSlice

  /// More than any model has.
  static let objectLimit = 100_000
  private static let depthLimit = 24
  /// What datasets with a filter may hold: this much, and so many times what they take.
  static let inflatedAllowance = 16 << 20
  static let inflatedRatio = 20

  /// Lists the file.
  init(_ bytes: FileSlice) throws(HDF5Problem) {
    self.bytes = bytes
    (datasets, attributes) = try HDF5Thread.run { () throws(HDF5Problem) in
      try bytes.withHDF5 { file throws(HDF5Problem) in
        var walk = HDF5Walk(limit: Self.objectLimit, fileSize: bytes.count)
        try walk.group(file, path: "", depth: Self.depthLimit)
        let names = ["model_config", "keras_version", "backend"]
        return (walk.datasets, try bytes.rootTexts(names, file))
      }
    }
  }

  /// A dataset's numbers, in C order.
  func floats(_ dataset: Dataset) throws(HDF5Problem) -> [Float] {
    if let (view, stored) = try view(dataset) {
      let values = bytes[stored.bytes].withBytes {
        view.floats($0, stored.type, isBigEndian: stored.isBigEndian)
      }
      if let values { return values }
    }
    return try read(dataset, initial: 0, as: gs_h5_native_float)
  }

  /// A dataset's whole numbers, in C order.
  func integers(_ dataset: Dataset) throws(HDF5Problem) -> [Int] {
    guard dataset.type.contains("int") else {
      throw dataset.problem ?? .notNumbers(dataset: dataset.path, type: dataset.type)
    }
    if let (view, stored) = try view(dataset) {
      let values = bytes[stored.bytes].withBytes {
        view.integers($0, stored.type, isBigEndian: stored.isBigEndian)
      }
      if let values { return values }
    }
    return try read(dataset, initial: 0, as: gs_h5_native_int64).map { (number: Int64) in
      Int(number)
    }
  }

  /// Where the numbers lie in the file; nil where the library must read them.
  private func view(_ dataset: Dataset) throws(HDF5Problem) -> (TensorView, Stored)? {
    if let problem = dataset.problem { throw problem }
    guard let stored = dataset.stored, let strides = TensorView.strides(of: dataset.shape),
      let view = TensorView(
        offset: 0, shape: dataset.shape, strides: strides, available: dataset.count)
    else { return nil }
    return (view, stored)
  }

  /// A dataset as rows of columns: where it lies, or a copy. Nil where it has no such shape.
  func matrix(
    _ dataset: Dataset, rows: Int, columns: Int
  ) throws(HDF5Problem) -> ArrayMatrix? {
    if let problem = dataset.problem { throw problem }
    guard let strides = TensorView.strides(of: dataset.shape),
      let view = TensorView(
        offset: 0, shape: dataset.shape, strides: strides, available: dataset.count)
    else { return nil }
    if let stored = dataset.stored {
      return ArrayMatrix(
        view, rows: rows, columns: columns, stored.type, isBigEndian: stored.isBigEndian,
        bytes[stored.bytes])
    }
    let copy = FileBytes(copying: try floats(dataset))
    return ArrayMatrix(
      view, rows: rows, columns: columns, .float32, isBigEndian: 1.bigEndian == 1,
      FileSlice(copy, 0..<copy.bytes.count))
  }

  private func read<Number: BitwiseCopyable & Sendable>(
    _ dataset: Dataset, initial: Number, as type: @escaping @Sendable () -> hid_t
  ) throws(HDF5Problem) -> [Number] {
    if let problem = dataset.problem { throw problem }
    let bytes = bytes
    let (path, count) = (dataset.path, dataset.count)
    return try HDF5Thread.run(bytes: count * 8) { () throws(HDF5Problem) in
      try bytes.withHDF5 { file throws(HDF5Problem) in
        let object = H5Dopen2(file, path, hid_t(H5P_DEFAULT))
        guard object >= 0 else { throw .unreadable(path) }
        defer { H5Dclose(object) }
        var isRead = false
        let values = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
          buffer.initialize(repeating: initial)
          isRead =
            H5Dread(
              object, type(), hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT),
              buffer.baseAddress) >= 0
          initialized = count
        }
        guard isRead else { throw .unreadable(path) }
        return values
      }
    }
  }
}

extension FileSlice {
  /// The texts among the root's attributes.
  fileprivate func rootTexts(
    _ names: [String], _ file: hid_t
  ) throws(HDF5Problem) -> [String: String] {
    let root = try withBytes { bytes throws(HDF5Problem) in
      try HDF5RootTexts(bytes, named: names)
    }
    var texts = root.texts
    if root.areElsewhere {
      for name in names where texts[name] == nil {
        texts[name] = try HDF5Text.attribute(name, of: file, limit: count)
      }
    }
    return texts
  }

  fileprivate func withHDF5<Value>(
    _ body: (hid_t) throws(HDF5Problem) -> Value
  ) throws(HDF5Problem) -> Value {
    try withBytes { bytes throws(HDF5Problem) in
      let file = gs_h5_open(bytes.baseAddress, bytes.count)
      guard file >= 0 else { throw .notOpened(size: bytes.count) }
      defer { H5Fclose(file) }
      return try body(file)
    }
  }
}
