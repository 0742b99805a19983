/// Rows of a file, encoded: a column an entry. Made by `ParquetEncoder` on any thread, written by
/// `ParquetWriter` in the order of the file.
public struct ParquetPages: Sendable {
  struct Page: Sendable {
    /// The page's header and its body.
    let bytes: [UInt8]
    /// Both, had the body not been compressed.
    let rawSize: Int
    /// Levels, or values where there are none.
    let count: Int
  }

  struct Column: Sendable {
    var pages: [Page] = []
    var statistics = Statistics()
  }

  /// Of whole numbers the least and the greatest, so that readers skip row groups.
  struct Statistics: Sendable {
    var least: Int64?
    var greatest: Int64?
    var nulls = 0

    mutating func take(_ other: Statistics) {
      if let low = other.least { least = min(least ?? low, low) }
      if let high = other.greatest { greatest = max(greatest ?? high, high) }
      nulls += other.nulls
    }
  }

  public internal(set) var rows = 0
  var columns: [Column]

  /// Without compression.
  var rawSize: Int { columns.reduce(0) { $0 + $1.pages.reduce(0) { $0 + $1.rawSize } } }
}
