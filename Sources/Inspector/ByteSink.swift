/// Where a file's bytes go, in order.
public protocol ByteSink: AnyObject {
  func write(_ bytes: UnsafeRawBufferPointer) throws
}

/// Where bytes can be written before those in front of them.
protocol PatchableSink: ByteSink {
  /// Whether that is so: not of a pipe.
  var isSeekable: Bool { get }
  /// Makes room for `count` more bytes, zeros until they are overwritten.
  func extend(by count: UInt64) throws
  /// - Precondition: there is room for them.
  func overwrite(at offset: UInt64, _ bytes: UnsafeRawBufferPointer) throws
}

/// Gathers small pieces of text into large writes. What is left at the end needs a `flush`.
struct TextBuffer: ~Copyable {
  private let bytes: UnsafeMutablePointer<UInt8>
  private var count = 0
  private let sink: any ByteSink

  private static let capacity = 1 << 18
  /// More than any number takes: Int has at most 20 characters, Float 15.
  private static let longestNumber = 32

  init(_ sink: any ByteSink) {
    bytes = .allocate(capacity: Self.capacity)
    self.sink = sink
  }

  deinit { bytes.deallocate() }

  mutating func flush() throws {
    try sink.write(UnsafeRawBufferPointer(start: bytes, count: count))
    count = 0
  }

  mutating func append(_ byte: UInt8) throws {
    if count == Self.capacity { try flush() }
    bytes[count] = byte
    count += 1
  }

  mutating func append(_ text: [UInt8]) throws {
    try text.withUnsafeBufferPointer { try append($0) }
  }

  mutating func append(_ text: String) throws {
    try append(Array(text.utf8))
  }

  private mutating func append(_ text: UnsafeBufferPointer<UInt8>) throws {
    guard let start = text.baseAddress else { return }
    if text.count > Self.capacity - count { try flush() }
    if text.count > Self.capacity {
      try sink.write(UnsafeRawBufferPointer(text))
    } else {
      (bytes + count).update(from: start, count: text.count)
      count += text.count
    }
  }

  mutating func append(_ number: Int) throws {
    if Self.capacity - count < Self.longestNumber { try flush() }
    var end = count + 20
    var rest = number.magnitude
    let start = end
    repeat {
      end -= 1
      bytes[end] = 48 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    if number < 0 {
      end -= 1
      bytes[end] = UInt8(ascii: "-")
    }
    (bytes + count).update(from: bytes + end, count: start - end)
    count += start - end
  }

  /// The fewest digits that read back to the same Float32; `nan`, `inf` and `-inf` beside numbers.
  mutating func append(_ value: Float) throws {
    if Self.capacity - count < Self.longestNumber { try flush() }
    // At most 15 characters, which a String holds without allocating.
    var digits = value.isNaN ? "nan" : value.description
    count += digits.withUTF8 { digits in
      (bytes + count).update(from: digits.baseAddress!, count: digits.count)
      return digits.count
    }
  }
}
