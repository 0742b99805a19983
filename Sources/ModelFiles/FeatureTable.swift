import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A numeric sequence as CSV: a header row that names the columns, then a row a step.
public struct FeatureTable: Sendable, Equatable {
  public let names: [String]
  /// (T, columns), row-major.
  public let values: [Float]

  public var stepCount: Int { names.isEmpty ? 0 : values.count / names.count }

  /// - Parameters:
  ///   - text: the file's text, rows ending in LF or CRLF. An empty field or `nan` is NaN.
  ///   - path: for messages.
  /// - Throws: `FeatureTableError` naming the row and the column.
  public init(text: String, path: String) throws(FeatureTableError) {
    // By scalars: "\r\n" is one Character, and so is a comma with an accent on it.
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in line.last == "\r" ? line.dropLast() : line }
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    guard let header = lines.first, !header.isEmpty else { throw .init(path, .empty) }
    names = Self.fields(header)
    guard names.allSatisfy({ Float($0) == nil }) else { throw .init(path, .noHeader) }
    guard lines.count > 1 else { throw .init(path, .empty) }
    var values: [Float] = []
    values.reserveCapacity((lines.count - 1) * names.count)
    for (row, line) in lines.enumerated() where line.count(where: { $0 == "\"" }) % 2 != 0 {
      throw .init(path, .unclosedQuote(line: row + 1))
    }
    for (row, line) in lines.enumerated().dropFirst() {
      let fields = Self.fields(line)
      guard fields.count == names.count else {
        throw .init(path, .wrongWidth(line: row + 1, found: fields.count, expected: names.count))
      }
      for (column, field) in fields.enumerated() {
        do throws(FeatureTableError.Problem) {
          values.append(try Self.value(field, line: row + 1, column: names[column]))
        } catch {
          throw .init(path, error)
        }
      }
    }
    self.values = values
  }

  /// The columns whose names `isIncluded` takes, as a table of their own; nil where there are none.
  public func columns(where isIncluded: (String) -> Bool) -> FeatureTable? {
    let chosen = names.indices.filter { isIncluded(names[$0]) }
    guard !chosen.isEmpty else { return nil }
    let values = (0..<stepCount).flatMap { step in
      chosen.map { self.values[step * names.count + $0] }
    }
    return FeatureTable(names: chosen.map { names[$0] }, values: values)
  }

  private init(names: [String], values: [Float]) {
    self.names = names
    self.values = values
  }

  /// A decimal number; nothing or `nan` is NaN, and `inf` is infinite where somebody has written so.
  private static func value(
    _ field: String, line: Int, column: String
  ) throws(FeatureTableError.Problem) -> Float {
    if field.isEmpty { return .nan }
    // Swift reads hexadecimal numbers too, which nobody means here, and stops at a NUL.
    guard !field.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") || $0 == 0 }),
      let value = Float(field)
    else { throw .notANumber(line: line, column: column, text: field) }
    if value.isInfinite, field.utf8.contains(where: { (0x30...0x39).contains($0) }) {
      throw .tooLarge(line: line, column: column, text: field)
    }
    return value
  }

  private static func fields(_ line: Substring.UnicodeScalarView) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map { field in
      let field = trimmed(field)
      // Quotes belong together: half of them is a part of what was written, and no number.
      guard field.count > 1, field.first == "\"", field.last == "\"" else { return String(field) }
      return String(trimmed(field.dropFirst().dropLast()))
    }
  }

  private static func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// Why a CSV file of features cannot be read.
public struct FeatureTableError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Problem: Error, Equatable, Sendable {
    case empty
    case noHeader
    case wrongWidth(line: Int, found: Int, expected: Int)
    case notANumber(line: Int, column: String, text: String)
    /// More than a Float32 holds.
    case tooLarge(line: Int, column: String, text: String)
    case unclosedQuote(line: Int)
  }

  public let path: String
  public let problem: Problem

  init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  public var description: String {
    switch problem {
    case .empty:
      "\(path): has no steps; a header row and a row a step are needed"
    case .noHeader:
      "\(path): begins with numbers; its first row must name the columns"
    case .wrongWidth(let line, let found, let expected):
      "\(path): line \(line) has \(found) fields, but the header \(expected)"
    case .notANumber(let line, let column, let text):
      "\(path): line \(line), column \(quoted(column)): \(quoted(text)) is not a number"
    case .tooLarge(let line, let column, let text):
      "\(path): line \(line), column \(quoted(column)): \(quoted(text)) is more than 32 bits hold"
    case .unclosedQuote(let line):
      "\(path): line \(line): a quotation mark is not closed"
    }
  }
}
