import Screen

/// Parts of a sum as bars from a common 0, each with its name and number.
struct CausesDrawing {
  let panel: CausesPanel
  let frame: FigureLayout.ColumnFrame

  private static let row = 9.5

  /// - Returns: where it ends.
  func draw(into sketch: inout Sketch, top: Double) -> Double {
    var y = top + Measure.title
    sketch.heading("", panel.title, x: frame.left, y: y, room: frame.right - frame.left)
    y += 4
    let names = panel.causes.map(\.name) + panel.foot.map(\.name)
    let texts = panel.causes.map(\.text) + panel.foot.map(\.text)
    let most = (frame.right - frame.left) * 0.4
    let nameWidth = min(
      names.map { TextMetrics.width($0, size: Measure.label) }.max() ?? 0, most)
    let textWidth = texts.map { TextMetrics.width($0, size: Measure.tick) }.max() ?? 0
    let plot = Box(
      x: frame.left + nameWidth + 5, y: y,
      width: frame.right - frame.left - nameWidth - textWidth - 11,
      height: Double(panel.causes.count) * Self.row)
    let (low, high) = range
    func x(_ value: Double) -> Double {
      plot.x + (high > low ? (value - low) / (high - low) : 0.5) * plot.width
    }
    for (place, cause) in panel.causes.enumerated() {
      let middle = y + (Double(place) + 0.5) * Self.row
      put(cause.name, cause.text, middle, nameWidth, into: &sketch)
      let (from, to) = (min(x(0), x(cause.value)), max(x(0), x(cause.value)))
      guard to - from >= 0.01 else { continue }
      sketch.marks.append(
        .fill(
          Box(x: from, y: middle - Self.row * 0.34, width: to - from, height: Self.row * 0.68),
          cause.color))
    }
    drawAxis(plot, low, high, x, into: &sketch)
    y = plot.maxY + Measure.tickLength + Measure.tickGap + Measure.tick + Measure.label + 4
    for (name, text) in panel.foot {
      put(name, text, y + Self.row * 0.5, nameWidth, into: &sketch)
      y += Self.row
    }
    return y
  }

  private var range: (Double, Double) {
    let values = panel.causes.map(\.value).filter(\.isFinite)
    let (low, high) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
    guard low < high else { return (-1, 1) }
    // To the next round number on either side.
    let interval = Ticks.interval(high - low, count: 6)
    return (
      (low / interval - 1e-9).rounded(.down) * interval,
      (high / interval + 1e-9).rounded(.up) * interval
    )
  }

  private func put(
    _ name: String, _ text: String, _ middle: Double, _ width: Double, into sketch: inout Sketch
  ) {
    let baseline = middle + Measure.label * 0.36
    let shown = TextMetrics.fitted(name, width: width, size: Measure.label)
    sketch.label(shown, frame.left + width, baseline, anchor: .end)
    sketch.label(text, frame.right, baseline, size: Measure.tick, anchor: .end)
  }

  private func drawAxis(
    _ plot: Box, _ low: Double, _ high: Double, _ x: (Double) -> Double, into sketch: inout Sketch
  ) {
    let inks = sketch.inks
    sketch.line([Spot(x(0), plot.y), Spot(x(0), plot.maxY)], inks.text, Measure.axis)
    sketch.line([Spot(plot.x, plot.maxY), Spot(plot.maxX, plot.maxY)], inks.text, Measure.axis)
    let most = max(2, Int(plot.width / 32) + 1)
    let interval = Ticks.interval(high - low, count: most)
    let y = plot.maxY + Measure.tickLength
    for value in Ticks.values(low, high, count: most) {
      sketch.line([Spot(x(value), plot.maxY), Spot(x(value), y)], inks.text, Measure.axis)
      sketch.label(
        Ticks.text(value, interval: interval), x(value), y + Measure.tickGap + Measure.tick,
        size: Measure.tick, anchor: .middle)
    }
    sketch.label(
      panel.axis, plot.midX, y + Measure.tickGap + Measure.tick + Measure.label + 1.5,
      anchor: .middle)
  }
}
