/// The entries of a tar archive, each proved to lie in the file.
///
/// POSIX ustar: headers of 512 bytes (a name of 100, the size in octal at 124, the kind at 156, "ustar" at
/// 257, a prefix of 155 at 345), contents padded to 512. GNU's long names are passed over with what they
/// name.
struct TarArchive {
  let entries: [(name: String, range: Range<Int>)]

  private static let block = 512
  private static let entryLimit = 100_000

  static func isTar(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= block && bytes[257..<262].elementsEqual("ustar".utf8)
  }

  /// - Throws: the byte at which a header is broken.
  init(_ bytes: UnsafeRawBufferPointer) throws(TarProblem) {
    var entries: [(name: String, range: Range<Int>)] = []
    var offset = 0
    while offset + Self.block <= bytes.count, bytes[offset] != 0 {
      guard entries.count < Self.entryLimit else { throw TarProblem(offset: offset) }
      let header = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Self.block])
      guard header[257..<262].elementsEqual("ustar".utf8), let size = Self.octal(header[124..<136]),
        size <= bytes.count - offset - Self.block
      else { throw TarProblem(offset: offset) }
      let start = offset + Self.block
      let kind = header[156]
      if kind == UInt8(ascii: "0") || kind == 0 {
        let prefix = Self.text(header[345..<500])
        let name = Self.text(header[0..<100])
        entries.append((prefix.isEmpty ? name : "\(prefix)/\(name)", start..<start + size))
      }
      offset = start + (size + Self.block - 1) / Self.block * Self.block
    }
    self.entries = entries
  }

  private static func octal(_ field: Slice<UnsafeRawBufferPointer>) -> Int? {
    let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix {
      (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0)
    }
    guard (1...12).contains(digits.count) else { return nil }
    return digits.reduce(0) { $0 * 8 + Int($1 - UInt8(ascii: "0")) }
  }

  private static func text(_ field: Slice<UnsafeRawBufferPointer>) -> String {
    String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }
}

struct TarProblem: Error {
  let offset: Int
}
