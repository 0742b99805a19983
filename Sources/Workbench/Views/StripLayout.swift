import Recurrent
import Screen

/// Which steps the sequence and what is known about it show, and in which columns: one map for the
/// tokens and every row under them.
struct StripLayout {
  /// Columns at the left for the rows' names; none where there are no rows.
  let labelWidth: Int
  /// Columns at the right for the values of the step in hand; none but in the unit's view.
  let valueWidth: Int
  /// The column after them, where what is laid out ends.
  let right: Int
  let steps: Range<Int>
  /// The first column of each step, and the one after the last.
  private let columns: [Int]

  func column(of step: Int) -> Int { columns[step - steps.lowerBound] }
  func width(of step: Int) -> Int { column(of: step + 1) - column(of: step) }

  /// The column after the last step.
  var end: Int { columns[columns.count - 1] }

  /// The values of steps from the first on, each in every column that its step takes.
  func spread(_ values: some Sequence<Float>) -> [Float] {
    zip(steps, values).flatMap { step, value in
      Array(repeating: value, count: width(of: step))
    }
  }

  /// The step in a column of the screen, a blank after a token being the token's; nil beside them.
  func step(atColumn x: Int) -> Int? {
    guard let first = columns.first, x >= first, let next = columns.firstIndex(where: { $0 > x })
    else { return nil }
    return steps.lowerBound + next - 1
  }

  init(_ state: State, x: Int, width: Int) {
    labelWidth = StripRow.labelWidth(state, available: width)
    valueWidth = state.view == .unit ? UnitLabels.valueWidth(available: width) : 0
    let start = x + labelWidth
    // The guesses after what is typed stand at its end.
    let end = x + width - valueWidth - (state.typing == nil ? 0 : Self.guessWidth(state))
    let isSpaced = Self.isSpaced(state)

    // Pages are laid out by the widest token, so that they do not depend on where the cursor is;
    // where narrower ones leave room, more of what follows is shown.
    let count = state.session.length
    let widest = state.session.widestToken + (isSpaced ? 1 : 0)
    let page = max(1, (end - start) / max(1, widest))
    let first = Paging.first(showing: state.step, visible: page, count: count)
    var columns = [start]
    var last = first
    while last < count {
      let next = columns[columns.count - 1] + Self.width(of: last, state) + (isSpaced ? 1 : 0)
      if next - (isSpaced ? 1 : 0) > end && last > state.step { break }
      columns.append(next)
      last += 1
      if next >= end { break }
    }
    steps = first..<last
    let isWhole = steps.count == count
    let isUnit = state.view == .unit
    // Words stay a text, but under charts.
    let stretched =
      isWhole && (isUnit || !isSpaced) ? Self.stretched(columns, to: end, isEven: !isUnit) : columns
    self.columns = stretched
    // Values stand beside what is stretched, else where a full page would end.
    right =
      isWhole && isUnit ? min(stretched[stretched.count - 1], end) + valueWidth : x + width
    let widths = zip(zip(stretched, stretched.dropFirst()), zip(columns, columns.dropFirst()))
      .map { (shown: $0.1 - $0.0, natural: $1.1 - $1.0) }
    isUneven = widths.contains {
      $0.shown * widths[0].natural != widths[0].shown * $0.natural
    }
  }

  /// No step is stretched to more than that: under charts, and where what is read stands above others.
  private static let widestStretch = (charts: 12, reading: 3)

  /// Where every step is seen they take the room there is. All are stretched alike where that leaves no
  /// more than a quarter of it: tokens at uneven distances look like words. Else, unless what is read
  /// must stay even, as evenly as columns go.
  private static func stretched(_ columns: [Int], to end: Int, isEven: Bool) -> [Int] {
    let start = columns[0]
    let natural = columns[columns.count - 1] - start
    let widest = isEven ? widestStretch.reading : widestStretch.charts
    let room = min(end - start, natural * widest)
    guard natural > 0, room > natural else { return columns }
    let even = room / natural * natural
    let wanted = isEven || even * 4 >= room * 3 ? even : room
    return columns.map { start + ($0 - start) * wanted / natural }
  }

  /// Whether steps of one width have columns of several: then what is written in them needs its columns
  /// marked.
  let isUneven: Bool

  private static func guessWidth(_ state: State) -> Int { 3 * (state.session.widestToken + 1) }

  static func text(at step: Int, _ state: State) -> String {
    text(state.trace.tokenText(at: step) ?? "")
  }

  static func text(_ symbol: String) -> String { Glyphs.visible(symbol) }

  private static func width(of step: Int, _ state: State) -> Int {
    switch state.trace.input {
    case .tokens: max(1, text(at: step, state).displayWidth)
    case .features: 1
    }
  }

  /// Numbers and words are set apart, characters and measured values are not.
  static func isSpaced(_ state: State) -> Bool {
    switch state.trace.input {
    case .tokens: state.trace.symbols.map { $0.contains { $0.unicodeScalars.count > 1 } } ?? true
    case .features: false
    }
  }
}
