/// Walks an ONNX file's bytes once before they are decoded, along the messages that are read.
///
/// The encoding is that of https://protobuf.dev/programming-guides/encoding/. The walk proves that
/// every length stays inside its message, that graphs stand in each other only so deep, and that the
/// number of messages, of which two bytes make one, is one that memory can hold. What is wrong is told
/// by its place, which a decoder does not do. Allocates nothing.
struct ONNXWire {
  /// If, Loop and Scan bodies in each other; PyTorch's exports have three at most.
  static let graphDepthLimit = 16
  /// Large transformers have some ten thousand nodes.
  static let partsLimit = 250_000

  private let bytes: UnsafeRawBufferPointer
  private var parts = 0

  private enum Message: String {
    case model = "ModelProto"
    case graph = "GraphProto"
    case node = "NodeProto"
    case attribute = "AttributeProto"
    case tensor = "TensorProto"
    case leaf = "a message"

    /// The message that a field holds; nil for text, numbers and what is not read.
    func child(_ field: UInt64) -> Message? {
      switch (self, field) {
      case (.model, 7), (.attribute, 6): .graph
      case (.graph, 1): .node
      case (.graph, 5), (.attribute, 5): .tensor
      case (.node, 5): .attribute
      case (.model, 8), (.model, 14), (.graph, 11), (.graph, 12), (.tensor, 13): .leaf
      case (.model, _), (.graph, _), (.node, _), (.attribute, _), (.tensor, _), (.leaf, _): nil
      }
    }

    /// Whether a field's strings or numbers become values of their own, larger than in the file.
    func isList(_ field: UInt64) -> Bool {
      switch self {
      case .node: field == 1 || field == 2
      case .attribute: field == 9
      case .model, .graph, .tensor, .leaf: false
      }
    }
  }

  /// - Throws: the first thing that is wrong.
  static func prove(_ bytes: UnsafeRawBufferPointer) throws(ONNXProblem) {
    var wire = ONNXWire(bytes: bytes)
    try wire.walk(0..<bytes.count, as: .model, depth: 0)
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
          let deeper = child == .graph ? depth + 1 : depth
          // The model's own graph is the first.
          guard deeper <= Self.graphDepthLimit + 1 else {
            throw .tooDeep(offset: start, limit: Self.graphDepthLimit)
          }
          try walk(place..<end, as: child, depth: deeper)
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
