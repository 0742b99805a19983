import Screen

/// `set NAME VALUE`; a name alone says what it is set to.
///
/// - Throws: `InstructionError` with the fault's place in the argument; nothing has changed then.
func set(_ state: inout State, _ argument: String) throws(InstructionError) {
  let words = argument.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
  let name = words.first.map(String.init) ?? ""
  let value = words.count > 1 ? words[1].trimmingPrefix(" ") : ""
  let length = argument.unicodeScalars.count
  guard let known = Settings.Name(rawValue: name) else {
    throw InstructionError(
      SettingsError.unknownName(name).description, at: 0..<name.unicodeScalars.count)
  }
  guard !value.isEmpty else {
    say(&state, known)
    return
  }
  var settings = state.settings
  do throws(SettingsError) {
    try settings.set(name, String(value))
  } catch {
    throw InstructionError(
      error.description, at: length - value.unicodeScalars.count..<length)
  }
  state.adopt(settings)
  say(&state, known)
}

/// From the lane's limits to each unit's own, to a fixed one, and back.
func turnLimits(_ state: inout State) {
  let all = Settings.Limits.allCases
  let place = all.firstIndex(of: state.settings.limits) ?? 0
  state.settings.limits = all[(place + 1) % all.count]
  say(&state, .limits)
}

private func say(_ state: inout State, _ name: Settings.Name) {
  let value = state.settings.value(of: name) ?? state.theme.value(of: name)
  state.message = .init(
    text: Words.isSet(name.rawValue, value, name.words), isError: false)
}

extension Theme {
  /// What a theme has where nobody has set it.
  fileprivate func value(of name: Settings.Name) -> String {
    switch name {
    case .theme: self.name.rawValue
    case .palette: (family ?? (self.name == .monochrome ? .grey : .cividis)).rawValue
    case .colors: (ColorChoice.allCases.first { $0.depth == terminal.colors } ?? .auto).rawValue
    case .mouse, .speed, .limits, .memory: ""
    }
  }
}
