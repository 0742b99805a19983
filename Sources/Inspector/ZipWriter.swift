/// Writes a zip archive of stored (uncompressed) members front to back, so that it may also go
/// where nothing can be written twice, such as a pipe. Follows PKWARE's APPNOTE.TXT 6.3; members,
/// offsets and counts that 32 or 16 bits cannot hold are written as ZIP64 (4.5.3, 4.3.14, 4.3.15).
///
/// Every member bears the date 1980-01-01, so that the same contents are the same bytes.
struct ZipWriter {
  /// From where on a number is written in its ZIP64 place. Lower in tests.
  struct Limits {
    var bytes: UInt64 = 0xFFFF_FFFF
    var members: Int = 0xFFFF
  }

  private struct Member {
    let name: [UInt8]
    let size: UInt64
    let crc: UInt32
    let offset: UInt64
  }

  private let sink: any ByteSink
  private let limits: Limits
  private var members: [Member] = []
  private var offset: UInt64 = 0

  init(_ sink: any ByteSink, limits: Limits = Limits()) {
    self.sink = sink
    self.limits = limits
  }

  /// Adds a member whose bytes `contents` hands out, piece by piece. It is called twice, the first
  /// time for the length and the checksum, which stand in front.
  mutating func add(
    name: String, contents: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    var crc = CRC32()
    var size: UInt64 = 0
    try contents { piece in
      crc.update(piece)
      size += UInt64(piece.count)
    }
    let member = Member(name: Array(name.utf8), size: size, crc: crc.value, offset: offset)
    members.append(member)
    try emit(localHeader(member))
    let sink = self.sink
    try contents { try sink.write($0) }
    offset += size
  }

  /// Adds members whose lengths are known, all at once: `contents` hands out the bytes of any of them
  /// in any order, each member's own in theirs. The archive is the same as of one after the other.
  ///
  /// - Parameter file: the sink, to be written at any place.
  mutating func addTogether(
    _ parts: [(name: String, size: Int)], _ file: any PatchableSink,
    contents: ((_ part: Int, UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    // Checksums are written once they are known.
    var headers: [Member] = []
    var places: [UInt64] = []
    for part in parts {
      let member = Member(
        name: Array(part.name.utf8), size: UInt64(part.size), crc: 0, offset: offset)
      headers.append(member)
      try emit(localHeader(member))
      places.append(offset)
      try file.extend(by: member.size)
      offset += member.size
    }
    var sums = Array(repeating: CRC32(), count: parts.count)
    var written = Array(repeating: 0, count: parts.count)
    try contents { part, bytes in
      sums[part].update(bytes)
      precondition(written[part] + bytes.count <= parts[part].size)
      try file.overwrite(at: places[part] + UInt64(written[part]), bytes)
      written[part] += bytes.count
    }
    for (part, header) in headers.enumerated() {
      precondition(written[part] == parts[part].size)
      let member = Member(
        name: header.name, size: header.size, crc: sums[part].value, offset: header.offset)
      members.append(member)
      try localHeader(member).withUnsafeBytes { try file.overwrite(at: member.offset, $0) }
    }
  }

  /// Writes the directory; nothing comes after it.
  mutating func finish() throws {
    let start = offset
    for member in members { try emit(directoryEntry(member)) }
    let size = offset - start
    let isLarge =
      members.count >= limits.members || size >= limits.bytes || start >= limits.bytes
    if isLarge { try emit(largeEnd(directoryStart: start, directorySize: size)) }
    var end: [UInt8] = []
    end.append(little: 0x0605_4B50 as UInt32)
    end.append(little: 0 as UInt32)  // this disk, the directory's disk
    let count = members.count >= limits.members ? 0xFFFF : UInt16(members.count)
    end.append(little: count)
    end.append(little: count)
    end.append(little: narrow(size))
    end.append(little: narrow(start))
    end.append(little: 0 as UInt16)  // length of the comment
    try emit(end)
  }

  private func localHeader(_ member: Member) -> [UInt8] {
    var extra: [UInt8] = []
    let isLarge = member.size >= limits.bytes
    if isLarge { extra = largeFields([member.size, member.size]) }
    var header: [UInt8] = []
    header.append(little: 0x0403_4B50 as UInt32)
    appendCommon(member, isLarge: isLarge, extra: extra, to: &header)
    return header + member.name + extra
  }

  private func directoryEntry(_ member: Member) -> [UInt8] {
    var large: [UInt64] = []
    if member.size >= limits.bytes { large += [member.size, member.size] }
    if member.offset >= limits.bytes { large.append(member.offset) }
    let extra = large.isEmpty ? [] : largeFields(large)
    var entry: [UInt8] = []
    entry.append(little: 0x0201_4B50 as UInt32)
    entry.append(little: Self.madeBy)
    appendCommon(member, isLarge: !large.isEmpty, extra: extra, to: &entry)
    entry.append(little: 0 as UInt16)  // length of the comment
    entry.append(little: 0 as UInt16)  // disk
    entry.append(little: 0 as UInt16)  // internal attributes
    entry.append(little: 0o100644 << 16 as UInt32)  // external attributes: a Unix file, rw-r--r--
    entry.append(little: narrow(member.offset))
    return entry + member.name + extra
  }

  /// What a local header and a directory entry have in common.
  private func appendCommon(
    _ member: Member, isLarge: Bool, extra: [UInt8], to bytes: inout [UInt8]
  ) {
    bytes.append(little: isLarge ? 45 : 20 as UInt16)  // version needed: 4.5 has ZIP64
    bytes.append(little: 0 as UInt16)  // flags
    bytes.append(little: 0 as UInt16)  // method: stored
    bytes.append(little: 0 as UInt16)  // time: 00:00
    bytes.append(little: 0x0021 as UInt16)  // date: 1980-01-01
    bytes.append(little: member.crc)
    bytes.append(little: narrow(member.size))
    bytes.append(little: narrow(member.size))
    bytes.append(little: UInt16(member.name.count))
    bytes.append(little: UInt16(extra.count))
  }

  /// The extra field that holds the numbers for which 0xFFFFFFFF stands elsewhere.
  private func largeFields(_ numbers: [UInt64]) -> [UInt8] {
    var field: [UInt8] = []
    field.append(little: 0x0001 as UInt16)
    field.append(little: UInt16(8 * numbers.count))
    for number in numbers { field.append(little: number) }
    return field
  }

  /// The ZIP64 end of the directory, and the locator that points to it.
  private func largeEnd(directoryStart: UInt64, directorySize: UInt64) -> [UInt8] {
    var end: [UInt8] = []
    end.append(little: 0x0606_4B50 as UInt32)
    end.append(little: 44 as UInt64)  // length of what follows
    end.append(little: Self.madeBy)
    end.append(little: 45 as UInt16)
    end.append(little: 0 as UInt64)  // this disk, the directory's disk
    end.append(little: UInt64(members.count))
    end.append(little: UInt64(members.count))
    end.append(little: directorySize)
    end.append(little: directoryStart)
    end.append(little: 0x0706_4B50 as UInt32)
    end.append(little: 0 as UInt32)
    end.append(little: directoryStart + directorySize)
    end.append(little: 1 as UInt32)  // disks
    return end
  }

  /// Unix, version 4.5 of the format.
  private static let madeBy: UInt16 = 3 << 8 | 45

  private func narrow(_ number: UInt64) -> UInt32 {
    number >= limits.bytes ? 0xFFFF_FFFF : UInt32(number)
  }

  private mutating func emit(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try sink.write($0) }
    offset += UInt64(bytes.count)
  }
}

extension [UInt8] {
  mutating func append<Number: FixedWidthInteger>(little number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
