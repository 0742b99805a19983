import Screen

/// A heatmap with its name, its colour bar and the numbers of its units.
struct HeatDrawing {
  let panel: HeatPanel
  let time: TimeAxis?
  let frame: FigureLayout.ColumnFrame

  /// How high a row is: few units get rows that can be told apart, many share the height there is.
  static func rowHeight(_ rows: Int) -> Double { min(6.0, max(90.0 / Double(max(1, rows)), 0.5)) }

  /// - Returns: where it ends.
  func draw(into sketch: inout Sketch, top: Double) -> Double {
    let baseline = top + Measure.title
    let start = sketch.colorBar(panel.bar, right: frame.plotRight, y: baseline)
    sketch.heading(
      panel.letter, panel.name, x: frame.plotLeft, y: baseline,
      room: start - 4 - frame.plotLeft)
    let height = Self.rowHeight(panel.rows.count) * Double(panel.rows.count)
    let steps = Double(time?.count ?? panel.columns * panel.stepsPerColumn)
    // The last column may stand for fewer steps than the others: it is cut where the steps end.
    let whole = Double(panel.columns * panel.stepsPerColumn)
    let plot = Box(x: frame.plotLeft, y: baseline + 3, width: frame.plotWidth, height: height)
    let cells = Box(x: plot.x, y: plot.y, width: plot.width * whole / steps, height: height)
    sketch.marks.append(.cells(cells, columns: panel.columns, panel.colors))
    if cells.maxX > plot.maxX + 0.01 {
      let past = Box(
        x: plot.maxX, y: plot.y - 0.5, width: cells.maxX - plot.maxX + 0.5, height: height + 1)
      sketch.marks.append(.fill(past, sketch.inks.ground))
    }
    drawPresent(plot, into: &sketch)
    sketch.marks.append(.frame(plot, .init(sketch.inks.text, Measure.axis)))
    drawRows(plot, into: &sketch)
    return plot.maxY
  }

  /// A line at either side of the step in hand.
  private func drawPresent(_ plot: Box, into sketch: inout Sketch) {
    guard let time, let present = time.present else { return }
    let cell = plot.width / Double(time.count)
    let left = plot.x + Double(present) * cell
    sketch.marks.append(
      .frame(
        Box(x: left, y: plot.y, width: cell, height: plot.height),
        .init(sketch.inks.accent, 0.6)))
  }

  private func drawRows(_ plot: Box, into sketch: inout Sketch) {
    let row = plot.height / Double(max(1, panel.rows.count))
    let interval = Ticks.wholeInterval(Measure.tick * 1.1 / row)
    let x = plot.x - Measure.tickLength - Measure.tickGap
    func middle(_ place: Int) -> Double { plot.y + (Double(place) + 0.5) * row }
    // The one in hand first: others make room for it.
    let marked = panel.marked.map { [$0] }?.filter(panel.rows.indices.contains) ?? []
    var taken: [Double] = []
    for place in marked + stride(from: 0, to: panel.rows.count, by: interval) {
      let y = middle(place)
      guard taken.allSatisfy({ abs($0 - y) >= Measure.tick }) else { continue }
      taken.append(y)
      sketch.line(
        [Spot(plot.x - Measure.tickLength, y), Spot(plot.x, y)], sketch.inks.text, Measure.axis)
      let isMarked = place == panel.marked
      sketch.label(
        panel.rows[place], x, y + Measure.tick * 0.36, size: Measure.tick,
        color: isMarked ? sketch.inks.accent : nil, anchor: .end, isBold: isMarked)
    }
    guard plot.height >= TextMetrics.width(panel.rowName, size: Measure.label) else { return }
    sketch.label(
      panel.rowName, frame.left + Measure.label - 1, plot.midY, anchor: .middle, isUpright: true)
  }
}
