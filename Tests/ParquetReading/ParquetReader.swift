import CZstd

/// Reads what the writer writes, by the format's specification and not by the writer's code: footer, page
/// headers, levels, plain values. Anything else is an error.
public struct ParquetReader {
  public enum Fault: Error {
    case damaged(String)
  }

  /// A value of Thrift's compact protocol.
  public indirect enum Thrift {
    case number(Int)
    case bytes([UInt8])
    case list([Thrift])
    case structure([Int: Thrift])

    public subscript(field: Int) -> Thrift? {
      guard case .structure(let fields) = self else { return nil }
      return fields[field]
    }
    public var number: Int? { if case .number(let number) = self { number } else { nil } }
    public var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    public var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
    public var list: [Thrift]? { if case .list(let list) = self { list } else { nil } }
  }

  /// The columns, by their names in the schema's tree.
  public var columns: [(name: String, isOptional: Bool, isList: Bool)] {
    var columns: [(name: String, isOptional: Bool, isList: Bool)] = []
    var skipped = 0
    for element in (footer[2]?.list ?? []).dropFirst() {
      if skipped > 0 {
        skipped -= 1
        continue
      }
      let isList = element[5]?.number == 1
      columns.append((element[4]?.text ?? "", element[3]?.number == 1, isList))
      // The list and its element.
      skipped = isList ? 2 : 0
    }
    return columns
  }

  /// The cells of a column, by its name.
  public func column(_ name: String) throws -> [Cell] {
    guard let place = columns.firstIndex(where: { $0.name == name }) else {
      throw Fault.damaged("no column \(name)")
    }
    return try column(
      place, isOptional: columns[place].isOptional, isList: columns[place].isList)
  }

  /// What stands in a row of a column.
  public enum Cell: Equatable, Sendable {
    case null
    case number(Int)
    case float(UInt32)  // its bits
    case text(String)
    case floats([UInt32])
    case numbers([Int])
  }

  public let footer: Thrift
  private let file: [UInt8]

  public init(_ file: [UInt8]) throws {
    self.file = file
    let magic = Array("PAR1".utf8)
    guard file.count >= 12, file.starts(with: magic), Array(file.suffix(4)) == magic else {
      throw Fault.damaged("magic")
    }
    let length = Self.little(file[(file.count - 8)...], 4)
    guard length <= file.count - 12 else { throw Fault.damaged("footer's length") }
    var cursor = ThriftCursor(file[(file.count - 8 - length)..<(file.count - 8)])
    footer = try cursor.structure()
    guard cursor.isAtEnd else { throw Fault.damaged("bytes after the footer") }
  }

  public var rowCount: Int { footer[3]?.number ?? -1 }
  public var groups: [Thrift] { footer[4]?.list ?? [] }

  public var metadata: [String: String] {
    Dictionary(
      uniqueKeysWithValues: (footer[5]?.list ?? []).map { ($0[1]?.text ?? "", $0[2]?.text ?? "") })
  }

  /// The cells of a column, by its place, of all row groups.
  public func column(_ place: Int, isOptional: Bool, isList: Bool) throws -> [Cell] {
    var cells: [Cell] = []
    for group in groups {
      guard let data = group[1]?.list?[place][3], let offset = data[9]?.number,
        let size = data[7]?.number, let count = data[5]?.number, let type = data[1]?.number
      else { throw Fault.damaged("column \(place)") }
      let before = cells.count
      var (at, levels, raw) = (offset, 0, 0)
      while at < offset + size {
        let page = try page(at: at, codec: data[4]?.number ?? 0)
        let decoded = try Self.cells(
          page.body, count: page.count, type: type, isOptional: isOptional, isList: isList)
        cells += decoded
        levels += page.count
        raw += page.rawSize
        at = page.end
      }
      guard at == offset + size, levels == count, raw == data[6]?.number else {
        throw Fault.damaged("sizes of column \(place)")
      }
      guard cells.count - before == group[3]?.number else { throw Fault.damaged("rows") }
    }
    return cells
  }

  private func page(
    at offset: Int, codec: Int
  ) throws -> (body: [UInt8], count: Int, end: Int, rawSize: Int) {
    var cursor = ThriftCursor(file[offset...])
    let header = try cursor.structure()
    guard header[1]?.number == 0, let size = header[2]?.number, let packed = header[3]?.number,
      let data = header[5], let count = data[1]?.number, data[2]?.number == 0,
      data[3]?.number == 3, data[4]?.number == 3, cursor.offset + packed <= file.count
    else { throw Fault.damaged("page header at \(offset)") }
    var body = Array(file[cursor.offset..<cursor.offset + packed])
    if codec == 6 {
      body = [UInt8](unsafeUninitializedCapacity: size) { out, filled in
        filled =
          gs_zstd_load() == 0
          ? 0
          : body.withUnsafeBytes {
            gs_zstd_decompress(out.baseAddress, size, $0.baseAddress, packed)
          }
      }
    }
    guard body.count == size else { throw Fault.damaged("page at \(offset)") }
    return (body, count, cursor.offset + packed, cursor.offset - offset + size)
  }

  private static func cells(
    _ body: [UInt8], count: Int, type: Int, isOptional: Bool, isList: Bool
  ) throws -> [Cell] {
    let most = (isOptional ? 1 : 0) + (isList ? 1 : 0)
    var rest = body[...]
    let repetitions = isList ? try levels(&rest, count: count, width: 1) : []
    let definitions = most > 0 ? try levels(&rest, count: count, width: most) : []
    func value() throws -> Cell {
      switch type {
      case 1: return .number(Int(Int32(truncatingIfNeeded: try take(4))))
      case 2: return .number(try take(8))
      case 4: return .float(UInt32(try take(4)))
      case 6:
        let length = try take(4)
        guard length <= rest.count else { throw Fault.damaged("text") }
        defer { rest = rest.dropFirst(length) }
        return .text(String(decoding: rest.prefix(length), as: UTF8.self))
      default: throw Fault.damaged("type \(type)")
      }
    }
    func take(_ size: Int) throws -> Int {
      guard rest.count >= size else { throw Fault.damaged("values") }
      defer { rest = rest.dropFirst(size) }
      return little(rest, size)
    }
    var cells: [Cell] = []
    for index in 0..<count {
      let level = most > 0 ? definitions[index] : 0
      guard isList else {
        cells.append(level == most ? try value() : .null)
        continue
      }
      if repetitions[index] == 0 {
        let empty: Cell = type == 4 ? .floats([]) : .numbers([])
        cells.append(isOptional && level == 0 ? .null : empty)
      }
      if level < most { continue }
      switch (cells.removeLast(), try value()) {
      case (.floats(let list), .float(let bits)): cells.append(.floats(list + [bits]))
      case (.numbers(let list), .number(let number)): cells.append(.numbers(list + [number]))
      default: throw Fault.damaged("levels")
      }
    }
    guard rest.isEmpty else { throw Fault.damaged("bytes after the values") }
    return cells
  }

  /// The RLE/bit-packing hybrid, of which there are runs alone.
  private static func levels(
    _ bytes: inout ArraySlice<UInt8>, count: Int, width: Int
  ) throws -> [Int] {
    let length = little(bytes, 4)
    var runs = bytes.dropFirst(4).prefix(length)
    bytes = bytes.dropFirst(4 + length)
    var levels: [Int] = []
    while !runs.isEmpty {
      var (header, shift) = (0, 0)
      while let byte = runs.popFirst() {
        header |= Int(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { break }
      }
      guard header & 1 == 0, let level = runs.popFirst(), level < 1 << width else {
        throw Fault.damaged("a run of levels")
      }
      levels += Array(repeating: Int(level), count: header >> 1)
    }
    guard levels.count == count else { throw Fault.damaged("\(levels.count) levels, not \(count)") }
    return levels
  }

  public static func little(_ bytes: ArraySlice<UInt8>, _ size: Int) -> Int {
    bytes.prefix(size).reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}

/// Thrift's compact protocol.
public struct ThriftCursor {
  private let bytes: ArraySlice<UInt8>
  private(set) var offset: Int

  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    offset = bytes.startIndex
  }

  public var isAtEnd: Bool { offset == bytes.endIndex }

  public mutating func structure() throws -> ParquetReader.Thrift {
    var fields: [Int: ParquetReader.Thrift] = [:]
    var last = 0
    while true {
      let header = try byte()
      if header == 0 { return .structure(fields) }
      last = header >> 4 == 0 ? try zigzag() : last + Int(header >> 4)
      fields[last] = try value(header & 0xF)
    }
  }

  private mutating func value(_ kind: UInt8) throws -> ParquetReader.Thrift {
    switch kind {
    case 5, 6: return .number(try zigzag())
    case 8:
      let count = try varint()
      guard count <= bytes.endIndex - offset else { throw ParquetReader.Fault.damaged("bytes") }
      defer { offset += count }
      return .bytes(Array(bytes[offset..<offset + count]))
    case 9:
      let header = try byte()
      let count = header >> 4 == 15 ? try varint() : Int(header >> 4)
      return .list(try (0..<count).map { _ in try value(header & 0xF) })
    case 12: return try structure()
    default: throw ParquetReader.Fault.damaged("thrift type \(kind)")
    }
  }

  private mutating func byte() throws -> UInt8 {
    guard offset < bytes.endIndex else { throw ParquetReader.Fault.damaged("end") }
    defer { offset += 1 }
    return bytes[offset]
  }

  private mutating func varint() throws -> Int {
    var (number, shift) = (UInt64(0), UInt64(0))
    while true {
      let byte = try byte()
      number |= UInt64(byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { return Int(bitPattern: UInt(number)) }
    }
  }

  private mutating func zigzag() throws -> Int {
    let number = UInt(bitPattern: try varint())
    return Int(bitPattern: number >> 1) ^ -Int(bitPattern: number & 1)
  }
}
