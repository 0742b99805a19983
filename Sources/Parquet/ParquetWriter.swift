/// Writes a Parquet file front to back: row groups as they are ready, then the footer that says where
/// everything is. https://parquet.apache.org/docs/file-format/
public final class ParquetWriter {
  public let fields: [ParquetField]
  private let codec: ParquetCodec
  private let metadata: [(key: String, value: String)]
  private let creator: String
  private let sink: (UnsafeRawBufferPointer) throws -> Void
  private let groupSize: Int
  private var offset = 0
  private var open: ParquetPages
  private var groups: [Group] = []

  /// Bytes of a row group, before they are compressed, after which it is written.
  public static let usualGroupSize = 64 << 20

  private struct Group {
    var rows: Int
    var chunks: [Chunk]
  }

  private struct Chunk {
    let offset: Int
    let size: Int
    let rawSize: Int
    let count: Int
    let statistics: ParquetPages.Statistics
  }

  /// - Parameters:
  ///   - metadata: the file's key-value metadata.
  ///   - creator: `created_by`: the program and its version.
  ///   - groupSize: lower in tests.
  ///   - sink: takes the file's bytes, in order.
  public init(
    _ fields: [ParquetField], codec: ParquetCodec, metadata: [(key: String, value: String)],
    creator: String, groupSize: Int = usualGroupSize,
    sink: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    self.fields = fields
    self.codec = codec
    self.metadata = metadata
    self.creator = creator
    self.groupSize = groupSize
    self.sink = sink
    open = ParquetPages(columns: fields.map { _ in ParquetPages.Column() })
    try emit(Self.magic)
  }

  /// Rows encoded for the same fields and codec.
  public func append(_ pages: ParquetPages) throws {
    open.rows += pages.rows
    for column in fields.indices {
      open.columns[column].pages += pages.columns[column].pages
      open.columns[column].statistics.take(pages.columns[column].statistics)
    }
    if open.rawSize >= groupSize { try closeGroup() }
  }

  /// Writes what is left and the footer. Nothing comes after it.
  public func finish() throws {
    try closeGroup()
    let start = offset
    try emit(footer())
    var end: [UInt8] = []
    end.append(little: UInt32(offset - start))
    try emit(end + Self.magic)
  }

  private static let magic = Array("PAR1".utf8)

  private func emit(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes(sink)
    offset += bytes.count
  }

  private func closeGroup() throws {
    if open.rows == 0 { return }
    var group = Group(rows: open.rows, chunks: [])
    for column in open.columns {
      let start = offset
      for page in column.pages { try emit(page.bytes) }
      group.chunks.append(
        Chunk(
          offset: start, size: offset - start,
          rawSize: column.pages.reduce(0) { $0 + $1.rawSize },
          count: column.pages.reduce(0) { $0 + $1.count }, statistics: column.statistics))
    }
    groups.append(group)
    open = ParquetPages(columns: fields.map { _ in ParquetPages.Column() })
  }

  /// `FileMetaData`.
  private func footer() -> [UInt8] {
    var thrift = ThriftWriter()
    thrift.structure { file in
      file.i32(1, 2)  // version
      file.list(2, of: .structure, [root] + fields.flatMap(\.elements)) { $1(&$0) }
      file.i64(3, groups.reduce(0) { $0 + $1.rows })
      file.list(4, of: .structure, groups) { list, group in self.write(group, to: &list) }
      file.list(5, of: .structure, metadata) { list, entry in
        list.structure {
          $0.text(1, entry.key)
          $0.text(2, entry.value)
        }
      }
      file.text(6, creator)
      // Without an order for each column nobody believes its least and greatest value.
      file.list(7, of: .structure, fields) { list, _ in
        list.structure { $0.structure(1) { _ in } }
      }
    }
    return thrift.bytes
  }

  /// The schema's root.
  private var root: (inout ThriftWriter) -> Void {
    { [count = fields.count] thrift in
      thrift.structure {
        $0.text(4, "schema")
        $0.i32(5, count)
      }
    }
  }

  /// `RowGroup`.
  private func write(_ group: Group, to thrift: inout ThriftWriter) {
    thrift.structure { row in
      row.list(1, of: .structure, Array(zip(fields, group.chunks))) { list, chunk in
        self.write(chunk.1, of: chunk.0, to: &list)
      }
      row.i64(2, group.chunks.reduce(0) { $0 + $1.rawSize })
      row.i64(3, group.rows)
    }
  }

  /// `ColumnChunk` with its `ColumnMetaData`.
  private func write(_ chunk: Chunk, of field: ParquetField, to thrift: inout ThriftWriter) {
    thrift.structure { column in
      column.i64(2, chunk.offset)
      column.structure(3) { data in
        data.i32(1, field.physicalType)
        data.list(2, of: .i32, [0, 3]) { $0.number($1) }  // PLAIN, RLE
        data.list(3, of: .binary, field.path) { $0.binary(Array($1.utf8)) }
        data.i32(4, codec.number)
        data.i64(5, chunk.count)
        data.i64(6, chunk.rawSize)
        data.i64(7, chunk.size)
        data.i64(9, chunk.offset)
        guard !field.isList else { return }
        data.structure(12) { statistics in
          statistics.i64(3, chunk.statistics.nulls)
          if let least = chunk.statistics.least, let greatest = chunk.statistics.greatest {
            statistics.binary(5, field.plain(greatest))
            statistics.binary(6, field.plain(least))
          }
        }
      }
    }
  }
}

extension ParquetField {
  /// A whole number as the column stores it.
  fileprivate func plain(_ number: Int64) -> [UInt8] {
    var bytes: [UInt8] = []
    switch kind {
    case .int32, .int32s: bytes.append(little: Int32(truncatingIfNeeded: number))
    case .int64, .float, .text, .floats: bytes.append(little: number)
    }
    return bytes
  }
}
