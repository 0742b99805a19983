/// The `.index` of a TensorFlow checkpoint: a table of LevelDB's, which says of every variable where its
/// numbers stand. https://github.com/google/leveldb/blob/main/doc/table_format.md
///
/// TensorFlow writes it uncompressed. Every length is proved before it is used; checksums are not looked at.
struct TensorTable {
  /// The names with what is said of each, in order.
  private(set) var entries: [(key: String, value: Range<Int>)] = []

  private let bytes: UnsafeRawBufferPointer
  /// The largest models have some thousands.
  static let entryLimit = 100_000
  /// Keys share what they begin with, so that a short table could hold very long ones.
  static let keyLimit = 4096
  /// The last 8 bytes.
  static let magic: [UInt8] = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]

  static func isTable(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 48 && bytes[(bytes.count - 8)...].elementsEqual(magic)
  }

  init(_ bytes: UnsafeRawBufferPointer) throws(TensorBundleProblem) {
    self.bytes = bytes
    guard Self.isTable(bytes) else { throw .notATable }
    // Two places of blocks: that of facts about the table, and that of the blocks' index.
    var place = bytes.count - 48
    let end = bytes.count - 8
    _ = try block(at: &place, end: end)
    let index = try block(at: &place, end: end)
    var blocks: [Range<Int>] = []
    try read(index) { _, value throws(TensorBundleProblem) in
      var place = value.lowerBound
      blocks.append(try block(at: &place, end: value.upperBound))
    }
    var found: [(key: String, value: Range<Int>)] = []
    for block in blocks {
      try read(block) { key, value throws(TensorBundleProblem) in
        guard found.count < Self.entryLimit else { throw .tooMany(limit: Self.entryLimit) }
        found.append((String(decoding: key, as: UTF8.self), value))
      }
    }
    entries = found
  }

  /// A block's place and length, proved; behind it stands how it is packed.
  private func block(at place: inout Int, end: Int) throws(TensorBundleProblem) -> Range<Int> {
    let start = place
    guard let offset = Self.number(bytes, &place, end: end),
      let size = Self.number(bytes, &place, end: end), offset <= bytes.count,
      size < bytes.count - offset
    else { throw .damaged(offset: start) }
    guard bytes[offset + size] == 0 else { throw .packed(offset: offset) }
    return offset..<offset + size
  }

  /// Each entry: how many bytes its key shares with the one before, the rest of the key, the value.
  private func read(
    _ block: Range<Int>, _ body: ([UInt8], Range<Int>) throws(TensorBundleProblem) -> Void
  ) throws(TensorBundleProblem) {
    guard block.count >= 4 else { throw .damaged(offset: block.lowerBound) }
    let restarts = Int(
      UInt32(
        littleEndian: bytes.loadUnaligned(fromByteOffset: block.upperBound - 4, as: UInt32.self)))
    guard restarts <= (block.count - 4) / 4 else { throw .damaged(offset: block.upperBound - 4) }
    let end = block.upperBound - 4 - 4 * restarts
    var place = block.lowerBound
    var key: [UInt8] = []
    var count = 0
    while place < end {
      let start = place
      count += 1
      guard count <= Self.entryLimit else { throw .tooMany(limit: Self.entryLimit) }
      guard let shared = Self.number(bytes, &place, end: end),
        let own = Self.number(bytes, &place, end: end),
        let length = Self.number(bytes, &place, end: end), shared <= key.count,
        own <= end - place, length <= end - place - own, shared + own <= Self.keyLimit
      else { throw .damaged(offset: start) }
      key.removeSubrange(shared...)
      key += bytes[place..<place + own]
      place += own
      try body(key, place..<place + length)
      place += length
    }
  }

  /// A varint of at most 62 bits; nil where it does not end.
  static func number(_ bytes: UnsafeRawBufferPointer, _ place: inout Int, end: Int) -> Int? {
    var value = 0
    var shift = 0
    while place < end, shift < 56 {
      let byte = Int(bytes[place])
      place += 1
      value |= (byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }
}

/// Why a TensorFlow checkpoint is not read: the facts, and their words. Offsets are bytes of the index.
public enum TensorBundleProblem: Error, Equatable, Sendable {
  case notATable
  case damaged(offset: Int)
  case packed(offset: Int)
  case tooMany(limit: Int)
  case bigEndian
  case missing(file: String, words: String)
  case beyondEnd(variable: String, file: String, end: Int, available: Int)
  case wrongSize(variable: String, shape: [Int], type: ElementType, found: Int)
  case fromMemory

  var words: String {
    switch self {
    case .notATable: "is no index of a TensorFlow checkpoint: its last bytes are none's"
    case .damaged(let offset): "TensorFlow checkpoint: its index is broken at byte \(offset)"
    case .packed(let offset):
      "TensorFlow checkpoint: its index is packed at byte \(offset), as TensorFlow never writes it"
    case .tooMany(let limit): "TensorFlow checkpoint: has more than \(limit) variables"
    case .bigEndian: "TensorFlow checkpoint: it was written big-endian, which is not read"
    case .missing(let file, let words): "its numbers are in \(quoted(file)): \(printable(words))"
    case .beyondEnd(let variable, let file, let end, let available):
      "variable \(quoted(variable)): its numbers end at byte \(end) of \(quoted(file)), which has "
        + "\(available); truncated?"
    case .wrongSize(let variable, let shape, let type, let found):
      "variable \(quoted(variable)): \(sizes(shape)) of \(type.rawValue) does not take the "
        + "\(found) bytes that it has"
    case .fromMemory:
      "TensorFlow checkpoint: its numbers are in files beside it; open it by its path"
    }
  }
}
