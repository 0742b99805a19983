import CHDF5

/// An HDF5 file in memory: what is in it by name, and the numbers of its datasets.
///
/// The format is https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html. Every entry
/// into the library goes through `HDF5Thread`. Links other than hard ones are not followed, so that
/// no other file is opened, and dimensions are proved against what the file holds before anything is
/// allocated on them.
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
        var attributes: [String: String] = [:]
        for name in ["model_config", "keras_version", "backend"] {
          attributes[name] = try HDF5Text.attribute(name, of: file, limit: bytes.count)
        }
        return (walk.datasets, attributes)
      }
    }
  }

  /// A dataset's numbers, in C order.
  func floats(_ dataset: Dataset) throws(HDF5Problem) -> [Float] {
    if let problem = dataset.problem { throw problem }
    let bytes = bytes
    return try HDF5Thread.run(bytes: dataset.count * 8) { () throws(HDF5Problem) in
      try bytes.withHDF5 { file throws(HDF5Problem) in
        let object = H5Dopen2(file, dataset.path, hid_t(H5P_DEFAULT))
        guard object >= 0 else { throw .unreadable(dataset.path) }
        defer { H5Dclose(object) }
        var isRead = false
        let values = [Float](unsafeUninitializedCapacity: dataset.count) { buffer, count in
          buffer.initialize(repeating: 0)
          isRead =
            H5Dread(
              object, gs_h5_native_float(), hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT),
              buffer.baseAddress) >= 0
          count = dataset.count
        }
        guard isRead else { throw .unreadable(dataset.path) }
        return values
      }
    }
  }
}

extension FileSlice {
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
