import Screen

/// Running text, each token on its colour.
struct TextDrawing {
  let panel: TextPanel
  let frame: FigureLayout.ColumnFrame

  private static let size = 7.0
  private static let leading = 10.5

  /// - Returns: where it ends.
  func draw(into sketch: inout Sketch, top: Double) -> Double {
    let baseline = top + Measure.title
    let right = frame.plotRight
    let start = sketch.colorBar(panel.bar, right: right, y: baseline)
    sketch.heading(
      panel.letter, panel.name, x: frame.left, y: baseline, room: start - 4 - frame.left)
    let lines = lines
    let widest = panel.tokens.map(\.number).max().map(String.init) ?? ""
    let gutter = TextMetrics.width(widest, size: Measure.leastToken) + 4
    var y = baseline + 4
    for line in lines {
      let first = panel.tokens[line.lowerBound]
      sketch.label(
        String(first.number), frame.left + gutter - 4, y + Self.leading * 0.7,
        size: Measure.leastToken, color: sketch.inks.muted, anchor: .end)
      var x = frame.left + gutter
      for token in panel.tokens[line] {
        let width = self.width(token)
        let box = Box(x: x, y: y, width: width, height: Self.leading - 1)
        if let color = token.color { sketch.marks.append(.fill(box, color)) }
        sketch.label(
          token.text, box.midX, y + Self.leading * 0.7, size: Self.size, color: token.ink,
          anchor: .middle)
        if token.isPresent { sketch.marks.append(.frame(box, .init(sketch.inks.accent, 0.8))) }
        x += width + gap
      }
      y += Self.leading
    }
    return y
  }

  private var gap: Double { panel.isSpaced ? 1.5 : 0 }

  private func width(_ token: TextPanel.Token) -> Double {
    TextMetrics.width(token.text, size: Self.size) + (panel.isSpaced ? 3 : 1)
  }

  /// Places of the tokens, a line an entry: as many as have room, broken where a line ends, else after a
  /// blank where there is one.
  private var lines: [Range<Int>] {
    let widest = panel.tokens.map(\.number).max().map(String.init) ?? ""
    let room =
      frame.plotRight - frame.left - TextMetrics.width(widest, size: Measure.leastToken) - 4
    var lines: [Range<Int>] = []
    var first = 0
    while first < panel.tokens.count {
      var end = first
      var used = 0.0
      while end < panel.tokens.count {
        used += width(panel.tokens[end])
        if used > room, end > first { break }
        used += gap
        end += 1
        if panel.tokens[end - 1].endsLine { break }
      }
      if end < panel.tokens.count, !panel.tokens[end - 1].endsLine,
        let blank = panel.tokens[first..<end].lastIndex(where: { $0.text == "␣" || $0.text == " " }
        ),
        blank > first + (end - first) / 2
      {
        end = blank + 1
      }
      lines.append(first..<end)
      first = end
    }
    return lines
  }
}
