import ParquetReading
import Testing

@testable import Parquet

/// Files are read again by `ParquetReader`, which knows the format and not the writer.
@Suite struct ParquetTests {
  static let fields = [
    ParquetField("number", .int64), ParquetField("small", .int32, isOptional: true),
    ParquetField("name", .text, isOptional: true), ParquetField("value", .float, isOptional: true),
    ParquetField("list", .floats, isOptional: true), ParquetField("ids", .int32s),
  ]

  /// A row's cells by a rule: nulls, empty lists, lists of one, NaN with a payload, infinities.
  private static func row(_ number: Int, longest: Int) -> [ParquetReader.Cell] {
    let values: [UInt32] = [0x7FC0_1234, 0xFF80_0000, 0x8000_0000, Float(number).bitPattern]
    let list = (0..<number % (longest + 1)).map { values[($0 + number) % 4] &+ UInt32($0 & ~3) }
    return [
      .number(number &* 1_000_000_007 - 5),
      number % 3 == 0 ? .null : .number(-number),
      number % 5 == 1 ? .null : .text("näme \(number), \"\n"),
      number % 4 == 2 ? .null : .float(values[number % 4]),
      number % 7 == 3 ? .null : .floats(list),
      .numbers((0..<number % 3).map { $0 - number }),
    ]
  }

  private static func append(
    _ cell: ParquetReader.Cell, _ column: Int, to encoder: inout ParquetEncoder
  ) throws {
    switch (cell, fields[column].kind) {
    case (.null, _): try encoder.appendNull(column)
    case (.number(let number), .int64): try encoder.append(column, int64: Int64(number))
    case (.number(let number), _): try encoder.append(column, int32: Int32(number))
    case (.text(let text), _): try encoder.append(column, text: text)
    case (.float(let bits), _): try encoder.append(column, float: Float(bitPattern: bits))
    case (.floats(let bits), _):
      try bits.map { Float(bitPattern: $0) }.withUnsafeBufferPointer {
        try encoder.append(column, floats: $0)
      }
    case (.numbers(let numbers), _): try encoder.append(column, int32s: numbers.map { Int32($0) })
    }
  }

  private static func write(
    _ rows: [[ParquetReader.Cell]], _ codec: ParquetCodec, pieces: Int, groupSize: Int
  ) throws -> [UInt8] {
    var file: [UInt8] = []
    let writer = try ParquetWriter(
      fields, codec: codec, metadata: [(key: "cell", value: "lstm"), (key: "empty", value: "")],
      creator: "tests", groupSize: groupSize
    ) { file += $0 }
    for first in stride(from: 0, to: rows.count, by: pieces) {
      var encoder = ParquetEncoder(fields, codec: codec)
      let some = rows[first..<min(first + pieces, rows.count)]
      for row in some {
        for (column, cell) in row.enumerated() { try append(cell, column, to: &encoder) }
      }
      try writer.append(encoder.finish(rows: some.count))
    }
    try writer.finish()
    return file
  }

  struct Case: Sendable {
    var rows: Int
    var longest: Int
    var pieces: Int
    var groupSize: Int
  }

  /// Nothing; one row group of several pieces; several row groups; pages of more than a megabyte.
  static let cases = [
    Case(rows: 0, longest: 3, pieces: 1, groupSize: 1 << 20),
    Case(rows: 1, longest: 0, pieces: 1, groupSize: 1 << 20),
    Case(rows: 200, longest: 9, pieces: 7, groupSize: 1 << 20),
    Case(rows: 200, longest: 300, pieces: 16, groupSize: 4000),
    Case(rows: 1200, longest: 1100, pieces: 1000, groupSize: 1 << 30),
  ]

  @Test(arguments: cases, [ParquetCodec.none, .best])
  func everyCellIsReadBackToTheBit(_ example: Case, _ codec: ParquetCodec) throws {
    let rows = (0..<example.rows).map { Self.row($0, longest: example.longest) }
    let file = try Self.write(rows, codec, pieces: example.pieces, groupSize: example.groupSize)
    let reader = try ParquetReader(file)
    #expect(reader.rowCount == example.rows)
    #expect(example.groupSize > 4000 || reader.groups.count > 5)
    #expect(reader.metadata == ["cell": "lstm", "empty": ""])
    #expect(reader.footer[6]?.text == "tests")
    for (column, field) in Self.fields.enumerated() {
      let cells = try reader.column(
        column, isOptional: field.isOptional, isList: [.floats, .int32s].contains(field.kind))
      #expect(cells == rows.map { $0[column] }, "\(field.name)")
    }
  }

  @Test func theSchemaSaysWhatTheColumnsAre() throws {
    let reader = try ParquetReader(Self.write([], .none, pieces: 1, groupSize: 1))
    let schema = try #require(reader.footer[2]?.list)
    let lines = schema.map { element in
      let numbers = [1, 3, 5, 6].map { element[$0]?.number.map(String.init) ?? "-" }
      return "\(element[4]?.text ?? "") \(numbers.joined(separator: " "))"
    }
    // Name; type, repetition, children, converted type.
    #expect(
      lines == [
        "schema - - 6 -", "number 2 0 - -", "small 1 1 - -", "name 6 1 - 0", "value 4 1 - -",
        "list - 1 1 3", "list - 2 1 -", "element 4 0 - -", "ids - 0 1 3", "list - 2 1 -",
        "element 1 0 - -",
      ])
    #expect(schema[3][10]?[1] != nil)  // STRING
    #expect(schema[5][10]?[3] != nil)  // LIST
    #expect(reader.footer[7]?.list?.count == 6)
  }

  /// What lets a reader of one sequence pass over the row groups of the others.
  @Test func wholeNumbersHaveTheirLeastAndGreatest() throws {
    let rows = (0..<40).map { Self.row($0, longest: 2) }
    let reader = try ParquetReader(Self.write(rows, .none, pieces: 20, groupSize: 1))
    #expect(reader.groups.count == 2)
    for (place, group) in reader.groups.enumerated() {
      let part = rows[place * 20..<place * 20 + 20]
      for column in 0..<2 {
        let numbers = part.compactMap { row -> Int? in
          if case .number(let number) = row[column] { number } else { nil }
        }
        let statistics = try #require(group[1]?.list?[column][3]?[12])
        #expect(statistics[3]?.number == 20 - numbers.count)
        func number(_ field: Int) -> Int? {
          statistics[field]?.bytes.map { bytes in
            let number = ParquetReader.little(bytes[...], bytes.count)
            return bytes.count == 4 ? Int(Int32(truncatingIfNeeded: number)) : number
          }
        }
        #expect(number(6) == numbers.min())
        #expect(number(5) == numbers.max())
      }
      // Floats have none: NaN has no place among them.
      #expect(group[1]?.list?[3][3]?[12]?[5] == nil)
    }
  }

  /// The bytes of a file of one number and one list, by hand, from the specification.
  @Test func aSmallFileIsTheseBytes() throws {
    let fields = [ParquetField("n", .int32), ParquetField("l", .floats)]
    var file: [UInt8] = []
    let writer = try ParquetWriter(fields, codec: .none, metadata: [], creator: "") { file += $0 }
    var encoder = ParquetEncoder(fields, codec: .none)
    try encoder.append(0, int32: 7)
    try [Float(1), 2].withUnsafeBufferPointer { try encoder.append(1, floats: $0) }
    try writer.append(encoder.finish(rows: 1))
    try writer.finish()
    let magic = Array("PAR1".utf8)
    let first: [UInt8] =
      // PageHeader: DATA_PAGE, 4 bytes, 4 bytes, {1 value, PLAIN, RLE, RLE}; then 7.
      [0x15, 0, 0x15, 8, 0x15, 8, 0x2C, 0x15, 2, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0, 7, 0, 0, 0]
    let second: [UInt8] =
      // The same with 2 levels; repetition 0 once and 1 once, definition 1 twice; 1 and 2.
      [0x15, 0, 0x15, 44, 0x15, 44, 0x2C, 0x15, 4, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0]
      + [4, 0, 0, 0, 2, 0, 2, 1] + [2, 0, 0, 0, 4, 1] + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
    #expect(Array(file.prefix(4 + first.count + second.count)) == magic + first + second)
  }

  @Test func lengthsPastFourteenHaveANumberOfTheirOwn() throws {
    var thrift = ThriftWriter()
    let numbers = [0, -1, 1, Int.max, Int.min] + Array(100..<160)
    thrift.structure { outer in
      outer.list(1, of: .i32, numbers) { $0.number($1) }
      outer.i64(40, Int.min)
      outer.structure(41) { $0.text(3, String(repeating: "a", count: 300)) }
      outer.i32(42, 3)
    }
    var cursor = ThriftCursor(thrift.bytes[...])
    let read = try cursor.structure()
    #expect(cursor.isAtEnd)
    #expect(read[1]?.list?.map(\.number) == numbers)
    #expect(read[40]?.number == Int.min)
    #expect(read[41]?[3]?.text?.count == 300)
    #expect(read[42]?.number == 3)
  }
}
