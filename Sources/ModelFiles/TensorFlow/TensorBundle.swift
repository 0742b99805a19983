/// A TensorFlow checkpoint, `PREFIX.index` with `PREFIX.data-00000-of-00001` …, or a SavedModel's
/// `variables/variables`: variables by their names.
///
/// tensorflow/core/protobuf/tensor_bundle.proto. Variables in slices, texts and an optimiser's are left out.
struct TensorBundle {
  struct Variable {
    /// "lstm/cell/kernel".
    var name: String
    var type: ElementType
    var shape: [Int]
    var data: FileSlice
  }

  private(set) var variables: [Variable] = []
  private(set) var leftOut: [String] = []

  /// The index that a path means: itself, or that of the data or the prefix or the folder; nil for none.
  static func index(of path: String) -> String? {
    func isThere(_ path: String) -> Bool {
      guard let file = try? FileBytes(path: path) else { return false }
      return TensorTable.isTable(file.bytes)
    }
    var candidates = [
      "\(path).index", "\(path)/variables/variables.index", "\(path)/variables.index",
    ]
    if let place = path.firstRange(of: ".data-") {
      candidates.append(path[..<place.lowerBound] + ".index")
    }
    return candidates.first(where: isThere)
  }

  init(index: FileBytes, path: String) throws(TensorBundleProblem) {
    guard path.hasSuffix(".index") else { throw .fromMemory }
    let prefix = path.dropLast(".index".count)
    let table = try TensorTable(index.bytes)
    var files: [String: FileBytes] = [:]
    var shards = 1
    for (key, value) in table.entries {
      guard let entry = Entry(index.bytes, value) else { throw .damaged(offset: value.lowerBound) }
      if key.isEmpty {
        // The header: how many files there are, and their byte order.
        guard entry.shape.isEmpty, entry.first > 0 else { throw .damaged(offset: value.lowerBound) }
        if entry.second == 1 { throw .bigEndian }
        shards = entry.first
        continue
      }
      guard let name = Self.name(key) else {
        leftOut.append(String(key.prefix(100)))
        continue
      }
      guard let type = Self.types[entry.first], !entry.isSliced else {
        leftOut.append(name)
        continue
      }
      // Whole bytes; the product of a hostile shape is compared, not multiplied again.
      let width = type.bits / 8
      guard let count = TensorView.count(entry.shape), entry.size % width == 0,
        entry.size / width == count
      else {
        throw .wrongSize(variable: name, shape: entry.shape, type: type, found: entry.size)
      }
      let file = "\(prefix).data-\(Self.five(entry.shard))-of-\(Self.five(shards))"
      let bytes: FileBytes
      if let known = files[file] {
        bytes = known
      } else {
        bytes = try Self.open(file)
        files[file] = bytes
      }
      let (end, overflow) = entry.offset.addingReportingOverflow(entry.size)
      guard !overflow, end <= bytes.bytes.count else {
        throw .beyondEnd(
          variable: name, file: file, end: overflow ? .max : end, available: bytes.bytes.count)
      }
      variables.append(
        Variable(
          name: name, type: type, shape: entry.shape, data: FileSlice(bytes, entry.offset..<end)))
    }
  }

  private static func open(_ path: String) throws(TensorBundleProblem) -> FileBytes {
    do throws(ModelFileError) {
      return try FileBytes(path: path)
    } catch {
      throw .missing(file: path, words: error.problem.line)
    }
  }

  private static func five(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 5 - text.count)) + text
  }

  /// A variable's own name, as Keras gives it; nil for what is none of the model's.
  private static func name(_ key: String) -> String? {
    let value = "/.ATTRIBUTES/VARIABLE_VALUE"
    guard !key.contains(".OPTIMIZER_SLOT"), !key.hasPrefix("_CHECKPOINTABLE"),
      !key.hasPrefix("optimizer/")
    else { return nil }
    return key.hasSuffix(value) ? String(key.dropLast(value.count)) : key
  }

  /// By the numbers of tensorflow/core/framework/types.proto.
  private static let types: [Int: ElementType] = [
    1: .float32, 2: .float64, 3: .int32, 4: .uint8, 5: .int16, 6: .int8, 9: .int64,
    14: .bfloat16, 17: .uint16, 19: .float16, 22: .uint32, 23: .uint64,
  ]

  /// BundleEntryProto, or BundleHeaderProto, whose first two fields are numbers as well.
  private struct Entry {
    var first = 0
    var second = 0
    var shape: [Int] = []
    var shard = 0
    var offset = 0
    var size = 0
    var isSliced = false

    init?(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
      let read = TensorBundle.fields(bytes, range) { field, number, part in
        switch (field, part) {
        case (1, nil): first = number
        case (2, nil): second = number
        case (2, let part?):
          return TensorBundle.fields(bytes, part) { field, _, part in
            // Each dimension is a message of its size and its name.
            guard field == 2, let part else { return field != 2 }
            var size = 0
            let isRead = TensorBundle.fields(bytes, part) { field, number, _ in
              if field == 1 { size = number }
              return true
            }
            shape.append(size)
            return isRead && shape.count <= 64
          }
        case (3, nil): shard = number
        case (4, nil): offset = number
        case (5, nil): size = number
        case (7, _): isSliced = true
        default: break
        }
        return true
      }
      guard read else { return nil }
    }
  }

  /// A message's fields, in order: the number of a varint, the range of what has a length.
  ///
  /// - Returns: false where it is broken, or where the body says so.
  private static func fields(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ body: (Int, Int, Range<Int>?) -> Bool
  ) -> Bool {
    var place = range.lowerBound
    while place < range.upperBound {
      guard let tag = TensorTable.number(bytes, &place, end: range.upperBound) else { return false }
      switch tag & 7 {
      case 0:
        guard let number = TensorTable.number(bytes, &place, end: range.upperBound),
          body(tag >> 3, number, nil)
        else { return false }
      case 1, 5:
        let width = tag & 7 == 1 ? 8 : 4
        guard width <= range.upperBound - place else { return false }
        place += width
      case 2:
        guard let length = TensorTable.number(bytes, &place, end: range.upperBound),
          length <= range.upperBound - place
        else { return false }
        guard body(tag >> 3, 0, place..<place + length) else { return false }
        place += length
      default: return false
      }
    }
    return true
  }
}
