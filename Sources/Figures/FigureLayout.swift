import Screen

/// Lays a figure out: panels above each other in one column or several, time along the bottom of each.
public struct FigureLayout {
  private let figure: Figure
  private let inks: Figure.Inks

  /// The figure, laid out.
  public static func scene(of figure: Figure) -> Scene {
    FigureLayout(figure: figure, inks: figure.inks).scene()
  }

  /// How wide the plot of a heatmap will be at the most, in points, so that no more cells are made than
  /// can be told apart.
  public static func plotWidth(_ width: Length, columns: Int) -> Double {
    (width.points - 2 * Measure.margin) / Double(columns) - 20
  }

  /// Whether every token of a figure has its place under its step; false too where there are none.
  public static func showsTokens(_ figure: Figure) -> Bool {
    guard let time = figure.time else { return false }
    let layout = FigureLayout(figure: figure, inks: figure.inks)
    return TimeRuler.tokenSize(time, width: layout.plotWidth) != nil
  }

  /// Of the first column.
  private var plotWidth: Double {
    let columns = columns
    let perColumn = max(1, (figure.panels.count + columns - 1) / columns)
    return ColumnFrame(
      Array(figure.panels.prefix(perColumn)), left: Measure.margin, width: columnWidth(columns)
    ).plotWidth
  }

  private func columnWidth(_ columns: Int) -> Double {
    let gutters = Double(columns - 1) * Measure.gutter
    return (figure.width.points - 2 * Measure.margin - gutters) / Double(columns)
  }

  private func scene() -> Scene {
    var sketch = Sketch(inks)
    let width = figure.width.points
    var top = Measure.margin
    if !figure.caption.isEmpty {
      let text = TextMetrics.fitted(
        figure.caption, width: width - 2 * Measure.margin, size: Measure.title, isBold: true)
      sketch.label(text, Measure.margin, top + Measure.title, size: Measure.title, isBold: true)
      top += Measure.title + 5
    }
    let columns = columns
    let column = columnWidth(columns)
    let perColumn = (figure.panels.count + columns - 1) / columns
    var bottom = top
    for (place, panels) in figure.panels.chunks(of: max(1, perColumn)).enumerated() {
      let left = Measure.margin + Double(place) * (column + Measure.gutter)
      let frame = ColumnFrame(panels, left: left, width: column)
      bottom = max(bottom, draw(panels, frame, top: top, into: &sketch))
    }
    return Scene(
      width: width, height: bottom + Measure.margin, ground: inks.ground, title: figure.title,
      marks: sketch.marks)
  }

  // MARK: - Columns

  /// As many as were asked for; else two on a page and one in a column, but one where only that gives every
  /// token its room.
  private var columns: Int {
    let most = max(1, figure.panels.count)
    if let columns = figure.columns { return min(max(1, columns), most) }
    guard figure.panels.count > 1, figure.panels.allSatisfy(\.isOverTime),
      figure.width.millimetres >= 120
    else { return 1 }
    guard let time = figure.time, !time.tokens.isEmpty else { return 2 }
    func fits(_ columns: Int) -> Bool {
      let plot = Self.plotWidth(figure.width, columns: columns)
      return TimeRuler.tokenSize(time, width: plot) != nil
    }
    return fits(2) || !fits(1) ? 2 : 1
  }

  /// One column: all plots in it begin and end at the same places.
  struct ColumnFrame {
    let left: Double
    let right: Double
    let plotLeft: Double
    let plotRight: Double

    init(_ panels: [Figure.Panel], left: Double, width: Double) {
      self.left = left
      right = left + width
      let labels = panels.map { panel -> Double in
        switch panel {
        case .heat(let heat):
          (heat.rows.map { TextMetrics.width($0, size: Measure.tick) }.max() ?? 0)
            + (heat.rowName.isEmpty ? 0 : 9)
        case .chart(let chart): ChartDrawing.labelWidth(chart) + (chart.unit.isEmpty ? 0 : 9)
        case .text, .causes, .curves, .cell: 0
        }
      }
      plotLeft = left + (labels.max() ?? 0) + Measure.tickLength + Measure.tickGap
      plotRight = right - 3
    }

    var plotWidth: Double { plotRight - plotLeft }
  }

  /// - Returns: where it ends.
  private func draw(
    _ panels: [Figure.Panel], _ frame: ColumnFrame, top: Double, into sketch: inout Sketch
  ) -> Double {
    var y = top
    for (index, panel) in panels.enumerated() {
      let isLast = index == panels.count - 1 || !panels[index + 1].isOverTime
      switch panel {
      case .heat(let heat):
        y = HeatDrawing(panel: heat, time: figure.time, frame: frame).draw(into: &sketch, top: y)
      case .chart(let chart):
        y = ChartDrawing(panel: chart, time: figure.time, frame: frame).draw(into: &sketch, top: y)
      case .text(let text):
        y = TextDrawing(panel: text, frame: frame).draw(into: &sketch, top: y)
      case .causes(let causes):
        y = CausesDrawing(panel: causes, frame: frame).draw(into: &sketch, top: y)
      case .curves(let curves):
        y = CurvesDrawing(panel: curves, frame: frame).draw(into: &sketch, top: y)
      case .cell(let cell):
        y = CellDrawing(panel: cell, frame: frame).draw(into: &sketch, top: y)
      }
      if panel.isOverTime, isLast || !panel.isOfWords, let time = figure.time {
        let ruler = TimeRuler(time: time, left: frame.plotLeft, right: frame.plotRight)
        y = ruler.draw(into: &sketch, top: y, isWhole: isLast)
      }
      if index < panels.count - 1 { y += Measure.gap }
    }
    return y
  }
}

extension Figure.Panel {
  /// Whether time runs along its bottom.
  var isOverTime: Bool {
    switch self {
    case .heat, .chart: true
    case .text, .causes, .curves, .cell: false
    }
  }

  /// Whether it has no axis on which ticks could stand.
  var isOfWords: Bool {
    if case .chart(let chart) = self, case .words = chart.form { true } else { false }
  }
}

extension Array {
  func chunks(of count: Int) -> [[Element]] {
    stride(from: 0, to: self.count, by: count).map {
      Array(self[$0..<Swift.min($0 + count, self.count)])
    }
  }
}
