import Recurrent

/// Why a question about a value has no answer. The cases carry the facts; the words are
/// `description`, one line.
public enum WhyError: Error, Equatable, Sendable {
  /// What a signal adds up from is asked for where nothing is added up.
  case noSum(CellKind)
  /// A slow state is asked for; the track's own is another signal.
  case notTheMemory(Signal, memory: Signal)
  /// The trace lacks signals that the answer is made of.
  case missing([Signal])
  /// A gate is asked for; those are what the cell has.
  case notAGate(Signal, gates: [Signal])
  /// What reads h is asked for, of a signal that is not read.
  case notShown(Signal, shown: [Signal])
  /// The state before the step is not known.
  case unknownBefore(step: Int)
  /// Of cells that are lines of the table only what their signals say is answered.
  case notOf(CellKind, what: String)
  /// Only a model has the weights.
  case noModel
  case noReadout
  /// The two directions' h are multiplied: neither has a part of its own.
  case multiplied
  case noSuchOutput(Int, count: Int)
  /// A network that also reads backwards is looked at whole.
  case tooLong(steps: Int, limit: Int)
  /// The value was not made of its sum.
  case changed(Signal, unit: Int, step: Int)
}

extension WhyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noSum(.described(let cell)):
      "\(cell.description.withArticle) keeps no sum of writes that its signals would show"
    case .notOf(let cell, let what):
      "\(what) are not worked out for \(cell.about.withArticle) yet; "
        + "who wrote its memory (write) and what its h pushes (out) are"
    case .noSum(let cell):
      "an \(cell.rawValue.uppercased())'s h is made anew at every step, of W x + R h' + b: there is no "
        + "sum of writes in it, since each step puts all of the old h through a matrix and a tanh "
        + "again. That is what an LSTM's c is for: it is only added to, and faded by f"
    case .notTheMemory(let signal, let memory):
      "\(signal.rawValue) is made anew at every step; what is written to and kept is "
        + "\(memory.rawValue)"
    case .missing(let signals):
      "the trace lacks \(signals.map(\.rawValue).joined(separator: ", ")), which the answer is "
        + "made of"
    case .notAGate(let signal, let gates):
      "\(signal.rawValue) has no sum of its own before an activation; "
        + gates.map(\.rawValue).joined(separator: ", ") + (gates.count == 1 ? " has" : " have")
    case .notShown(let signal, let shown):
      "nothing reads \(signal.rawValue) outside of its unit; what is read is "
        + shown.map(\.rawValue).joined(separator: " or ")
    case .unknownBefore(let step):
      "the trace does not say what the state before step \(step) was"
    case .noModel:
      "that needs the model's weights; open the model itself with this input"
    case .noReadout:
      "the model has no readout, so it predicts nothing that could be asked about"
    case .multiplied:
      "both directions' h are multiplied with each other, so neither has a part of its own"
    case .noSuchOutput(let output, let count):
      "there is no output \(output); there are 0..\(count - 1)"
    case .tooLong(let steps, let limit):
      "a network that also reads backwards is asked about as a whole, and \(steps) steps are more "
        + "than \(limit)"
    case .changed(let signal, let unit, let step):
      "\(signal.rawValue)[\(unit)] at step \(step) is what somebody has made of it (what-if), not what its "
        + "sum gives; :switch main asks the run without changes"
    }
  }
}
