import Screen

/// A key while a line is being typed in the footer.
func typeInPrompt(_ state: inout State, _ key: Key) -> [Effect] {
  guard var prompt = state.prompt else { return [] }
  switch (prompt.question, key) {
  case (.search, .escape):
    state.prompt = nil
  case (.search, .enter):
    state.prompt = nil
    // Nothing typed looks for the last thing again.
    if !prompt.text.isEmpty { state.query = String(String.UnicodeScalarView(prompt.text)) }
    guard let query = state.query else { return [] }
    return search(&state, for: query, forwards: true)
  case (_, .escape), (.replace, "n"), (.replace, "N"), (.replace, .enter):
    state.prompt = nil
    state.message = .init(text: Words.exportKept, isError: false)
  case (.replace(let path), "y"), (.replace(let path), "Y"):
    state.prompt = nil
    return startExport(&state, path: path, mayReplace: true)
  case (.replace, _):
    break
  case (.exportPath, .enter):
    state.prompt = nil
    let path = String(String.UnicodeScalarView(prompt.text))
    guard path.contains(where: { $0 != " " }) else {
      state.message = .init(text: Words.exportEmptyName, isError: true)
      return []
    }
    return startExport(&state, path: path, mayReplace: false)
  case (.exportPath, .backspace), (.search, .backspace):
    if !prompt.text.isEmpty { prompt.text.removeLast() }
    state.prompt = prompt
  case (.exportPath, .control("u")), (.search, .control("u")):
    prompt.text = []
    state.prompt = prompt
  case (.exportPath, .character(let scalar)), (.search, .character(let scalar)):
    prompt.text.append(scalar)
    state.prompt = prompt
  case (.exportPath, _), (.search, _):
    break
  }
  return []
}

/// An export holds every step, so the steps that nobody has reached yet are computed first.
private func startExport(_ state: inout State, path: String, mayReplace: Bool) -> [Effect] {
  state.pending = .export(path: path, mayReplace: mayReplace)
  return continuePending(&state)
}
