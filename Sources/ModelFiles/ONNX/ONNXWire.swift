/// Walks an ONNX file's bytes once before they are decoded, along the messages that are read, and
/// gives what there is to decode: everything that is looked at but the tensors' raw data, which
/// stay in the file.
///
/// The encoding is that of https://protobuf.dev/programming-guides/encoding/. The walk proves that
/// every length stays inside its message, that graphs stand in each other only so deep, and that the
/// number of messages, of which two bytes make one, is one that memory can hold. What is wrong is told
/// by its place, which a decoder does not do.
struct ONNXWire {
  /// If, Loop and Scan bodies in each other; PyTorch's exports have three at most.
  static let graphDepthLimit = 16
  /// Large transformers have some ten thousand nodes.
  static let partsLimit = 250_000

  private let bytes: UnsafeRawBufferPointer
  private var parts = 0
  /// What is to be decoded.
  private var skeleton: [UInt8] = []

  private enum Message: String {
    case model = "ModelProto"
    case graph = "GraphProto"
    case function = "FunctionProto"
    case node = "NodeProto"
    case attribute = "AttributeProto"
    case tensor = "TensorProto"
    case leaf = "a message"

    /// The message that a field holds; nil for text, numbers and what is not read.
    func child(_ field: UInt64) -> Message? {
      switch (self, field) {
      case (.model, 7), (.attribute, 6): .graph
      case (.graph, 1), (.function, 7): .node
      case (.model, 25): .function
      case (.graph, 5), (.attribute, 5): .tensor
      case (.node, 5), (.function, 11): .attribute
      case (.model, 8), (.model, 14), (.graph, 11), (.graph, 12), (.tensor, 13): .leaf
      case (.model, _), (.graph, _), (.function, _), (.node, _), (.attribute, _), (.tensor, _),
        (.leaf, _):
        nil
      }
    }

    /// Whether a field is one of onnx.proto here; a decoder would leave the others out.
    func isRead(_ field: UInt64) -> Bool {
      switch self {
      case .model: [1, 2, 3, 7, 8, 14, 25].contains(field)
      case .graph: [1, 2, 5, 11, 12].contains(field)
      case .function: [1, 4, 5, 7, 10, 11].contains(field)
      case .node: [1, 2, 3, 4, 5, 7].contains(field)
      case .attribute: (1...9).contains(field) || field == 21
      case .tensor: [1, 2, 4, 5, 7, 8, 9, 10, 11, 13, 14].contains(field)
      case .leaf: (1...2).contains(field)
      }
    }

    /// Whether a field's strings or numbers become values of their own, larger than in the file.
    func isList(_ field: UInt64) -> Bool {
      switch self {
      case .node: field == 1 || field == 2
      case .function: field == 4 || field == 5
      case .attribute: field == 9
      case .model, .graph, .tensor, .leaf: false
      }
    }
  }

  /// The file with every tensor's raw data replaced by a `DataReference`.
  ///
  /// - Throws: the first thing that is wrong.
  static func skeleton(_ bytes: UnsafeRawBufferPointer) throws(ONNXProblem) -> [UInt8] {
    var wire = ONNXWire(bytes: bytes)
    try wire.walk(0..<bytes.count, as: .model, depth: 0)
    return wire.skeleton
  }

  /// Where in the file a tensor's raw data are.
  struct DataReference {
    let range: Range<Int>

    init(_ range: Range<Int>) { self.range = range }

    /// - Parameter bytes: what stands for raw data in a skeleton; no raw data of a file comes through
    ///   the walk, so that nothing else can.
    init?(_ bytes: some Collection<UInt8>) {
      guard bytes.count == 16 else { return nil }
      let numbers = bytes.reversed().reduce((low: UInt64(0), high: UInt64(0))) { sum, byte in
        (sum.low << 8 | UInt64(byte), sum.high << 8 | sum.low >> 56)
      }
      guard let begin = Int(exactly: numbers.low), let end = Int(exactly: numbers.high),
        begin <= end
      else { return nil }
      range = begin..<end
    }

    var bytes: [UInt8] {
      [range.lowerBound, range.upperBound].flatMap { number in
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
      }
    }
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private mutating func walk(
    _ range: Range<Int>, as message: Message, depth: Int
  ) throws(ONNXProblem) {
    var place = range.lowerBound
    while place < range.upperBound {
      let start = place
      guard let tag = number(&place, end: range.upperBound), tag >> 3 > 0, tag >> 3 < 1 << 29 else {
        throw .badField(offset: start, message: message.rawValue)
      }
      let field = tag >> 3
      let tagEnd = place
      switch tag & 7 {
      case 0:
        guard number(&place, end: range.upperBound) != nil else {
          throw .badField(offset: start, message: message.rawValue)
        }
      case 1, 5:
        let width = tag & 7 == 1 ? 8 : 4
        guard width <= range.upperBound - place else {
          throw .fieldBeyondEnd(
            offset: start, field: "a number", claimed: UInt64(width),
            available: range.upperBound - place)
        }
        place += width
      case 2:
        guard let length = number(&place, end: range.upperBound) else {
          throw .badField(offset: start, message: message.rawValue)
        }
        guard length <= UInt64(range.upperBound - place) else {
          let name = message.child(field).map { $0 == .leaf ? "a field" : $0.rawValue }
          throw .fieldBeyondEnd(
            offset: start, field: name ?? "a field of \(message.rawValue)", claimed: length,
            available: range.upperBound - place)
        }
        let end = place + Int(length)
        if let child = message.child(field) {
          try count(1)
          copy(start..<tagEnd)
          let lengthPlace = reserveLength()
          let deeper = child == .graph ? depth + 1 : depth
          // The model's own graph is the first.
          guard deeper <= Self.graphDepthLimit + 1 else {
            throw .tooDeep(offset: start, limit: Self.graphDepthLimit)
          }
          try walk(place..<end, as: child, depth: deeper)
          fillLength(at: lengthPlace)
          place = end
          continue
        } else if message == .tensor && field == 9 {
          copy(start..<tagEnd)
          let reference = DataReference(place..<end).bytes
          skeleton.append(UInt8(reference.count))
          skeleton += reference
          place = end
          continue
        } else if message.isList(field) {
          try count(1)
        } else if message == .tensor && (field == 1 || field == 7) {
          try countNumbers(place..<end)
        } else if message == .attribute && field == 8 {
          try countNumbers(place..<end)
        }
        place = end
      default:
        throw .badField(offset: start, message: message.rawValue)
      }
      if message.isRead(field) { copy(start..<place) }
    }
  }

  private mutating func copy(_ range: Range<Int>) { skeleton += bytes[range] }

  /// A length of nine bytes, of which most may be empty: a decoder reads up to ten.
  private mutating func reserveLength() -> Int {
    defer { skeleton += [UInt8](repeating: 0x80, count: 8) + [0] }
    return skeleton.count
  }

  private mutating func fillLength(at place: Int) {
    let length = skeleton.count - place - 9
    for index in 0..<9 {
      skeleton[place + index] |= UInt8(truncatingIfNeeded: length >> (7 * index)) & 0x7f
    }
  }

  private mutating func count(_ more: Int) throws(ONNXProblem) {
    parts += more
    guard parts <= Self.partsLimit else { throw .tooManyParts(limit: Self.partsLimit) }
  }

  /// A list of numbers of one byte each grows eight times; lists that long hold no weights.
  private mutating func countNumbers(_ range: Range<Int>) throws(ONNXProblem) {
    try count(range.count / 16)
  }

  /// A varint: seven bits a byte, ten bytes at most. Nil where it does not end.
  private func number(_ place: inout Int, end: Int) -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while place < end, shift < 70 {
      let byte = bytes[place]
      place += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }
}
