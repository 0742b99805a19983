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
      return fit(arguments(of: command), after: lastBlank(in: typed))
    case .line:
      let parts = Instruction.Parts(prompt.text)
      guard prompt.cursor > parts.name.upperBound else {
        return fit(Command.allCases.map(\.rawValue), after: parts.name.lowerBound)
      }
      guard let command = try? Command(named: parts.nameText) else { return ([], prompt.cursor) }
      return fit(arguments(of: command), after: lastBlank(in: typed))
    }
  }

  private func fit(_ words: [String], after start: Int) -> ([String], Int) {
    guard start <= prompt.cursor else { return ([], prompt.cursor) }
    let typed = String(String.UnicodeScalarView(prompt.text[start..<prompt.cursor]))
    return (words.filter { $0.hasPrefix(typed) }, start)
  }

  private func lastBlank(in typed: ArraySlice<Unicode.Scalar>) -> Int {
    typed.lastIndex(of: " ").map { $0 + 1 } ?? 0
  }

  private func arguments(of command: Command) -> [String] {
    switch command {
    case .view: ViewKind.allCases.map(\.name)
    case .lane: state.currentTrack.signals.map(\.rawValue)
    case .layer: state.trackNames
    case .jump: state.arrangement.marks.keys.map(String.init).sorted()
    case .export: ExportRequest.optionNames
    case .stepForward, .stepBack, .firstStep, .lastStep, .go, .pageForward, .pageBack, .nextChange,
      .previousChange, .search, .searchNext, .searchBack, .mark, .back, .forward, .play, .faster,
      .slower, .nextUnit, .previousUnit, .unit, .nextLane, .previousLane, .nextTrack,
      .previousTrack, .nextView, .order, .grow, .timeIn, .timeOut, .unitsIn, .unitsOut, .fit,
      .reduction, .tour, .tourNext, .tourBack, .exportUnit, .record,
      .screen, .undo, .redo, .commandLine, .help, .cancel, .redraw, .size, .quit:
      []
    }
  }
}
