/// Puts the fields of a checkpoint one after another.
struct CheckpointWriter {
  private(set) var bytes: [UInt8]

  mutating func add(_ value: UInt64) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func add(_ value: Int) { add(UInt64(bitPattern: Int64(value))) }

  mutating func add(_ value: Double) { add(value.bitPattern) }

  mutating func add(_ text: String) {
    add(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func add(_ values: [Float]) {
    add(values.count)
    bytes.reserveCapacity(bytes.count + 4 * values.count)
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  mutating func add<Element>(
    list: [Element], _ one: (inout CheckpointWriter, Element) -> Void
  ) {
    add(list.count)
    for element in list { one(&self, element) }
  }

  mutating func add(_ figure: Figure) {
    add(figure.name)
    add(figure.value)
    switch figure.goal {
    case .none: add(0)
    case .atLeast(let bound):
      add(1)
      add(bound)
    case .atMost(let bound):
      add(2)
      add(bound)
    }
    add(figure.isShare ? 1 : 0)
    add(figure.isLowerBetter ? 1 : 0)
    add(figure.isError ? 1 : 0)
  }
}

/// Takes them apart again, and trusts no count before there are as many bytes.
struct CheckpointReader {
  enum Damage: Error { case foreign, damaged }

  private let bytes: [UInt8]
  private var place: Int
  private let end: Int

  /// - Throws: where the sum at the end is not that of the bytes before it.
  init(_ bytes: [UInt8], from start: Int) throws(Damage) {
    self.bytes = bytes
    place = start
    end = bytes.count - 8
    guard end >= start else { throw .damaged }
    var tail = Self(unchecked: bytes, from: end)
    guard try tail.word() == Self.sum(bytes[..<end]) else { throw .damaged }
  }

  private init(unchecked bytes: [UInt8], from start: Int) {
    self.bytes = bytes
    place = start
    end = bytes.count
  }

  static func sum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.withUnsafeBufferPointer { bytes in
      bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
  }

  mutating func word() throws(Damage) -> UInt64 {
    guard end - place >= 8 else { throw .damaged }
    defer { place += 8 }
    return bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
  }

  mutating func double() throws(Damage) -> Double { Double(bitPattern: try word()) }

  /// A count of things of at least `width` bytes each.
  mutating func count(ofWidth width: Int = 0) throws(Damage) -> Int {
    guard let count = Int(exactly: try word()), width == 0 || count <= (end - place) / width else {
      throw .damaged
    }
    return count
  }

  mutating func string() throws(Damage) -> String {
    let count = try count(ofWidth: 1)
    defer { place += count }
    guard let text = String(validating: bytes[place..<place + count], as: UTF8.self) else {
      throw .damaged
    }
    return text
  }

  mutating func floats() throws(Damage) -> [Float] {
    let count = try count(ofWidth: 4)
    defer { place += 4 * count }
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map {
        let word = bytes.loadUnaligned(fromByteOffset: place + 4 * $0, as: UInt32.self)
        return Float(bitPattern: UInt32(littleEndian: word))
      }
    }
  }

  mutating func list<Element>(
    _ one: (inout CheckpointReader) throws(Damage) -> Element
  ) throws(Damage) -> [Element] {
    // Whatever stands in a list takes 8 bytes at least.
    let count = try count(ofWidth: 8)
    var list: [Element] = []
    for _ in 0..<count { list.append(try one(&self)) }
    return list
  }

  mutating func figure() throws(Damage) -> Figure {
    let name = try string()
    let value = try double()
    let goal: Figure.Goal
    let kind = try word()
    if kind == 0 {
      goal = .none
    } else if kind == 1 {
      goal = .atLeast(try double())
    } else if kind == 2 {
      goal = .atMost(try double())
    } else {
      throw .damaged
    }
    var figure = Figure(name, value, goal: goal, isShare: try word() != 0)
    figure.isLowerBetter = try word() != 0
    figure.isError = try word() != 0
    return figure
  }

  func expectEnd() throws(Damage) {
    guard place == end else { throw .damaged }
  }
}
