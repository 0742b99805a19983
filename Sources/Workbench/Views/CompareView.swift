import Inspector
import Recurrent
import Screen

/// The lane in hand beside others, or what is left of it when each of them is taken away; one cursor
/// in all. Under them the unit in hand in numbers, and how far they are apart.
struct CompareView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    let comparison: Comparison
    do {
      comparison = try Comparison.of(state)
    } catch {
      for (row, line) in error.words.enumerated() where row < body.height {
        grid.put(
          line.fitted(to: body.width), x: body.x, y: body.y + row,
          row == 0 ? state.theme.text : state.theme.muted)
      }
      return
    }
    let layout = CompareLayout(state, comparison, body: body)
    for (strip, trace) in zip(layout.strips, OtherTokens.shown(comparison)) {
      OtherTokens(state: state, other: trace).draw(into: &grid, at: strip)
    }
    if state.comparison.isDifference {
      draw(comparison.differences, of: comparison, layout, into: &grid)
    } else {
      draw(comparison, layout, into: &grid)
    }
    ComparePanel(state: state, comparison: comparison).draw(layout, into: &grid)
  }

  private func draw(
    _ differences: [SignalSource], of comparison: Comparison, _ layout: CompareLayout,
    into grid: inout Grid
  ) {
    let scales = scales(of: differences)
    for (index, (difference, other)) in zip(differences, comparison.lanes.dropFirst()).enumerated()
    {
      let frame = layout.frames[index]
      HeatLane(
        state: state, source: difference, scales: scales,
        title: LaneTitle(
          comparison.letters(of: other), Words.minus(comparison.lanes[0].name, other.name),
          Words.difference),
        isSelected: index == 0, frame: frame
      ).draw(into: &grid)
      guard layout.isStacked else { continue }
      LaneReading(
        state: state, source: difference, scales: scales, frame: frame,
        bars: LaneLook(index + 1, of: comparison, state.theme).area
      ).draw(into: &grid, to: layout.panel.maxX)
    }
  }

  private func draw(_ comparison: Comparison, _ layout: CompareLayout, into grid: inout Grid) {
    let lanes = comparison.lanes
    for (index, lane) in lanes.enumerated() {
      let (frame, scales) = (layout.frames[index], scales(of: lane, beside: lanes))
      HeatLane(
        state: state, source: .signal(lane.signal), scales: scales, title: title(of: lane),
        isSelected: index == 0, frame: frame
      ).draw(into: &grid)
      guard layout.isStacked else { continue }
      LaneReading(
        state: state, source: .signal(lane.signal), scales: scales, frame: frame,
        bars: LaneLook(index, of: comparison, state.theme).area
      ).draw(into: &grid, to: layout.panel.maxX)
    }
  }

  /// A signal's name has a short form; a run's is cut.
  private func title(of lane: Comparison.Lane) -> LaneTitle {
    let isSignal = lane.name == Words.name(of: lane.signal, state)
    return LaneTitle(
      lane.signal.signal.rawValue, lane.name,
      isSignal
        ? Words.shortName(of: lane.signal.signal, in: state.cell(of: lane.signal)) : lane.name,
      mayCut: !isSignal)
  }

  /// What has no bounds has the same limits everywhere, so that the colours can be compared.
  func scales(of lane: Comparison.Lane, beside lanes: [Comparison.Lane]) -> SignalScales {
    let signal = lane.signal
    switch signal.layout.range(of: signal.signal) {
    case .unit: return SignalScales(HeatScale(.gate, state.theme))
    case .signedUnit where lane.run == nil && signal.track == state.track:
      return SignalScales(signal.signal, state)
    case .signedUnit: return SignalScales(HeatScale(.signed(limit: 1), state.theme))
    case .unbounded: return scales(of: lanes.map { .signal($0.signal) })
    }
  }

  /// As far as the settings say, over all that has been measured so far; a number is set for values, not
  /// for how far two of them are apart.
  func scales(of sources: [SignalSource]) -> SignalScales {
    var settings = state.settings
    if state.comparison.isDifference && settings.limits == .fixed { settings.limits = .lane }
    let surveys = sources.compactMap { state.overviews.survey(of: $0) }
    let largest = surveys.compactMap(\.summary.worst).filter(\.isFinite).max() ?? 0
    let usual =
      surveys.map {
        SignalExtent.usual($0.magnitudes, largest: $0.summary.worst ?? 0)
      }.max() ?? 0
    let limit = SignalScales.limit(usual: usual, largest: largest, settings)
    return SignalScales(HeatScale(.signed(limit: limit), state.theme), isClipped: largest > limit)
  }
}
