import Inspector
import ModelFiles
import Recurrent

/// A trace out of a CSV table in any of the layouts that Gatescope writes, told by its header; rows and
/// columns may stand in any order, as other tools leave them.
struct TableTrace {
  typealias Problem = TraceFileError.Problem

  private let file: FileBytes
  private let options: TraceReader.Options

  init(_ file: FileBytes, _ options: TraceReader.Options) {
    self.file = file
    self.options = options
  }

  func recorded() throws(Problem) -> RecordedTrace {
    defer { withExtendedLifetime(file) {} }
    var rows = TableRows(file.bytes)
    var fields: [TableRows.Field] = []
    guard try rows.next(into: &fields) else { throw .noSteps }
    let header = try TableHeader(rows, fields)
    var contents: any TableContents =
      switch header.layout {
      case .unit, .long: UnitTable(header)
      case .wide: WideTable(header)
      }
    var steps = TableSteps()
    while try rows.next(into: &fields) {
      guard fields.count == header.names.count else {
        throw .table(
          line: rows.line, .wrongWidth(found: fields.count, expected: header.names.count))
      }
      let (step, isNew) = try steps.step(rows, fields, header)
      try contents.take(rows, fields, step: step, isNew: isNew, steps)
    }
    guard steps.count > 0 else { throw .noSteps }
    let order = steps.order()
    var assembly = TraceAssembly(steps: steps.count)
    let numbers = order.map { steps.numbers[$0] }
    if numbers != Array(0..<numbers.count) { assembly.stepNumbers = numbers }
    try contents.finish(into: &assembly, order: order, steps)
    return try trace(assembly, steps, order, header)
  }

  private func trace(
    _ assembly: TraceAssembly, _ steps: TableSteps, _ order: [Int], _ header: TableHeader
  ) throws(Problem) -> RecordedTrace {
    guard !assembly.isEmpty else { throw .noSignals(found: header.names) }
    var warnings: [String] = []
    if !header.leftOut.isEmpty {
      let names = header.leftOut.prefix(3).map(quoted).joined(separator: ", ")
      let rest = header.leftOut.count > 3 ? " … (\(header.leftOut.count) in all)" : ""
      warnings.append("no signal, so left out: \(names)\(rest)")
    }
    if let tokens = options.tokens, tokens.count != steps.count {
      throw .wrongCount(array: "tokens", expected: steps.count, found: tokens.count)
    }
    let read = TableTokens(steps.tokens(order), options)
    let trace = try assembly.trace(
      input: read.tokens.map { .tokens($0) }, symbols: read.symbols,
      hasTokenNumbers: read.hasNumbers)
    return RecordedTrace(
      trace: trace, input: nil, warnings: warnings + [read.warning].compactMap { $0 })
  }
}

/// Tokens as a table has them: by their symbols.
private struct TableTokens {
  /// Nil where the table has none.
  var tokens: [Int]?
  var symbols: [String]?
  /// Whether they are the model's numbers, and not only told apart by them.
  var hasNumbers = true
  var warning: String?

  init(_ texts: [String]?, _ options: TraceReader.Options) {
    if let tokens = options.tokens {
      self.tokens = tokens
      symbols = options.symbols
      return
    }
    guard let texts else {
      if options.symbols != nil { warning = "there are no tokens that could have symbols" }
      return
    }
    if let known = options.symbols {
      let places = Dictionary(known.enumerated().map { ($1, $0) }) { first, _ in first }
      let found = texts.map { places[$0] }
      if let missing = found.firstIndex(of: nil) {
        warning = "the vocabulary has no symbol \(quoted(texts[missing]))"
      } else {
        tokens = found.compactMap { $0 }
        symbols = known
        return
      }
    }
    let numbers = texts.map(Self.number)
    if numbers.allSatisfy({ $0 != nil }) {
      tokens = numbers.compactMap { $0 }
      // Of a model without a vocabulary; the symbols that were given are those of the numbers.
      symbols = options.symbols
      if symbols != nil { warning = nil }
      return
    }
    var places: [String: Int] = [:]
    var symbols: [String] = []
    tokens = texts.map { text in
      if let place = places[text] { return place }
      places[text] = symbols.count
      symbols.append(text)
      return symbols.count - 1
    }
    self.symbols = symbols
    hasNumbers = false
  }

  /// As Gatescope writes it: "007" is a symbol.
  private static func number(_ text: String) -> Int? {
    guard let number = ArrayNames.number(text[...]), String(number) == text else { return nil }
    return number
  }
}

/// What a row gives to, by the table's layout.
protocol TableContents {
  mutating func take(
    _ rows: TableRows, _ fields: [TableRows.Field], step: Int, isNew: Bool, _ steps: TableSteps
  ) throws(TraceFileError.Problem)

  /// Hands out what was taken in, in the steps' order.
  mutating func finish(
    into assembly: inout TraceAssembly, order: [Int], _ steps: TableSteps
  ) throws(TraceFileError.Problem)
}

/// The steps of a table as they come.
struct TableSteps {
  typealias Problem = TraceFileError.Problem

  /// In the order of the rows.
  private(set) var numbers: [Int] = []
  private var texts: [String?] = []
  private var fields: [TableRows.Field] = []
  private var places: [Int: Int] = [:]

  var count: Int { numbers.count }

  /// The place of a row's step among all, and whether it is the first row of it.
  mutating func step(
    _ rows: TableRows, _ row: [TableRows.Field], _ header: TableHeader
  ) throws(Problem) -> (place: Int, isNew: Bool) {
    var number = count
    if let column = header.step {
      guard let written = rows.count(row[column]) else {
        throw .table(line: rows.line, .notACount(column: "step", text: rows.shown(row[column])))
      }
      number = written
    }
    if let place = numbers.last == number ? numbers.count - 1 : places[number] {
      if let column = header.token { try check(rows, row[column], at: place) }
      return (place, false)
    }
    places[number] = count
    numbers.append(number)
    if let column = header.token {
      fields.append(row[column])
      if row[column].isMissing {
        texts.append(nil)
      } else {
        guard let text = rows.text(row[column]) else {
          throw .table(line: rows.line, .notUTF8(column: "token"))
        }
        texts.append(text)
      }
    }
    return (count - 1, true)
  }

  private func check(_ rows: TableRows, _ field: TableRows.Field, at place: Int) throws(Problem) {
    guard !rows.isSame(field, as: fields[place]) else { return }
    throw .table(
      line: rows.line,
      .otherToken(
        step: numbers[place], text: rows.shown(field), before: rows.shown(fields[place])))
  }

  /// The places of the steps by their numbers.
  func order() -> [Int] { numbers.indices.sorted { numbers[$0] < numbers[$1] } }

  /// The tokens in that order; nil where no step has one. What one step has, another that has nothing
  /// has as the empty symbol.
  func tokens(_ order: [Int]) -> [String]? {
    guard texts.contains(where: { $0 != nil }) else { return nil }
    return order.map { texts[$0] ?? "" }
  }
}
