/// A zip archive that is not compressed, and .npy arrays, byte by byte.
enum StoredArchive {
  static func npy(_ type: String, _ shape: String, _ data: [UInt8]) -> [UInt8] {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + little(header.utf8.count, 2)
      + Array(header.utf8) + data
  }

  /// Checksums are left 0: nobody compares those of stored entries.
  static func bytes(_ entries: [(name: String, data: [UInt8])]) throws -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, data) in entries {
      let sizes = little(data.count, 4) + little(data.count, 4)
      let offset = file.count
      file += Array("PK\u{3}\u{4}".utf8) + little(20, 2) + zeros(8) + zeros(4) + sizes
      file += little(name.utf8.count, 2) + zeros(2) + Array(name.utf8) + data
      directory += Array("PK\u{1}\u{2}".utf8) + little(20, 2) + little(20, 2) + zeros(8) + zeros(4)
      directory += sizes + little(name.utf8.count, 2) + zeros(12) + little(offset, 4)
      directory += Array(name.utf8)
    }
    let start = file.count
    file += directory + Array("PK\u{5}\u{6}".utf8) + zeros(4)
    file += little(entries.count, 2) + little(entries.count, 2)
    return file + little(directory.count, 4) + little(start, 4) + zeros(2)
  }

  private static func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }

  private static func little(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
