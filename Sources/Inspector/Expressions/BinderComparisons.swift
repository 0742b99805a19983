import Recurrent

/// Comparisons: of numbers, of texts, of some or all units with one value.
extension ExpressionBinder {
  mutating func compared(
    _ comparison: Comparison, _ sign: BinaryOperator, _ left: Syntax, _ right: Syntax,
    at range: Range<Int>
  ) throws(ExpressionError) -> Value {
    let a = try value(of: left)
    let b = try value(of: right)
    let reads = a.reads.union(b.reads)
    switch (a.meaning, b.meaning) {
    case (.quantified(let quantifier, let node), _):
      let other = try oneNumber(b, right, besides: left)
      return Value(
        meaning: .truth(.quantified(quantifier, .compared(comparison, node, other))), units: nil,
        reads: reads)
    case (_, .quantified(let quantifier, let node)):
      let other = try oneNumber(a, left, besides: right)
      return Value(
        meaning: .truth(.quantified(quantifier, .compared(comparison, other, node))), units: nil,
        reads: reads)
    case (.text(let node, let source), .text(let other, let otherSource))
    where !areNumbers(source, otherSource):
      guard sign == .equal || sign == .unequal else {
        throw ExpressionError(.textOrder(sign.rawValue), at: range)
      }
      try check((source, left), (otherSource, right))
      try check((otherSource, right), (source, left))
      let same = TruthNode.sameText(node, other)
      return Value(
        meaning: .truth(sign == .equal ? same : .not(same)), units: nil, reads: reads)
    case (.number, _), (.flag, _), (.text, _), (.truth, _):
      let isNumbers = a.isNumber && b.isNumber
      guard isNumbers else {
        throw ExpressionError(
          .notComparable(left.description, a.found, right.description, b.found), at: range)
      }
      let first = try number(a, left)
      let second = try number(b, right)
      let units = try join(a.units, b.units, (left, right), at: range)
      return Value(
        meaning: .truth(.compared(comparison, first.node, second.node)), units: units,
        reads: reads)
    }
  }

  /// Whether two texts are better compared by their numbers: tokens, and outputs that are tokens.
  private func areNumbers(_ left: Texts, _ right: Texts) -> Bool {
    func isNumber(_ texts: Texts) -> Bool {
      switch texts {
      case .token: scope.trace.hasTokenNumbers
      case .output: scope.trace.readout?.quantities.contains(.loss) ?? false
      case .literal, .lane: false
      }
    }
    return isNumber(left) && isNumber(right)
  }

  /// What `any(o)` is compared with.
  private func oneNumber(
    _ value: Value, _ syntax: Syntax, besides several: Syntax
  ) throws(ExpressionError) -> NumberNode {
    if case .quantified = value.meaning {
      throw ExpressionError(
        .comparedWithSeveral(several.description, syntax.description), at: syntax.range)
    }
    let number = try number(value, syntax)
    guard number.units == nil else {
      throw ExpressionError(
        .comparedWithSeveral(several.description, syntax.description), at: syntax.range)
    }
    return number.node
  }

  /// A text that never comes is more likely a slip than a question.
  private func check(
    _ source: (texts: Texts, syntax: Syntax), _ other: (texts: Texts, syntax: Syntax)
  ) throws(ExpressionError) {
    switch (source.texts, other.texts) {
    case (.token, .literal(let text)):
      guard let symbols = scope.trace.symbols else {
        throw ExpressionError(.noVocabulary(text), at: other.syntax.range)
      }
      guard symbols.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
        throw ExpressionError(
          .noSuchToken(text, meant: nearestName(to: text, among: symbols), known: symbols),
          at: other.syntax.range)
      }
    case (.output, .literal(let text)):
      let symbols = scope.trace.readout?.symbols ?? []
      guard symbols.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
        throw ExpressionError(
          .noSuchOutput(text, meant: nearestName(to: text, among: symbols), known: symbols),
          at: other.syntax.range)
      }
    case (.lane(let index), .literal(let text)):
      let lane = scope.lanes[index]
      guard lane.symbols.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
        throw ExpressionError(
          .notInLane(text, lane: lane.name, known: lane.symbols), at: other.syntax.range)
      }
    case (.token, .lane):
      guard scope.trace.symbols != nil else {
        throw ExpressionError(
          .notComparable(
            source.syntax.description, .number, other.syntax.description, .text),
          at: source.syntax.range)
      }
    case (.literal, _), (.token, .token), (.token, .output), (.lane, .token), (.lane, .lane),
      (.lane, .output), (.output, .token), (.output, .lane), (.output, .output):
      break
    }
  }

  // MARK: - ~

  /// `token ~ "ing"`: the text has it in it.
  mutating func contained(_ left: Syntax, _ right: Syntax) throws(ExpressionError) -> Value {
    let a = try value(of: left)
    let place: String
    switch a.meaning {
    case .text(_, .token):
      place = "the vocabulary"
    case .text(_, .output):
      place = "the outputs"
    case .text(_, .lane(let index)):
      place = "lane \(scope.lanes[index].name.inQuotes)"
    case .text, .number, .flag, .truth, .quantified:
      throw ExpressionError(.looksIntoNothing(left.description), at: left.range)
    }
    guard case .text(let wanted) = right.kind else {
      throw ExpressionError(.containsNoText(right.description), at: right.range)
    }
    guard case .text(let node, let source) = a.meaning else {
      throw ExpressionError(.looksIntoNothing(left.description), at: left.range)
    }
    if source == .token && scope.trace.symbols == nil {
      throw ExpressionError(.noVocabulary(wanted), at: right.range)
    }
    let own = Set(Self.numbers(of: node))
    let wantedBytes = Array(wanted.utf8)
    let isAmong = texts.texts.enumerated().map { number, text in
      own.contains(Int32(number)) && Array(text.utf8).contains(bytes: wantedBytes)
    }
    guard isAmong.contains(true) else {
      throw ExpressionError(.containedNowhere(wanted, in: place), at: right.range)
    }
    return Value(meaning: .truth(.isAmong(isAmong, node)), units: nil, reads: a.reads)
  }

  /// Every text that a node can have.
  private static func numbers(of node: TextNode) -> [Int32] {
    switch node {
    case .literal(let number): [number]
    case .token(let numbers), .top(let numbers), .lane(_, let numbers): numbers
    case .shifted(let inner, _): numbers(of: inner)
    }
  }
}

extension ExpressionBinder.Value {
  /// Whether it can be taken for a number; of texts only tokens and outputs can.
  fileprivate var isNumber: Bool {
    switch meaning {
    case .number, .flag, .text(_, .token), .text(_, .output): true
    case .text, .truth, .quantified: false
    }
  }
}

extension [UInt8] {
  /// Bytes, since Unicode would take an accent for a part of the letter before it.
  fileprivate func contains(bytes wanted: [UInt8]) -> Bool {
    guard wanted.count <= count else { return false }
    return (0...count - wanted.count).contains { self[$0...].starts(with: wanted) }
  }
}
