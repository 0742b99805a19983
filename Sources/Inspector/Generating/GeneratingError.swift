import Recurrent

/// Why a network cannot go on by itself. The cases carry the facts; the words are `description`.
public enum GeneratingError: Error, Equatable, Sendable {
  case noReadout
  /// Step t needs what comes after it.
  case readsBackwards
  /// The readout gives something else than one of the symbols that enter.
  case otherOutputs(outputs: Int, tokens: Int)
  /// As many outputs as symbols, but with names of their own, the first of which is given.
  case namedOutputs(String)
  /// Outputs that do not exclude each other, or are no probabilities.
  case noChoice(Readout.Activation)
  /// A step takes other numbers than the readout gives.
  case otherNumbers(outputs: Int, inputs: Int)
  /// Tokens enter, or the outputs are probabilities.
  case noNumbers
  /// There is nothing to go on from.
  case noBeginning
  /// Numbers are not drawn, so nothing says how.
  case nothingToChoose
  /// A text to stop at that it never writes.
  case endlessUntil(String)
  /// It is long, and whoever wants it has to go on writing it.
  case unfinished
  /// The outputs after so many steps are not finite.
  case notFinite(steps: Int)
}

extension GeneratingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noReadout:
      "the model has no readout, so it says nothing that could come next"
    case .readsBackwards:
      "the model also reads backwards, so it cannot go on by itself"
    case .otherOutputs(let outputs, let tokens):
      "the readout gives \(outputs) outputs, but \(tokens) symbols enter; it does not say which "
        + "comes next"
    case .namedOutputs(let name):
      "the readout gives answers such as '\(name)', not the symbol that comes next"
    case .noChoice(let activation):
      "the readout's outputs are \(activation.rawValue), not probabilities of the symbols; "
        + "--output softmax where the file leaves it open"
    case .otherNumbers(let outputs, let inputs):
      "the readout gives \(outputs) number\(outputs == 1 ? "" : "s") a step, but a step takes "
        + "\(inputs), so the model cannot run on its own output"
    case .noNumbers:
      "the readout gives probabilities of answers, not the numbers of the next step"
    case .noBeginning: "there must be a step to go on from"
    case .nothingToChoose:
      "temperature, top-k, seed and until choose among symbols, but the model gives numbers"
    case .endlessUntil(let text):
      "the model never writes \(text.inQuotes), so nothing would stop it"
    case .unfinished: "it is still being written"
    case .notFinite(let steps):
      "after \(steps) steps the outputs are no finite numbers any more"
    }
  }
}
