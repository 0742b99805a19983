import Recurrent

extension ExpressionError: CustomStringConvertible {
  /// What is wrong, and what next.
  public var description: String {
    switch fault {
    case .reading(let fault): fault.words
    case .name(let fault): fault.words
    case .kind(let fault): fault.words
    }
  }
}

extension ExpressionError.ReadingFault {
  fileprivate var words: String {
    switch self {
    case .empty: "the expression is empty; write one such as h[0] > 0.5"
    case .tooLong(let limit): "the expression is longer than \(limit) characters"
    case .tooDeep(let limit): "the expression is nested more than \(limit) deep"
    case .strange(let scalar): "\(String(scalar).inQuotes) means nothing here"
    case .misspelled(let written, let meant): "'\(written)' is not known; did you mean '\(meant)'?"
    case .unendedText: "the text has no closing quote"
    case .strangeEscape(let escape):
      "\(escape) is no escape; there are \\n \\t \\r \\0 \\\\ \\\" \\' and \\u{4E00}"
    case .numberTooLarge: "the number is too large"
    case .unexpected(let found, let wanted): "expected \(wanted.words), found \(named(found))"
    case .ends(let wanted): "expected \(wanted.words), but the expression ends"
    case .closesNothing(let bracket): "'\(bracket)' closes nothing"
    case .unclosed(let bracket): "'\(bracket)' is never closed"
    case .unitsOfNothing: "only signals, x, p and y have units in [ ]"
    case .chained: "comparisons do not chain; write 0.1 < f[0] && f[0] < 0.9"
    }
  }
}

extension ExpressionError.NameFault {
  fileprivate var words: String {
    switch self {
    case .unknown(let name, let meant, let known):
      "there is no \(named(name)); " + proposed(meant, known)
    case .unknownFunction(let name, let meant):
      "there is no function \(named(name)); "
        + proposed(meant, ExpressionFunction.allCases.map(\.rawValue))
    case .notCalled(let name): "\(name) is a function; write \(name)(…)"
    case .notAFunction(let name): "\(name) is no function; write \(name)[0] for its unit 0"
    case .otherFrameworks(let name, let meant):
      "PyTorch's \(name) is called \(meant.rawValue) here"
    case .noSuchSignal(let name, let cell, let known):
      "\(cell.words) has no signal \(name); it has \(known.map(\.rawValue).joined(separator: ", "))"
    case .noSuchLayer(let name, let count):
      "there is no layer \(short(name)); "
        + (count == 1 ? "there is only l0" : "there are l0 to l\(count - 1)")
    case .noSuchDirection(let direction, let layer, let known):
      "layer \(layer) has no \(direction.rawValue); it has "
        + known.map(\.rawValue).joined(separator: " and ")
    case .bothDirections(let layer, let signal):
      "layer \(layer) reads both ways; write l\(layer).fwd.\(signal) or l\(layer).bwd.\(signal)"
    case .withoutLayer(let name): "\(name) belongs to no layer; write \(name) alone"
    case .noSuchUnit(let unit, let noun, let name, let count):
      "\(noun) \(short(unit)) of \(count); there is "
        + (count == 1 ? "only \(name)[0]" : "\(name)[0] to \(name)[\(count - 1)]")
    case .unitNotHere(let unit, let first, let last):
      "unit \(short(unit)) is not in this trace; it has units from \(first) to \(last)"
    case .backwardsUnits(let text):
      "\(short(text)) runs backwards; write the smaller number first"
    case .repeatedUnit(let unit): "unit \(unit) is there twice"
    case .withoutUnits(let name): "\(name) has no units; write \(name) alone"
    case .noLanes: "there are no lanes here; demos have them"
    case .noSuchLane(let name, let meant, let known):
      "there is no lane \(quoted(name)); " + proposed(meant.map(quoted), known.map(quoted))
    case .laneWithoutName: "lane takes a name in quotes, such as lane(\"depth\")"
    case .noVocabulary(let text):
      "the model has no vocabulary, so no token is \(quoted(text)); write its number: token == 3"
    case .noSuchToken(let text, let meant, let known):
      "no token is \(quoted(text)); " + proposed(meant.map(quoted), known.map(quoted))
    case .notInLane(let text, let lane, let known):
      "lane \(quoted(lane)) is never \(quoted(text)); " + proposed(nil, known.map(quoted))
    case .containedNowhere(let text, let place): "no text of \(place) contains \(quoted(text))"
    case .noTokenNumbers:
      "the trace has the tokens' symbols, not their numbers; write token == \"a\""
    case .noReadout(let name):
      "nothing is known of what the network says, so there is no \(name): it needs a readout"
    case .noProbabilities(let name):
      "the readout gives numbers, not probabilities, so there is no \(name); write y[0]"
    case .nothingNext:
      "the readout does not say which token comes next, so there is no loss; write p[…] or y[0]"
    case .noOutputSymbols(let text, let name):
      "the outputs have no symbols, so none is \(quoted(text)); write its number: \(name)[3]"
    case .noSuchOutput(let text, let meant, let known):
      "no output is \(quoted(text)); " + proposed(meant.map(quoted), known.map(quoted))
    case .symbolOfNothing(let name):
      "only p and y take a symbol in [ ]; write \(short(name))[0] for a unit"
    case .inputUnknown: "the trace does not say what entered the network"
    case .numbersEnter: "numbers enter this network, not tokens; write x[0] for the first of them"
    case .tokensEnter: "tokens enter this network, not numbers; write token"
    }
  }
}

extension ExpressionError.KindFault {
  fileprivate var words: String {
    switch self {
    case .noCondition(let text, .text):
      "\(short(text)) is a text, not a condition; compare it: token == \"a\""
    case .noCondition(let text, let found):
      "\(short(text)) is \(found.words), not a condition; compare it: \(short(text)) > 0.5"
    case .noNumber(let text, let found): "\(short(text)) is \(found.words), not a number"
    case .notSeveral(let function, let text, let found):
      "\(function) looks at several units, but \(short(text)) is \(found.words); "
        + "write \(function)(h) or \(function)(h[0..3])"
    case .severalAtTop(let text, let count, let one):
      "\(short(text)) is said of \(unitCount(count)); write any(\(short(text))), "
        + "all(\(short(text))) or one unit, \(one)"
    case .uncompared(let text): "\(short(text)) must be compared at once: \(short(text)) > 0.5"
    case .comparedWithSeveral(let text, let several):
      "\(short(text)) is compared with one value, but \(short(several)) has several; for the "
        + "same unit of both write any(f > i)"
    case .countsConditions(let text): "count takes a condition: count(\(short(text)) > 0.5)"
    case .differentCounts(let left, let count, let right, let other):
      "\(short(left)) has \(unitCount(count)), but \(short(right)) has \(unitCount(other))"
    case .wrongArguments(let function, let isMore, let found):
      "\(function) takes one value\(isMore ? " or more" : ""), not \(found == 0 ? "none" : "\(found)")"
    case .notComparable(let left, let leftFound, let right, let rightFound):
      "\(short(left)) is \(leftFound.words), but \(short(right)) is \(rightFound.words)"
    case .textOrder(let sign): "texts are compared with ==, != and ~, not \(sign)"
    case .containsNoText(let text):
      "~ looks for a text in quotes, but \(short(text)) is none; write token ~ \"ing\""
    case .looksIntoNothing(let text):
      "~ looks into token, top or a lane of texts, not \(short(text)); write token ~ \"ing\""
    case .bothWays(let text):
      "\(short(text)) reads both ways, so its step before is not one; write ' at each signal"
    }
  }
}

extension ExpressionError.Wanted {
  fileprivate var words: String {
    switch self {
    case .value: "a value"
    case .name: "a name"
    case .operation: "an operator such as && or <"
    case .unit: "a unit's number"
    case .closingUnits: "] or another unit"
    case .closingSymbol: "]"
    }
  }
}

extension ExpressionError.Found {
  fileprivate var words: String {
    switch self {
    case .number: "a number"
    case .condition: "a condition"
    case .text: "a text"
    case .several(let count): count == 1 ? "a value for each unit" : "\(count) values"
    }
  }
}

extension CellKind {
  fileprivate var words: String { about.withArticle }
}

private func unitCount(_ count: Int) -> String { count == 1 ? "all units" : "\(count) units" }

private func quoted(_ text: String) -> String { short(text.inQuotes) }

/// A part of the expression, cut where it would fill the line.
private func short(_ text: String) -> String {
  let limit = 40
  guard text.unicodeScalars.count > limit else { return text }
  return String(scalars: text.unicodeScalars.prefix(limit - 1)) + "…"
}

/// In quotes, unless it is a text and has its own.
private func named(_ name: String) -> String {
  name.contains("\"") ? short(name) : "'\(short(name))'"
}

/// "did you mean …?", or what there is.
private func proposed(_ meant: String?, _ known: [String]) -> String {
  if let meant { return "did you mean \(named(meant))?" }
  let limit = 16
  let rest = known.count > limit ? " … (\(known.count) in all)" : ""
  return "there is " + known.prefix(limit).joined(separator: ", ") + rest
}
