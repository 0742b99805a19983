/// Something that a tour says of the model at a stop: `f[5] > 0.9`, `c'[2] < 0` (the step before),
/// `p[T] > 0.5` (a probability of the readout; `p[ ]` that of a blank), `y[0] < 0.1` (an output of
/// the readout).
public struct Claim: Sendable, Equatable, CustomStringConvertible {
  public enum Relation: String, Sendable, CaseIterable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
  }

  /// "f", "c'", "p", "y".
  public let quantity: String
  /// The unit, output or symbol in the brackets.
  public let place: String
  public let relation: Relation
  public let bound: Float
  public let description: String

  /// - Throws: `MalformedClaim` where the text is none.
  public init(_ text: String) throws(MalformedClaim) {
    description = text
    guard let open = text.firstIndex(of: "["), let close = text.lastIndex(of: "]"), open < close
    else { throw MalformedClaim(text: text) }
    let trimmed = { (part: Substring) in String(part.filter { $0 != " " }) }
    quantity = trimmed(text[..<open])
    let inside = text[text.index(after: open)..<close]
    place = inside == " " ? " " : trimmed(inside)
    let rest = trimmed(text[text.index(after: close)...])
    guard let relation = Relation.allCases.first(where: { rest.hasPrefix($0.rawValue) }),
      let bound = Float(rest.dropFirst(relation.rawValue.count)), !quantity.isEmpty, !place.isEmpty
    else { throw MalformedClaim(text: text) }
    self.relation = relation
    self.bound = bound
  }

  /// Whether a value is as the claim says.
  public func holds(for value: Float) -> Bool {
    switch relation {
    case .atLeast: value >= bound
    case .atMost: value <= bound
    case .above: value > bound
    case .below: value < bound
    }
  }
}

public struct MalformedClaim: Error, Equatable, Sendable {
  public let text: String
}
