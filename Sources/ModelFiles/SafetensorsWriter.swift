import Files

/// Writes safetensors: the same bytes for the same tensors and metadata, always.
///
/// https://huggingface.co/docs/safetensors. Tensors stay in the order they are given in, metadata
/// is sorted by its keys, and spaces fill the header up to a multiple of 8.
public struct SafetensorsWriter: Sendable {
  /// How numbers are stored. Narrower ones are rounded to the nearest, ties to even.
  public enum Storage: Sendable, CaseIterable {
    case float32, float16, bfloat16

    var elementType: ElementType {
      switch self {
      case .float32: .float32
      case .float16: .float16
      case .bfloat16: .bfloat16
      }
    }
  }

  /// A tensor to be written.
  public struct Tensor: Sendable {
    public let name: String
    public let shape: [Int]
    public let values: [Float]
    public let storage: Storage

    /// - Precondition: `values` holds as many numbers as the product of `shape`.
    public init(name: String, shape: [Int], values: [Float], storage: Storage = .float32) {
      precondition(shape.reduce(1, *) == values.count, "\(name): shape and values differ")
      self.name = name
      self.shape = shape
      self.values = values
      self.storage = storage
    }

    var byteCount: Int { values.count * storage.elementType.bits / 8 }

    /// The data as it stands in the file.
    var bytes: [UInt8] {
      switch storage {
      case .float32: littleEndian(values.map(\.bitPattern))
      case .float16: littleEndian(values.map(HalfPrecision.bits))
      case .bfloat16: littleEndian(values.map(BrainFloat.bits))
      }
    }
  }

  public let tensors: [Tensor]
  public let metadata: [String: String]

  /// - Precondition: the tensors' names differ, and none is `__metadata__`.
  public init(_ tensors: [Tensor], metadata: [String: String] = [:]) {
    precondition(Set(tensors.map(\.name)).union(["__metadata__"]).count == tensors.count + 1)
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The whole file.
  public var bytes: [UInt8] {
    tensors.reduce(into: header) { $0 += $1.bytes }
  }

  /// Replaces the file at `path`, whole or not at all.
  public func write(to path: String) throws(FileError) {
    let file = try AtomicFile(path: path)
    try file.write(header)
    for tensor in tensors { try file.write(tensor.bytes) }
    try file.commit()
  }

  /// The header's length and the header.
  private var header: [UInt8] {
    var entries: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(jsonString($0.key)):\(jsonString($0.value))" }
      entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(jsonString(tensor.name)):{\"dtype\":\"\(tensor.storage.elementType.rawValue)\","
          + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var json = Array("{\(entries.joined(separator: ","))}".utf8)
    while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
    return littleEndian([UInt64(json.count)]) + json
  }
}

private func littleEndian<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
  numbers.map(\.littleEndian).withUnsafeBytes { Array($0) }
}
