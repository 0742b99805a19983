import Recurrent

/// A value that is worth reading beside a hit: a signal that the expression speaks of, or what it
/// makes of several.
struct SearchColumn {
  enum Content {
    case number(NumberNode)
    /// A number that is always whole.
    case count(NumberNode)
    case text(TextNode)
    /// The units for which a condition holds.
    case units(TruthNode, [Range<Int>])
  }

  /// The expression's own words: `f[12]`, `mean(i)`, `any(o) > 0.95`.
  let name: String
  let content: Content
}

extension ExpressionBinder {
  /// What the expression speaks of, from left to right, each once.
  mutating func columns(of syntax: Syntax) throws(ExpressionError) -> [SearchColumn] {
    var columns: [SearchColumn] = []
    try collect(syntax, primes: 0, into: &columns)
    return columns
  }

  private mutating func collect(
    _ syntax: Syntax, primes: Int, into columns: inout [SearchColumn]
  ) throws(ExpressionError) {
    switch syntax.kind {
    case .number, .text: break
    case .reference(let reference):
      // Every row begins with its step and its token.
      let isThere = primes == 0 && ["step", "token"].contains(reference.description)
      if !isThere { try add(syntax, primes, to: &columns) }
    case .call(let name, let arguments):
      if arguments.count == 1, let function = ExpressionFunction(rawValue: name.text),
        function.isColumn
      {
        try add(syntax, primes, to: &columns)
      } else {
        for argument in arguments { try collect(argument, primes: primes, into: &columns) }
      }
    case .negative(let inner), .not(let inner):
      try collect(inner, primes: primes, into: &columns)
    case .previous(let inner): try collect(inner, primes: primes + 1, into: &columns)
    case .binary(let sign, let left, let right):
      if sign.isComparison, let someLeft = try left.quantifiedNumber() {
        try addUnits(syntax, sign, someLeft, right, primes, to: &columns)
        try collect(right, primes: primes, into: &columns)
      } else if sign.isComparison, let someRight = try right.quantifiedNumber() {
        try collect(left, primes: primes, into: &columns)
        try addUnits(syntax, sign, left, someRight, primes, to: &columns)
      } else {
        try collect(left, primes: primes, into: &columns)
        try collect(right, primes: primes, into: &columns)
      }
    }
  }

  private mutating func add(
    _ syntax: Syntax, _ primes: Int, to columns: inout [SearchColumn]
  ) throws(ExpressionError) {
    let name = try syntax.primed(primes)
    if columns.contains(where: { $0.name == name.description }) { return }
    if case .call(let function, let arguments) = syntax.kind,
      ["any", "all"].contains(function.text)
    {
      let truth = try truth(of: arguments[0].primed(primes))
      columns.append(
        SearchColumn(
          name: name.description, content: .units(truth.node, truth.units ?? [])))
      return
    }
    let value = try value(of: name)
    switch value.meaning {
    case .number(let node):
      columns.append(
        SearchColumn(
          name: name.description, content: node.isWhole ? .count(node) : .number(node)))
    case .flag(let node):
      columns.append(SearchColumn(name: name.description, content: .count(node)))
    case .text(let node, _):
      columns.append(SearchColumn(name: name.description, content: .text(node)))
    case .truth, .quantified: break
    }
  }

  /// `any(o) > 0.95`: which units they are.
  private mutating func addUnits(
    _ syntax: Syntax, _ sign: BinaryOperator, _ left: Syntax, _ right: Syntax, _ primes: Int,
    to columns: inout [SearchColumn]
  ) throws(ExpressionError) {
    let name = try syntax.primed(primes).description
    if columns.contains(where: { $0.name == name }) { return }
    let compared = try Syntax(.binary(sign, left, right), at: syntax.range)
    let truth = try truth(of: compared.primed(primes))
    columns.append(
      SearchColumn(name: name, content: .units(truth.node, truth.units ?? [])))
  }
}

extension Syntax {
  fileprivate func primed(_ primes: Int) throws(ExpressionError) -> Syntax {
    var syntax = self
    for _ in 0..<primes { syntax = try Syntax(.previous(syntax), at: range) }
    return syntax
  }

  /// What `any` or `all` is said of, where this is such a call, or its step before.
  fileprivate func quantifiedNumber() throws(ExpressionError) -> Syntax? {
    switch kind {
    case .call(let name, let arguments):
      return ["any", "all"].contains(name.text) ? arguments.first : nil
    case .previous(let inner): return try inner.quantifiedNumber()?.primed(1)
    case .number, .text, .reference, .negative, .not, .binary: return nil
    }
  }
}

extension ExpressionFunction {
  /// Whether a call with one argument says something beyond its argument.
  fileprivate var isColumn: Bool {
    switch self {
    case .any, .all, .count, .min, .max, .mean, .sum, .lane: true
    case .abs, .sqrt, .log, .exp, .rise, .fall, .isnan: false
    }
  }
}

extension NumberNode {
  fileprivate var isWhole: Bool {
    switch self {
    case .step, .token, .top, .counted: true
    case .shifted(let inner, _): inner.isWhole
    case .constant, .lane, .input, .signal, .outputs, .readout, .mapped, .combined, .reduced: false
    }
  }
}
