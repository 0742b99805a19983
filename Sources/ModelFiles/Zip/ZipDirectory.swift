/// The central directory of a zip archive, every entry proved against its local header, the file's
/// length and the other entries.
///
/// The format is PKWARE's APPNOTE 6.3.3. Sizes are taken from the directory alone: PyTorch's local
/// headers carry zeros there. An archive begins with its first entry; nothing may stand before it.
struct ZipDirectory {
  enum Method: Equatable {
    case stored, deflated
    case other(Int)
  }

  struct Entry {
    let name: String
    let method: Method
    /// Where its bytes lie in the file, as they are stored.
    let data: Range<Int>
    /// How many bytes it holds.
    let size: Int
    fileprivate let header: Int
  }

  private(set) var entries: [Entry] = []
  private var indices: [String: Int] = [:]

  /// More than any model has.
  static let entryLimit = 200_000
  /// What all deflated entries may hold: this much, and so many times what they take. Weights hardly
  /// shrink; a pickle does by 10.
  static let inflatedAllowance = 16 << 20
  static let inflatedRatio = 20

  func index(of name: String) -> Int? { indices[name] }

  init(_ bytes: UnsafeRawBufferPointer) throws(ZipProblem) {
    let end = try ZipEnd(bytes)
    guard end.count <= Self.entryLimit else {
      throw .tooManyEntries(end.count, limit: Self.entryLimit)
    }
    var cursor = end.directory.lowerBound
    for number in 0..<end.count {
      let entry = try Self.entry(number, at: &cursor, end.directory, bytes)
      guard indices.updateValue(number, forKey: entry.name) == nil else {
        throw .duplicate(entry.name)
      }
      entries.append(entry)
    }
    guard cursor == end.directory.upperBound else {
      throw .badDirectory(entry: end.count, "the end of the directory")
    }
    try proveApart()
    try proveProportion()
  }

  private static func entry(
    _ number: Int, at cursor: inout Int, _ directory: Range<Int>, _ bytes: UnsafeRawBufferPointer
  ) throws(ZipProblem) -> Entry {
    let start = cursor
    guard directory.upperBound - start >= 46, bytes.u32(start) == 0x0201_4b50 else {
      throw .badDirectory(entry: number, "an entry's header of 46 bytes")
    }
    let nameCount = bytes.u16(start + 28)
    let extraCount = bytes.u16(start + 30)
    let total = 46 + nameCount + extraCount + bytes.u16(start + 32)
    guard directory.upperBound - start >= total else {
      throw .badDirectory(entry: number, "a name and extra fields that end in the directory")
    }
    cursor += total
    let nameBytes = bytes[start + 46..<start + 46 + nameCount]
    let name = String(decoding: nameBytes, as: UTF8.self)
    var sizes = Sizes(
      plain: bytes.u32(start + 24), packed: bytes.u32(start + 20), offset: bytes.u32(start + 42))
    let extra = start + 46 + nameCount
    try sizes.widen(bytes, extra..<extra + extraCount, name)
    let flags = bytes.u16(start + 8)
    guard flags & 1 == 0 else { throw .encrypted(name) }
    let method: Method =
      switch bytes.u16(start + 10) {
      case 0: .stored
      case 8: .deflated
      case let number: .other(number)
      }
    let header = sizes.offset
    guard header <= directory.lowerBound - 30, bytes.u32(header) == 0x0403_4b50,
      bytes.u16(header + 8) == bytes.u16(start + 10),
      bytes.u16(header + 26) == nameCount,
      header + 30 + nameCount <= directory.lowerBound,
      bytes[header + 30..<header + 30 + nameCount].elementsEqual(nameBytes)
    else { throw .localHeader(entry: name, offset: header) }
    let begin = header + 30 + nameCount + bytes.u16(header + 28)
    guard begin <= directory.lowerBound, sizes.packed <= directory.lowerBound - begin else {
      throw .beyondDirectory(entry: name, size: sizes.packed, directory: directory.lowerBound)
    }
    if method == .stored, sizes.packed != sizes.plain {
      throw .storedSizes(entry: name, packed: sizes.packed, plain: sizes.plain)
    }
    return Entry(
      name: name, method: method, data: begin..<begin + sizes.packed, size: sizes.plain,
      header: header)
  }

  /// No two entries share bytes; such archives exist to blow up.
  private func proveApart() throws(ZipProblem) {
    let ordered = entries.sorted { $0.header < $1.header }
    for (first, second) in zip(ordered, ordered.dropFirst())
    where second.header < first.data.upperBound {
      throw .overlap(entry: second.name, with: first.name)
    }
  }

  private func proveProportion() throws(ZipProblem) {
    var plain = 0
    var packed = 0
    for entry in entries where entry.method != .stored {
      let (sum, overflow) = plain.addingReportingOverflow(entry.size)
      // Cannot overflow: the entries lie apart in the file.
      packed += entry.data.count
      guard !overflow, sum <= Self.inflatedAllowance + Self.inflatedRatio * packed else {
        throw .bomb(entry: entry.name, size: entry.size, packed: entry.data.count)
      }
      plain = sum
    }
  }

  /// An entry's sizes and place, from 32 bits or, where those are all ones, from the ZIP64 field.
  private struct Sizes {
    var plain: Int
    var packed: Int
    var offset: Int

    mutating func widen(
      _ bytes: UnsafeRawBufferPointer, _ extra: Range<Int>, _ name: String
    ) throws(ZipProblem) {
      guard [plain, packed, offset].contains(0xffff_ffff) else { return }
      var place = extra.lowerBound
      while extra.upperBound - place >= 4 {
        let count = bytes.u16(place + 2)
        let field = place + 4..<place + 4 + count
        guard field.upperBound <= extra.upperBound else { break }
        if bytes.u16(place) == 1 {
          var next = field.lowerBound
          try Self.take(&plain, &next, field, bytes, name)
          try Self.take(&packed, &next, field, bytes, name)
          try Self.take(&offset, &next, field, bytes, name)
          return
        }
        place = field.upperBound
      }
      throw .badZip64(entry: name)
    }

    private static func take(
      _ value: inout Int, _ next: inout Int, _ field: Range<Int>, _ bytes: UnsafeRawBufferPointer,
      _ name: String
    ) throws(ZipProblem) {
      guard value == 0xffff_ffff else { return }
      guard field.upperBound - next >= 8, let wide = bytes.u64(next) else {
        throw .badZip64(entry: name)
      }
      value = wide
      next += 8
    }
  }
}

/// Where the central directory stands, by the records at the file's end.
private struct ZipEnd {
  let directory: Range<Int>
  let count: Int

  init(_ bytes: UnsafeRawBufferPointer) throws(ZipProblem) {
    guard let end = Self.find(bytes) else { throw .noEnd }
    var count = bytes.u16(end + 10)
    var size = bytes.u32(end + 12)
    var offset = bytes.u32(end + 16)
    var limit = end
    guard bytes.u16(end + 4) == 0 || bytes.u16(end + 4) == 0xffff else { throw .severalDisks }
    if end >= 20, bytes.u32(end - 20) == 0x0706_4b50 {
      guard let place = bytes.u64(end - 12), place <= end - 20 - 56,
        bytes.u32(place) == 0x0606_4b50, let wideCount = bytes.u64(place + 32),
        let wideSize = bytes.u64(place + 40), let wideOffset = bytes.u64(place + 48)
      else { throw .badZip64End }
      (count, size, offset, limit) = (wideCount, wideSize, wideOffset, place)
    }
    guard offset <= limit, size <= limit - offset else {
      throw .directoryBeyondEnd(offset: offset, size: size, limit: limit)
    }
    directory = offset..<offset + size
    self.count = count
  }

  /// The last place whose comment ends where the file does.
  private static func find(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= 22 else { return nil }
    var place = bytes.count - 22
    let last = max(0, place - 0xffff)
    while place >= last {
      if bytes.u32(place) == 0x0605_4b50, place + 22 + bytes.u16(place + 20) == bytes.count {
        return place
      }
      place -= 1
    }
    return nil
  }
}

/// Little-endian numbers. The caller proves that they lie in the buffer.
extension UnsafeRawBufferPointer {
  fileprivate func u16(_ offset: Int) -> Int {
    Int(UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }

  fileprivate func u32(_ offset: Int) -> Int {
    Int(UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  /// Nil beyond what an `Int` can hold.
  fileprivate func u64(_ offset: Int) -> Int? {
    Int(exactly: UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
  }
}
