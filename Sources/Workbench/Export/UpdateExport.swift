import Screen

/// Opens the form in which a person says what is to be exported.
func openExport(_ state: inout State, unit: Bool) {
  if case .export = state.pending { return }  // the footer says how far it is
  state.exportForm = ExportForm(state, unit: unit)
}

/// A key while the form is open.
func fillExport(_ state: inout State, _ key: Key) -> [Effect] {
  guard var form = state.exportForm else { return [] }
  let isText = form.field.isText
  switch key {
  case .escape:
    state.exportForm = nil
    state.message = .init(text: Words.exportKept, isError: false)
    return []
  case .enter: return write(&state, form)
  case .tab, .down: form.move(by: 1)
  case .backTab, .up: form.move(by: -1)
  case .right where !isText, .character(" ") where !isText: form.turn(by: 1)
  case .left where !isText: form.turn(by: -1)
  case .character, .backspace, .delete, .left, .right, .shiftLeft, .shiftRight, .shiftUp,
    .shiftDown, .home, .end, .pageUp, .pageDown, .control:
    form.edit { _ = $0.edit(key) }
  }
  state.exportForm = form
  return []
}

/// Writes what the form says, or goes to the field that stands against it.
private func write(_ state: inout State, _ form: ExportForm) -> [Effect] {
  let faults = form.faults(state)
  if let first = form.fields.first(where: { faults[$0] != nil }) {
    var kept = form
    kept.field = first
    kept.isRefused = true
    state.exportForm = kept
    return []
  }
  state.exportForm = nil
  let request = form.request(hasSpan: state.spanNumbers != nil)
  return obey(&state, Instruction(.export, request.text))
}
