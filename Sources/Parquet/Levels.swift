/// Definition or repetition levels in the RLE/bit-packing hybrid, of which runs alone are written:
/// https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
///
/// Levels here are at most 3, so that one byte holds a run's.
struct Levels {
  private var bytes: [UInt8] = []
  private var level: UInt8 = 0
  private var run = 0
  private(set) var count = 0

  mutating func append(_ level: UInt8, count: Int = 1) {
    if count == 0 { return }
    if level != self.level { close() }
    self.level = level
    run += count
    self.count += count
  }

  /// What stands in a data page: the length in four bytes, then the runs. Begins anew.
  mutating func take() -> [UInt8] {
    close()
    var page: [UInt8] = []
    page.reserveCapacity(bytes.count + 4)
    page.append(little: UInt32(bytes.count))
    page += bytes
    bytes.removeAll(keepingCapacity: true)
    count = 0
    return page
  }

  private mutating func close() {
    if run == 0 { return }
    ThriftWriter.append(UInt64(run) << 1, to: &bytes)
    bytes.append(level)
    run = 0
  }
}

extension [UInt8] {
  mutating func append<Number: FixedWidthInteger>(little number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
