import Inspector
import Recurrent
import Screen

/// y where h leaves a diagram: the likeliest outputs, or the numbers with what they should be.
struct DiagramReadout {
  private let state: State

  /// Nil for a layer that has another above it.
  init?(_ state: State) {
    guard state.trace.layout.last?.track == state.currentTrack.track else { return nil }
    self.state = state
  }

  /// - Parameters:
  ///   - area: from the row under h's strip to where the diagram ends.
  ///   - column: where h comes down.
  func draw(into grid: inout Grid, at area: Rect, from column: Int) {
    guard area.height > 0, let rows, !rows.isEmpty else { return }
    let theme = state.theme
    let left = area.maxX - min(28, area.width)
    var y = area.y
    if area.height >= 4 {
      DiagramPen(theme: theme).arrow(&grid, .down, x: column, y: y)
      y += 1
    }
    // What it says of itself leaves first.
    if let equation, equation.displayWidth <= area.maxX - left, area.maxY - y > rows.count {
      grid.put(equation, x: left, y: y, theme.muted)
      y += 1
    }
    let shown = rows.prefix(max(0, area.maxY - y))
    // Where every row has the name of its own, none has to say that it is y.
    let isNamed = shown.allSatisfy(\.isNamed)
    let nameWidth = min(
      shown.map(\.name.displayWidth).max() ?? 0, area.maxX - left - (isNamed ? 6 : 8))
    for (index, row) in shown.enumerated() {
      let start = grid.put(
        isNamed ? "" : index == 0 && !row.isNamed ? "y " : "  ", x: left, y: y + index,
        theme.text.with(.bold))
      grid.put(row.name.fitted(to: nameWidth), x: start, y: y + index, row.style)
      let number = area.maxX - row.number.count
      grid.put(row.number, x: number, y: y + index, row.numberStyle)
      let bar = start + nameWidth + 1
      if let share = row.share {
        ShareLine(share: share, width: max(0, number - 1 - bar))
          .draw(into: &grid, x: bar, y: y + index, theme, row.numberStyle)
      }
    }
  }

  private struct Row {
    let name: String
    /// Whether its name is that of an output, which y then need not stand for.
    var isNamed = false
    let number: String
    var share: Double?
    let style: Style
    let numberStyle: Style
  }

  private var rows: [Row]? {
    let theme = state.theme
    if let prediction = Prediction(state) {
      let isDue = Due(state).isNow
      return prediction.all.prefix(5).map { entry in
        let style = entry.isTrue ? theme.good : isDue ? theme.text : theme.muted
        return Row(
          name: entry.symbol, number: Numbers.fixed(entry.probability),
          share: Double(entry.probability), style: style.with(.bold), numberStyle: style)
      }
    }
    guard let numeric = NumericReadout(state) else { return nil }
    let outputs = numeric.output(at: state.step)
    let target = numeric.target(at: state.step)
    let names = state.session.model?.outputSymbols
    var rows = outputs.indices.prefix(5).map { index in
      let name = names.flatMap { $0.indices.contains(index) ? $0[index] : nil }
      return Row(
        name: Glyphs.visible(name ?? (outputs.count > 1 ? String(index) : "")),
        isNamed: name != nil,
        number: Numbers.fixed(outputs[index], decimals: 3), style: theme.text.with(.bold),
        numberStyle: numeric.isDue ? theme.accent : theme.muted)
    }
    if !target.isNaN {
      rows.insert(
        Row(
          name: Words.target, isNamed: true, number: Numbers.fixed(target, decimals: 3),
          style: theme.muted, numberStyle: theme.good), at: min(1, rows.count))
    }
    return rows
  }

  /// "y = softmax(V h + b)", of a single number with its numbers; nil where a recorded trace does not
  /// say.
  private var equation: String? {
    guard let readout = state.session.model?.network.readout else { return nil }
    if readout.activation == .linear, readout.weights.count == 1 {
      let bias = readout.bias.map { ($0[0] < 0 ? " - " : " + ") + Numbers.value(abs($0[0])) }
      return "y = \(Numbers.value(readout.weights[0])) h" + (bias ?? "")
    }
    let sum = readout.bias == nil ? "V h" : "V h + b"
    return switch readout.activation {
    case .softmax: "y = softmax(\(sum))"
    case .sigmoid: "y = σ(\(sum))"
    case .linear: "y = \(sum)"
    }
  }
}
