import Inspector
import Recurrent
import Screen

/// Where the slow state comes from: the writes.
extension WhyView {
  func drawWrites(_ writes: StateWrites, _ layout: WhyLayout, into grid: inout Grid) {
    let seen = seenRows(layout, count: ranked.count)
    let chosen = ranked.isEmpty ? nil : ranked[min(state.whyRow, ranked.count - 1)]
    let first = writes.writes.first?.step ?? state.step
    let isForward = state.currentTrack.track.direction == .forward
    func left(_ step: Int) -> Double? {
      let index = isForward ? step - first : first - step
      return writes.writes.indices.contains(index) ? writes.writes[index].left : nil
    }
    drawBars(
      left, strongest: ranked.first.map { writes.writes[$0].step },
      marked: chosen.map { writes.writes[$0].step }, layout, into: &grid)
    drawTable(writes, ranked, seen, layout, into: &grid)
    drawFoot(writes, seen, layout, into: &grid)
    if let chosen { drawWorth(writes, chosen, layout, into: &grid) }
  }

  /// The places of the causes that are seen: a page of them.
  func seenRows(_ layout: WhyLayout, count: Int) -> Range<Int> {
    let rows = layout.rows
    guard rows > 0 else { return 0..<0 }
    let first = Paging.first(
      showing: min(state.whyRow, max(0, count - 1)), visible: rows, count: count)
    return first..<min(first + rows, count)
  }

  private func drawTable(
    _ writes: StateWrites, _ ranked: [Int], _ seen: Range<Int>, _ layout: WhyLayout,
    into grid: inout Grid
  ) {
    let all = writes.writes.reduce(0) { $0 + abs($1.left) }
    let rows = seen.map { place in
      let write = writes.writes[ranked[place]]
      return WhyTable.Row(
        cells: [
          String(state.trace.stepNumber(at: write.step)), entering(write.step),
          Numbers.value(write.wrote), Self.percent(write.kept), Numbers.value(write.left),
          all > 0 ? Self.percent(abs(write.left) / all) : "",
        ], value: write.left)
    }
    let table = WhyTable(
      columns: [
        .init(title: Words.stepColumn, width: 7), .init(title: enteringTitle, width: tokenWidth),
        .init(title: Words.written(in: state.currentTrack.cell), width: 13),
        .init(title: Words.keptSince, width: 12),
        .init(title: Words.leftNow, width: 10, isMain: true),
        .init(title: Words.share, width: 9),
      ], rows: rows, chosen: state.whyRow - seen.lowerBound,
      largest: ranked.first.map { abs(writes.writes[$0].left) } ?? 0)
    table.draw(into: &grid, at: layout.causes, state.theme)
  }

  /// What the numbers under "left now" are right of.
  private var leftColumn: Int { 2 + 7 + tokenWidth + 13 + 12 + 10 - 1 }

  private func drawFoot(
    _ writes: StateWrites, _ seen: Range<Int>, _ layout: WhyLayout, into grid: inout Grid
  ) {
    let theme = state.theme
    let rest = writes.ranked[seen.upperBound...]
    let x = layout.causes.x + 2
    var words = rest.isEmpty ? [] : [Words.smaller(rest.count, .write)]
    var left = rest.reduce(0.0) { $0 + writes.writes[$1].left }
    if writes.base.left != 0 || words.isEmpty {
      words.append(Words.before(step: writes.base.step.map(state.trace.stepNumber(at:))))
      left += writes.base.left
    }
    let room = layout.causes.x + leftColumn - Numbers.value(left).count - x - 1
    let long = words.joined(separator: ", ")
    let short = long.displayWidth <= room || words.count < 2 ? long : words[0] + Words.andBefore
    put(short, left, x, layout.foot, theme.muted, into: &grid, layout)
    let end = put(Words.sumRow, writes.sum, x, layout.foot + 1, theme.accent, into: &grid, layout)
    let miss = abs(writes.sum - Double(writes.value))
    let isExact = miss <= max(writes.rounding, 1e-6)
    let remark =
      isExact ? Words.addsUp(to: writes.signal) : Words.missesBy(Numbers.small(Float(miss)))
    guard end + 2 + remark.displayWidth <= layout.causes.maxX else { return }
    grid.put(remark, x: end + 2, y: layout.foot + 1, theme.muted)
  }

  @discardableResult
  private func put(
    _ words: String, _ value: Double, _ x: Int, _ y: Int, _ style: Style, into grid: inout Grid,
    _ layout: WhyLayout
  ) -> Int {
    let number = Numbers.value(value)
    let start = layout.causes.x + leftColumn - number.count
    grid.put(words.fitted(to: max(0, start - x - 1)), x: x, y: y, state.theme.muted)
    return grid.put(number, x: start, y: y, style)
  }

  /// What is left of the chosen write at every step since: to the present, and on as far as the steps
  /// are known.
  private func drawWorth(
    _ writes: StateWrites, _ chosen: Int, _ layout: WhyLayout, into grid: inout Grid
  ) {
    guard let area = layout.chart, let sum = state.currentTrack.cell.about.sum else { return }
    grid.put(Words.worth, x: area.x, y: area.y, state.theme.muted, limit: area.width)
    let strip = StripLayout(state, x: area.x, width: area.width)
    let isForward = state.currentTrack.track.direction == .forward
    var worth: [Int: Float] = [:]
    let from = writes.writes[chosen].step
    for (offset, kept) in writes.decay(of: chosen).enumerated() {
      worth[isForward ? from + offset : from - offset] = Float(kept)
    }
    // Later steps of what the screen shows.
    let later =
      isForward
      ? Array(
        state.step + 1..<max(state.step + 1, min(strip.steps.upperBound, state.trace.recordedSteps))
      )
      : Array((strip.steps.lowerBound..<max(strip.steps.lowerBound, state.step)).reversed())
    var kept = worth[state.step] ?? 0
    for step in later {
      let gate = sum.keep.signal.map {
        state.trace.value(track: state.track, signal: $0, step: step, unit: state.unit)
      }
      kept *= sum.keep.value(gate ?? 1)
      worth[step] = kept
    }
    let values = strip.steps.map { worth[$0] ?? 0 }
    let highest = max(1, values.max() ?? 1)
    for (limit, y) in [(highest, area.y + 1), (0, area.maxY - 1)] {
      let text = Numbers.limit(limit)
      guard text.count + 2 <= strip.labelWidth, area.height > 2 else { continue }
      grid.put(text, x: area.x + strip.labelWidth - 1 - text.count, y: y, state.theme.muted)
    }
    let chart = LineChart(
      range: 0...highest,
      series: [
        .init(
          values: strip.spread(values), style: state.theme.accent,
          ahead: state.theme.faint,
          textureAhead: state.theme.capabilities.heatByColor ? .solid : .dotted)
      ],
      future: isForward
        ? strip.column(of: state.step) + 1 - strip.column(of: strip.steps.lowerBound) : .max)
    chart.draw(
      into: &grid,
      at: Rect(
        x: area.x + strip.labelWidth, y: area.y + 1, width: strip.end - area.x - strip.labelWidth,
        height: area.height - 1))
  }

  static func percent(_ share: Double) -> String {
    Numbers.fixed(share * 100, decimals: 1) + " %"
  }

  // MARK: - What entered

  var enteringTitle: String {
    switch state.trace.input {
    case .tokens: Words.tokenColumn
    case .features: Words.inputColumn
    }
  }

  var tokenWidth: Int {
    switch state.trace.input {
    case .tokens: max(7, min(14, state.session.widestToken + 2))
    case .features: 14
    }
  }

  /// The token of a step, or its first numbers.
  func entering(_ step: Int) -> String {
    switch state.trace.input {
    case .tokens: state.trace.tokenText(at: step).map { Glyphs.alone($0) } ?? ""
    case .features(let values, let width):
      (0..<min(2, width)).map { Numbers.value(values[step * width + $0]) }.joined(separator: " ")
    }
  }

  // MARK: - Bars under the sequence

  /// One bar a step, as high as what it gave beside what any step gave; what pushes down in another
  /// colour.
  ///
  /// - Parameters:
  ///   - strongest: the step that gave most; where it is not among those that are seen an arrow says so,
  ///     since what is seen is then next to nothing.
  ///   - isText: the tokens are coloured by it too.
  func drawBars(
    _ value: (Int) -> Double?, strongest: Int?, marked: Int?, _ layout: WhyLayout,
    isText: Bool = false, into grid: inout Grid
  ) {
    guard let tokens = layout.tokens else { return }
    let theme = state.theme
    let strip = StripLayout(state, x: layout.bars.x, width: layout.bars.width)
    let values = strip.steps.map { value($0) ?? 0 }
    let largest = strongest.flatMap(value).map { abs($0) } ?? 0
    let scale = HeatScale(.signed(limit: Float(largest)), theme)
    for (step, value) in zip(strip.steps, values) {
      let eighths =
        largest > 0 ? Int((abs(value) / largest * Double(layout.bars.height * 8)).rounded()) : 0
      // Every other bar is fainter, so that equal ones side by side are seen to be several.
      let isEven = step.isMultiple(of: 2)
      let style =
        step == marked
        ? theme.accent : WhyTable.style(value, theme, strength: isEven ? 0.6 : 0.4)
      for row in 0..<layout.bars.height {
        let filled = min(max(eighths - row * 8, 0), 8)
        guard filled > 0 else { continue }
        let isPlain = theme.capabilities.colors == .none && value < 0
        let isFainter = !isEven && !theme.capabilities.heatByColor
        let glyph: Unicode.Scalar =
          isPlain
          ? (isFainter ? "▒" : "░")
          : isFainter && filled == 8 ? "▓" : BarGlyph.level(Float(filled), in: 1...8)
        for x in strip.column(of: step)..<strip.column(of: step) + max(1, tokenColumns(step, strip))
        {
          grid[x, layout.bars.maxY - 1 - row] = Cell(glyph, style)
        }
      }
      let heat = scale.cell(for: Float(value))
      let isColoured = isText && theme.capabilities.heatByColor && value != 0
      let ofToken =
        isColoured
        ? scale.inkStyle(on: heat)
        : step == marked
          ? theme.accent
          : step == state.step ? theme.marked : value == 0 ? theme.muted : theme.text
      if case .tokens = state.trace.input {
        grid.put(
          StripLayout.text(at: step, state), x: strip.column(of: step), y: tokens, ofToken,
          limit: layout.bars.maxX - strip.column(of: step))
      } else if step == marked || step == state.step {
        grid.put("▲", x: strip.column(of: step), y: tokens, theme.accent)
      }
    }
    guard let strongest, largest > 0, !strip.steps.contains(strongest) else { return }
    let isBefore = strongest < strip.steps.lowerBound
    let words = "\(state.trace.stepNumber(at: strongest)) \(entering(strongest))"
    let text = isBefore ? "◂ \(words)" : "\(words) ▸"
    grid.put(
      text,
      x: isBefore
        ? strip.column(of: strip.steps.lowerBound) : layout.bars.maxX - text.displayWidth,
      y: layout.bars.y, theme.accent)
  }

  /// Without the blank after it.
  private func tokenColumns(_ step: Int, _ strip: StripLayout) -> Int {
    strip.width(of: step) - (StripLayout.isSpaced(state) ? 1 : 0)
  }
}
