import Recurrent

/// Why a change cannot be made, and where in its text. The cases carry the facts; the words are
/// `description`, one line.
public struct ChangeError: Error, Equatable, Sendable {
  public let fault: Fault
  /// What is at fault, in Unicode scalars of the source; it may stand one past the end.
  public let range: Range<Int>

  public enum Fault: Equatable, Sendable {
    // What is written.
    case empty
    case tooLong(limit: Int)
    case noTarget
    case unclosed
    case operationMissing
    case comparison
    case noValue
    case notANumber(String)
    case notFinite(String)
    case noSteps
    case stepMissing
    case oneStepOnly(String)
    case backwardsSteps(String)
    case noRun
    case noToken
    case tokenNeedsValue
    case unendedToken
    case unexpected(String)
    // What it means here.
    case expression(ExpressionError.Fault)
    case filter(UnitFilterError.Problem)
    case notASignal(String, known: [Signal])
    case noBeginning(String)
    case beginningHasNoSteps
    case onlySetAtBeginning
    case noSuchStep(String, last: Int)
    case nothingToFreeze(Signal)
    case noUnits(String)
    case noSuchRun(String, known: [String])
    case otherRunDiffers(String, reason: String)
    case numbersEnter
    case noVocabulary(String)
    case noSuchToken(String, near: String?)
    case severalTokens(Int)
    case nothingLeft
    case noModel
    case spoils(String, reason: String)
    // How a network goes on by itself.
    case noCount(String)
    case noTemperature(String)
    case noTopCount(String)
    case noSeed(String)
    case noUntil
    case noOption(String)
    case generating(GeneratingError)
  }

  public init(_ fault: Fault, at range: Range<Int>) {
    self.fault = fault
    self.range = range
  }
}

extension ChangeError: CustomStringConvertible {
  private static let forms =
    "write f[12] = 0 @ 10..20, o *= 0.5, c[3] += 1 @ 7 or freeze c[3] @ 10.."

  public var description: String {
    switch fault {
    case .empty: "a change is missing; \(Self.forms)"
    case .tooLong(let limit): "a change has no more than \(limit) characters"
    case .noTarget: "which signal? \(Self.forms)"
    case .unclosed: "the ] is missing"
    case .operationMissing: "what is to become of it? write = 0, *= 0.5, += 1 or from RUN"
    case .comparison: "== compares; = 0 changes"
    case .noValue: "a number is missing"
    case .notANumber(let text): "'\(text)' is not a number"
    case .notFinite(let text): "'\(text)' is no finite number; a change must not make one"
    case .noSteps: "which steps? write @ 10, @ 10..20, @ 10.. or @ ..20 (20 included)"
    case .stepMissing: "at which step? write @ 12 behind it"
    case .oneStepOnly(let text): "'\(text)' are several steps; a token stands at one"
    case .backwardsSteps(let text): "'\(text)' runs backwards; write the smaller number first"
    case .noRun: "from which run? write from other, from main or a branch's name"
    case .noToken: "which token? write it in quotes, \"b\""
    case .tokenNeedsValue: "a token is changed by token = \"b\" @ 12"
    case .unendedToken: "the closing quote is missing"
    case .unexpected(let text): "cannot read '\(text)' there"
    case .expression(let fault): "\(ExpressionError(wrapping: fault))"
    case .filter(let problem): "\(UnitFilterError(problem, at: 0))"
    case .notASignal(let name, let known):
      "\(name) is not computed by the cell; it has \(known.map(\.rawValue).joined(separator: ", "))"
    case .noBeginning(let name): "only c0 and h0 are what a run begins with, not \(name)"
    case .beginningHasNoSteps: "what a run begins with is before step 0; leave the steps out"
    case .onlySetAtBeginning: "what a run begins with is set, scaled or added to"
    case .noSuchStep(let text, let last):
      last == 0
        ? "there is no step \(text); there is only step 0"
        : "there is no step \(text); the last is \(last)"
    case .nothingToFreeze(let signal):
      "there is no \(signal.rawValue) before the first step to be held; begin a step later"
    case .noUnits(let text): "no unit fits \(text)"
    case .noSuchRun(let name, let known):
      known.isEmpty
        ? "there is no other run here to take values from"
        : "there is no run '\(name)'; there is \(known.joined(separator: ", "))"
    case .otherRunDiffers(let name, let reason): "\(name) \(reason)"
    case .numbersEnter: "numbers enter the network, not tokens"
    case .noVocabulary(let text): "there is no vocabulary, so '\(text)' must be a token's number"
    case .noSuchToken(let text, let near):
      "the model has no token \(text.inQuotes)"
        + (near.map { "; did you mean \($0.inQuotes)?" } ?? "")
    case .severalTokens(let count): "these are \(count) tokens; one stands at a step"
    case .nothingLeft: "that leaves no step of the sequence"
    case .noModel: "a recorded trace has no model that could run again"
    case .spoils(let other, let reason): "then \(other) cannot be made: \(reason)"
    case .noCount(let text):
      "'\(text)' is no number of steps; there may be 1 to \(GenerationRequest.mostSteps)"
    case .noTemperature(let text):
      "'\(text)' is no temperature; it is a number from 0 on, and 0 takes the likeliest"
    case .noTopCount(let text): "'\(text)' is no number of symbols; top-k is 1 or more"
    case .noSeed(let text): "'\(text)' is no seed; it is a whole number from 0 on"
    case .noUntil: "until which text? write until \".\""
    case .noOption(let text):
      "'\(text)' is none of temperature 0.6, top-k 5, seed 2, until \".\", @ 12"
    case .generating(let error): "\(error)"
    }
  }
}
