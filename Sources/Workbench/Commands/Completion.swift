import Inspector

/// The words that the one before a prompt's cursor may become.
struct Completion {
  let state: State
  let prompt: Prompt

  /// - Returns: the words, and where in the line the one begins that they stand for.
  var fitting: (words: [String], start: Int) {
    let typed = prompt.text[..<prompt.cursor]
    switch prompt.question {
    case .replace: return ([], prompt.cursor)
    case .argument(let command):
      return fit(arguments(of: command), after: start(in: typed, of: command))
    case .line:
      let parts = Instruction.Parts(prompt.text)
      guard prompt.cursor > parts.name.upperBound else {
        let known = parts.nameText.isEmpty ? Self.firstOffered : Command.allCases
        return fit(known.map(\.rawValue), after: parts.name.lowerBound)
      }
      guard let command = try? Command(named: parts.nameText) else { return ([], prompt.cursor) }
      return fit(arguments(of: command), after: start(in: typed, of: command))
    }
  }

  /// Before a letter is typed: what people come to this line for stands before what has a key.
  private static let firstOffered: [Command] = {
    let often: [Command] = [
      .go, .find, .why, .clamp, .without, .compare, .order, .filter, .unit, .export, .screen, .set,
      .help,
    ]
    return often + Command.allCases.filter { !often.contains($0) }
  }()

  private func fit(_ words: [String], after start: Int) -> ([String], Int) {
    guard start <= prompt.cursor else { return ([], prompt.cursor) }
    let typed = String(String.UnicodeScalarView(prompt.text[start..<prompt.cursor]))
    return (words.filter { $0.hasPrefix(typed) }, start)
  }

  /// Where the word at the cursor begins: after a blank, in an expression after any sign.
  private func start(in typed: ArraySlice<Unicode.Scalar>, of command: Command) -> Int {
    let isExpression = command == .find || command == .breakpoint
    let last = typed.lastIndex { scalar in
      scalar == " " || isExpression && !scalar.properties.isAlphabetic && !Self.isDigit(scalar)
    }
    return last.map { $0 + 1 } ?? 0
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// A setting's names, and after one of them what it may be.
  private var settingWords: [String] {
    let typed = String(String.UnicodeScalarView(prompt.text[..<prompt.cursor]))
    var words = typed.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    if typed.last != " ", !words.isEmpty { words.removeLast() }
    if case .line = prompt.question, !words.isEmpty { words.removeFirst() }
    switch words.count {
    case 0: return Settings.Name.allCases.map(\.rawValue)
    case 1: return Settings.Name(rawValue: words[0]).map { Settings.choices(of: $0) } ?? []
    default: return []
    }
  }

  private func arguments(of command: Command) -> [String] {
    if command == .set { return settingWords }
    if command == .compare, namesVariants { return state.session.variants.keys.sorted() }
    return Self.words[command]?(state) ?? []
  }

  /// Whether what stands before the word at the cursor ends in `variant`, or in that and names.
  private var namesVariants: Bool {
    let typed = String(String.UnicodeScalarView(prompt.text[..<prompt.cursor]))
    let before = typed.split(separator: " ", omittingEmptySubsequences: false).dropLast()
    return before.suffix(State.mostOtherRuns).contains("variant")
  }

  private static let targets: @Sendable (State) -> [String] = { state in
    state.currentTrack.signals.map { "\($0.rawValue)[\(state.unitNumber)]" }
  }

  private static let words: [Command: @Sendable (State) -> [String]] = [
    .view: { _ in ViewKind.allCases.map(\.name) },
    .lane: { $0.laneNames },
    .output: { ($0.trace.readout?.symbols ?? []) + [State.off] },
    .layer: { $0.trackNames },
    .jump: { $0.arrangement.marks.keys.map(String.init).sorted() },
    .why: { state in
      state.currentTrack.signals.map { "\($0.rawValue)[\(state.unitNumber)]" }
        + (state.session.model?.network.readout == nil ? [] : ["y"])
        + WhyState.Mode.allCases.map(\.rawValue)
    },
    .clamp: targets, .scale: targets, .add: targets, .freeze: targets, .edit: targets,
    .patch: targets, .initial: { _ in ["c[", "h["] },
    .generate: { _ in ["temperature", "top-k", "seed", "until"] },
    .token: { _ in ["insert", "delete"] },
    .without: { $0.currentTrack.signals.contains(.f) ? ["f", "i", "o"] : [] },
    .whatIf: { _ in ["off", "on", "drop", "save", "load"] },
    .switchBranch: { $0.arrangement.branches.names },
    .dropBranch: { Array($0.arrangement.branches.names.dropFirst()) },
    .order: { state in OrderKey.all(state).map { $0.name(state) } },
    .match: { _ in ["before", "after", State.off] },
    .filter: { _ in [State.off] },
    .export: { _ in ExportRequest.optionNames },
    .figure: { _ in FigureRequest.optionNames },
    .find: { $0.expressionScope.names },
    .help: { _ in Command.allCases.map(\.rawValue) },
    .compare: {
      $0.currentTrack.signals.map(\.rawValue) + $0.trackNames
        + ($0.otherRuns.isEmpty ? [] : ["run"]) + ["text", "model"]
        + ($0.session.variants.isEmpty ? [] : ["variant"])
        + ($0.arrangement.branches.isEmpty ? [] : ["branch", "csv"])
        + ($0.otherRuns.count == 1 ? ["also"] : []) + ["off"]
    },
    .breakpoint: { $0.expressionScope.names },
  ]
}
