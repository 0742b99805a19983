import CHDF5

/// Lists the datasets below a group, each looked at without reading its numbers.
struct HDF5Walk {
  private(set) var datasets: [HDF5File.Dataset] = []
  private var left: Int
  private let limit: Int
  private let fileSize: Int

  init(limit: Int, fileSize: Int) {
    left = limit
    self.limit = limit
    self.fileSize = fileSize
  }

  /// Groups may contain themselves: `depth` and the limit of objects end that.
  mutating func group(_ group: hid_t, path: String, depth: Int) throws(HDF5Problem) {
    for name in try names(group, path) {
      let inner = path.isEmpty ? name : "\(path)/\(name)"
      let object = H5Oopen(group, name, hid_t(H5P_DEFAULT))
      guard object >= 0 else { throw .unreadable(inner) }
      defer { H5Oclose(object) }
      switch H5Iget_type(object) {
      case H5I_GROUP where depth > 0:
        try self.group(object, path: inner, depth: depth - 1)
      case H5I_DATASET:
        datasets.append(try dataset(object, inner))
      default: break
      }
    }
  }

  private final class Names {
    var found: [String] = []
    var left: Int
    init(left: Int) { self.left = left }
  }

  /// Of the hard links.
  private mutating func names(_ group: hid_t, _ path: String) throws(HDF5Problem) -> [String] {
    let names = Names(left: left)
    let status = withExtendedLifetime(names) {
      gs_h5_links(
        group,
        { name, isHard, context in
          guard let name, let context else { return -1 }
          let names = Unmanaged<Names>.fromOpaque(context).takeUnretainedValue()
          names.left -= 1
          guard names.left >= 0 else { return 1 }
          if isHard != 0 { names.found.append(String(cString: name)) }
          return 0
        }, Unmanaged.passUnretained(names).toOpaque())
    }
    left = names.left
    guard left >= 0 else { throw .tooManyObjects(limit: limit) }
    guard status == 0 else { throw .unreadable(path.isEmpty ? "/" : path) }
    return names.found
  }

  private func dataset(_ object: hid_t, _ path: String) throws(HDF5Problem) -> HDF5File.Dataset {
    let space = H5Dget_space(object)
    let type = H5Dget_type(object)
    let creation = H5Dget_create_plist(object)
    guard space >= 0, type >= 0, creation >= 0 else { throw .unreadable(path) }
    defer {
      H5Sclose(space)
      H5Tclose(type)
      H5Pclose(creation)
    }
    let rank = Int(H5Sget_simple_extent_ndims(space))
    guard rank >= 0, rank <= 32 else { throw .unreadable(path) }
    var dims = [hsize_t](repeating: 0, count: rank)
    guard H5Sget_simple_extent_dims(space, &dims, nil) >= 0 else { throw .unreadable(path) }
    let shape = dims.map { Int(clamping: $0) }
    let size = H5Tget_size(type)
    let name = Self.name(type)
    var count = 0
    var problem: HDF5Problem?
    do throws(HDF5Problem) {
      guard let name else { throw .notNumbers(dataset: path, type: Self.otherName(type)) }
      count = try product(shape, path)
      try prove(object, creation, path: path, shape: shape, type: name, count: count, size: size)
    } catch {
      problem = error
    }
    return HDF5File.Dataset(
      path: path, shape: shape, type: name ?? Self.otherName(type), problem: problem, count: count,
      stored: problem == nil ? stored(object, creation, type, size: count * size) : nil)
  }

  /// Where the numbers lie as they are, in a file of one piece.
  private func stored(
    _ object: hid_t, _ creation: hid_t, _ type: hid_t, size: Int
  ) -> HDF5File.Stored? {
    guard H5Pget_layout(creation) == H5D_CONTIGUOUS, H5Pget_nfilters(creation) == 0,
      let element = Self.element(type), element == .bfloat16 || gs_h5_is_usual(type) > 0,
      let start = Int(exactly: H5Dget_offset(object)), start <= fileSize, size <= fileSize - start
    else { return nil }
    return HDF5File.Stored(
      type: element, isBigEndian: H5Tget_order(type) == H5T_ORDER_BE, bytes: start..<start + size)
  }

  private static func element(_ type: hid_t) -> ElementType? {
    switch name(type) {
    case "float16": .float16
    case "bfloat16": .bfloat16
    case "float32": .float32
    case "float64": .float64
    case "int8": .int8
    case "int16": .int16
    case "int32": .int32
    case "int64": .int64
    case "uint8": .uint8
    case "uint16": .uint16
    case "uint32": .uint32
    case "uint64": .uint64
    default: nil
    }
  }

  private func product(_ shape: [Int], _ path: String) throws(HDF5Problem) -> Int {
    var count = 1
    for dimension in shape {
      let (next, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow, next <= Int.max / 16 else {
        throw .sizeOverflow(dataset: path, shape: shape)
      }
      count = next
    }
    return count
  }

  /// Proves that the file holds what the shape claims, and nothing but the file is needed for it.
  private func prove(
    _ object: hid_t, _ creation: hid_t, path: String, shape: [Int], type: String, count: Int,
    size: Int
  ) throws(HDF5Problem) {
    guard H5Pget_external_count(creation) == 0 else {
      throw .elsewhere(dataset: path, how: "in another file")
    }
    let layout = H5Pget_layout(creation)
    guard layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED else {
      throw .elsewhere(dataset: path, how: "a view of other datasets")
    }
    let filters = H5Pget_nfilters(creation)
    for index in 0..<max(0, filters) {
      var flags: UInt32 = 0
      var values = 0
      var configuration: UInt32 = 0
      let filter = H5Pget_filter2(
        creation, UInt32(index), &flags, &values, nil, 0, nil, &configuration)
      guard [H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32].contains(filter) else {
        throw .filter(dataset: path, number: Int(filter))
      }
    }
    let stored = min(Int(clamping: H5Dget_storage_size(object)), fileSize)
    let justified =
      filters > 0 && stored > 0 ? Self.justified(stored: stored) : stored
    let needed = count * size
    guard needed <= justified else {
      throw .notInFile(
        dataset: path, shape: shape, type: type, expected: needed, found: stored)
    }
    guard layout == H5D_CHUNKED else { return }
    var chunk = [hsize_t](repeating: 0, count: shape.count)
    guard H5Pget_chunk(creation, Int32(shape.count), &chunk) == Int32(shape.count) else {
      throw .unreadable(path)
    }
    let chunkSize = chunk.reduce(UInt64(size)) { size, dimension in
      let (next, overflow) = size.multipliedReportingOverflow(by: UInt64(dimension))
      return overflow ? .max : next
    }
    guard chunkSize <= UInt64(Self.justified(stored: fileSize)) else {
      throw .chunkTooLarge(dataset: path, size: Int(clamping: chunkSize))
    }
  }

  private static func justified(stored: Int) -> Int {
    HDF5File.inflatedAllowance
      + stored.multipliedReportingOverflow(by: HDF5File.inflatedRatio).partialValue
  }

  /// "float32"; nil where they are no numbers of a usual width.
  private static func name(_ type: hid_t) -> String? {
    let size = H5Tget_size(type)
    switch H5Tget_class(type) {
    case H5T_FLOAT where [2, 4, 8].contains(size): return "float\(size * 8)"
    case H5T_INTEGER where [1, 2, 4, 8].contains(size):
      return (H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int") + "\(size * 8)"
    // h5py knows no bfloat16; Keras writes its two bytes as they are.
    case H5T_OPAQUE where size == 2: return "bfloat16"
    default: return nil
    }
  }

  private static func otherName(_ type: hid_t) -> String {
    switch H5Tget_class(type) {
    case H5T_FLOAT, H5T_INTEGER: "numbers of \(H5Tget_size(type)) bytes"
    case H5T_STRING: "text"
    case H5T_OPAQUE: "opaque"
    case H5T_COMPOUND: "record"
    default: "other"
    }
  }
}
