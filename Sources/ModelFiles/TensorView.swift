/// Where a tensor's numbers lie in a row of elements: proved to stay inside it.
struct TensorView: Equatable, Sendable {
  let offset: Int
  let shape: [Int]
  /// In elements, none below 0.
  let strides: [Int]
  /// The product of the shape.
  let count: Int

  /// Nil where the view would leave the elements, or its size overflows.
  ///
  /// - Parameter available: how many elements there are.
  init?(offset: Int, shape: [Int], strides: [Int], available: Int) {
    guard offset >= 0, shape.count == strides.count, shape.allSatisfy({ $0 >= 0 }),
      strides.allSatisfy({ $0 >= 0 })
    else { return nil }
    var count = 1
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (product, tooMany) = count.multipliedReportingOverflow(by: size)
      let (reach, tooFar) = max(0, size - 1).multipliedReportingOverflow(by: stride)
      let (sum, beyond) = last.addingReportingOverflow(reach)
      guard !tooMany, !tooFar, !beyond else { return nil }
      (count, last) = (product, sum)
    }
    guard count == 0 || last < available else { return nil }
    self.offset = offset
    self.shape = shape
    self.strides = strides
    self.count = count
  }

  /// The product of a shape; nil where it overflows.
  static func count(_ shape: [Int]) -> Int? {
    var product = 1
    for size in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }

  /// The strides of C's order, or of Fortran's. Nil where their product overflows.
  static func strides(of shape: [Int], isFortranOrder: Bool = false) -> [Int]? {
    var strides: [Int] = []
    var product = 1
    for size in isFortranOrder ? shape : shape.reversed() {
      strides.append(product)
      let (next, overflow) = product.multipliedReportingOverflow(by: max(1, size))
      guard !overflow else { return nil }
      product = next
    }
    return isFortranOrder ? strides : strides.reversed()
  }

  /// Whether the numbers lie one behind the other.
  private var isContiguous: Bool {
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }

  /// The numbers row-major as Float32: exact from float32, float16, bfloat16 and small whole numbers,
  /// rounded from wider ones. Nil for types that hold no numbers of one value each.
  ///
  /// - Parameter bytes: the row of elements, as many as were `available`.
  func floats(
    _ bytes: UnsafeRawBufferPointer, _ type: ElementType, isBigEndian: Bool
  ) -> [Float]? {
    switch type {
    case .float32: gather(bytes, isBigEndian) { (bits: UInt32) in Float(bitPattern: bits) }
    case .float64: gather(bytes, isBigEndian) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case .float16: gather(bytes, isBigEndian, HalfPrecision.float)
    case .bfloat16: gather(bytes, isBigEndian, BrainFloat.float)
    case .int64: gather(bytes, isBigEndian) { (number: Int64) in Float(number) }
    case .int32: gather(bytes, isBigEndian) { (number: Int32) in Float(number) }
    case .int16: gather(bytes, isBigEndian) { (number: Int16) in Float(number) }
    case .int8: gather(bytes, isBigEndian) { (number: Int8) in Float(number) }
    case .uint64: gather(bytes, isBigEndian) { (number: UInt64) in Float(number) }
    case .uint32: gather(bytes, isBigEndian) { (number: UInt32) in Float(number) }
    case .uint16: gather(bytes, isBigEndian) { (number: UInt16) in Float(number) }
    case .uint8: gather(bytes, isBigEndian) { (number: UInt8) in Float(number) }
    case .float8e4m3: gather(bytes, isBigEndian, Float8.e4m3)
    case .float8e5m2: gather(bytes, isBigEndian, Float8.e5m2)
    case .float8e4m3fnuz: gather(bytes, isBigEndian, Float8.e4m3fnuz)
    case .float8e5m2fnuz: gather(bytes, isBigEndian, Float8.e5m2fnuz)
    case .bool, .complex64, .float8e8m0, .float6e2m3, .float6e3m2, .float4: nil
    }
  }

  /// The numbers row-major where they are whole ones; nil for other types. One that is too large for
  /// an Int becomes the largest.
  func integers(
    _ bytes: UnsafeRawBufferPointer, _ type: ElementType, isBigEndian: Bool
  ) -> [Int]? {
    switch type {
    case .int64: gather(bytes, isBigEndian) { (number: Int64) in Int(number) }
    case .int32: gather(bytes, isBigEndian) { (number: Int32) in Int(number) }
    case .int16: gather(bytes, isBigEndian) { (number: Int16) in Int(number) }
    case .int8: gather(bytes, isBigEndian) { (number: Int8) in Int(number) }
    case .uint64: gather(bytes, isBigEndian) { (number: UInt64) in Int(clamping: number) }
    case .uint32: gather(bytes, isBigEndian) { (number: UInt32) in Int(number) }
    case .uint16: gather(bytes, isBigEndian) { (number: UInt16) in Int(number) }
    case .uint8: gather(bytes, isBigEndian) { (number: UInt8) in Int(number) }
    case .float64, .float32, .float16, .bfloat16, .bool, .complex64, .float8e4m3, .float8e5m2,
      .float8e8m0, .float8e4m3fnuz, .float8e5m2fnuz, .float6e2m3, .float6e3m2, .float4:
      nil
    }
  }

  private func gather<Bits: FixedWidthInteger, Number>(
    _ bytes: UnsafeRawBufferPointer, _ isBigEndian: Bool, _ convert: (Bits) -> Number
  ) -> [Number] {
    let width = MemoryLayout<Bits>.size
    func value(_ element: Int) -> Number {
      let bits = bytes.loadUnaligned(fromByteOffset: element * width, as: Bits.self)
      return convert(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
    }
    return [Number](unsafeUninitializedCapacity: count) { values, initialized in
      initialized = count
      if isContiguous {
        for index in 0..<count { values.initializeElement(at: index, to: value(offset + index)) }
        return
      }
      // The last dimension counts fastest; a dimension that is through goes back to its begin.
      var place = offset
      var indices = [Int](repeating: 0, count: shape.count)
      for index in 0..<count {
        values.initializeElement(at: index, to: value(place))
        var dimension = shape.count - 1
        while dimension >= 0 {
          indices[dimension] += 1
          place += strides[dimension]
          if indices[dimension] < shape[dimension] { break }
          place -= strides[dimension] * shape[dimension]
          indices[dimension] = 0
          dimension -= 1
        }
      }
    }
  }
}
