import Screen

/// The line that is being typed: in the last row, or in the one above where there is something to say
/// under it: the words that fit, or a caret under the fault.
struct PromptLine {
  let state: State
  let prompt: Prompt

  func draw(into grid: inout Grid) {
    let last = state.height - 1
    switch hint {
    case nil:
      drawLine(y: last, into: &grid)
    case .words(let words, let chosen):
      drawWords(words, chosen: chosen, y: last, into: &grid)
      drawLine(y: last - 1, into: &grid)
    case .usage(let text):
      fill(row: last, of: &grid)
      grid.put(text.fitted(to: state.width - 2), x: 1, y: last, state.theme.barMuted)
      drawLine(y: last - 1, into: &grid)
    case .fault(let fault):
      drawFault(fault, y: last, into: &grid)
      drawLine(y: last - 1, into: &grid)
    }
  }

  private enum Hint {
    case words([String], chosen: Int?)
    case usage(String)
    case fault(InstructionError)
  }

  private var hint: Hint? {
    if let fault = prompt.fault { return .fault(fault) }
    if let offer = prompt.offer { return .words(offer.words, chosen: offer.chosen) }
    guard prompt.question == .line else { return nil }
    let parts = Instruction.Parts(prompt.text)
    let fitting = Completion(state: state, prompt: prompt).fitting.words
    let isName = prompt.cursor <= parts.name.upperBound
    if let command = try? Command(named: parts.nameText), !isName || fitting.count <= 1 {
      let isBegun = !parts.argument.isEmpty || command.argument.isChoice
      if !isName, isBegun, fitting.count > 1 { return .words(fitting, chosen: nil) }
      let words = Keymap.words(of: command)
      return .usage(":" + command.usage + (words.map { "  \($0)" } ?? ""))
    }
    guard fitting.isEmpty else { return .words(fitting, chosen: nil) }
    let meant = Command.nearest(to: parts.nameText)?.rawValue
    return .usage(meant.map(Words.noCommandFits(meant:)) ?? Words.noCommandFits)
  }

  private func fill(row: Int, of grid: inout Grid) {
    grid.fill(Rect(x: 0, y: row, width: state.width, height: 1), with: Cell(" ", state.theme.bar))
  }

  // MARK: - The line

  /// What stands before the text, and the text that has room, with its place on the screen.
  private var shown: (question: String, text: ArraySlice<Unicode.Scalar>, x: Int) {
    let question: String
    switch prompt.question {
    case .line: question = ":"
    case .argument(let command): question = Words.question(for: command)
    case .replace(_, let path):
      // A long path gives way, never what is asked.
      let words = Words.exportExists("").displayWidth
      question = Words.exportExists(path.fitted(to: max(1, state.width - 3 - words)))
    }
    let x = 1 + question.displayWidth
    // What stands about the cursor is what is being typed, so the beginning gives way, then the end.
    let room = max(1, state.width - x - 2)
    var text = prompt.text[...]
    func width(_ part: ArraySlice<Unicode.Scalar>) -> Int {
      part.reduce(0) { $0 + $1.displayWidth }
    }
    var before = width(text[..<prompt.cursor])
    while before > room, let first = text.first {
      before -= first.displayWidth
      text = text.dropFirst()
    }
    var all = width(text)
    while all > room, text.endIndex > prompt.cursor, let last = text.last {
      all -= last.displayWidth
      text = text.dropLast()
    }
    return (question, text, x)
  }

  private func drawLine(y: Int, into grid: inout Grid) {
    guard y >= 0 else { return }
    fill(row: y, of: &grid)
    let (question, text, x) = shown
    grid.put(question, x: 1, y: y, state.theme.barAccent)
    grid.put(String(String.UnicodeScalarView(text)), x: x, y: y, state.theme.bar)
    grid.cursor = Point(x: min(column(of: prompt.cursor), state.width - 1), y: y)
  }

  /// The column of a scalar of the text; one that has no room is at an end.
  private func column(of place: Int) -> Int {
    let (_, text, x) = shown
    let place = min(max(place, text.startIndex), text.endIndex)
    return x + text[..<place].reduce(0) { $0 + $1.displayWidth }
  }

  // MARK: - What stands under it

  private func drawFault(_ fault: InstructionError, y: Int, into grid: inout Grid) {
    let theme = state.theme
    let style = theme.bad.on(theme.bar.background)
    fill(row: y, of: &grid)
    guard let range = fault.range else {
      grid.put(fault.message.fitted(to: state.width - 2), x: 1, y: y, style)
      return
    }
    let start = min(column(of: range.lowerBound), state.width - 2)
    let end = min(max(column(of: range.upperBound), start + 1), state.width - 1)
    // The words stand after the carets, or before them, where there is more room.
    let caret = String(repeating: "^", count: end - start)
    grid.put(caret, x: start, y: y, style.with(.bold))
    let (after, before) = (state.width - end - 2, start - 2)
    let width = fault.message.displayWidth
    if width <= after || after >= before {
      grid.put(fault.message.fitted(to: max(0, after)), x: end + 1, y: y, style)
    } else {
      let text = fault.message.fitted(to: before)
      grid.put(text, x: start - 1 - text.displayWidth, y: y, style)
    }
  }

  private func drawWords(_ words: [String], chosen: Int?, y: Int, into grid: inout Grid) {
    let theme = state.theme
    fill(row: y, of: &grid)
    // Pages, so that the chosen one is seen and the others stand still.
    var first = 0
    var x = 1
    for (index, word) in words.enumerated().prefix((chosen ?? 0) + 1) {
      if index > first, x + word.displayWidth > state.width - 3 {
        first = index
        x = 1
      }
      x += word.displayWidth + 2
    }
    x = 1
    for index in first..<words.count {
      let word = words[index]
      guard x + word.displayWidth <= state.width - 3 else {
        grid.put("…", x: x, y: y, theme.barMuted)
        break
      }
      grid.put(word, x: x, y: y, index == chosen ? theme.barAccent : theme.barMuted)
      x += word.displayWidth + 2
    }
  }
}

extension Keymap {
  /// What a command does, in the words of the help.
  static func words(of command: Command) -> String? {
    standard.bindings.first { $0.instruction.command == command }?.words
  }
}
