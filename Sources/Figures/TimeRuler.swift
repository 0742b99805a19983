import Screen

/// The axis of time under a plot: ticks, and at the bottom of a column their numbers, the tokens, its
/// name.
struct TimeRuler {
  let time: TimeAxis
  let left: Double
  let right: Double

  private var width: Double { right - left }
  private var cell: Double { width / Double(max(1, time.count)) }

  /// The middle of a step.
  func middle(of place: Int) -> Double { left + (Double(place) + 0.5) * cell }

  /// The size at which every token has room over its step; nil where there is none.
  static func tokenSize(_ time: TimeAxis, width: Double) -> Double? {
    guard !time.tokens.isEmpty else { return nil }
    let cell = width / Double(time.count)
    let widest = time.tokens.map { TextMetrics.width($0, size: 1) }.max() ?? 0
    // Letters may touch, words may not.
    let isSpaced = time.tokens.contains { $0.unicodeScalars.count > 1 }
    let room = isSpaced ? cell - 1.5 : cell
    let size = min(Measure.label, room / max(widest, 0.1))
    return size >= Measure.leastToken ? size : nil
  }

  /// Rounded steps that have ticks, and how far their numbers are apart.
  private var ticks: [Int] {
    guard let last = time.numbers.last, let first = time.numbers.first else { return [] }
    let widest = TextMetrics.width(String(max(last, first)), size: Measure.tick)
    // On a narrow plot numbers stand closer than one would choose.
    let interval = Ticks.wholeInterval(max(widest + 5, min(28, width / 5)) / cell)
    return time.numbers.indices.filter { time.numbers[$0].isMultiple(of: interval) }
  }

  /// - Parameter isWhole: whether numbers and tokens stand here.
  /// - Returns: where it ends.
  func draw(into sketch: inout Sketch, top: Double, isWhole: Bool) -> Double {
    let inks = sketch.inks
    for place in ticks {
      let x = middle(of: place)
      sketch.line(
        [Spot(x, top), Spot(x, top + Measure.tickLength)], inks.text, Measure.axis)
    }
    var y = top + Measure.tickLength
    guard isWhole else { return y }
    drawPresent(into: &sketch, y: top)
    if let size = Self.tokenSize(time, width: width) {
      y += size + 1
      for (place, token) in time.tokens.enumerated() {
        let isPresent = place == time.present
        sketch.label(
          token, middle(of: place), y, size: size, color: isPresent ? inks.accent : nil,
          anchor: .middle, isBold: isPresent)
      }
    }
    y += Measure.tickGap + Measure.tick
    var taken = -Double.infinity
    for place in ticks {
      let text = String(time.numbers[place])
      let half = TextMetrics.width(text, size: Measure.tick) / 2
      guard middle(of: place) - half > taken + 2 else { continue }
      sketch.label(text, middle(of: place), y, size: Measure.tick, anchor: .middle)
      taken = middle(of: place) + half
    }
    y += Measure.label + 1.5
    sketch.label(time.name, (left + right) / 2, y, anchor: .middle)
    return y + 1.5
  }

  /// A small triangle under the step in hand.
  private func drawPresent(into sketch: inout Sketch, y: Double) {
    guard let present = time.present else { return }
    let x = middle(of: present)
    sketch.marks.append(
      .area([Spot(x, y + 0.3), Spot(x + 1.8, y + 3), Spot(x - 1.8, y + 3)], sketch.inks.accent))
  }
}
