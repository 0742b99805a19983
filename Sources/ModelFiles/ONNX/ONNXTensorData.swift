/// Reads the numbers of stored tensors, from the model file or from files beside it.
final class ONNXTensorData {
  typealias Fault = ONNXProblem.TensorFault

  /// The model's own bytes.
  private let file: FileBytes
  /// Where the model is; nil where it was never in a file.
  private let folder: String?
  private var files: [String: FileBytes] = [:]
  /// The bytes of the data files that were opened.
  private(set) var externalBytes = 0

  /// - Parameter path: the model's; nil where its bytes are in memory alone.
  init(_ file: FileBytes, path: String?) {
    self.file = file
    folder = path.map { path in
      path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }
  }

  /// A tensor's shape, every size of which is 0 or more.
  static func shape(_ tensor: ONNXTensorProto) throws(Fault) -> [Int] {
    guard tensor.dims.count <= ONNXConstant.dimensionLimit else {
      throw .tooManyDimensions(tensor.dims.count, limit: ONNXConstant.dimensionLimit)
    }
    var shape: [Int] = []
    for size in tensor.dims {
      guard size >= 0 else { throw .negativeDimension(size) }
      shape.append(Int(size))
    }
    return shape
  }

  /// - Throws: what is wrong with the tensor; nothing is allocated before its data is known to be
  ///   there.
  func constant(_ tensor: ONNXTensorProto) throws(Fault) -> ONNXConstant {
    let shape = try Self.shape(tensor)
    guard let type = ONNXElement(rawValue: tensor.dataType) else {
      throw .unreadableType(ONNXElement.name(tensor.dataType))
    }
    guard let expected = ONNXConstant.byteCount(shape, type) else {
      throw .sizeOverflow(shape: shape)
    }
    func proved(_ found: Int) throws(Fault) {
      guard found == expected else {
        throw .wrongByteCount(shape: shape, type: type.name, expected: expected, found: found)
      }
    }
    if tensor.dataLocation == 1 {
      let bytes = try external(tensor, expected: expected, proved)
      return ONNXConstant(type: type, shape: shape, bytes: bytes)
    }
    if tensor.hasRawData, let raw = ONNXWire.DataReference(tensor.rawData)?.range,
      !raw.isEmpty || expected == 0
    {
      try proved(raw.count)
      return ONNXConstant(type: type, shape: shape, bytes: Array(file.bytes[raw]))
    }
    try proved(typedCount(tensor, type).multipliedReportingOverflow(by: type.width).partialValue)
    return ONNXConstant(type: type, shape: shape, bytes: typedBytes(tensor, type))
  }

  /// Which of the typed lists holds a type's elements is laid down with TensorProto's fields.
  private func typedCount(_ tensor: ONNXTensorProto, _ type: ONNXElement) -> Int {
    switch type {
    case .float32: tensor.floatData.count
    case .float64: tensor.doubleData.count
    case .int64: tensor.int64Data.count
    case .uint32, .uint64: tensor.uint64Data.count
    case .uint8, .int8, .uint16, .int16, .int32, .bool, .float16, .bfloat16: tensor.int32Data.count
    }
  }

  private func typedBytes(_ tensor: ONNXTensorProto, _ type: ONNXElement) -> [UInt8] {
    let narrow = tensor.int32Data
    switch type {
    case .float32: return ONNXConstant.pack(tensor.floatData.map(\.bitPattern))
    case .float64: return ONNXConstant.pack(tensor.doubleData.map(\.bitPattern))
    case .int64: return ONNXConstant.pack(tensor.int64Data)
    case .uint64: return ONNXConstant.pack(tensor.uint64Data)
    case .uint32: return ONNXConstant.pack(tensor.uint64Data.map { UInt32(truncatingIfNeeded: $0) })
    case .int32: return ONNXConstant.pack(narrow)
    case .uint8, .int8, .bool: return narrow.map { UInt8(truncatingIfNeeded: $0) }
    case .uint16, .int16, .float16, .bfloat16:
      return ONNXConstant.pack(narrow.map { UInt16(truncatingIfNeeded: $0) })
    }
  }

  // MARK: Data in other files

  /// https://onnx.ai/onnx/repo-docs/ExternalData.html. A file may be beside the model or in a folder
  /// below; what a stranger's model names elsewhere is not opened.
  private func external(
    _ tensor: ONNXTensorProto, expected: Int, _ prove: (Int) throws(Fault) -> Void
  ) throws(Fault) -> [UInt8] {
    func value(_ key: String) -> String? {
      tensor.externalData.first { $0.key == key }?.value
    }
    func number(_ key: String) throws(Fault) -> Int? {
      guard let text = value(key) else { return nil }
      guard let number = Int(text), number >= 0, !text.hasPrefix("+") else {
        throw .badExternalNumber(key: key, text: text)
      }
      return number
    }
    guard let location = value("location"), !location.isEmpty else { throw .externalWithoutFile }
    let offset = try number("offset") ?? 0
    let length = try number("length")
    if let length { try prove(length) }
    let file = try open(location)
    let available = file.bytes.count
    let count = length ?? expected
    guard offset <= available, count <= available - offset else {
      throw .externalBeyondEnd(
        file: location, offset: offset, length: count, available: available)
    }
    return Array(file.bytes[offset..<offset + count])
  }

  private func open(_ location: String) throws(Fault) -> FileBytes {
    if let file = files[location] { return file }
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !location.hasPrefix("/"), !location.contains("\\"), !location.utf8.contains(0),
      !parts.contains("..")
    else { throw .externalOutside(location) }
    guard let folder else { throw .externalFromMemory(location) }
    do throws(ModelFileError) {
      let file = try FileBytes(path: folder + location)
      files[location] = file
      externalBytes += file.bytes.count
      return file
    } catch {
      throw .externalUnreadable(error.description)
    }
  }
}
