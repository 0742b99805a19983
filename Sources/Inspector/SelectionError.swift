import Recurrent

/// Why what was asked for is no part of a trace. The cases carry the facts; the words are
/// `description`, one line.
public enum SelectionError: Error, Equatable, Sendable {
  case malformed(option: String, text: String)
  case backwards(option: String, text: String)
  /// There are `count` of them, from 0.
  case outOfRange(option: String, text: String, noun: String, count: Int)
  /// A file holds a part of them, by their numbers.
  case notHere(option: String, text: String, noun: String, first: Int, last: Int)
  case noSuchSignal(name: String, known: [String])
}

extension SelectionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformed(let option, let text):
      return "\(option): cannot read '\(text)'; write A..B (B included), A.., ..B or A, from 0"
    case .backwards(let option, let text):
      return "\(option): '\(text)' runs backwards; write the smaller number first"
    case .outOfRange(let option, let text, let noun, let count):
      let there = count == 1 ? "there is only \(noun) 0" : "there are \(noun)s 0..\(count - 1)"
      return "\(option): '\(text)' is out of range; \(there)"
    case .notHere(let option, let text, let noun, let first, let last):
      return
        "\(option): there is no \(noun) '\(text)' in this trace; it has \(noun)s \(first)..\(last)"
    case .noSuchSignal(let name, let known):
      let readouts = ReadoutQuantity.allCases.map(\.rawValue)
      if readouts.contains(name), known.allSatisfy({ !readouts.contains($0) }) {
        return "--signals: nothing is known of a readout, so there is no '\(name)'; there is "
          + known.joined(separator: ",")
      }
      return "--signals: no selected layer has a signal '\(name)'; there is "
        + known.joined(separator: ",")
    }
  }
}
