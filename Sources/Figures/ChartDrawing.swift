import Screen

/// Lines or bars over time, with an axis of round numbers.
struct ChartDrawing {
  let panel: ChartPanel
  let time: TimeAxis?
  let frame: FigureLayout.ColumnFrame

  private var count: Int { time?.count ?? panel.series.map(\.values.count).max() ?? 0 }

  /// - Returns: where it ends.
  func draw(into sketch: inout Sketch, top: Double) -> Double {
    let baseline = top + Measure.title
    drawNames(into: &sketch, y: baseline)
    let plot = Box(
      x: frame.plotLeft, y: baseline + 3, width: frame.plotWidth, height: panel.height)
    if case .words(let words) = panel.form {
      return draw(words, into: &sketch, at: plot)
    }
    drawPresent(plot, into: &sketch)
    drawAxis(plot, into: &sketch)
    for series in panel.series.reversed() {
      switch panel.form {
      case .lines: drawLine(series, plot, into: &sketch)
      case .bars: drawBars(series, plot, into: &sketch)
      case .words: break
      }
    }
    // Over the bars, which stand on it.
    sketch.line(
      [Spot(plot.x, plot.y), Spot(plot.x, plot.maxY), Spot(plot.maxX, plot.maxY)],
      sketch.inks.text, Measure.axis)
    return plot.maxY
  }

  // MARK: - Axes

  static func labelWidth(_ panel: ChartPanel) -> Double {
    if case .words = panel.form { return 0 }
    return ticks(panel).map { TextMetrics.width($0.text, size: Measure.tick) }.max() ?? 0
  }

  private static func ticks(_ panel: ChartPanel) -> [(value: Double, text: String)] {
    let (low, high) = (Double(panel.range.lowerBound), Double(panel.range.upperBound))
    let few = max(2, Int(panel.height / 13) + 1)
    func ticks(_ most: Int) -> [(value: Double, text: String)] {
      let interval = Ticks.interval(high - low, count: most)
      return Ticks.values(low, high, count: most).map {
        ($0, Ticks.text($0, interval: interval))
      }
    }
    // One number alone says nothing of a scale, and numbers that touch say less.
    let choices = (few...few + 4).lazy.map(ticks)
    return choices.first { list in
      list.count > 1 && (list[1].value - list[0].value) / (high - low) * panel.height >= 6.5
    } ?? ticks(few)
  }

  private func y(of value: Double, _ plot: Box) -> Double {
    let (low, high) = (Double(panel.range.lowerBound), Double(panel.range.upperBound))
    let share = high > low ? (min(max(value, low), high) - low) / (high - low) : 0.5
    return plot.maxY - share * plot.height
  }

  private func drawAxis(_ plot: Box, into sketch: inout Sketch) {
    let inks = sketch.inks
    if panel.range.lowerBound < 0, panel.range.upperBound > 0 {
      let zero = y(of: 0, plot)
      sketch.line([Spot(plot.x, zero), Spot(plot.maxX, zero)], inks.faint, 0.4)
    }
    for (value, text) in Self.ticks(panel) {
      let y = y(of: value, plot)
      sketch.line(
        [Spot(plot.x - Measure.tickLength, y), Spot(plot.x, y)], inks.text, Measure.axis)
      sketch.label(
        text, plot.x - Measure.tickLength - Measure.tickGap, y + Measure.tick * 0.36,
        size: Measure.tick, anchor: .end)
    }
    guard !panel.unit.isEmpty else { return }
    sketch.label(
      panel.unit, frame.left + Measure.label - 1, plot.midY, anchor: .middle, isUpright: true)
  }

  private func drawPresent(_ plot: Box, into sketch: inout Sketch) {
    guard let time, let present = time.present else { return }
    let x = plot.x + (Double(present) + 0.5) * plot.width / Double(time.count)
    sketch.line(
      [Spot(x, plot.y), Spot(x, plot.maxY)], sketch.inks.accent, 0.4, dashes: [1.5, 1.5])
  }

  /// Letter and name of every series, with a piece of its line.
  private func drawNames(into sketch: inout Sketch, y: Double) {
    var x = frame.plotLeft
    for series in panel.series {
      let isMany = panel.series.count > 1
      if isMany {
        sketch.line(
          [Spot(x, y - 2.5), Spot(x + 9, y - 2.5)], series.color, 1.4, dashes: series.dashes)
        x += 11.5
      }
      let room = frame.plotRight - x
      guard room > 12 else { return }
      x = sketch.heading(series.letter, series.name, x: x, y: y, room: room) + 9
    }
  }

  // MARK: - Values

  /// A line through the middle of every step; a gap where a value is missing.
  private func drawLine(_ series: ChartPanel.Series, _ plot: Box, into sketch: inout Sketch) {
    let cell = plot.width / Double(max(1, count))
    var spots: [Spot] = []
    func flush(_ sketch: inout Sketch) {
      if spots.count == 1 {
        sketch.marks.append(
          .disc(spots[0], radius: 0.7, fill: series.color, .init(series.color, 0)))
      } else if spots.count > 1 {
        sketch.line(spots, series.color, Measure.line, dashes: series.dashes)
      }
      spots = []
    }
    for (place, value) in series.values.enumerated() {
      guard value.isFinite else {
        flush(&sketch)
        continue
      }
      spots.append(Spot(plot.x + (Double(place) + 0.5) * cell, y(of: Double(value), plot)))
    }
    flush(&sketch)
  }

  /// A bar a step, from 0; all of one side in one piece where they touch.
  private func drawBars(_ series: ChartPanel.Series, _ plot: Box, into sketch: inout Sketch) {
    let cell = plot.width / Double(max(1, count))
    let zero = y(of: 0, plot)
    let inset = cell > 3 ? cell * 0.1 : 0
    for (place, value) in series.values.enumerated() where value.isFinite && value != 0 {
      let end = y(of: Double(value), plot)
      let box = Box(
        x: plot.x + Double(place) * cell + inset, y: min(zero, end), width: cell - 2 * inset,
        height: abs(end - zero))
      guard box.height >= 0.01 else { continue }
      sketch.marks.append(.fill(box, value < 0 ? series.below ?? series.color : series.color))
    }
  }

  /// Words under each other's steps, where they have room.
  private func draw(_ words: [String], into sketch: inout Sketch, at plot: Box) -> Double {
    let axis = TimeAxis(numbers: Array(words.indices), tokens: words)
    guard let size = TimeRuler.tokenSize(axis, width: plot.width) else { return plot.y }
    let ruler = TimeRuler(time: axis, left: plot.x, right: plot.maxX)
    for (place, word) in words.enumerated() {
      sketch.label(word, ruler.middle(of: place), plot.y + size, size: size, anchor: .middle)
    }
    return plot.y + size + 1
  }
}
