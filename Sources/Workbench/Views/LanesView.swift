import Inspector
import Recurrent
import Screen

/// Every signal of a layer as a heatmap, units down, time across, one cursor and one order in all;
/// under them the unit in hand, spelled out.
struct LanesView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    let layout = LanesLayout(state, body: body)
    for (index, signal) in state.currentTrack.signals.enumerated() {
      guard let frame = layout.frames[index] else { continue }
      HeatLane(state, signal: signal, isSelected: index == state.lane, frame: frame)
        .draw(into: &grid)
    }
    UnitPanel(state: state, isLarge: layout.hasLargePanel).draw(into: &grid, at: layout.panel)
    UnitChart(state: state).draw(into: &grid, at: layout.chart)
  }
}

extension HeatScale {
  /// The scale of a signal: fixed for gates and for what a tanh gives. Else the largest value so far,
  /// of one unit or of the track; of a track with many units nine in ten lie within it, so that one
  /// that runs away does not take the colours from all.
  init(for signal: Signal, in state: State, unit: Int? = nil) {
    switch state.range(of: signal) {
    case .unit: self.init(.gate, state.theme)
    case .signedUnit: self.init(.signed(limit: 1), state.theme)
    case .unbounded:
      let units = state.largest[state.track][signal] ?? []
      let largest: Float
      if let unit, units.indices.contains(unit) {
        largest = units[unit]
      } else if units.count > 16 {
        largest = units.sorted()[units.count * 9 / 10]
      } else {
        largest = units.max() ?? 0
      }
      self.init(.signed(limit: Numbers.roundedUp(largest)), state.theme)
    }
  }
}

/// The colours of a lane with the values at their ends.
struct Legend {
  let scale: HeatScale
  /// Blanks between the limits and the colours.
  private let gap: Int
  private let rampWidth: Int
  private let low: String
  private let high: String

  /// - Parameters:
  ///   - room: what it may take; the colours give way to the limits, which share a sign at the last.
  ///   - isNarrow: whether the lane is.
  init(scale: HeatScale, room: Int = .max, isNarrow: Bool) {
    self.scale = scale
    let (low, high): (String, String)
    switch scale.kind {
    case .gate: (low, high) = ("0", "1")
    case .signed(let limit): (low, high) = ("-" + Numbers.limit(limit), "+" + Numbers.limit(limit))
    }
    // Limits that take more room take it from the colours, not from the signal's name.
    let wanted = isNarrow ? (low.count > 2 ? 3 : 5) : 7
    gap = isNarrow ? 0 : 1
    let left = room - low.count - high.count - 2 * gap
    if left >= 1 {
      (self.low, self.high) = (low, high)
      rampWidth = min(wanted, left)
    } else {
      self.low = ""
      self.high = "±" + high.dropFirst()
      rampWidth = max(0, min(wanted, room - high.count))
    }
  }

  var width: Int { low.count + high.count + rampWidth + 2 * gap }

  func draw(into grid: inout Grid, x: Int, y: Int, _ theme: Theme) {
    var column = grid.put(low, x: x, y: y, theme.muted) + gap
    for place in 0..<rampWidth {
      let share = Float(place) / Float(max(1, rampWidth - 1))
      let value: Float
      switch scale.kind {
      case .gate: value = share
      case .signed(let limit): value = (share * 2 - 1) * limit
      }
      grid[column, y] = scale.cell(for: value)
      column += 1
    }
    grid.put(high, x: column + gap, y: y, theme.muted)
  }
}
