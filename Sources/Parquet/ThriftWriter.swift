/// Writes structs in Thrift's compact protocol, in which Parquet's headers and footers are:
/// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
struct ThriftWriter {
  private(set) var bytes: [UInt8] = []
  /// The number of the last field of the struct that is being written.
  private var last: Int = 0

  enum Kind: UInt8 {
    case i32 = 5
    case i64 = 6
    case binary = 8
    case list = 9
    case structure = 12
  }

  mutating func i32(_ field: Int, _ value: Int) {
    header(field, .i32)
    number(value)
  }

  mutating func i64(_ field: Int, _ value: Int) {
    header(field, .i64)
    number(value)
  }

  mutating func binary(_ field: Int, _ value: some Collection<UInt8>) {
    header(field, .binary)
    binary(value)
  }

  mutating func text(_ field: Int, _ value: String) { binary(field, Array(value.utf8)) }

  mutating func structure(_ field: Int, _ fields: (inout ThriftWriter) -> Void) {
    header(field, .structure)
    structure(fields)
  }

  mutating func list<Element>(
    _ field: Int, of kind: Kind, _ elements: [Element],
    _ write: (inout ThriftWriter, Element) -> Void
  ) {
    header(field, .list)
    if elements.count < 15 {
      bytes.append(UInt8(elements.count) << 4 | kind.rawValue)
    } else {
      bytes.append(0xF0 | kind.rawValue)
      Self.append(UInt64(elements.count), to: &bytes)
    }
    for element in elements { write(&self, element) }
  }

  // MARK: - What stands in a list, or is the whole

  mutating func structure(_ fields: (inout ThriftWriter) -> Void) {
    let outer = last
    last = 0
    fields(&self)
    bytes.append(0)
    last = outer
  }

  /// Zigzag: the sign is the last bit.
  mutating func number(_ value: Int) {
    Self.append(UInt64(bitPattern: Int64(value << 1 ^ value >> 63)), to: &bytes)
  }

  mutating func binary(_ value: some Collection<UInt8>) {
    Self.append(UInt64(value.count), to: &bytes)
    bytes += value
  }

  private mutating func header(_ field: Int, _ kind: Kind) {
    let step = field - last
    if (1...15).contains(step) {
      bytes.append(UInt8(step) << 4 | kind.rawValue)
    } else {
      bytes.append(kind.rawValue)
      number(field)
    }
    last = field
  }

  /// ULEB128: seven bits a byte, the low ones first.
  static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
