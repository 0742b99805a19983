import Demos
import Inspector
import Recurrent

/// Holds a gate of every LSTM layer at 1, always open, and says what that costs on the sequence shown:
/// without f it is the LSTM of 1997 (Hochreiter & Schmidhuber), which cannot forget.
func without(_ state: inout State, _ name: String) throws(InstructionError) -> [Effect] {
  let whole = 0..<name.unicodeScalars.count
  guard let gate = [Signal.f, .i, .o].first(where: { $0.rawValue == name }) else {
    throw InstructionError(Words.noGateToOpen(name), at: whole)
  }
  let layout = state.trace.layout
  let tracks = layout.indices.filter { layout[$0].cell == .lstm }
  guard !tracks.isEmpty else { throw InstructionError(Words.noLSTM(layout[0].cell), at: whole) }
  var branches = state.arrangement.branches
  var whatIf = branches.whatIf
  for track in tracks {
    let prefix = layout.count > 1 ? state.trackNames[track] + "." : ""
    guard let change = try? Change("\(prefix)\(gate.rawValue) = 1") else { continue }
    whatIf.entries.append(.init(change))
  }
  branches.set(whatIf)
  let effects = try adopt(&state, branches)
  if let words = costWords(state, gate) { state.message = .init(text: words, isError: false) }
  return effects
}

/// What the sequence shown costs with and without; nil where nothing is due, or it is too long to be
/// recorded between two frames.
private func costWords(_ state: State, _ gate: Signal) -> String? {
  func cost(_ run: ChangedRuns.Run) -> Double? {
    guard let recorder = run.recorder, let model = run.session.model,
      recorder.isComplete || recorder.products <= Workbench.productsAhead
    else { return nil }
    recorder.recordAll()
    return ShownError.value(
      of: model.network, over: recorder.trace, expected: run.session.expected,
      targets: run.session.targets)
  }
  guard let with = cost(state.runs.main), let without = cost(state.runs.shown) else { return nil }
  return Words.cost(gate, with: with, without: without)
}

extension State {
  /// "f[12] @ 10 = ", of the cell or the span under the cursor: the beginning of a change.
  var valueInHand: String {
    guard session.model != nil else { return "" }
    let steps = spanNumbers ?? "\(stepNumber)"
    return "\(currentSignal.rawValue)[\(unitNumber)] @ \(steps) = "
  }
}
