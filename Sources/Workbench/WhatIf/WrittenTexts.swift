import Inspector
import Recurrent

/// What networks have written when they went on by themselves, kept so that another change does not
/// have it written again. Held by reference, as runs are: what is in it does not depend on who asks.
///
/// Not safe to share between threads.
final class WrittenTexts {
  private var kept: [Continuation] = []
  private static let most = 8

  /// What comes of a continuation; one that has been made already is not made again.
  func text(of wanted: Continuation) throws(GeneratingError) -> InputSequence {
    if let known = kept.last(where: { $0.isSame(as: wanted) }) { return known.input }
    try wanted.finish()
    kept.append(wanted)
    if kept.count > Self.most { kept.removeFirst() }
    return wanted.input
  }
}

/// Lets the network go on by itself, and goes to where it begins.
func generate(_ state: inout State, _ argument: String) throws(InstructionError) -> [Effect] {
  let effects = try change(&state, .generate, argument)
  guard let change = state.arrangement.branches.whatIf.entries.last?.change,
    let first = change.generatedFrom
  else { return effects }
  state.message = .init(
    text: Words.generated(state.session.length - first, after: first - 1), isError: false)
  return move(&state, to: first - 1, stopping: true)
}
