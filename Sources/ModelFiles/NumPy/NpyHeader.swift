/// The header of a .npy file: a Python dictionary of three known keys, read without Python.
///
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct NpyHeader {
  let type: ElementType
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: [Int]
  /// Where the numbers begin.
  let dataStart: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Ours is below 200 bytes; numpy itself refuses more than this.
  static let headerLimit = 10_000
  static let dimensionLimit = 64

  /// - Parameter bytes: the file, of which only the header is looked at.
  init(_ bytes: UnsafeRawBufferPointer) throws(NpyProblem) {
    guard bytes.count >= 10, bytes.starts(with: Self.magic) else { throw .noMagic }
    let version = bytes[6]
    guard (1...3).contains(version) else { throw .version(Int(version)) }
    let prefix = version == 1 ? 10 : 12
    guard bytes.count >= prefix else { throw .truncatedHeader(needed: prefix, found: bytes.count) }
    let length = bytes[8..<prefix].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.headerLimit else { throw .longHeader(length, limit: Self.headerLimit) }
    guard length <= bytes.count - prefix else {
      throw .truncatedHeader(needed: prefix + length, found: bytes.count)
    }
    dataStart = prefix + length
    var literal = PythonLiteral(Array(bytes[prefix..<dataStart]))
    var type: (ElementType, Bool)?
    var fortranOrder: Bool?
    var shape: [Int]?
    try literal.expect("{")
    while !literal.take("}") {
      let key = try literal.string()
      try literal.expect(":")
      switch key {
      case "descr": type = try Self.type(try literal.string())
      case "fortran_order": fortranOrder = try literal.bool()
      case "shape": shape = try literal.tuple(limit: Self.dimensionLimit)
      default: throw .header("the keys 'descr', 'fortran_order' and 'shape', found \(quoted(key))")
      }
      if !literal.take(",") {
        try literal.expect("}")
        break
      }
    }
    guard let type, let fortranOrder, let shape else {
      throw .header("'descr', 'fortran_order' and 'shape'")
    }
    (self.type, isBigEndian) = type
    isFortranOrder = fortranOrder
    self.shape = shape
  }

  private static func type(_ text: String) throws(NpyProblem) -> (ElementType, Bool) {
    guard let order = text.first, let type = types[String(text.dropFirst())],
      "<>|=".contains(order)
    else { throw .type(text) }
    return (type, order == ">")
  }

  private static let types: [String: ElementType] = [
    "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32,
    "i8": .int64, "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64, "b1": .bool,
  ]
}

/// As much of Python's literals as a .npy header needs.
private struct PythonLiteral {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private mutating func peek() -> UInt8? {
    while offset < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[offset]) { offset += 1 }
    return offset < bytes.count ? bytes[offset] : nil
  }

  mutating func take(_ character: Character) -> Bool {
    guard peek() == character.asciiValue else { return false }
    offset += 1
    return true
  }

  mutating func expect(_ character: Character) throws(NpyProblem) {
    guard take(character) else { throw .header("'\(character)'") }
  }

  mutating func string() throws(NpyProblem) -> String {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      // A list here describes records of several fields.
      if peek() == UInt8(ascii: "[") { throw .type("[…]") }
      throw .header("a text in quotes")
    }
    guard let end = bytes[(offset + 1)...].firstIndex(of: quote) else {
      throw .header("a closing quote")
    }
    defer { offset = end + 1 }
    return String(decoding: bytes[(offset + 1)..<end], as: UTF8.self)
  }

  mutating func bool() throws(NpyProblem) -> Bool {
    _ = peek()
    for (word, value) in [("True", true), ("False", false)]
    where bytes[offset...].starts(with: word.utf8) {
      offset += word.utf8.count
      return value
    }
    throw .header("True or False")
  }

  mutating func tuple(limit: Int) throws(NpyProblem) -> [Int] {
    try expect("(")
    var numbers: [Int] = []
    while !take(")") {
      guard numbers.count < limit else { throw .header("at most \(limit) dimensions") }
      _ = peek()
      let digits = bytes[offset...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
        throw .header("whole numbers in the shape")
      }
      offset += digits.count
      // Python 2 wrote (3L, 4L).
      _ = take("L")
      numbers.append(number)
      if !take(",") {
        try expect(")")
        break
      }
    }
    return numbers
  }
}
