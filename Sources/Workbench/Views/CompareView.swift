import Inspector
import Recurrent
import Screen

/// The lane in hand beside another, or what is left of it when the other is taken away; one cursor in
/// both. Under them the unit in hand in numbers, and how far the two are apart.
struct CompareView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    let pair: ComparisonPair
    do {
      pair = try ComparisonPair.pair(state)
    } catch {
      for (row, line) in error.words.enumerated() where row < body.height {
        grid.put(
          line.fitted(to: body.width), x: body.x, y: body.y + row,
          row == 0 ? state.theme.text : state.theme.muted)
      }
      return
    }
    let layout = CompareLayout(state, pair, body: body)
    if let strip = layout.strip {
      OtherTokens(state: state, pair: pair).draw(into: &grid, at: strip)
    }
    if state.comparison.isDifference {
      HeatLane(
        state: state, source: pair.difference, scales: scales(of: [pair.difference]),
        title: LaneTitle(
          pair.letters, Words.minus(pair.firstName, pair.secondName), Words.difference),
        isSelected: true, frame: layout.frames[0]
      ).draw(into: &grid)
    } else {
      drawBoth(pair, layout, into: &grid)
    }
    ComparePanel(state: state, pair: pair).draw(into: &grid, at: layout.panel)
  }

  private func drawBoth(_ pair: ComparisonPair, _ layout: CompareLayout, into grid: inout Grid) {
    let scales = [
      scales(of: pair.first, beside: pair.second), scales(of: pair.second, beside: pair.first),
    ]
    let lanes = [(pair.first, pair.firstName), (pair.second, pair.secondName)]
    for (index, (signal, name)) in lanes.enumerated() {
      HeatLane(
        state: state, source: .signal(signal), scales: scales[index],
        title: title(of: signal, name, pair),
        isSelected: index == 0, frame: layout.frames[index]
      ).draw(into: &grid)
    }
  }

  /// A signal's name has a short form; a run's is cut.
  private func title(of signal: TracedSignal, _ name: String, _ pair: ComparisonPair) -> LaneTitle {
    let isSignal = name == Words.name(of: signal, state)
    return LaneTitle(
      signal.signal.rawValue, name, isSignal ? Words.shortName(of: signal.signal) : name,
      mayCut: !isSignal)
  }

  /// What has no bounds has the same limits on both sides, so that the colours can be compared.
  private func scales(of signal: TracedSignal, beside other: TracedSignal) -> SignalScales {
    switch signal.layout.range(of: signal.signal) {
    case .unit: return SignalScales(HeatScale(.gate, state.theme))
    case .signedUnit: return SignalScales(HeatScale(.signed(limit: 1), state.theme))
    case .unbounded: return scales(of: [.signal(signal), .signal(other)])
    }
  }

  /// As far as the settings say, over all that has been measured so far; a number is set for values, not
  /// for how far two of them are apart.
  private func scales(of sources: [SignalSource]) -> SignalScales {
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
