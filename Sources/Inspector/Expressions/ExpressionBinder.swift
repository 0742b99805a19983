import Recurrent

/// Decides what the names of an expression mean in a trace, and whether its values fit together.
struct ExpressionBinder {
  let scope: ExpressionScope
  var texts = TextTable()
  /// The text of each token number, once a token was spoken of.
  var tokenTexts: [Int32]?
  /// Values that a step needs, and the most that one node has of a step.
  var valuesPerStep = 1
  var widest = 1
  /// How many calls that look at several units stand around what is being bound.
  var gathering = 0
  /// Where signals end, in the source, that were taken for the unit in hand.
  var handed: Set<Int> = []

  /// What the unit in hand is called.
  var unitInHand: Int? { scope.unit.map { scope.trace.layout[scope.track].number(of: $0) } }

  init(_ scope: ExpressionScope) { self.scope = scope }

  /// A part of an expression with a meaning.
  struct Value {
    var meaning: Meaning
    /// The units for each of which it has a value; nil for one value.
    var units: [Range<Int>]?
    var reads: Reads

    var unitCount: Int { units?.reduce(0) { $0 + $1.count } ?? 1 }
  }

  enum Meaning {
    case number(NumberNode)
    /// A lane of 0 and 1, which is a condition as well.
    case flag(NumberNode)
    case truth(TruthNode)
    case text(TextNode, Texts)
    /// `any(o)`, of which only a comparison makes a condition.
    case quantified(Quantifier, NumberNode)
  }

  /// Where a text comes from.
  enum Texts: Equatable {
    case literal(String)
    case token
    /// Of the readout.
    case output
    case lane(Int)
  }

  /// A node of one kind.
  struct Typed<Node> {
    var node: Node
    var units: [Range<Int>]?
    var reads: Reads
  }

  /// The directions of the layers that an expression looks at.
  struct Reads: OptionSet {
    let rawValue: Int
    static let forward = Reads(rawValue: 1)
    static let backward = Reads(rawValue: 2)
  }

  /// What the whole expression must be: one condition a step.
  mutating func condition(of syntax: Syntax) throws(ExpressionError) -> TruthNode {
    let truth = try truth(of: syntax)
    if let units = truth.units {
      throw ExpressionError(
        .severalAtTop(
          syntax.description, count: units.reduce(0) { $0 + $1.count },
          one: syntax.firstReference?.withOneUnit ?? "h[0]"), at: syntax.range)
    }
    return truth.node
  }

  mutating func value(of syntax: Syntax) throws(ExpressionError) -> Value {
    switch syntax.kind {
    case .number(let number):
      return Value(meaning: .number(.constant(number)), units: nil, reads: [])
    case .text(let text):
      return Value(
        meaning: .text(.literal(texts.number(of: text)), .literal(text)), units: nil, reads: [])
    case .reference(let reference): return try value(of: reference, at: syntax.range)
    case .call(let name, let arguments):
      return try call(name, arguments, at: syntax.range)
    case .negative(let inner): return try mapped(.negative, inner)
    case .not(let inner):
      let truth = try truth(of: inner)
      return Value(meaning: .truth(.not(truth.node)), units: truth.units, reads: truth.reads)
    case .previous(let inner): return try previous(inner)
    case .binary(let sign, let left, let right):
      switch sign {
      case .or, .and: return try joined(sign, left, right)
      case .equal: return try compared(.equal, sign, left, right, at: syntax.range)
      case .unequal: return try compared(.unequal, sign, left, right, at: syntax.range)
      case .less: return try compared(.less, sign, left, right, at: syntax.range)
      case .atMost: return try compared(.atMost, sign, left, right, at: syntax.range)
      case .greater: return try compared(.greater, sign, left, right, at: syntax.range)
      case .atLeast: return try compared(.atLeast, sign, left, right, at: syntax.range)
      case .contains: return try contained(left, right)
      case .plus: return try combined(.plus, left, right, at: syntax.range)
      case .minus: return try combined(.minus, left, right, at: syntax.range)
      case .times: return try combined(.times, left, right, at: syntax.range)
      case .divided: return try combined(.divided, left, right, at: syntax.range)
      case .modulo: return try combined(.modulo, left, right, at: syntax.range)
      }
    }
  }

  // MARK: - Kinds

  mutating func number(of syntax: Syntax) throws(ExpressionError) -> Typed<NumberNode> {
    try number(value(of: syntax), syntax)
  }

  func number(_ value: Value, _ syntax: Syntax) throws(ExpressionError) -> Typed<NumberNode> {
    switch value.meaning {
    case .number(let node), .flag(let node):
      return Typed(node: node, units: value.units, reads: value.reads)
    case .text(let node, .token):
      // `token == 3` and `token < 5` speak of its number.
      guard scope.trace.hasTokenNumbers else {
        throw ExpressionError(.noTokenNumbers, at: syntax.range)
      }
      return Typed(node: Self.number(of: node), units: nil, reads: value.reads)
    case .text(let node, .output):
      return Typed(node: Self.number(of: node), units: nil, reads: value.reads)
    case .quantified: throw ExpressionError(.uncompared(syntax.description), at: syntax.range)
    case .text, .truth:
      throw ExpressionError(.noNumber(syntax.description, value.found), at: syntax.range)
    }
  }

  /// The number of the token or output whose text a node is.
  private static func number(of node: TextNode) -> NumberNode {
    switch node {
    case .shifted(let inner, let by): .shifted(number(of: inner), by: by)
    case .top: .top
    case .token, .literal, .lane: .token
    }
  }

  mutating func truth(of syntax: Syntax) throws(ExpressionError) -> Typed<TruthNode> {
    let value = try value(of: syntax)
    switch value.meaning {
    case .truth(let node): return Typed(node: node, units: value.units, reads: value.reads)
    case .flag(let node):
      return Typed(
        node: .compared(.unequal, node, .constant(0)), units: value.units, reads: value.reads)
    case .quantified: throw ExpressionError(.uncompared(syntax.description), at: syntax.range)
    case .number, .text:
      throw ExpressionError(.noCondition(syntax.description, value.found), at: syntax.range)
    }
  }

  /// The units of what two values make together: one value goes with each of several.
  func join(
    _ left: [Range<Int>]?, _ right: [Range<Int>]?, _ syntax: (Syntax, Syntax), at range: Range<Int>
  ) throws(ExpressionError) -> [Range<Int>]? {
    guard let left, let right else { return left ?? right }
    let (count, other) = (left.reduce(0) { $0 + $1.count }, right.reduce(0) { $0 + $1.count })
    guard count == other else {
      throw ExpressionError(
        .differentCounts(syntax.0.description, count, syntax.1.description, other), at: range)
    }
    return left
  }

  // MARK: - Operators

  private mutating func joined(
    _ sign: BinaryOperator, _ left: Syntax, _ right: Syntax
  ) throws(ExpressionError) -> Value {
    let a = try truth(of: left)
    let b = try truth(of: right)
    let range = left.range.lowerBound..<right.range.upperBound
    let units = try join(a.units, b.units, (left, right), at: range)
    let node: TruthNode = sign == .and ? .and(a.node, b.node) : .or(a.node, b.node)
    return Value(meaning: .truth(node), units: units, reads: a.reads.union(b.reads))
  }

  mutating func combined(
    _ operation: Arithmetic, _ left: Syntax, _ right: Syntax, at range: Range<Int>
  ) throws(ExpressionError) -> Value {
    let a = try number(of: left)
    let b = try number(of: right)
    let units = try join(a.units, b.units, (left, right), at: range)
    return Value(
      meaning: .number(.combined(operation, a.node, b.node)), units: units,
      reads: a.reads.union(b.reads))
  }

  mutating func mapped(
    _ function: ElementFunction, _ inner: Syntax
  ) throws(ExpressionError) -> Value {
    let a = try number(of: inner)
    return Value(meaning: .number(.mapped(function, a.node)), units: a.units, reads: a.reads)
  }

  // MARK: - The step before

  private mutating func previous(_ inner: Syntax) throws(ExpressionError) -> Value {
    var value = try value(of: inner)
    let before = try before(value, inner)
    switch value.meaning {
    case .number(let node): value.meaning = .number(.shifted(node, by: before))
    case .flag(let node): value.meaning = .flag(.shifted(node, by: before))
    case .truth(let node): value.meaning = .truth(.shifted(node, by: before))
    case .text(let node, let source): value.meaning = .text(.shifted(node, by: before), source)
    case .quantified(let quantifier, let node):
      value.meaning = .quantified(quantifier, .shifted(node, by: before))
    }
    return value
  }

  /// Where the step before stands: a layer that reads backwards comes from the right.
  func before(_ value: Value, _ syntax: Syntax) throws(ExpressionError) -> Int {
    if value.reads == [.forward, .backward] {
      throw ExpressionError(.bothWays(syntax.description), at: syntax.range)
    }
    return value.reads == .backward ? 1 : -1
  }
}

extension ExpressionBinder.Value {
  var found: ExpressionError.Found {
    if units != nil { return .several(unitCount) }
    switch meaning {
    case .number, .flag: return .number
    case .truth: return .condition
    case .text: return .text
    case .quantified: return .number
    }
  }
}

extension Syntax {
  /// The first signal from the left that stands for several units.
  fileprivate var firstReference: Reference? {
    switch kind {
    case .number, .text: nil
    case .reference(let reference): reference
    case .call(_, let arguments):
      arguments.lazy.compactMap(\.firstReference).first
    case .negative(let inner), .not(let inner), .previous(let inner): inner.firstReference
    case .binary(_, let left, let right): left.firstReference ?? right.firstReference
    }
  }
}

extension Syntax.Reference {
  fileprivate var withOneUnit: String {
    let unit = units?.first?.first?.digits ?? "0"
    return parts.map(\.text).joined(separator: ".") + "[\(unit)]"
  }
}
