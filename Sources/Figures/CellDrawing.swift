import Screen

/// A cell as textbooks draw it, with the values of one step in its vectors: the slow state along the upper
/// row, gates and the fast state in the lower, what feeds the gates under them.
struct CellDrawing {
  let panel: CellPanel
  let frame: FigureLayout.ColumnFrame

  /// - Returns: where it ends.
  func draw(into sketch: inout Sketch, top: Double) -> Double {
    let plan = CellPlan(panel, left: frame.left, right: frame.right, top: top)
    switch panel.kind {
    case .lstm: drawLSTM(plan, into: &sketch)
    case .gru: drawGRU(plan, into: &sketch)
    case .rnn: drawRNN(plan, into: &sketch)
    case .unknown: drawStrips(plan, into: &sketch)
    }
    return drawFoot(plan, into: &sketch)
  }

  // MARK: - Kinds

  private func drawLSTM(_ plan: CellPlan, into sketch: inout Sketch) {
    let wires = Wires(plan: plan, inks: sketch.inks)
    let (plus, out) = (plan.x(3.5), plan.x(6.5))
    wires.flow(from: 0, past: plan.x(1), to: 2, &sketch)
    wires.flow(from: 2, past: plus, to: 5, &sketch)
    wires.arrow([Spot(plan.right(5), plan.flow), Spot(plan.x(7.4), plan.flow)], &sketch)
    wires.arrow([Spot(plan.x(1), plan.lower), Spot(plan.x(1), plan.flow + 4)], &sketch)
    wires.product(of: 3, 4, at: plus, &sketch)
    // tanh c, and o, into h.
    wires.dot(Spot(out, plan.flow), &sketch)
    wires.arrow([Spot(out, plan.flow), Spot(out, plan.bracket - 4)], &sketch)
    wires.line(
      [Spot(plan.x(6), plan.lower), Spot(plan.x(6), plan.bracket), Spot(out - 4, plan.bracket)],
      &sketch)
    wires.arrow(
      [
        Spot(out + 4, plan.bracket), Spot(plan.x(7), plan.bracket), Spot(plan.x(7), plan.lower),
      ], &sketch)
    if !panel.output.isEmpty {
      wires.box(panel.output, Spot(out, (plan.flow + plan.bracket) / 2), &sketch)
    }
    wires.operation(isSum: false, Spot(plan.x(1), plan.flow), &sketch)
    wires.operation(isSum: true, Spot(plus, plan.flow), &sketch)
    wires.operation(isSum: false, Spot(plus, plan.bracket), &sketch)
    wires.operation(isSum: false, Spot(out, plan.bracket), &sketch)
    wires.bus(
      [(1, panel.gates), (3, panel.gates), (4, panel.candidate), (6, panel.gates)], panel.input,
      &sketch)
    strips(
      plan, upper: [0: "c′", 2: "f⊙c′", 5: "c"],
      lower: [0: "h′", 1: "f", 3: "i", 4: "z", 6: "o", 7: panel.strips.last?.name ?? "h"],
      into: &sketch)
  }

  private func drawGRU(_ plan: CellPlan, into sketch: inout Sketch) {
    let wires = Wires(plan: plan, inks: sketch.inks)
    let plus = plan.x(3.5)
    wires.flow(from: 0, past: plan.x(1), to: 2, &sketch)
    wires.flow(from: 2, past: plus, to: 5, &sketch)
    wires.arrow([Spot(plan.right(5), plan.flow), Spot(plan.x(6.4), plan.flow)], &sketch)
    wires.arrow([Spot(plan.x(1), plan.lower), Spot(plan.x(1), plan.flow + 4)], &sketch)
    wires.product(of: 3, 4, at: plus, &sketch)
    // 1 - u.
    let middle = plan.lower + plan.height / 2
    wires.arrow([Spot(plan.right(1), middle), Spot(plan.left(3), middle)], &sketch)
    wires.box("1−", Spot((plan.right(1) + plan.left(3)) / 2, middle), &sketch)
    wires.bus(
      [(1, panel.gates), (4, panel.candidate), (6, panel.gates)], panel.input, &sketch)
    // r, down beside n into the product under its tanh.
    let (side, under) = (plan.x(5), plan.product)
    wires.arrow(
      [
        Spot(plan.x(6), plan.lower), Spot(plan.x(6), plan.bracket), Spot(side, plan.bracket),
        Spot(side, under), Spot(plan.x(4) + 4, under),
      ], &sketch)
    wires.operation(isSum: false, Spot(plan.x(4), under), &sketch)
    sketch.label(
      panel.output, plan.x(4) - 7, under + 2, size: 5.5, color: sketch.inks.muted, anchor: .end)
    wires.operation(isSum: false, Spot(plan.x(1), plan.flow), &sketch)
    wires.operation(isSum: true, Spot(plus, plan.flow), &sketch)
    wires.operation(isSum: false, Spot(plus, plan.bracket), &sketch)
    strips(
      plan, upper: [0: "h′", 2: "u⊙h′", 5: "h"],
      lower: [0: "h′", 1: "u", 3: "1-u", 4: "n", 6: "r"], into: &sketch)
  }

  private func drawRNN(_ plan: CellPlan, into sketch: inout Sketch) {
    let wires = Wires(plan: plan, inks: sketch.inks)
    let middle = plan.x(1.5)
    wires.arrow([Spot(plan.right(0), plan.flow), Spot(middle - 9, plan.flow)], &sketch)
    wires.arrow([Spot(middle + 9, plan.flow), Spot(plan.left(3), plan.flow)], &sketch)
    wires.arrow([Spot(plan.right(3), plan.flow), Spot(plan.right(3) + 20, plan.flow)], &sketch)
    let bottom = plan.upper + plan.height
    wires.arrow([Spot(middle, bottom - 2), Spot(middle, plan.flow + 5)], &sketch)
    wires.box(panel.candidate, Spot(middle, plan.flow), &sketch)
    sketch.label(panel.input, middle, bottom + 5, anchor: .middle)
    strips(plan, upper: [0: "h′", 3: "h"], lower: [:], into: &sketch)
  }

  private func drawStrips(_ plan: CellPlan, into sketch: inout Sketch) {
    for (place, strip) in panel.strips.enumerated() {
      draw(strip, at: plan.box(Double(place), plan.upper), hasRows: place == 0, into: &sketch)
    }
  }

  // MARK: - Vectors

  private func strips(
    _ plan: CellPlan, upper: [Int: String], lower: [Int: String], into sketch: inout Sketch
  ) {
    for (slots, top) in [(upper, plan.upper), (lower, plan.lower)] {
      for (slot, name) in slots.sorted(by: { $0.key < $1.key }) {
        guard let strip = panel.strips.first(where: { $0.name == name }) else { continue }
        draw(strip, at: plan.box(Double(slot), top), hasRows: slot == 0, into: &sketch)
      }
    }
  }

  private func draw(
    _ strip: CellPanel.Strip, at box: Box, hasRows: Bool, into sketch: inout Sketch
  ) {
    let inks = sketch.inks
    sketch.marks.append(.fill(box, inks.ground))
    sketch.marks.append(.cells(box, columns: 1, strip.colors))
    sketch.marks.append(.frame(box, .init(inks.text, Measure.axis)))
    sketch.label(
      strip.name, box.midX - 3.5, box.y - 2.5, size: Measure.title, anchor: .end, isBold: true)
    let row = box.height / Double(max(1, panel.rows.count))
    if let marked = panel.marked {
      let y = box.y + (Double(marked) + 0.5) * row
      sketch.marks.append(
        .area(
          [Spot(box.maxX, y), Spot(box.maxX + 3, y - 1.6), Spot(box.maxX + 3, y + 1.6)],
          inks.accent))
    }
    guard hasRows else { return }
    let interval = Ticks.wholeInterval(Measure.tick * 1.1 / row)
    for place in stride(from: 0, to: panel.rows.count, by: interval) {
      let y = box.y + (Double(place) + 0.5) * row + Measure.tick * 0.36
      sketch.label(
        panel.rows[place], box.x - 2.5, y, size: Measure.leastToken,
        color: place == panel.marked ? inks.accent : inks.muted, anchor: .end)
    }
  }

  // MARK: - Under it

  /// The colour bars, and the unit in hand in numbers.
  private func drawFoot(_ plan: CellPlan, into sketch: inout Sketch) -> Double {
    var y = plan.bottom + 10
    var x = frame.left
    for (name, bar) in panel.bars {
      let width =
        Sketch.width(of: bar) + TextMetrics.width(name, size: Measure.label, isBold: true) + 5
      if x + width > frame.right, x > frame.left {
        x = frame.left
        y += 10
      }
      let end = sketch.label(name, x, y, isBold: true).width + 4
      _ = sketch.colorBar(bar, right: x + end + Sketch.width(of: bar), y: y)
      x += width + 12
    }
    for line in panel.equations {
      y += 10
      let text = TextMetrics.fitted(line, width: frame.right - frame.left, size: Measure.label)
      sketch.label(text, frame.left, y)
    }
    return y + 3
  }
}

/// Where the parts of a cell stand.
struct CellPlan {
  private let start: Double
  private let slot: Double
  let upper: Double
  let lower: Double
  let height: Double
  /// The middle of the upper vectors, where the slow state flows.
  let flow: Double
  /// Where gates are multiplied with what they let through.
  let bracket: Double
  /// The boxes of activations, the product under a GRU's candidate, and what feeds all of them.
  let boxes: Double
  let product: Double
  let bus: Double
  let bottom: Double

  init(_ panel: CellPanel, left: Double, right: Double, top: Double) {
    let slots =
      switch panel.kind {
      case .lstm: 8
      case .gru: 7
      case .rnn: 4
      case .unknown: max(1, panel.strips.count)
      }
    start = left + 12
    slot = min(panel.kind == .rnn ? 34 : 48, (right - start) / Double(slots))
    let rows = Double(max(1, panel.rows.count))
    height = rows * min(7, max(64 / rows, 0.5))
    upper = top + 11
    flow = upper + height / 2
    bracket = upper + height + 13
    lower = bracket + 18
    boxes = lower + height + 11
    product = boxes + 12
    bus = boxes + (panel.kind == .gru ? 24 : 12)
    switch panel.kind {
    case .lstm, .gru: bottom = bus + 8
    case .rnn: bottom = upper + height + 8
    case .unknown: bottom = upper + height
    }
  }

  func x(_ place: Double) -> Double { start + (place + 0.5) * slot }
  private var half: Double { min(6, slot * 0.2) }
  func left(_ place: Double) -> Double { x(place) - half }
  func right(_ place: Double) -> Double { x(place) + half }
  func box(_ place: Double, _ top: Double) -> Box {
    Box(x: left(place), y: top, width: 2 * half, height: height)
  }
}

/// The lines of a cell and what stands in them.
private struct Wires {
  let plan: CellPlan
  let inks: Figure.Inks

  func line(_ spots: [Spot], _ sketch: inout Sketch) { sketch.line(spots, inks.text, 0.6) }

  func arrow(_ spots: [Spot], _ sketch: inout Sketch) {
    line(spots, &sketch)
    guard spots.count > 1 else { return }
    let (from, to) = (spots[spots.count - 2], spots[spots.count - 1])
    let along = Spot(
      to.x == from.x ? 0 : to.x > from.x ? 1 : -1, to.y == from.y ? 0 : to.y > from.y ? 1 : -1)
    let back = Spot(to.x - 3 * along.x, to.y - 3 * along.y)
    sketch.marks.append(
      .area(
        [
          to, Spot(back.x + 1.5 * along.y, back.y + 1.5 * along.x),
          Spot(back.x - 1.5 * along.y, back.y - 1.5 * along.x),
        ], inks.text))
  }

  /// The slow state from one vector to the next, past an operation.
  func flow(from: Int, past operation: Double, to: Int, _ sketch: inout Sketch) {
    line([Spot(plan.right(Double(from)), plan.flow), Spot(operation, plan.flow)], &sketch)
    arrow(
      [Spot(operation + 4, plan.flow), Spot(plan.left(Double(to)), plan.flow)], &sketch)
  }

  /// Two vectors into a product, and up into the flow.
  func product(of first: Int, _ second: Int, at x: Double, _ sketch: inout Sketch) {
    for slot in [first, second] {
      let place = plan.x(Double(slot))
      line([Spot(place, plan.lower), Spot(place, plan.bracket), Spot(x, plan.bracket)], &sketch)
    }
    arrow([Spot(x, plan.bracket - 4), Spot(x, plan.flow + 4)], &sketch)
  }

  func operation(isSum: Bool, _ at: Spot, _ sketch: inout Sketch) {
    sketch.marks.append(.disc(at, radius: 4, fill: inks.ground, .init(inks.text, 0.6)))
    let arm = isSum ? 2.4 : 1.7
    let diagonal = isSum ? 0.0 : arm
    sketch.line(
      [Spot(at.x - arm, at.y - diagonal), Spot(at.x + arm, at.y + diagonal)], inks.text, 0.7)
    sketch.line(
      [Spot(at.x - diagonal, at.y + arm), Spot(at.x + diagonal, at.y - arm)], inks.text, 0.7)
  }

  func dot(_ at: Spot, _ sketch: inout Sketch) {
    sketch.marks.append(.disc(at, radius: 1, fill: inks.text, .init(inks.text, 0)))
  }

  func box(_ text: String, _ at: Spot, _ sketch: inout Sketch) {
    let width = max(9, TextMetrics.width(text, size: Measure.tick) + 4)
    let box = Box(x: at.x - width / 2, y: at.y - 4, width: width, height: 8)
    sketch.marks.append(.fill(box, inks.ground))
    sketch.marks.append(.frame(box, .init(inks.text, Measure.axis)))
    sketch.label(text, at.x, at.y + 2.2, size: Measure.tick, anchor: .middle)
  }

  /// h′ and x to the gates, each through its activation.
  func bus(_ gates: [(slot: Int, activation: String)], _ input: String, _ sketch: inout Sketch) {
    guard let last = gates.last else { return }
    let bottom = plan.lower + plan.height
    line(
      [
        Spot(plan.x(0), bottom), Spot(plan.x(0), plan.bus),
        Spot(plan.x(Double(last.slot)), plan.bus),
      ], &sketch)
    for (slot, activation) in gates {
      let x = plan.x(Double(slot))
      arrow([Spot(x, plan.bus), Spot(x, bottom)], &sketch)
      box(activation, Spot(x, plan.boxes), &sketch)
    }
    let x = plan.x(0.5)
    arrow([Spot(x, plan.bus + 9), Spot(x, plan.bus)], &sketch)
    sketch.label(input, x + 3, plan.bus + 8)
  }
}
