/// A JSON text as a tree, for configs whose keys are not known beforehand.
enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  /// Configs nest by models in models; what a parser's stack bears is far more.
  static let depthLimit = 100

  init(json: String) throws(KerasProblem) {
    self = try Array(json.utf8).withUnsafeBufferPointer { bytes throws(KerasProblem) in
      var cursor = JSONCursor(UnsafeRawBufferPointer(bytes))
      do throws(ModelFileError.Problem) {
        let value = try Self.value(&cursor, depth: Self.depthLimit)
        try cursor.expectEnd()
        return value
      } catch {
        switch error {
        case .badHeader(let offset, let expected):
          throw .badConfig(offset: offset, expected: expected)
        case .keras(let problem): throw problem
        default: throw .badConfig(offset: cursor.offset, expected: "JSON")
        }
      }
    }
  }

  private static func value(
    _ cursor: inout JSONCursor, depth: Int
  ) throws(ModelFileError.Problem) -> JSONValue {
    guard depth > 0 else { throw .keras(.tooDeep(limit: depthLimit)) }
    switch cursor.peek() {
    case UInt8(ascii: "{"):
      try cursor.expect("{")
      var object: [String: JSONValue] = [:]
      while try cursor.hasNext(isFirst: object.isEmpty, end: "}") {
        let offset = cursor.offset
        let key = try cursor.string("a name in quotes")
        try cursor.expect(":")
        guard object.updateValue(try value(&cursor, depth: depth - 1), forKey: key) == nil else {
          throw .badHeader(offset: offset, expected: "no name twice")
        }
      }
      return .object(object)
    case UInt8(ascii: "["):
      try cursor.expect("[")
      var list: [JSONValue] = []
      while try cursor.hasNext(isFirst: list.isEmpty, end: "]") {
        list.append(try value(&cursor, depth: depth - 1))
      }
      return .list(list)
    case UInt8(ascii: "\""): return .text(try cursor.string())
    case UInt8(ascii: "t"): return try word("true", .bool(true), &cursor)
    case UInt8(ascii: "f"): return try word("false", .bool(false), &cursor)
    case UInt8(ascii: "n"): return try word("null", .null, &cursor)
    // Python writes these, though JSON has them not.
    case UInt8(ascii: "N"): return try word("NaN", .number(.nan), &cursor)
    case UInt8(ascii: "I"): return try word("Infinity", .number(.infinity), &cursor)
    default:
      let offset = cursor.offset
      let digits = try cursor.number("a value")
      if digits == "-", cursor.peek() == UInt8(ascii: "I") {
        return try word("Infinity", .number(-.infinity), &cursor)
      }
      guard let number = Double(digits) else {
        throw .badHeader(offset: offset, expected: "a number")
      }
      return .number(number)
    }
  }

  private static func word(
    _ word: String, _ value: JSONValue, _ cursor: inout JSONCursor
  ) throws(ModelFileError.Problem) -> JSONValue {
    for character in word { try cursor.expect(character) }
    return value
  }
}

extension JSONValue {
  /// Nil for anything but an object that has the key.
  subscript(key: String) -> JSONValue? {
    if case .object(let object) = self { return object[key] }
    return nil
  }

  var text: String? {
    if case .text(let text) = self { return text }
    return nil
  }

  var bool: Bool? {
    if case .bool(let bool) = self { return bool }
    return nil
  }

  var number: Double? {
    if case .number(let number) = self { return number }
    return nil
  }

  var int: Int? { number.flatMap { Int(exactly: $0) } }

  var list: [JSONValue]? {
    if case .list(let list) = self { return list }
    return nil
  }
}
