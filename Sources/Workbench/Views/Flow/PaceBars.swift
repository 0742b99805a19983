import Inspector
import Screen

/// How many units are how fast: c over h, in the same classes.
struct PaceBars {
  let report: PaceReport
  let theme: Theme
  /// Of the autocorrelation time; else of the movement.
  let isTime: Bool

  static func height(_ report: PaceReport) -> Int { report.cell == nil ? 4 : 6 }

  func draw(into grid: inout Grid, at area: Rect) {
    let titles =
      isTime
      ? [Words.autocorrelation, Words.autocorrelationShort]
      : [Words.movement, Words.movementShort]
    let title = titles.first { $0.displayWidth <= area.width } ?? titles[1]
    grid.put(title.fitted(to: area.width), x: area.x, y: area.y, theme.muted)
    let edges = edges
    let signals: [(String, [Pace], Style)] =
      (report.cell.map { [("c", $0, theme.lines[0])] } ?? [])
      + [(report.shownSignal.rawValue, report.shown, theme.lines[1])]
    let counted = signals.map { name, paces, style in (name, counts(paces, edges), style) }
    let hasStill = counted.contains { $0.1[edges.count + 1] > 0 }
    let bins = edges.count + (hasStill ? 2 : 1)
    let width = max(4, min(8, (area.width - 3) / bins))
    for bin in 0..<bins {
      let label =
        bin < edges.count
        ? "≤" + edge(edges[bin]) : bin == edges.count ? Words.paceLonger : Words.stillBin
      grid.put(
        label.padded(left: width - 1), x: area.x + 3 + bin * width, y: area.y + 1, theme.muted)
    }
    let most = Float(counted.flatMap { $0.1.prefix(bins) }.max() ?? 1)
    for (row, (name, counts, style)) in counted.enumerated() {
      let y = area.y + 2 + 2 * row
      grid.put(name, x: area.x + 1, y: y + 1, style.with(.bold))
      for bin in 0..<bins {
        let x = area.x + 3 + bin * width
        if counts[bin] > 0 {
          let glyph = BarGlyph.level(Float(counts[bin]), in: 0...max(most, 1))
          for column in 1..<width - 1 { grid[x + column, y] = Cell(glyph, style) }
        }
        let text = counts[bin] == 0 ? "·" : String(counts[bin])
        grid.put(
          text.padded(left: width - 1), x: x, y: y + 1, counts[bin] == 0 ? theme.faint : theme.text)
      }
    }
  }

  private func edge(_ edge: Double) -> String {
    let text = Numbers.limit(Float(edge))
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text
  }

  /// The upper bounds of the classes; the last class has none.
  private var edges: [Double] {
    guard isTime else { return [0.02, 0.05, 0.1, 0.2, 0.5, 1] }
    let half = Double(report.steps.count) / 2
    let series: [[Double]] = [
      [1, 2, 4, 8, 16, 32], [1, 3, 10, 30, 100, 300], [1, 5, 20, 100, 500, 2000],
    ]
    return series.first { $0[5] * 2 >= half } ?? series[2]
  }

  /// A count a class, then those that are more, then those that stand still.
  private func counts(_ paces: [Pace], _ edges: [Double]) -> [Int] {
    var counts = [Int](repeating: 0, count: edges.count + 2)
    for pace in paces {
      guard !pace.isStill else {
        counts[edges.count + 1] += 1
        continue
      }
      let value = isTime ? pace.time : pace.movement
      counts[edges.firstIndex { value <= $0 } ?? edges.count] += 1
    }
    return counts
  }
}
