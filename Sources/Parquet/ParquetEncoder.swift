/// Encodes rows, column by column, as data pages of version 1 with plain values:
/// https://parquet.apache.org/docs/file-format/data-pages/
///
/// Every column gets one value, list or null a row, in the order of the rows; then `finish`. Not safe to
/// share between threads, but every thread may have its own.
public struct ParquetEncoder {
  private let fields: [ParquetField]
  private let codec: ParquetCodec
  private var columns: [Column]
  private var pages: ParquetPages

  /// Bytes of values after which a page ends. Readers keep a page in memory at a time.
  private static let pageSize = 1 << 20

  private struct Column {
    var values: [UInt8] = []
    var definitions = Levels()
    var repetitions = Levels()
    /// Levels, or values where there are none.
    var count = 0
    var statistics = ParquetPages.Statistics()
  }

  public init(_ fields: [ParquetField], codec: ParquetCodec) {
    self.fields = fields
    self.codec = codec
    columns = fields.map { _ in Column() }
    pages = ParquetPages(columns: fields.map { _ in ParquetPages.Column() })
  }

  /// A row's null; the column is optional.
  public mutating func appendNull(_ column: Int) throws(ParquetError) {
    precondition(fields[column].isOptional)
    columns[column].definitions.append(0)
    if fields[column].isList { columns[column].repetitions.append(0) }
    columns[column].count += 1
    columns[column].statistics.nulls += 1
  }

  public mutating func append(_ column: Int, int32 value: Int32) throws(ParquetError) {
    columns[column].values.append(little: value)
    try appendNumber(column, Int64(value))
  }

  public mutating func append(_ column: Int, int64 value: Int64) throws(ParquetError) {
    columns[column].values.append(little: value)
    try appendNumber(column, value)
  }

  public mutating func append(_ column: Int, float value: Float) throws(ParquetError) {
    columns[column].values.append(little: value.bitPattern)
    try appendOne(column)
  }

  public mutating func append(_ column: Int, text: String) throws(ParquetError) {
    let bytes = Array(text.utf8)
    columns[column].values.append(little: UInt32(bytes.count))
    columns[column].values += bytes
    try appendOne(column)
  }

  /// A row's list of floats.
  public mutating func append(
    _ column: Int, floats: UnsafeBufferPointer<Float>
  ) throws(ParquetError) {
    #if _endian(little)
      columns[column].values.append(contentsOf: UnsafeRawBufferPointer(floats))
    #else
      for value in floats { columns[column].values.append(little: value.bitPattern) }
    #endif
    try appendList(column, count: floats.count)
  }

  public mutating func append(_ column: Int, int32s: [Int32]) throws(ParquetError) {
    for value in int32s { columns[column].values.append(little: value) }
    try appendList(column, count: int32s.count)
  }

  /// What was encoded. Every column must have as many rows.
  public mutating func finish(rows: Int) throws(ParquetError) -> ParquetPages {
    for column in columns.indices { try closePage(column) }
    pages.rows = rows
    defer { pages = ParquetPages(columns: fields.map { _ in ParquetPages.Column() }) }
    return pages
  }

  private mutating func appendNumber(_ column: Int, _ value: Int64) throws(ParquetError) {
    columns[column].statistics.take(.init(least: value, greatest: value))
    try appendOne(column)
  }

  private mutating func appendOne(_ column: Int) throws(ParquetError) {
    if fields[column].isOptional { columns[column].definitions.append(1) }
    columns[column].count += 1
    try endRow(column)
  }

  private mutating func appendList(_ column: Int, count: Int) throws(ParquetError) {
    let present = fields[column].present
    columns[column].repetitions.append(0)
    // An empty list is one level of its own: there, but without an element.
    columns[column].definitions.append(count == 0 ? present - 1 : present)
    columns[column].repetitions.append(1, count: max(count - 1, 0))
    columns[column].definitions.append(present, count: max(count - 1, 0))
    columns[column].count += max(count, 1)
    try endRow(column)
  }

  /// Pages end between rows.
  private mutating func endRow(_ column: Int) throws(ParquetError) {
    if columns[column].values.count >= Self.pageSize { try closePage(column) }
  }

  private mutating func closePage(_ column: Int) throws(ParquetError) {
    let count = columns[column].count
    if count == 0 { return }
    let field = fields[column]
    var body: [UInt8] = []
    if field.isList { body += columns[column].repetitions.take() }
    if field.present > 0 { body += columns[column].definitions.take() }
    body += columns[column].values
    let compressed = try codec.compress(body)
    var header = ThriftWriter()
    header.structure { page in
      page.i32(1, 0)  // DATA_PAGE
      page.i32(2, body.count)
      page.i32(3, compressed.count)
      page.structure(5) { data in
        data.i32(1, count)
        data.i32(2, 0)  // PLAIN
        data.i32(3, 3)  // definition levels: RLE
        data.i32(4, 3)  // repetition levels: RLE
      }
    }
    pages.columns[column].pages.append(
      ParquetPages.Page(
        bytes: header.bytes + compressed, rawSize: header.bytes.count + body.count, count: count))
    pages.columns[column].statistics.take(columns[column].statistics)
    columns[column].values.removeAll(keepingCapacity: true)
    columns[column].count = 0
    columns[column].statistics = ParquetPages.Statistics()
  }
}
