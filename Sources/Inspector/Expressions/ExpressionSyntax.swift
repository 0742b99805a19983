import Files

/// What an expression says, before it is known what its names mean.
struct Syntax: Sendable, Equatable {
  indirect enum Kind: Sendable, Equatable {
    case number(Double)
    case text(String)
    case reference(Reference)
    case call(Name, [Syntax])
    case negative(Syntax)
    case not(Syntax)
    case binary(BinaryOperator, Syntax, Syntax)
    /// `e'`, the step before.
    case previous(Syntax)
  }

  /// `l1.fwd.c[3,5..7]`: names between dots, and the units where some were given; or `p["e"]`.
  struct Reference: Sendable, Equatable {
    var parts: [Name]
    var units: [UnitRange]?
    /// An output by what it stands for.
    var symbol: Name?
  }

  struct Name: Sendable, Equatable {
    let text: String
    let range: Range<Int>
  }

  /// `3`, `3..7`, `3..` or `..7`. A number too large for an Int is `Int.max`.
  struct UnitRange: Sendable, Equatable {
    let first: UnitNumber?
    let last: UnitNumber?
    let isSingle: Bool
    let range: Range<Int>
  }

  struct UnitNumber: Sendable, Equatable {
    let digits: String
    let range: Range<Int>
    var value: Int { Int(digits) ?? .max }
  }

  let kind: Kind
  /// In Unicode scalars of the source, with the brackets around.
  private(set) var range: Range<Int>

  /// Nodes from here to the deepest leaf: everything that walks the tree does so by recursion.
  let depth: Int

  static let deepest = 64

  /// - Throws: where the tree would become deeper than a recursion should go.
  init(_ kind: Kind, at range: Range<Int>) throws(ExpressionError) {
    self.kind = kind
    self.range = range
    let below: Int
    switch kind {
    case .number, .text, .reference: below = 0
    case .call(_, let arguments): below = arguments.reduce(0) { max($0, $1.depth) }
    case .negative(let inner), .not(let inner), .previous(let inner): below = inner.depth
    case .binary(_, let left, let right): below = max(left.depth, right.depth)
    }
    depth = below + 1
    guard depth <= Self.deepest else {
      throw ExpressionError(
        .tooDeep(limit: Self.deepest), at: range.lowerBound..<range.lowerBound + 1)
    }
  }

  /// The same, where brackets stand around it.
  func inBrackets(at range: Range<Int>) -> Syntax {
    var syntax = self
    syntax.range = range
    return syntax
  }
}

/// Operators between two values.
enum BinaryOperator: String, Sendable, CaseIterable {
  case or = "||"
  case and = "&&"
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case atMost = "<="
  case greater = ">"
  case atLeast = ">="
  case contains = "~"
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divided = "/"
  case modulo = "%"

  /// How tightly it binds.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .unequal, .less, .atMost, .greater, .atLeast, .contains: 3
    case .plus, .minus: 4
    case .times, .divided, .modulo: 5
    }
  }

  var isComparison: Bool { precedence == 3 }
}

// MARK: - As text

/// The expression again with the least brackets: what columns are called and messages quote.
extension Syntax: CustomStringConvertible {
  var description: String {
    switch kind {
    case .number(let value):
      let text = value.description
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    case .text(let text): return text.inQuotes
    case .reference(let reference): return reference.description
    case .call(let name, let arguments):
      return "\(name.text)(" + arguments.map(\.description).joined(separator: ", ") + ")"
    case .negative(let inner): return "-" + inner.bracketed(under: Self.prefixed)
    case .not(let inner): return "!" + inner.bracketed(under: Self.prefixed)
    case .previous(let inner): return inner.bracketed(under: Self.postfixed) + "'"
    case .binary(let sign, let left, let right):
      // Comparisons do not chain, so both sides of one must bind tighter.
      let least = sign.precedence + (sign.isComparison ? 1 : 0)
      return left.bracketed(under: least) + " \(sign.rawValue) "
        + right.bracketed(under: sign.precedence + 1)
    }
  }

  private static let prefixed = 6
  private static let postfixed = 7

  private var precedence: Int {
    switch kind {
    case .number, .text, .reference, .call: Self.postfixed + 1
    case .previous: Self.postfixed
    case .negative, .not: Self.prefixed
    case .binary(let sign, _, _): sign.precedence
    }
  }

  private func bracketed(under least: Int) -> String {
    precedence < least ? "(\(self))" : description
  }
}

extension Syntax.Reference: CustomStringConvertible {
  var description: String {
    let name = parts.map(\.text).joined(separator: ".")
    if let symbol { return name + "[" + symbol.text.inQuotes + "]" }
    guard let units else { return name }
    return name + "[" + units.map(\.description).joined(separator: ",") + "]"
  }
}

extension Syntax.UnitRange: CustomStringConvertible {
  var description: String {
    isSingle ? first?.digits ?? "" : "\(first?.digits ?? "")..\(last?.digits ?? "")"
  }
}

extension String {
  /// As an expression writes it, with everything that does not show as an escape.
  var inQuotes: String {
    var quoted = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case "\0": quoted += "\\0"
      case "\"", "\\": quoted += "\\\(scalar)"
      default:
        if scalar.isShown {
          quoted.unicodeScalars.append(scalar)
        } else {
          quoted += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
      }
    }
    return quoted + "\""
  }
}
