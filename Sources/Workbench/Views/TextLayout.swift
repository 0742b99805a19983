import Inspector
import Recurrent
import Screen

/// Where the tokens of running text stand.
struct TextLayout {
  struct Token {
    let step: Int
    let text: String
    let column: Int
    let row: Int
    /// Columns that its colour takes.
    let width: Int
  }

  let tokens: [Token]

  var steps: Range<Int> {
    guard let first = tokens.first, let last = tokens.last else { return 0..<0 }
    return first.step..<last.step + 1
  }

  /// Lines that are taken.
  var rows: Int { (tokens.last?.row ?? -1) + 1 }

  /// A page that has the current step on it. Where lines are short a page holds fewer steps than it
  /// could, so the page is made smaller until the step is on it.
  ///
  /// - Parameter padding: blank columns that every token takes.
  init(_ state: State, width: Int, rows: Int, padding: Int = 0) {
    var visible = max(1, width * rows / 2)
    while true {
      let start = Paging.first(
        showing: state.step, visible: visible, count: state.session.length)
      let tokens = Self.lay(state, from: start, width: width, rows: rows, padding: padding)
      if visible <= 1 || (tokens.last.map { $0.step >= state.step } ?? false) {
        self.tokens = tokens
        return
      }
      visible /= 2
    }
  }

  private static func lay(
    _ state: State, from start: Int, width: Int, rows: Int, padding: Int
  ) -> [Token] {
    let isSpaced = StripLayout.isSpaced(state)
    var tokens: [Token] = []
    var (row, column) = (0, 0)
    // The last token of this line after which it may end.
    var breakable: Int?
    var step = start
    while step < state.session.length && row < rows {
      let symbol = state.trace.tokenText(at: step)
      let text = text(at: step, state)
      let columns = max(1, text.displayWidth) + padding
      if column + columns > width && column > 0 {
        row += 1
        // What follows the last blank or stop goes on with this token.
        let moved = breakable.map { Array(tokens[($0 + 1)...]) } ?? []
        tokens.removeLast(moved.count)
        (column, breakable) = (0, nil)
        if row == rows { break }
        for token in moved {
          tokens.append(
            Token(step: token.step, text: token.text, column: column, row: row, width: token.width))
          column += token.width
        }
      }
      tokens.append(Token(step: step, text: text, column: column, row: row, width: columns))
      column += columns + (isSpaced ? 1 : 0)
      if symbol == "\n" || symbol == "\r\n" {
        row += 1
        (column, breakable) = (0, nil)
      } else if let symbol, Self.ends.contains(symbol), column * 2 >= width {
        breakable = tokens.count - 1
      }
      step += 1
    }
    return tokens
  }

  /// After these a line that is full of characters may end: words and sentences stay whole.
  private static let ends: Set<String> = [" ", "\t", "。", "，", "、", "；", "：", "！", "？"]

  /// A step's token as it is shown; a numeric input has none, so its first number stands for the step.
  static func text(at step: Int, _ state: State) -> String {
    if let symbol = state.trace.tokenText(at: step) { return StripLayout.text(symbol) }
    switch state.trace.input {
    case .tokens: return StripLayout.text("")
    case .features(_, width: 0): return String(state.trace.stepNumber(at: step)) + " "
    case .features(let values, let width): return Numbers.fixed(values[step * width]) + " "
    }
  }
}
