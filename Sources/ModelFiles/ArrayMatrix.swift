/// Numbers in rows and columns where they lie in a file, of any type and order, read a part at a time.
///
/// Not safe to share between threads.
package struct ArrayMatrix {
  package let rows: Int
  package let columns: Int
  private let type: ElementType
  private let isBigEndian: Bool
  private let data: FileSlice
  /// In elements.
  private let offset: Int
  private let rowStride: Int
  private let columnStride: Int

  /// Nil for types that hold no numbers of one value each, and where `view`, but for dimensions of 1,
  /// has another shape.
  ///
  /// - Parameter view: proved against `data`.
  init?(
    _ view: TensorView, rows: Int, columns: Int, _ type: ElementType, isBigEndian: Bool,
    _ data: FileSlice
  ) {
    guard Self.isRead(type) else { return nil }
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count == view.count else { return nil }
    // Dimensions of 1 move nothing.
    let strides = zip(view.shape, view.strides).filter { $0.0 != 1 }
    let wanted = [rows, columns].filter { $0 != 1 }
    guard strides.map(\.0) == wanted else { return nil }
    var next = strides.makeIterator()
    rowStride = rows == 1 ? 0 : next.next()?.1 ?? 0
    columnStride = columns == 1 ? 0 : next.next()?.1 ?? 0
    offset = view.offset
    self.rows = rows
    self.columns = columns
    self.type = type
    self.isBigEndian = isBigEndian
    self.data = data
  }

  /// Copies a rectangle out, row-major, rounded to Float32.
  ///
  /// - Precondition: it lies inside.
  package func read(
    rows: Range<Int>, columns: Range<Int>, into values: UnsafeMutablePointer<Float>
  ) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= self.rows)
    precondition(columns.lowerBound >= 0 && columns.upperBound <= self.columns)
    switch type {
    case .float32:
      if copyRows(rows, columns, into: values) { return }
      gather(rows, columns, into: values) { (bits: UInt32) in Float(bitPattern: bits) }
    case .float64:
      gather(rows, columns, into: values) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case .float16: gather(rows, columns, into: values, HalfPrecision.float)
    case .bfloat16: gather(rows, columns, into: values, BrainFloat.float)
    case .int64: gather(rows, columns, into: values) { (number: Int64) in Float(number) }
    case .int32: gather(rows, columns, into: values) { (number: Int32) in Float(number) }
    case .int16: gather(rows, columns, into: values) { (number: Int16) in Float(number) }
    case .int8: gather(rows, columns, into: values) { (number: Int8) in Float(number) }
    case .uint64: gather(rows, columns, into: values) { (number: UInt64) in Float(number) }
    case .uint32: gather(rows, columns, into: values) { (number: UInt32) in Float(number) }
    case .uint16: gather(rows, columns, into: values) { (number: UInt16) in Float(number) }
    case .uint8, .bool: gather(rows, columns, into: values) { (number: UInt8) in Float(number) }
    case .complex64, .float8e4m3, .float8e5m2, .float8e8m0, .float8e4m3fnuz, .float8e5m2fnuz,
      .float6e2m3, .float6e3m2, .float4:
      break  // `init` lets none of them in.
    }
  }

  private static func isRead(_ type: ElementType) -> Bool {
    switch type {
    case .float64, .float32, .float16, .bfloat16, .int64, .int32, .int16, .int8, .uint64, .uint32,
      .uint16, .uint8, .bool:
      true
    case .complex64, .float8e4m3, .float8e5m2, .float8e8m0, .float8e4m3fnuz, .float8e5m2fnuz,
      .float6e2m3, .float6e3m2, .float4:
      false
    }
  }

  /// The usual case, a row at a time; false where the numbers do not lie so.
  private func copyRows(
    _ rows: Range<Int>, _ columns: Range<Int>, into values: UnsafeMutablePointer<Float>
  ) -> Bool {
    guard columnStride == 1 || self.columns == 1, isBigEndian == (1.bigEndian == 1) else {
      return false
    }
    let width = MemoryLayout<Float>.size
    data.withBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      var target = UnsafeMutableRawPointer(values)
      for row in rows {
        let start = offset + row * rowStride + columns.lowerBound * columnStride
        target.copyMemory(from: base + start * width, byteCount: columns.count * width)
        target += columns.count * width
      }
    }
    return true
  }

  private func gather<Bits: FixedWidthInteger>(
    _ rows: Range<Int>, _ columns: Range<Int>, into values: UnsafeMutablePointer<Float>,
    _ convert: (Bits) -> Float
  ) {
    let width = MemoryLayout<Bits>.size
    data.withBytes { bytes in
      var place = 0
      for row in rows {
        for column in columns {
          let element = offset + row * rowStride + column * columnStride
          let bits = bytes.loadUnaligned(fromByteOffset: element * width, as: Bits.self)
          values[place] = convert(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
          place += 1
        }
      }
    }
  }
}
