import CZstd

/// How pages are compressed.
public enum ParquetCodec: Sendable, Equatable {
  case none
  case zstd

  /// zstd where libzstd can be opened, else none.
  public static let best: ParquetCodec = gs_zstd_load() != 0 ? .zstd : .none

  /// `CompressionCodec`.
  var number: Int {
    switch self {
    case .none: 0
    case .zstd: 6
    }
  }

  /// Traces are nearly noise: higher levels take longer and save nothing.
  private static let level: Int32 = 1

  func compress(_ bytes: [UInt8]) throws(ParquetError) -> [UInt8] {
    switch self {
    case .none: return bytes
    case .zstd:
      let bound = gs_zstd_bound(bytes.count)
      var length = 0
      let compressed = [UInt8](unsafeUninitializedCapacity: bound) { out, count in
        length = bytes.withUnsafeBytes {
          gs_zstd_compress(out.baseAddress, bound, $0.baseAddress, bytes.count, Self.level)
        }
        count = length
      }
      guard length > 0 else { throw .cannotCompress }
      return compressed
    }
  }
}

/// Why a Parquet file was not written, beside what its sink throws.
public enum ParquetError: Error, Equatable, Sendable, CustomStringConvertible {
  case cannotCompress

  public var description: String {
    switch self {
    case .cannotCompress: "libzstd could not compress a page; too little memory?"
    }
  }
}
