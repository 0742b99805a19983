import CDigits

/// Text of an output, as bytes, that grows as it is written.
struct TextBuffer: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  private static let longestNumber = Int(GS_LONGEST_NUMBER)

  init(capacity: Int = 1 << 16) {
    start = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { start.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  mutating func removeAll() { count = 0 }

  mutating func append(_ byte: UInt8) {
    reserve(1)
    start[count] = byte
    count += 1
  }

  mutating func append(_ text: [UInt8]) {
    reserve(text.count)
    text.withUnsafeBufferPointer { text in
      guard let first = text.baseAddress else { return }
      (start + count).update(from: first, count: text.count)
    }
    count += text.count
  }

  mutating func append(_ text: String) { append(Array(text.utf8)) }

  mutating func append(_ number: Int) {
    reserve(Self.longestNumber)
    write { gs_write_int(Int64(number), $0) }
  }

  /// The fewest digits that read back to the same Float32; `nan`, `inf` and `-inf` beside numbers.
  mutating func append(_ value: Float) {
    reserve(Self.longestNumber)
    write { gs_write_float(value, $0) }
  }

  /// Each behind a comma.
  mutating func append(_ values: UnsafeBufferPointer<Float>) {
    reserve(values.count * Self.longestNumber)
    write { gs_write_floats(values.baseAddress, values.count, $0) }
  }

  private mutating func write(
    _ body: (UnsafeMutablePointer<CChar>) -> UnsafeMutablePointer<CChar>?
  ) {
    let end = start + count
    count += end.withMemoryRebound(to: CChar.self, capacity: capacity - count) { body($0)! - $0 }
  }

  private mutating func reserve(_ room: Int) {
    if capacity - count < room { grow(by: room) }
  }

  @inline(never)
  private mutating func grow(by room: Int) {
    capacity = max(2 * capacity, count + room)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }
}
