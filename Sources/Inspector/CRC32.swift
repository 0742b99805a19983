import CChecksum

/// The checksum of zip archives (the reflected polynomial 0xEDB88320): 64 bytes at a time where the
/// processor can, else eight.
struct CRC32 {
  private var remainder: UInt32 = 0xFFFF_FFFF

  /// The checksum of all bytes so far.
  var value: UInt32 { ~remainder }

  /// tables[k][b]: what byte b does to the remainder when k more bytes follow it; 8 × 256.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var rest = UInt32(byte)
      for _ in 0..<8 { rest = rest & 1 == 1 ? 0xEDB8_8320 ^ (rest >> 1) : rest >> 1 }
      tables[byte] = rest
    }
    for place in 256..<8 * 256 {
      let before = tables[place - 256]
      tables[place] = (before >> 8) ^ tables[Int(before & 0xFF)]
    }
    return tables
  }()

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let count = bytes.count & ~15
    guard count >= 64, Self.folds, let start = bytes.baseAddress else {
      updateByTables(bytes)
      return
    }
    remainder = gs_crc32_fold(
      remainder, start.assumingMemoryBound(to: UInt8.self), count)
    updateByTables(UnsafeRawBufferPointer(rebasing: bytes[count...]))
  }

  private static let folds = gs_crc32_folds() != 0

  mutating func updateByTables(_ bytes: UnsafeRawBufferPointer) {
    Self.tables.withUnsafeBufferPointer { table in
      var rest = remainder
      var place = 0
      while place + 8 <= bytes.count {
        let low =
          rest ^ UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        let high = UInt32(
          littleEndian: bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self))
        rest =
          table[7 * 256 + Int(low & 0xFF)] ^ table[6 * 256 + Int((low >> 8) & 0xFF)]
        rest ^= table[5 * 256 + Int((low >> 16) & 0xFF)] ^ table[4 * 256 + Int(low >> 24)]
        rest ^= table[3 * 256 + Int(high & 0xFF)] ^ table[2 * 256 + Int((high >> 8) & 0xFF)]
        rest ^= table[256 + Int((high >> 16) & 0xFF)] ^ table[Int(high >> 24)]
        place += 8
      }
      while place < bytes.count {
        rest = (rest >> 8) ^ table[Int((rest ^ UInt32(bytes[place])) & 0xFF)]
        place += 1
      }
      remainder = rest
    }
  }
}
