import Inspector
import Recurrent

/// What networks have written when they went on by themselves, kept so that another change does not
/// have it written again. Held by reference, as runs are: what is in it does not depend on who asks.
///
/// Not safe to share between threads.
final class WrittenTexts {
  /// A long text on its way, which is written between frames.
  private(set) var unfinished: Continuation?
  private var kept: [Continuation] = []
  private static let most = 8
  /// Multiplications of a text that is written while somebody waits for the next frame.
  private static let productsAtOnce = Workbench.productsAhead / 2
  /// Those of a slice: some milliseconds.
  private static let productsInSlice = 1 << 23

  /// What comes of a continuation; one that has been made already is not made again.
  ///
  /// - Throws: `GeneratingError.unfinished` where that takes long: `advance` writes it then.
  func text(of wanted: Continuation) throws(GeneratingError) -> InputSequence {
    if let known = kept.last(where: { $0.isSame(as: wanted) }) { return known.input }
    let (products, isTooMany) = wanted.stepsLeft.multipliedReportingOverflow(
      by: wanted.productsPerStep)
    guard !isTooMany, products <= Self.productsAtOnce else {
      unfinished = wanted
      throw .unfinished
    }
    try wanted.finish()
    keep(wanted)
    return wanted.input
  }

  /// Writes some more of the one that is not finished.
  ///
  /// - Returns: whether it has come to its end.
  func advance() throws(GeneratingError) -> Bool {
    guard let text = unfinished else { return true }
    do throws(GeneratingError) {
      guard try text.advance(limit: max(1, Self.productsInSlice / max(1, text.productsPerStep)))
      else { return false }
    } catch {
      unfinished = nil
      throw error
    }
    keep(text)
    unfinished = nil
    return true
  }

  /// Whoever stops it does not want it.
  func stop() { unfinished = nil }

  private func keep(_ text: Continuation) {
    kept.append(text)
    if kept.count > Self.most { kept.removeFirst() }
  }
}

/// Lets the network go on by itself, and goes to where it begins.
func generate(_ state: inout State, _ argument: String) throws(InstructionError) -> [Effect] {
  let effects = try change(&state, .generate, argument)
  guard case .write = state.pending else { return arrive(&state) ?? effects }
  return effects
}

/// Goes to the last step before those that the network has just written.
private func arrive(_ state: inout State) -> [Effect]? {
  guard let first = state.arrangement.branches.whatIf.changes.last?.generatedFrom else {
    return nil
  }
  state.message = .init(
    text: Words.generated(state.session.length - first, after: first - 1), isError: false)
  return move(&state, to: first - 1, stopping: true)
}

/// Another slice of a long text, after which the branches that wait for it are shown.
func writeMore(_ state: inout State, for branches: Branches) -> [Effect] {
  do throws(GeneratingError) {
    guard try state.runs.texts.advance() else { return [.goOn] }
  } catch {
    state.pending = nil
    state.message = .init(text: "\(error)", isError: true)
    return []
  }
  state.pending = nil
  let isNew =
    branches.whatIf.changes.count > state.arrangement.branches.whatIf.changes.count
  do throws(InstructionError) {
    let effects = try adopt(&state, branches)
    guard state.pending == nil, isNew else { return effects }
    return arrive(&state) ?? effects
  } catch {
    state.message = .init(text: error.message, isError: true)
    return []
  }
}

/// Ends the writing of a long text: nothing has changed then, and the line that wanted it counts no more.
func stopWriting(_ state: inout State) {
  state.runs.texts.stop()
  state.journal.takeBack(\.changesRun)
}
