import Recurrent

/// Why a text is no filter, and where. The cases carry the facts; the words are `description`, one
/// line.
public struct UnitFilterError: Error, Equatable, Sendable {
  public enum Problem: Equatable, Sendable {
    case empty
    /// Something stands where a choice should begin, or after the end of one; empty at the end.
    case unexpected(String)
    case missingParenthesis
    /// Units are 0..<count.
    case noSuchUnit(String, count: Int)
    case backwards(String)
    case noSuchRole(String)
    case noSuchSignal(String, known: [Signal])
    case noSuchLane(String, known: [String])
    /// After `mean` and the like.
    case missingSignal(String)
    case missingComparison(String)
    case missingNumber(String)
    /// A file holds a part of the units, by their numbers.
    case notHere(String, first: Int, last: Int)
  }

  public let problem: Problem
  /// Where the fault begins: scalars of the text before it.
  public let offset: Int

  public init(_ problem: Problem, at offset: Int) {
    self.problem = problem
    self.offset = offset
  }
}

extension UnitFilterError: CustomStringConvertible {
  public var description: String {
    switch problem {
    case .empty:
      return "a filter is unit numbers (3,5..9) or conditions (half-life>10 && role=counter)"
    case .unexpected(""):
      return "the filter ends too soon; write 3,5..9 or half-life>10 or role=counter or mean(f)>0.8"
    case .unexpected(let text):
      return "cannot read '\(text)'; write 3,5..9 or half-life>10 or role=counter or mean(f)>0.8"
    case .missingParenthesis:
      return "a ) is missing"
    case .notHere(let text, let first, let last):
      return "unit \(text) is not in this trace; it has units from \(first) to \(last)"
    case .noSuchUnit(let text, let count):
      let there = count == 1 ? "there is only unit 0" : "there are units 0..\(count - 1)"
      return "'\(text)' is out of range; \(there)"
    case .backwards(let text):
      return "'\(text)' runs backwards; write the smaller number first"
    case .noSuchRole(let text):
      let roles = UnitStatistics.Role.allCases.map(\.rawValue).joined(separator: ", ")
      return text.isEmpty ? "which role? \(roles)" : "there is no role '\(text)'; \(roles)"
    case .noSuchSignal(let text, let known):
      let names = known.map(\.rawValue).joined(separator: ", ")
      return "there is no signal '\(text)' here; \(names)"
    case .noSuchLane(let text, let known):
      return known.isEmpty
        ? "nothing is known about this sequence that units could follow"
        : "there is no lane '\(text)'; \(known.joined(separator: ", "))"
    case .missingSignal(let name):
      return "\(name) of which signal? write \(name)(c)"
    case .missingComparison(let text):
      return "'\(text)' must be compared: < <= > >= = or !="
    case .missingNumber(let text):
      return text.isEmpty ? "a number is missing" : "'\(text)' is not a number"
    }
  }
}
