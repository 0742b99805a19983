import Inspector
import Screen

/// What the network expects next: its five likeliest outputs, the one that came true marked.
struct PredictionRow {
  let state: State

  /// A probability with two decimals.
  private static let numberWidth = 4
  /// Blanks from one output to the next, the last of them for the mark of what came true.
  private static let gap = 3
  private static let leastBar = 2
  /// Columns that a bar should have before the readout says more of itself than it must.
  private static let roomForBar = 6

  /// Whether there can be one.
  static func isShown(_ state: State) -> Bool {
    state.session.model?.network.readout != nil || state.trace.readout?.isProbable == true
  }

  func draw(into grid: inout Grid, at area: Rect) {
    guard state.isRecorded, let entries = Prediction(state) else { return }
    let theme = state.theme
    let label = state.session.predictsNext ? Words.next : Words.answer
    var x = grid.put(label + "  ", x: area.x, y: area.y, theme.muted)
    if FrameLayout.isAiry(state) {
      x = max(x, area.x + StripRow.labelWidth(state, available: area.width))
    }
    let symbolWidth = entries.all.map(\.symbol.displayWidth).max() ?? 1
    let width = symbolWidth + 1 + Self.numberWidth
    let origin = ReadoutOrigin(
      state, room: area.maxX - x - entries.all.count * (width + Self.gap + Self.roomForBar))
    let end = origin.draw(into: &grid, at: area, theme)
    let due = Due(state)
    // Where there is little room the bars give way to when it is due.
    let wanted = end - x + Self.gap - (due.words.map { $0.displayWidth + Self.gap } ?? 0)
    let left = wanted / max(1, entries.all.count) - width - Self.gap - 1
    let bar = left >= Self.leastBar ? min(8, left) : 0
    for entry in entries.all {
      guard x + width + (bar > 0 ? 1 + bar : 0) <= end else { break }
      let color = entry.isTrue ? theme.good : theme.text
      if entry.isTrue { grid.put("✓", x: x - 1, y: area.y, theme.good) }
      grid.put(entry.symbol, x: x, y: area.y, due.isNow ? color.with(.bold) : theme.muted)
      grid.put(
        Numbers.fixed(entry.probability), x: x + symbolWidth + 1, y: area.y,
        entry.isTrue ? color : !due.isNow || entry.probability < 0.005 ? theme.muted : color)
      x += width
      if bar > 0 {
        ShareLine(share: Double(entry.probability), width: bar).draw(
          into: &grid, x: x + 1, y: area.y, theme, due.isNow ? color : theme.muted)
        x += 1 + bar
      }
      x += Self.gap
    }
    if let words = due.words, x + words.displayWidth <= end {
      grid.put(words, x: x, y: area.y, theme.muted)
    }
  }
}

/// When an answer is due, of a task that asks for one at some steps alone: what stands there before is
/// not to be taken for one.
struct Due {
  /// Whether one is due at the step in hand, or each step has one.
  let isNow: Bool
  /// "due at step 201"; nil where one is due now or none is to come.
  let words: String?

  init(_ state: State) {
    guard let expected = state.session.expected else {
      isNow = true
      words = nil
      return
    }
    let next = expected[state.step...].firstIndex { $0 != nil }
    isNow = next == state.step
    words = isNow ? nil : next.map { Words.due(at: state.trace.stepNumber(at: $0)) }
  }
}

/// Which tensor the readout is and what is taken to follow it, where the file does not state it; at the
/// right of what the readout gives.
struct ReadoutOrigin {
  /// "readout fc.weight softmax?", "readout softmax?"; empty where there is nothing to say.
  let text: String

  /// - Parameter room: columns; a guess is said in any case.
  init(_ state: State, room: Int) {
    guard let model = state.session.model, let readout = model.network.readout, !model.isStated,
      let name = model.headNames.readout.map(Glyphs.visible)
    else {
      text = ""
      return
    }
    let isGuessed = model.headNames.isActivationGuessed
    let long = Words.readout(name, readout.activation.rawValue, isGuessed: isGuessed)
    let short = Words.readout(nil, readout.activation.rawValue, isGuessed: isGuessed)
    text = long.displayWidth + 2 <= room ? long : isGuessed ? short : ""
  }

  /// - Returns: where the row ends for what else stands in it.
  func draw(into grid: inout Grid, at area: Rect, _ theme: Theme) -> Int {
    guard !text.isEmpty else { return area.maxX }
    let start = area.maxX - text.displayWidth
    grid.put(text, x: start, y: area.y, theme.muted)
    return start - 2
  }
}

/// The readout's likeliest outputs at the current step.
struct Prediction {
  struct Entry {
    let symbol: String
    let probability: Float
    let isTrue: Bool
  }

  /// The five likeliest, and the true one behind them where it is not among them.
  let all: [Entry]

  /// Nil where there is no readout or what it gives is not probabilities.
  init?(_ state: State) {
    guard let readout = state.trace.readout, readout.isProbable else { return nil }
    let block = readout.block(state.step..<state.step + 1)
    let y = Array(block.row(state.step))
    let truth = state.session.expectedOutput(at: state.step)
    var shown = block.likeliest(5, at: state.step)
    if let truth, y.indices.contains(truth), !y[truth].isNaN, !shown.contains(truth) {
      shown.append(truth)
    }
    all = shown.map { output in
      Entry(
        symbol: state.session.outputSymbol(output), probability: y[output],
        isTrue: output == truth)
    }
  }
}

/// A share of one as a line in the middle of its row, to half a column, so that those under each other
/// keep apart; its rest is faint, so that all of it is seen.
struct ShareLine {
  let share: Double
  let width: Int

  func draw(into grid: inout Grid, x: Int, y: Int, _ theme: Theme, _ style: Style) {
    guard width > 0, share.isFinite else { return }
    let halves = Int((min(max(share, 0), 1) * Double(width * 2)).rounded())
    for column in 0..<width {
      let filled = halves - column * 2
      grid[x + column, y] =
        filled >= 2
        ? Cell("━", style) : filled == 1 ? Cell("╸", style) : Cell("─", theme.faint)
    }
  }
}
