/// A value that a pickle builds. What holds others stands in the heap and is named by its place,
/// so that a cycle is a number and nothing has to be walked recursively.
enum PickleValue: Equatable {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  /// Where they stand in the pickle; whole numbers of more than 64 bits are kept so too.
  case bytes(Range<Int>)
  /// A class or function by its dotted name. Nothing is looked up and nothing is called.
  case global(String)
  case node(Int)
  case storage(Int)
  case tensor(Int)
}

/// A list, tuple, set, dictionary or record.
struct PickleNode {
  enum Kind {
    case list, tuple, set, dictionary
    /// An object: the class's name, what it was made from, and its attributes.
    case record
  }

  var kind: Kind
  /// Of a record: the dotted name of its class.
  var name = ""
  /// Of a list, tuple or set; of a record, what it was made from or what was appended to it.
  var items: [PickleValue] = []
  /// Of a dictionary or a record that is one; a later pair replaces an earlier one of its key.
  var pairs: [(key: PickleValue, value: PickleValue)] = []
  /// Of a record: its attributes, mostly a dictionary.
  var state: PickleValue = .none
}

/// A storage that a persistent id names; its numbers stand outside the pickle.
struct TorchStorage {
  var key: String
  /// Of its elements; bytes where it is untyped.
  var type: TorchType
  /// In elements.
  var count: Int
  /// Where a legacy view begins in the storage of that key, in elements.
  var viewOffset = 0
}

/// A tensor: a view of a storage. Nothing is proved yet.
struct TorchTensor {
  var storage: Int
  var type: TorchType
  /// All three in elements.
  var offset: Int
  var shape: [Int]
  var strides: [Int]
  /// Of a quantised tensor.
  var scaling: TorchScaling?
}

/// What a quantised tensor's whole numbers q mean: (q - zero point) · scale.
enum TorchScaling {
  case whole(scale: Float, zeroPoint: Float)
  /// Of each place along an axis; the tensors by their places in the heap.
  case channels(scales: Int, zeroPoints: Int, axis: Int)
}

/// An element type by PyTorch's name.
struct TorchType: Equatable {
  /// "float32".
  var name: String
  /// Bytes.
  var width: Int
  /// Nil where numbers of it are not read.
  var element: ElementType?

  /// By the name of the storage class, "FloatStorage", or of the dtype, "float32".
  init?(_ text: String) {
    var text = text
    if text.hasSuffix("Storage") { text.removeLast("Storage".count) }
    guard let row = Self.table.first(where: { $0.class == text || $0.dtype == text }) else {
      return nil
    }
    (name, width, element) = (row.dtype, row.width, row.element)
  }

  var isQuantised: Bool { name.hasPrefix("q") }

  static let byte = TorchType("uint8")

  private static let table: [(class: String, dtype: String, width: Int, element: ElementType?)] = [
    ("Double", "float64", 8, .float64), ("Float", "float32", 4, .float32),
    ("Half", "float16", 2, .float16), ("BFloat16", "bfloat16", 2, .bfloat16),
    ("Long", "int64", 8, .int64), ("Int", "int32", 4, .int32), ("Short", "int16", 2, .int16),
    ("Char", "int8", 1, .int8), ("Byte", "uint8", 1, .uint8), ("Bool", "bool", 1, .bool),
    ("", "uint16", 2, .uint16), ("", "uint32", 4, .uint32), ("", "uint64", 8, .uint64),
    ("ComplexFloat", "complex64", 8, .complex64), ("ComplexDouble", "complex128", 16, nil),
    ("QInt8", "qint8", 1, .int8), ("QUInt8", "quint8", 1, .uint8),
    ("QInt32", "qint32", 4, .int32),
    ("QUInt4x2", "quint4x2", 1, nil), ("QUInt2x4", "quint2x4", 1, nil),
    ("", "float8_e4m3fn", 1, .float8e4m3), ("", "float8_e5m2", 1, .float8e5m2),
    ("", "float8_e4m3fnuz", 1, .float8e4m3fnuz), ("", "float8_e5m2fnuz", 1, .float8e5m2fnuz),
  ]
}

/// Everything that a file's pickles built.
struct PickleHeap {
  var nodes: [PickleNode] = []
  var storages: [TorchStorage] = []
  var tensors: [TorchTensor] = []
  /// Where the numbers of storages stand that are in the pickle itself, by their keys.
  var inlineData: [String: Range<Int>] = [:]

  func node(_ value: PickleValue) -> PickleNode? {
    if case .node(let place) = value { nodes[place] } else { nil }
  }

  /// The items of a tuple or list.
  func sequence(_ value: PickleValue) -> [PickleValue]? {
    guard let node = node(value), node.kind == .tuple || node.kind == .list else { return nil }
    return node.items
  }

  /// The pairs of a dictionary, or the attributes of a record.
  func attributes(_ value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
    guard let node = node(value) else { return nil }
    switch node.kind {
    case .dictionary: return node.pairs
    case .record:
      if let state = self.node(node.state) {
        if state.kind == .dictionary { return state.pairs + node.pairs }
        // A class with slots: (attributes, slots).
        if state.kind == .tuple {
          return state.items.flatMap { self.node($0)?.pairs ?? [] } + node.pairs
        }
      }
      return node.pairs
    case .list, .tuple, .set: return nil
    }
  }

  /// A dictionary's or record's value by a text key; the last of that key.
  func value(_ key: String, of value: PickleValue) -> PickleValue? {
    attributes(value)?.last { $0.key == .string(key) }?.value
  }
}
