import Inspector
import Recurrent
import Screen

/// A row under the sequence: a ground-truth lane, or a number of a numeric input.
struct StripRow {
  let name: String
  let kind: GroundTruthLane.Kind
  /// Smallest and largest value of the whole sequence.
  let range: ClosedRange<Float>
  let symbols: [String]
  /// Whether the units are ordered by it.
  let isOrdering: Bool
  /// NaN where nothing is known.
  let value: (Int) -> Float

  /// The rows of a session, the inputs before what is known.
  static func all(_ state: State) -> [StripRow] { inputs(state) + known(state) }

  /// The numbers of a numeric input, three at most.
  static func inputs(_ state: State) -> [StripRow] {
    var rows: [StripRow] = []
    if case .features(let values, let width) = state.trace.input {
      for feature in 0..<min(width, 3) {
        let range = range(
          stride(from: feature, to: values.count, by: width).lazy.map { values[$0] })
        let names = state.session.featureNames
        rows.append(
          StripRow(
            name: names.indices.contains(feature) ? names[feature] : "x[\(feature)]",
            kind: .number, range: range, symbols: [], isOrdering: false
          ) { values[$0 * width + feature] })
      }
    }
    return rows
  }

  /// What is known of every step, and what the network says of it.
  static func known(_ state: State) -> [StripRow] {
    var rows: [StripRow] = []
    for (index, lane) in state.session.lanes.enumerated() {
      guard state.orderLane == index || !repeatsInput(lane, state) else { continue }
      rows.append(
        StripRow(
          name: lane.name, kind: lane.kind, range: range(lane.values), symbols: lane.symbols,
          isOrdering: state.orderLane == index
        ) { lane.values.indices.contains($0) ? lane.values[$0] : .nan })
    }
    // On a small screen they must not cost a unit its row, or the words under the lanes theirs, unless
    // somebody asked for them.
    for quantity in state.saidLanes {
      let isAskedFor =
        state.saidInHand == quantity
        || state.arrangement[track: state.track].key == .said(quantity)
      guard isAskedFor || state.height >= hasRoomForSaid else { continue }
      // Only what is drawn is computed, once.
      rows.append(
        StripRow(
          name: quantity.rawValue, kind: .number, range: 0...state.saidLimit, symbols: [],
          isOrdering: isAskedFor
        ) { step in
          // What is still being looked at shows as it comes.
          let isThere =
            step < state.trace.recordedSteps
            && (state.pending != .overlook
              || state.trace.readout?.lookedAt(step..<step + 1) == 1)
          return isThere ? state.said(quantity, step..<step + 1).first ?? .nan : .nan
        })
    }
    return rows
  }

  /// Whether a lane, to whatever decimals it is written, is a number of the input that has a row already:
  /// units are compared with it, but nobody needs to see it twice.
  private static func repeatsInput(_ lane: GroundTruthLane, _ state: State) -> Bool {
    guard lane.kind == .number, case .features(let values, let width) = state.trace.input else {
      return false
    }
    return (0..<min(width, 3)).contains { feature in
      lane.values.indices.allSatisfy { step in
        let place = step * width + feature
        return values.indices.contains(place) && abs(values[place] - lane.values[step]) < 1e-4
      }
    }
  }

  /// The rows that have room: inputs, then the lane in hand or that units are ordered by, then the
  /// others. In the unit's view what is known stands under the charts.
  static func shown(_ state: State, limit: Int) -> [StripRow] {
    kept(of: state.view == .unit ? inputs(state) : all(state), limit: limit)
  }

  /// As many of them as have room, with the one in hand.
  static func kept(of all: [StripRow], limit: Int) -> [StripRow] {
    guard all.count > limit else { return all }
    var kept = Array(all.prefix(limit))
    if limit > 0, let ordering = all.first(where: \.isOrdering), !kept.contains(where: \.isOrdering)
    {
      kept[limit - 1] = ordering
    }
    return kept
  }

  static func labelWidth(_ state: State, available: Int) -> Int {
    if state.view == .unit { return UnitLabels.width(state, available: available) }
    let names = all(state).map { $0.name.displayWidth + 1 + valueWidth + 1 }
    // The chart of the unit stands in the same columns and needs room for its scale.
    let least = FrameLayout.isAiry(state) ? 10 : state.view == .why ? 7 : 0
    return min(max(names.max() ?? 0, least), max(0, available / 3))
  }

  private static let valueWidth = 5
  /// Rows of a screen that has them.
  static let hasRoomForSaid = 40

  func draw(into grid: inout Grid, layout: StripLayout, x: Int, y: Int, _ state: State) {
    let theme = state.theme
    drawLabel(into: &grid, layout: layout, x: x, y: y, state)
    for step in layout.steps {
      let value = value(step)
      guard !value.isNaN else { continue }
      let column = layout.column(of: step)
      let isNow = step == state.step
      let style = isNow ? theme.accent : step < state.step ? theme.share : theme.faint
      switch kind {
      case .number:
        fill(BarGlyph.level(value, in: range), &grid, layout, step, y, style)
      case .flag:
        fill(value >= 0.5 ? "▆" : "▁", &grid, layout, step, y, value >= 0.5 ? style : theme.faint)
      case .symbol:
        let index = Int(value)
        let text = symbols.indices.contains(index) ? symbols[index] : "?"
        // What is read is no paler than other text.
        let style = isNow ? theme.accent : step < state.step ? theme.text : theme.muted
        let end = grid.put(text, x: column, y: y, style, limit: layout.width(of: step))
        guard layout.isUneven, !text.allSatisfy({ $0 == " " }) else { continue }
        for x in end..<max(end, layout.column(of: step + 1)) {
          grid[x, y] = Cell("·", theme.faint)
        }
      }
    }
  }

  private func fill(
    _ glyph: Unicode.Scalar, _ grid: inout Grid, _ layout: StripLayout, _ step: Int, _ y: Int,
    _ style: Style
  ) {
    for x in layout.column(of: step)..<layout.column(of: step + 1) {
      grid[x, y] = Cell(glyph, style)
    }
  }

  private func drawLabel(
    into grid: inout Grid, layout: StripLayout, x: Int, y: Int, _ state: State
  ) {
    let theme = state.theme
    let value = value(state.step)
    let text: String
    switch kind {
    case .number: text = value.isNaN ? "" : short(value)
    case .flag: text = value.isNaN ? "" : value >= 0.5 ? "yes" : "no"
    case .symbol:
      text = value.isNaN || !symbols.indices.contains(Int(value)) ? "" : symbols[Int(value)]
    }
    let isAside = layout.valueWidth > 0
    let room = layout.labelWidth - (isAside ? 1 : Self.valueWidth + 2)
    grid.put(
      name.fitted(to: room), x: x, y: y, isOrdering ? theme.accent : theme.muted)
    let start = isAside ? layout.right : x + layout.labelWidth - 1
    grid.put(
      text.padded(left: Self.valueWidth), x: start - Self.valueWidth, y: y, theme.text,
      limit: Self.valueWidth)
  }

  /// Whole numbers stay whole.
  private func short(_ value: Float) -> String {
    value == value.rounded() && abs(value) < 10_000
      && range.lowerBound == range.lowerBound.rounded()
      ? String(Int(value)) : Numbers.fitted(value, width: Self.valueWidth)
  }

  static func range(_ values: some Sequence<Float>) -> ClosedRange<Float> {
    var low = Float.infinity
    var high = -Float.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    return low <= high ? low...high : 0...0
  }
}
