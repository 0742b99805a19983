/// ONNX files put together field by field, so that each can lie.
/// https://protobuf.dev/programming-guides/encoding/, https://onnx.ai/onnx/repo-docs/IR.html
enum ONNXBytes {
  typealias Bytes = [UInt8]

  static func varint(_ value: UInt64) -> Bytes {
    var bytes: Bytes = []
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  static func number(_ field: UInt64, _ value: Int) -> Bytes {
    varint(field << 3) + varint(UInt64(bitPattern: Int64(value)))
  }

  /// - Parameter claimed: a length that is not the content's.
  static func field(_ field: UInt64, _ content: Bytes, claimed: UInt64? = nil) -> Bytes {
    varint(field << 3 | 2) + varint(claimed ?? UInt64(content.count)) + content
  }

  static func text(_ field: UInt64, _ text: String) -> Bytes { Self.field(field, Array(text.utf8)) }

  static func float(_ field: UInt64, _ value: Float) -> Bytes {
    varint(field << 3 | 5) + (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  // MARK: Attributes

  static func attribute(_ name: String, _ value: Int) -> Bytes { text(1, name) + number(3, value) }
  static func attribute(_ name: String, _ value: Float) -> Bytes { text(1, name) + float(2, value) }
  static func attribute(_ name: String, _ value: String) -> Bytes { text(1, name) + text(4, value) }
  static func attribute(_ name: String, ints: [Int]) -> Bytes {
    text(1, name) + ints.flatMap { number(8, $0) }
  }
  static func attribute(_ name: String, texts: [String]) -> Bytes {
    text(1, name) + texts.flatMap { text(9, $0) }
  }
  static func attribute(_ name: String, graph: Bytes) -> Bytes { text(1, name) + field(6, graph) }

  // MARK: Messages

  /// - Parameter data: nil for as many zeros as the shape takes.
  static func tensor(
    _ name: String, _ shape: [Int], type: Int = 1, data: Bytes? = nil
  ) -> Bytes {
    let width = [1: 4, 2: 1, 3: 1, 7: 8, 10: 2, 11: 8][type] ?? 4
    let zeros = { Bytes(repeating: 0, count: shape.reduce(width, *)) }
    return shape.flatMap { number(1, $0) } + number(2, type) + text(8, name)
      + field(9, data ?? zeros())
  }

  static func integers(_ name: String, _ values: [Int], shape: [Int]? = nil) -> Bytes {
    tensor(
      name, shape ?? [values.count], type: 7,
      data: values.flatMap { value in
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      })
  }

  static func external(_ name: String, _ shape: [Int], _ entries: KeyValuePairs<String, String>)
    -> Bytes
  {
    shape.flatMap { number(1, $0) } + number(2, 1) + text(8, name) + number(14, 1)
      + entries.flatMap { field(13, text(1, $0.key) + text(2, $0.value)) }
  }

  static func node(
    _ operation: String, _ inputs: [String], _ outputs: [String] = ["Y"], name: String = "cell",
    domain: String? = nil, _ attributes: Bytes...
  ) -> Bytes {
    inputs.flatMap { text(1, $0) } + outputs.flatMap { text(2, $0) } + text(3, name)
      + text(4, operation) + attributes.flatMap { field(5, $0) }
      + (domain.map { text(7, $0) } ?? [])
  }

  static func graph(_ nodes: [Bytes], _ tensors: [Bytes] = [], inputs: [String] = ["X"]) -> Bytes {
    nodes.flatMap { field(1, $0) } + tensors.flatMap { field(5, $0) }
      + inputs.flatMap { field(11, text(1, $0)) }
  }

  /// The graph comes last, so that no shorter file is whole.
  static func model(_ graph: Bytes) -> Bytes { number(1, 8) + field(7, graph) }

  static func model(_ nodes: [Bytes], _ tensors: [Bytes], inputs: [String] = ["X"]) -> Bytes {
    model(graph(nodes, tensors, inputs: inputs))
  }

  /// An LSTM of 1 unit that reads 2 numbers: what fits it.
  static let weights = [tensor("W", [1, 4, 2]), tensor("R", [1, 4, 1])]
  static let cell = node("LSTM", ["X", "W", "R"])
}
