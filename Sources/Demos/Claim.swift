/// Something that a tour says of a model at a stop: `f[5] > 0.9`, `c'[2] < 0` (the step before),
/// `p[T] = 0.98` (a probability of the readout, as it is written; `p[ ]` that of a blank), `y[0] < 0.1`
/// (an output of the readout), `c[48]@12 > 3` (at another step), `rnn.p[A] = 0.25` (of another of the
/// demo's models). docs/demos.md has all quantities.
public struct Claim: Sendable, Equatable, CustomStringConvertible {
  public enum Relation: String, Sendable, CaseIterable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
    /// The bound is the value, rounded to the decimals that it has.
    case rounded = "="
  }

  /// The name of another of the demo's models; nil for the one that the stop is about.
  public let model: String?
  /// "f", "c'", "p", "y", "half-life".
  public let quantity: String
  /// The unit, output or symbol in the brackets.
  public let place: String
  /// Nil for the stop's.
  public let step: Int?
  public let relation: Relation
  public let bound: Float
  /// The bound as it is written.
  public let number: String
  public let description: String

  /// - Throws: `MalformedClaim` where the text is none.
  public init(_ text: String) throws(MalformedClaim) {
    description = text
    guard let open = text.firstIndex(of: "["), let close = text.lastIndex(of: "]"), open < close
    else { throw MalformedClaim(text: text) }
    let trimmed = { (part: Substring) in String(part.filter { $0 != " " }) }
    let names = trimmed(text[..<open]).split(separator: ".", omittingEmptySubsequences: false)
    let inside = text[text.index(after: open)..<close]
    place = inside == " " ? " " : trimmed(inside)
    var rest = trimmed(text[text.index(after: close)...])[...]
    var step: Int?
    if rest.hasPrefix("@") {
      let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
      step = Int(digits)
      guard step != nil else { throw MalformedClaim(text: text) }
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let relation = Relation.allCases.first(where: { rest.hasPrefix($0.rawValue) }),
      let bound = Float(rest.dropFirst(relation.rawValue.count)), (1...2).contains(names.count),
      names.allSatisfy({ !$0.isEmpty }), !place.isEmpty
    else { throw MalformedClaim(text: text) }
    self.step = step
    model = names.count == 2 ? String(names[0]) : nil
    quantity = String(names[names.count - 1])
    number = String(rest.dropFirst(relation.rawValue.count))
    self.relation = relation
    self.bound = bound
  }

  /// The same of the model that the stop is about.
  public var unnamed: Claim { Claim(self, model: nil) }

  private init(_ other: Claim, model: String?) {
    self.model = model
    quantity = other.quantity
    place = other.place
    step = other.step
    relation = other.relation
    bound = other.bound
    number = other.number
    description = other.description
  }

  /// Whether a value is as the claim says.
  public func holds(for value: Float) -> Bool {
    switch relation {
    case .atLeast: value >= bound
    case .atMost: value <= bound
    case .above: value > bound
    case .below: value < bound
    // Half a unit of the last decimal, and what a Float leaves of it.
    case .rounded: abs(Double(value) - (Double(number) ?? .nan)) <= half * 1.0001
    }
  }

  /// Half of what the bound's last digit stands for.
  private var half: Double {
    let decimals = number.split(separator: ".").dropFirst().first?.count ?? 0
    return (0..<decimals).reduce(0.5) { half, _ in half / 10 }
  }
}

public struct MalformedClaim: Error, Equatable, Sendable {
  public let text: String
}
