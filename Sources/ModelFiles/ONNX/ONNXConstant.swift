/// A tensor whose numbers are known before the model runs.
struct ONNXConstant {
  let type: ONNXElement
  /// Every size is 0 or more; their product, with the width, is the length of `bytes`.
  let shape: [Int]
  /// Row-major, little-endian, packed.
  let bytes: [UInt8]

  /// No tensor has more; the limit keeps work that grows with it small.
  static let dimensionLimit = 32

  /// - Parameter bytes: as many as the shape and type take, which the caller has proved.
  init(type: ONNXElement, shape: [Int], bytes: [UInt8]) {
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  init(shape: [Int], floats: [Float]) {
    self.init(type: .float32, shape: shape, bytes: Self.pack(floats.map(\.bitPattern)))
  }

  init(shape: [Int], integers: [Int64]) {
    self.init(type: .int64, shape: shape, bytes: Self.pack(integers))
  }

  var count: Int { bytes.count / type.width }

  static func pack<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
    let width = MemoryLayout<Number>.size
    return [UInt8](unsafeUninitializedCapacity: numbers.count * width) { bytes, initialized in
      let raw = UnsafeMutableRawBufferPointer(bytes)
      for (index, number) in numbers.enumerated() {
        raw.storeBytes(of: number.littleEndian, toByteOffset: index * width, as: Number.self)
      }
      initialized = numbers.count * width
    }
  }

  /// No dimension is larger, so that sums of a few thousand of them cannot overflow.
  static let sizeLimit = 1 << 40

  /// How many bytes a tensor takes; nil where that is more than memory can hold.
  static func byteCount(_ shape: [Int], _ type: ONNXElement) -> Int? {
    // A 0 anywhere makes the tensor empty, but must not hide a product that overflows.
    var product = type.width
    for size in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: max(size, 1))
      guard size >= 0, size <= sizeLimit, !overflow else { return nil }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }

  // MARK: Its numbers

  /// Every element as Float32: exact from float16 and bfloat16, else rounded to the nearest.
  var floats: [Float] {
    switch type {
    case .float32: map(UInt32.self) { Float(bitPattern: $0) }
    case .float64: map(UInt64.self) { Float(Double(bitPattern: $0)) }
    case .float16: map(UInt16.self) { HalfPrecision.float($0) }
    case .bfloat16: map(UInt16.self) { BrainFloat.float($0) }
    case .uint8, .bool: map(UInt8.self) { Float($0) }
    case .int8: map(Int8.self) { Float($0) }
    case .uint16: map(UInt16.self) { Float($0) }
    case .int16: map(Int16.self) { Float($0) }
    case .uint32: map(UInt32.self) { Float($0) }
    case .int32: map(Int32.self) { Float($0) }
    case .uint64: map(UInt64.self) { Float($0) }
    case .int64: map(Int64.self) { Float($0) }
    }
  }

  /// Every element as a whole number; nil where the type has fractions.
  var integers: [Int64]? {
    switch type {
    case .float32, .float64, .float16, .bfloat16: nil
    case .uint8, .bool: map(UInt8.self) { Int64($0) }
    case .int8: map(Int8.self) { Int64($0) }
    case .uint16: map(UInt16.self) { Int64($0) }
    case .int16: map(Int16.self) { Int64($0) }
    case .uint32: map(UInt32.self) { Int64($0) }
    case .int32: map(Int32.self) { Int64($0) }
    case .uint64: map(UInt64.self) { Int64(clamping: $0) }
    case .int64: map(Int64.self) { $0 }
    }
  }

  private func map<Bits: FixedWidthInteger, Value>(
    _: Bits.Type, _ convert: (Bits) -> Value
  ) -> [Value] {
    let count = count
    return bytes.withUnsafeBytes { raw in
      [Value](unsafeUninitializedCapacity: count) { values, initialized in
        for index in 0..<count {
          let bits = raw.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
          values.initializeElement(at: index, to: convert(Bits(littleEndian: bits)))
        }
        initialized = count
      }
    }
  }
}
