import Recurrent

/// Functions.
extension ExpressionBinder {
  mutating func call(
    _ name: Syntax.Name, _ arguments: [Syntax], at range: Range<Int>
  ) throws(ExpressionError) -> Value {
    guard let function = ExpressionFunction(rawValue: name.text) else { throw unknown(name) }
    if function == .lane { return try lane(arguments, at: range) }
    guard let first = arguments.first, arguments.count == 1 || function.takesMore else {
      throw ExpressionError(
        .wrongArguments(
          function: name.text, isMore: function.takesMore, found: arguments.count), at: range)
    }
    switch function {
    case .any: return try quantified(.any, function, first)
    case .all: return try quantified(.all, function, first)
    case .count: return try counted(first)
    case .min:
      return arguments.count == 1
        ? try reduced(.minimum, function, first) : try extreme(.minimum, arguments)
    case .max:
      return arguments.count == 1
        ? try reduced(.maximum, function, first) : try extreme(.maximum, arguments)
    case .mean: return try reduced(.mean, function, first)
    case .sum: return try reduced(.sum, function, first)
    case .abs: return try mapped(.abs, first)
    case .sqrt: return try mapped(.sqrt, first)
    case .log: return try mapped(.log, first)
    case .exp: return try mapped(.exp, first)
    case .rise: return try changes(isRise: true, first)
    case .fall: return try changes(isRise: false, first)
    case .isnan:
      let number = try number(of: first)
      return Value(meaning: .truth(.isNaN(number.node)), units: number.units, reads: number.reads)
    case .lane: return try lane(arguments, at: range)
    }
  }

  private func unknown(_ name: Syntax.Name) -> ExpressionError {
    let isName = Signal(rawValue: name.text) != nil || name.text == "x"
    if isName { return ExpressionError(.notAFunction(name.text), at: name.range) }
    let known = ExpressionFunction.allCases.map(\.rawValue)
    return ExpressionError(
      .unknownFunction(name.text, meant: nearestName(to: name.text, among: known)),
      at: name.range)
  }

  private func refuseOne(
    _ function: ExpressionFunction, _ value: Value, _ syntax: Syntax
  ) throws(ExpressionError) {
    if case .quantified = value.meaning {
      throw ExpressionError(.uncompared(syntax.description), at: syntax.range)
    }
    guard value.units == nil else { return }
    throw ExpressionError(
      .notSeveral(function: function.rawValue, syntax.description, value.found), at: syntax.range)
  }

  /// What a function looks at that takes several units.
  private mutating func gathered(_ argument: Syntax) throws(ExpressionError) -> Value {
    gathering += 1
    defer { gathering -= 1 }
    return try value(of: argument)
  }

  /// `any(f > i)` is a condition; `any(f)` waits for its comparison.
  private mutating func quantified(
    _ quantifier: Quantifier, _ function: ExpressionFunction, _ argument: Syntax
  ) throws(ExpressionError) -> Value {
    let value = try gathered(argument)
    try refuseOne(function, value, argument)
    if case .truth(let node) = value.meaning {
      return Value(
        meaning: .truth(.quantified(quantifier, node)), units: nil, reads: value.reads)
    }
    let number = try number(value, argument)
    return Value(
      meaning: .quantified(quantifier, number.node), units: nil, reads: value.reads)
  }

  private mutating func counted(_ argument: Syntax) throws(ExpressionError) -> Value {
    let value = try gathered(argument)
    try refuseOne(.count, value, argument)
    guard case .truth(let node) = value.meaning else {
      throw ExpressionError(.countsConditions(argument.description), at: argument.range)
    }
    return Value(meaning: .number(.counted(node)), units: nil, reads: value.reads)
  }

  private mutating func reduced(
    _ reduction: Reduction, _ function: ExpressionFunction, _ argument: Syntax
  ) throws(ExpressionError) -> Value {
    let value = try gathered(argument)
    let number = try number(value, argument)
    try refuseOne(function, value, argument)
    return Value(
      meaning: .number(.reduced(reduction, number.node)), units: nil, reads: value.reads)
  }

  /// `max(f[1], f[2], 0.5)`, for each unit where there are several.
  private mutating func extreme(
    _ operation: Arithmetic, _ arguments: [Syntax]
  ) throws(ExpressionError) -> Value {
    var all = try number(of: arguments[0])
    var nodes = [all.node]
    for argument in arguments.dropFirst() {
      let next = try number(of: argument)
      all.units = try join(all.units, next.units, (arguments[0], argument), at: argument.range)
      all.reads.formUnion(next.reads)
      nodes.append(next.node)
    }
    // In pairs, so that many arguments do not make a deep tree.
    while nodes.count > 1 {
      nodes = stride(from: 0, to: nodes.count, by: 2).map { first in
        first + 1 < nodes.count
          ? .combined(operation, nodes[first], nodes[first + 1]) : nodes[first]
      }
    }
    return Value(meaning: .number(nodes[0]), units: all.units, reads: all.reads)
  }

  /// A number rises where it is greater than at the step before, a condition where it begins to hold.
  private mutating func changes(
    isRise: Bool, _ argument: Syntax
  ) throws(ExpressionError) -> Value {
    let value = try value(of: argument)
    let before = try before(value, argument)
    let node: TruthNode
    if case .truth(let inner) = value.meaning {
      node = .becomes(isRise, inner, before: before)
    } else {
      node = .moves(
        isRise ? .greater : .less, try number(value, argument).node, before: before)
    }
    return Value(meaning: .truth(node), units: value.units, reads: value.reads)
  }
}

extension ExpressionFunction {
  fileprivate var takesMore: Bool {
    switch self {
    case .min, .max: true
    case .any, .all, .count, .mean, .sum, .abs, .sqrt, .log, .exp, .rise, .fall, .isnan, .lane:
      false
    }
  }
}
