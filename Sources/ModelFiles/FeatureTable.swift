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
    for (row, line) in lines.enumerated().dropFirst() {
      let fields = Self.fields(line)
      guard fields.count == names.count else {
        throw .init(path, .wrongWidth(line: row + 1, found: fields.count, expected: names.count))
      }
      for (column, field) in fields.enumerated() {
        guard let value = field.isEmpty ? .nan : Float(field) else {
          throw .init(path, .notANumber(line: row + 1, column: names[column], text: field))
        }
        values.append(value)
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

  private static func fields(_ line: Substring.UnicodeScalarView) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map { field in
      var field = field
      while let first = field.first, first == " " || first == "\"" { field.removeFirst() }
      while let last = field.last, last == " " || last == "\"" { field.removeLast() }
      return String(field)
    }
  }
}

/// Why a CSV file of features cannot be read.
public struct FeatureTableError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Problem: Error, Equatable, Sendable {
    case empty
    case noHeader
    case wrongWidth(line: Int, found: Int, expected: Int)
    case notANumber(line: Int, column: String, text: String)
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
    }
  }
}
