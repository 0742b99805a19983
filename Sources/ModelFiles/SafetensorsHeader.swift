/// The JSON header of a safetensors file, parsed and proved against the length of the data.
///
/// https://huggingface.co/docs/safetensors, and the rules of the reference implementation: tensors
/// lie one behind the other, without holes, and cover the data to its last byte.
struct SafetensorsHeader {
  /// By the place of their data.
  private(set) var tensors: [SafetensorsTensor] = []
  private(set) var metadata: [String: String] = [:]

  typealias Problem = ModelFileError.Problem

  /// No real tensor comes near; a hostile shape of millions of ones would cost memory.
  static let dimensionLimit = 64

  /// - Parameters:
  ///   - bytes: the header alone.
  ///   - dataCount: how many bytes follow it.
  init(_ bytes: UnsafeRawBufferPointer, dataCount: Int) throws(Problem) {
    try parse(bytes)
    for tensor in tensors { try prove(tensor, dataCount: dataCount) }
    tensors.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try proveCoverage(dataCount: dataCount)
  }
}

// MARK: - Grammar

extension SafetensorsHeader {
  private mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(Problem) {
    guard bytes.first == UInt8(ascii: "{") else {
      throw .badHeader(offset: 0, expected: "'{'")
    }
    var cursor = JSONCursor(bytes)
    var names: Set<String> = []
    try cursor.expect("{")
    var isFirst = true
    while try cursor.hasNext(isFirst: isFirst, end: "}") {
      isFirst = false
      let name = try key(&cursor)
      guard names.insert(name).inserted else { throw .duplicateTensor(name) }
      if name == "__metadata__" {
        try parseMetadata(&cursor)
      } else {
        tensors.append(try parseTensor(name, &cursor))
      }
    }
    try cursor.expectEnd()
  }

  private mutating func parseMetadata(_ cursor: inout JSONCursor) throws(Problem) {
    try cursor.expect("{")
    var isFirst = true
    while try cursor.hasNext(isFirst: isFirst, end: "}") {
      isFirst = false
      let name = try key(&cursor)
      let value = try cursor.string("a string as the value of metadata \(quoted(name))")
      guard metadata.updateValue(value, forKey: name) == nil else {
        throw .duplicateMetadata(key: name)
      }
    }
  }

  private func parseTensor(
    _ name: String, _ cursor: inout JSONCursor
  ) throws(Problem) -> SafetensorsTensor {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try cursor.expect("{")
    var isFirst = true
    while try cursor.hasNext(isFirst: isFirst, end: "}") {
      isFirst = false
      let field = try key(&cursor)
      switch field {
      case "dtype":
        guard type == nil else { throw twice(name, field) }
        let text = try cursor.string()
        guard let known = ElementType(rawValue: text) else {
          throw .unknownElementType(tensor: name, name: text)
        }
        type = known
      case "shape":
        guard shape == nil else { throw twice(name, field) }
        shape = try numbers(
          field, of: name, &cursor, limit: Self.dimensionLimit,
          beyond: .tooManyDimensions(tensor: name, limit: Self.dimensionLimit))
      case "data_offsets":
        guard offsets == nil else { throw twice(name, field) }
        let tooMany = Problem.badHeader(offset: cursor.offset, expected: "two data_offsets")
        let pair = try numbers(field, of: name, &cursor, limit: 2, beyond: tooMany)
        guard pair.count == 2 else { throw tooMany }
        offsets = pair
      default:
        throw .unknownField(tensor: name, field: field)
      }
    }
    guard let type else { throw .missingField(tensor: name, field: "dtype") }
    guard let shape else { throw .missingField(tensor: name, field: "shape") }
    guard let offsets else { throw .missingField(tensor: name, field: "data_offsets") }
    guard offsets[0] <= offsets[1] else {
      throw .offsetsReversed(tensor: name, begin: offsets[0], end: offsets[1])
    }
    return SafetensorsTensor(
      name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  private func numbers(
    _ field: String, of tensor: String, _ cursor: inout JSONCursor, limit: Int, beyond: Problem
  ) throws(Problem) -> [Int] {
    try cursor.expect("[")
    var numbers: [Int] = []
    while try cursor.hasNext(isFirst: numbers.isEmpty, end: "]") {
      guard numbers.count < limit else { throw beyond }
      let text = try cursor.number("a whole number")
      // JSON has no leading zeros and no plus sign; Int would read both.
      guard let number = Int(text), number >= 0, String(number) == text else {
        throw .badNumber(tensor: tensor, field: field, text: text)
      }
      numbers.append(number)
    }
    return numbers
  }

  private func key(_ cursor: inout JSONCursor) throws(Problem) -> String {
    let key = try cursor.string("a name in quotes")
    try cursor.expect(":")
    return key
  }

  private func twice(_ tensor: String, _ field: String) -> Problem {
    .duplicateField(tensor: tensor, field: field)
  }
}

// MARK: - Proofs

extension SafetensorsHeader {
  private func prove(_ tensor: SafetensorsTensor, dataCount: Int) throws(Problem) {
    var bits = tensor.type.bits
    for size in tensor.shape {
      let (product, overflow) = bits.multipliedReportingOverflow(by: size)
      guard !overflow else { throw .sizeOverflow(tensor: tensor.name, shape: tensor.shape) }
      bits = product
    }
    guard bits % 8 == 0 else {
      throw .notWholeBytes(tensor: tensor.name, shape: tensor.shape, type: tensor.type)
    }
    guard tensor.range.count == bits / 8 else {
      throw .wrongByteCount(
        tensor: tensor.name, shape: tensor.shape, type: tensor.type, expected: bits / 8,
        found: tensor.range.count)
    }
    guard tensor.range.upperBound <= dataCount else {
      throw .beyondEnd(tensor: tensor.name, end: tensor.range.upperBound, available: dataCount)
    }
  }

  private func proveCoverage(dataCount: Int) throws(Problem) {
    var covered = 0
    var last: String?
    for tensor in tensors {
      if tensor.range.lowerBound < covered, let last {
        throw .overlap(tensor: tensor.name, with: last)
      }
      guard tensor.range.lowerBound == covered else {
        throw .gap(begin: covered, end: tensor.range.lowerBound)
      }
      covered = tensor.range.upperBound
      last = tensor.name
    }
    guard covered == dataCount else { throw .gap(begin: covered, end: dataCount) }
  }
}
