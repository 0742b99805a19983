import Screen

/// Curves over the lag, powers of ten up, each with its name where it ends.
struct CurvesDrawing {
  let panel: CurvesPanel
  let frame: FigureLayout.ColumnFrame

  private static let height = 110.0

  /// Powers of ten at the bottom and at the top.
  private var powers: (low: Double, high: Double) {
    let all = panel.curves.flatMap(\.logs).filter { !$0.isNaN }
    let highest = min(300, all.max() ?? 0)
    let top = highest <= 0.35 ? 0.35 : highest.rounded(.up)
    let low = max(panel.floor, min(300, all.min() ?? 0).rounded(.down))
    return (min(low, top.rounded(.down) - 2), top)
  }

  /// - Returns: where it ends.
  func draw(into sketch: inout Sketch, top: Double) -> Double {
    let inks = sketch.inks
    let baseline = top + Measure.title
    sketch.heading("", panel.title, x: frame.left, y: baseline, room: frame.right - frame.left)
    let names = panel.curves.map { TextMetrics.width($0.name, size: Measure.label) }.max() ?? 0
    let left = frame.left + Measure.label + 22
    let plot = Box(
      x: left, y: baseline + 5, width: frame.right - left - names - 4, height: Self.height)
    let (low, high) = powers
    func y(_ log: Double) -> Double {
      plot.maxY - (min(max(log, low), high) - low) / (high - low) * plot.height
    }
    func x(_ lag: Int) -> Double {
      plot.x + (panel.longest > 0 ? Double(lag) / Double(panel.longest) : 0) * plot.width
    }
    drawAxes(plot, low, high, x, y, into: &sketch)
    for curve in panel.curves.reversed() {
      for run in runs(curve, low) {
        sketch.line(
          run.map { Spot(x($0.lag), y($0.log)) }, curve.color, Measure.line, dashes: curve.dashes)
      }
    }
    drawNames(plot, x, y, into: &sketch)
    let bottom = plot.maxY + Measure.tickLength + Measure.tickGap + Measure.tick
    sketch.label(panel.xName, plot.midX, bottom + Measure.label + 1.5, anchor: .middle)
    sketch.label(
      panel.yName, frame.left + Measure.label - 1, plot.midY, anchor: .middle, isUpright: true)
    sketch.line(
      [Spot(plot.x, plot.y), Spot(plot.x, plot.maxY), Spot(plot.maxX, plot.maxY)], inks.text,
      Measure.axis)
    return bottom + Measure.label + 3
  }

  /// Stretches of a curve that can be drawn; what falls below the axis ends on it.
  private func runs(_ curve: CurvesPanel.Curve, _ low: Double) -> [[(lag: Int, log: Double)]] {
    var runs: [[(lag: Int, log: Double)]] = []
    var run: [(lag: Int, log: Double)] = []
    var isBelow = true
    for (lag, log) in curve.logs.enumerated() where !log.isNaN && lag <= panel.longest {
      if log < low, isBelow {
        if run.count > 1 { runs.append(run) }
        run = []
      }
      isBelow = log < low
      run.append((lag, max(log, low)))
    }
    if run.count > 1 { runs.append(run) }
    return runs
  }

  private func drawAxes(
    _ plot: Box, _ low: Double, _ high: Double, _ x: (Int) -> Double, _ y: (Double) -> Double,
    into sketch: inout Sketch
  ) {
    let inks = sketch.inks
    let apart = Ticks.wholeInterval((high - low) / (Self.height / 14))
    let first = Int(low.rounded(.up))
    let last = Int(high.rounded(.down))
    for power in first...max(first, last) where power.isMultiple(of: apart) {
      let place = y(Double(power))
      sketch.line(
        [Spot(plot.x - Measure.tickLength, place), Spot(plot.x, place)], inks.text, Measure.axis)
      let text = power == 0 ? "1" : power == 1 ? "10" : "1e\(power)".replacing("-", with: "−")
      sketch.label(
        text, plot.x - Measure.tickLength - Measure.tickGap, place + Measure.tick * 0.36,
        size: Measure.tick, anchor: .end)
    }
    let interval = Ticks.wholeInterval(Double(panel.longest) / (plot.width / 28))
    for lag in stride(from: 0, through: panel.longest, by: interval) {
      let bottom = plot.maxY + Measure.tickLength
      sketch.line([Spot(x(lag), plot.maxY), Spot(x(lag), bottom)], inks.text, Measure.axis)
      sketch.label(
        String(lag), x(lag), bottom + Measure.tickGap + Measure.tick, size: Measure.tick,
        anchor: .middle)
    }
  }

  /// Each where its curve leaves the plot, at the right or below, kept apart.
  private func drawNames(
    _ plot: Box, _ x: (Int) -> Double, _ y: (Double) -> Double, into sketch: inout Sketch
  ) {
    let low = powers.low
    let ends = panel.curves.compactMap { curve -> (curve: CurvesPanel.Curve, at: Spot)? in
      guard !curve.name.isEmpty,
        let last = curve.logs.indices.last(where: { curve.logs[$0] >= low && $0 <= panel.longest })
      else { return nil }
      return (curve, Spot(x(last) + 3, y(curve.logs[last])))
    }.sorted { $0.at.y > $1.at.y }
    var taken: [Box] = []
    for end in ends {
      var label = Label(
        text: end.curve.name, place: Spot(end.at.x, end.at.y + Measure.label * 0.36),
        size: Measure.label, color: end.curve.color, isBold: true)
      let wanted = min(label.place.y, plot.maxY - 1.5)
      let row = Measure.label + 0.5
      // As near as there is room, up or down.
      let places = (0..<2 * panel.curves.count).flatMap { place in
        [wanted - Double(place) * row, wanted + Double(place) * row]
      }
      label.place.y =
        places.first { y in
          label.place.y = y
          return y > plot.y && y < plot.maxY && !taken.contains { $0.meets(label.box) }
        } ?? wanted
      taken.append(label.box)
      sketch.marks.append(.label(label))
    }
  }
}
