import Recurrent

/// A safetensors file whose every length, offset and shape has been proved.
///
/// https://huggingface.co/docs/safetensors: 8 bytes of header length (little-endian), a JSON header,
/// then the tensors' data, row-major and little-endian. The data stays in the mapped file until it
/// is asked for.
public struct SafetensorsFile: TensorStore, Sendable {
  public let path: String
  /// By the place of their data in the file.
  public let tensors: [SafetensorsTensor]
  /// `__metadata__`, empty where there is none.
  public let metadata: [String: String]
  private let file: FileBytes
  private let dataStart: Int
  private let indices: [String: Int]

  /// The reference implementation reads no longer header than this.
  static let headerLimit = 100_000_000

  /// Maps the file. Costs the header's length, not the file's.
  ///
  /// - Throws: `ModelFileError` for anything that is not a whole and consistent safetensors file.
  public init(path: String) throws(ModelFileError) {
    try self.init(FileBytes(path: path), path: path)
  }

  /// Reads bytes in memory; `path` is for messages.
  public init(bytes: [UInt8], path: String) throws(ModelFileError) {
    try self.init(FileBytes(bytes), path: path)
  }

  init(_ file: FileBytes, path: String) throws(ModelFileError) {
    do throws(ModelFileError.Problem) {
      let bytes = file.bytes
      guard !bytes.isEmpty else { throw .empty }
      guard bytes.count >= 8 else { throw .tooShort(size: bytes.count) }
      let claimed = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
      let available = bytes.count - 8
      guard claimed <= UInt64(available) else {
        throw .headerBeyondEnd(length: claimed, available: available)
      }
      guard claimed <= UInt64(Self.headerLimit) else {
        throw .headerTooLong(length: claimed, limit: Self.headerLimit)
      }
      dataStart = 8 + Int(claimed)
      let header = try SafetensorsHeader(
        UnsafeRawBufferPointer(rebasing: bytes[8..<dataStart]),
        dataCount: available - Int(claimed))
      tensors = header.tensors
      metadata = header.metadata
    } catch {
      throw ModelFileError(path, error)
    }
    self.path = path
    self.file = file
    indices = Dictionary(
      uniqueKeysWithValues: tensors.enumerated().map { ($0.element.name, $0.offset) })
  }

  /// A tensor's numbers, row-major, as Float32: exact, or rounded from F64.
  ///
  /// - Throws: `ModelFileError` where there is no such tensor or its elements are not floats.
  public func floats(_ name: String) throws(ModelFileError) -> [Float] {
    guard let index = indices[name] else { throw ModelFileError(path, .noSuchTensor(name)) }
    let tensor = tensors[index]
    // The header's proof keeps this inside the file.
    let range = dataStart + tensor.range.lowerBound..<dataStart + tensor.range.upperBound
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[range])
    switch tensor.type {
    case .float32:
      return numbers(bytes) { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .float64:
      return numbers(bytes) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
    case .float16:
      return numbers(bytes) { HalfPrecision.float(UInt16(littleEndian: $0)) }
    case .bfloat16:
      return numbers(bytes) { BrainFloat.float(UInt16(littleEndian: $0)) }
    case .float8e4m3: return numbers(bytes, convert: Float8.e4m3)
    case .float8e5m2: return numbers(bytes, convert: Float8.e5m2)
    case .float8e4m3fnuz: return numbers(bytes, convert: Float8.e4m3fnuz)
    case .float8e5m2fnuz: return numbers(bytes, convert: Float8.e5m2fnuz)
    case .complex64, .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8, .bool,
      .float8e8m0, .float6e2m3, .float6e3m2, .float4:
      throw ModelFileError(path, .notFloats(tensor: name, type: tensor.type))
    }
  }

  private func numbers<Bits: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, convert: (Bits) -> Float
  ) -> [Float] {
    let width = MemoryLayout<Bits>.size
    return LargeWork.array(count: bytes.count / width) { part, target in
      for index in part {
        // The format aligns nothing.
        let bits = bytes.loadUnaligned(fromByteOffset: index * width, as: Bits.self)
        (target + (index - part.lowerBound)).initialize(to: convert(bits))
      }
    }
  }
}

/// What the header says about one tensor.
public struct SafetensorsTensor: Sendable, Equatable, NamedTensor {
  public let name: String
  public let type: ElementType
  public let shape: [Int]
  /// Its bytes, counted from the end of the header.
  let range: Range<Int>

  public var typeName: String? { type.rawValue }
}
