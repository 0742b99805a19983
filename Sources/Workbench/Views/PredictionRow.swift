import Inspector
import Screen

/// What the network expects next: its five likeliest outputs, the one that came true marked.
struct PredictionRow {
  let state: State

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
    let numbers = 4
    let fixed = symbolWidth + 1 + 1 + numbers + 2
    let origin = ReadoutOrigin(state, room: area.maxX - x - entries.all.count * (fixed + 2))
    let end = origin.draw(into: &grid, at: area, theme)
    let due = Due(state)
    // Where there is little room the bars give way to when it is due.
    let wanted = end - x + 2 - (due.words.map { $0.displayWidth + 2 } ?? 0)
    let barWidth = min(8, wanted / max(1, entries.all.count) - fixed)
    for entry in entries.all {
      let bar = max(0, barWidth)
      guard x + fixed - 2 + bar <= end else { break }
      let style = entry.isTrue ? theme.good.with(.bold) : theme.text.with(.bold)
      grid.put(entry.symbol, x: x, y: area.y, due.isNow ? style : theme.muted)
      x += symbolWidth
      grid.put(entry.isTrue ? "✓" : " ", x: x, y: area.y, theme.good)
      x += 1
      Bar(share: Double(entry.probability), width: bar).draw(
        into: &grid, x: x, y: area.y, theme, style: due.isNow ? nil : theme.faint)
      x += bar + 1
      grid.put(
        Numbers.fixed(entry.probability), x: x, y: area.y,
        entry.isTrue
          ? theme.good : !due.isNow || entry.probability < 0.005 ? theme.muted : theme.text)
      x += numbers + 2
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

/// A share as a bar, to an eighth of a column.
struct Bar {
  let share: Double
  let width: Int

  /// - Parameter style: the theme's for a share where none is given.
  func draw(into grid: inout Grid, x: Int, y: Int, _ theme: Theme, style: Style? = nil) {
    guard width > 0, share.isFinite else { return }
    let eighths = Int((min(max(share, 0), 1) * Double(width * 8)).rounded())
    for column in 0..<width {
      let filled = min(max(eighths - column * 8, 0), 8)
      guard filled > 0 else { continue }
      grid[x + column, y] = Cell(Self.parts[filled - 1], style ?? theme.share)
    }
  }

  private static let parts: [Unicode.Scalar] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
}
