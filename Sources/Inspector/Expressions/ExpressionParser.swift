/// Reads an expression by precedence climbing.
struct ExpressionParser {
  private let lexemes: [Lexeme]
  private var place = 0
  private var nesting = 0

  private init(_ lexemes: [Lexeme]) { self.lexemes = lexemes }

  /// More than anybody types, and little enough that nothing in it can take long.
  static let longest = 4000

  static func parse(_ source: String) throws(ExpressionError) -> Syntax {
    let scalars = Array(source.unicodeScalars)
    guard scalars.count <= longest else {
      throw ExpressionError(.tooLong(limit: longest), at: longest..<longest + 1)
    }
    var parser = ExpressionParser(try ExpressionLexer.lexemes(of: scalars))
    if parser.lexemes.count == 1 { throw ExpressionError(.empty, at: 0..<1) }
    let whole = try parser.expression(binding: 1)
    if parser.kind != .end { throw parser.unexpected(.operation) }
    return whole
  }

  // MARK: - Words

  private var kind: Lexeme.Kind { lexemes[place].kind }
  private var range: Range<Int> { lexemes[place].range }

  /// Where the word before ends.
  private var end: Int { lexemes[place - 1].range.upperBound }

  private mutating func take(_ sign: Sign) -> Bool {
    guard kind == .sign(sign) else { return false }
    place += 1
    return true
  }

  private mutating func takeName() -> Syntax.Name? {
    guard case .name(let text) = kind else { return nil }
    defer { place += 1 }
    return Syntax.Name(text: text, range: range)
  }

  private func unexpected(_ wanted: ExpressionError.Wanted) -> ExpressionError {
    if place > 0, case .name(let name) = lexemes[place - 1].kind,
      ExpressionFunction(rawValue: name) != nil, kind != .end
    {
      return ExpressionError(.notCalled(name), at: lexemes[place - 1].range)
    }
    return switch kind {
    case .name("and"): ExpressionError(.misspelled("and", meant: "&&"), at: range)
    case .name("or"): ExpressionError(.misspelled("or", meant: "||"), at: range)
    case .sign(.close): ExpressionError(.closesNothing(")"), at: range)
    case .sign(.closeUnits): ExpressionError(.closesNothing("]"), at: range)
    case .sign(.openUnits): ExpressionError(.unitsOfNothing, at: range)
    case .end: ExpressionError(.ends(wanted: wanted), at: range)
    case .number(let text), .name(let text):
      ExpressionError(.unexpected(text, wanted: wanted), at: range)
    case .text(let text):
      ExpressionError(.unexpected(text.inQuotes, wanted: wanted), at: range)
    case .sign(let sign):
      ExpressionError(.unexpected(sign.rawValue, wanted: wanted), at: range)
    }
  }

  // MARK: - Operators

  /// A value and every operator after it that binds at least so tightly.
  private mutating func expression(binding least: Int) throws(ExpressionError) -> Syntax {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Syntax.deepest else {
      throw ExpressionError(.tooDeep(limit: Syntax.deepest), at: range)
    }
    var left = try prefixed()
    var comparison: Range<Int>?
    while case .sign(let sign) = kind, let operation = BinaryOperator(rawValue: sign.rawValue),
      operation.precedence >= least
    {
      if operation.isComparison {
        // `0.1 < f[3] < 0.9` would compare a truth with 0.9.
        if comparison != nil { throw ExpressionError(.chained, at: range) }
        comparison = range
      }
      place += 1
      let right = try expression(binding: operation.precedence + 1)
      left = try Syntax(
        .binary(operation, left, right), at: left.range.lowerBound..<right.range.upperBound)
      if operation.precedence < 3 { comparison = nil }
    }
    return left
  }

  private mutating func prefixed() throws(ExpressionError) -> Syntax {
    let start = range.lowerBound
    let isNot = kind == .sign(.not)
    guard isNot || kind == .sign(.minus) else { return try postfixed() }
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Syntax.deepest else {
      throw ExpressionError(.tooDeep(limit: Syntax.deepest), at: range)
    }
    place += 1
    let inner = try prefixed()
    return try Syntax(
      isNot ? .not(inner) : .negative(inner), at: start..<inner.range.upperBound)
  }

  private mutating func postfixed() throws(ExpressionError) -> Syntax {
    var value = try primary()
    while take(.prime) {
      value = try Syntax(.previous(value), at: value.range.lowerBound..<end)
    }
    return value
  }

  private mutating func primary() throws(ExpressionError) -> Syntax {
    let start = range
    switch kind {
    case .number(let digits):
      place += 1
      guard let value = Double(digits), value.isFinite else {
        throw ExpressionError(.numberTooLarge, at: start)
      }
      return try Syntax(.number(value), at: start)
    case .text(let text):
      place += 1
      return try Syntax(.text(text), at: start)
    case .name("not"):
      throw ExpressionError(.misspelled("not", meant: "!"), at: start)
    case .name:
      return try named()
    case .sign(.open):
      place += 1
      let inner = try expression(binding: 1)
      guard take(.close) else { throw unclosed("(", start, wanted: .operation) }
      return inner.inBrackets(at: start.lowerBound..<end)
    case .sign, .end:
      throw unexpected(.value)
    }
  }

  /// What is missing at the end is a bracket; elsewhere something stands in its way.
  private func unclosed(
    _ bracket: String, _ opening: Range<Int>, wanted: ExpressionError.Wanted
  ) -> ExpressionError {
    kind == .end ? ExpressionError(.unclosed(bracket), at: opening) : unexpected(wanted)
  }

  // MARK: - Names

  /// A signal, `step`, a call: whatever begins with a name.
  private mutating func named() throws(ExpressionError) -> Syntax {
    let start = range.lowerBound
    var parts: [Syntax.Name] = []
    repeat {
      guard let name = takeName() else { throw unexpected(.name) }
      parts.append(name)
    } while take(.dot)
    if kind == .sign(.open), parts.count == 1 { return try call(parts[0]) }
    // `c'[3]` and `c[3]'` say the same.
    var primes: [Int] = []
    while take(.prime) { primes.append(end) }
    var reference = Syntax.Reference(parts: parts)
    if kind == .sign(.openUnits) {
      reference.symbol = try symbol()
      if reference.symbol == nil { reference.units = try units() }
    }
    var value = try Syntax(.reference(reference), at: start..<end)
    for _ in primes { value = try Syntax(.previous(value), at: start..<end) }
    return value
  }

  private mutating func call(_ name: Syntax.Name) throws(ExpressionError) -> Syntax {
    let opening = range
    place += 1
    var arguments: [Syntax] = []
    if !take(.close) {
      repeat {
        arguments.append(try expression(binding: 1))
      } while take(.comma)
      guard take(.close) else { throw unclosed("(", opening, wanted: .operation) }
    }
    return try Syntax(.call(name, arguments), at: name.range.lowerBound..<end)
  }

  /// `["e"]`; nil where no text stands in the brackets.
  private mutating func symbol() throws(ExpressionError) -> Syntax.Name? {
    let opening = range
    guard case .text(let text) = lexemes[place + 1].kind else { return nil }
    let name = Syntax.Name(text: text, range: lexemes[place + 1].range)
    place += 2
    guard take(.closeUnits) else { throw unclosed("[", opening, wanted: .closingSymbol) }
    return name
  }

  private mutating func units() throws(ExpressionError) -> [Syntax.UnitRange] {
    let opening = range
    place += 1
    var items: [Syntax.UnitRange] = []
    repeat {
      let start = range.lowerBound
      let first = try unitNumber()
      guard take(.to) else {
        guard let first else { throw unclosed("[", opening, wanted: .unit) }
        items.append(.init(first: first, last: first, isSingle: true, range: first.range))
        continue
      }
      let last = try unitNumber()
      items.append(.init(first: first, last: last, isSingle: false, range: start..<end))
    } while take(.comma)
    guard take(.closeUnits) else { throw unclosed("[", opening, wanted: .closingUnits) }
    return items
  }

  private mutating func unitNumber() throws(ExpressionError) -> Syntax.UnitNumber? {
    guard case .number(let digits) = kind else { return nil }
    guard digits.unicodeScalars.allSatisfy(\.isDigit) else {
      throw ExpressionError(.unexpected(digits, wanted: .unit), at: range)
    }
    defer { place += 1 }
    return Syntax.UnitNumber(digits: digits, range: range)
  }
}
