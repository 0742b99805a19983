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
      HeatLane(state: state, signal: signal, isSelected: index == state.lane, layout: layout)
        .draw(into: &grid, at: layout.area(lane: index, in: body))
    }
    let panel = layout.panel(in: body)
    UnitPanel(state: state, isLarge: layout.panelHeight == UnitPanel.largeHeight)
      .draw(into: &grid, at: panel)
    UnitChart(state: state).draw(into: &grid, at: layout.chart(in: body))
  }
}

/// One signal: its name and legend, the units' numbers, the heatmap, the cursor.
struct HeatLane {
  let state: State
  let signal: Signal
  let isSelected: Bool
  let layout: LanesLayout

  func draw(into grid: inout Grid, at area: Rect) {
    let scale = HeatScale(for: signal, in: state)
    drawHeader(scale, into: &grid, at: area)
    drawUnitNumbers(into: &grid, at: area)
    drawHeat(scale, into: &grid, at: area)
  }

  private func drawHeader(_ scale: HeatScale, into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    let legend = Legend(scale: scale, isNarrow: area.width < 28)
    let legendStart = area.maxX - legend.width
    grid.put(
      signal.rawValue, x: area.x, y: area.y,
      isSelected ? theme.accent : theme.text.with(.bold))
    let room = legendStart - 1 - (area.x + 2)
    let long = state.name(of: signal)
    let name =
      long.displayWidth <= room
      ? long : signal == .v ? long.fitted(to: room) : Words.shortName(of: signal)
    if name.displayWidth <= room {
      grid.put(name, x: area.x + 2, y: area.y, isSelected ? theme.text : theme.muted)
    }
    legend.draw(into: &grid, x: legendStart, y: area.y, theme)
  }

  private func drawUnitNumbers(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    for place in layout.places where hasValue(place) {
      let unit = state.unit(at: place)
      let y = area.y + 1 + (place - layout.firstPlace) * layout.cellHeight
      grid.put(
        String(state.currentTrack.number(of: unit)).padded(left: layout.labelWidth - 1), x: area.x,
        y: y,
        unit == state.unit ? theme.accent : theme.muted)
    }
  }

  private func drawHeat(_ scale: HeatScale, into grid: inout Grid, at area: Rect) {
    let recorded = layout.steps.clamped(to: 0..<state.trace.recordedSteps)
    let ahead = Cell("·", state.theme.faint)
    if !recorded.isEmpty {
      let window = PlacedWindow(state, signal: signal, steps: recorded, places: layout.places)
      for step in recorded {
        for place in layout.places {
          guard let value = window[step, place] else { continue }
          let cell = scale.cell(for: value, isDimmed: step > state.step)
          fill(step: step, place: place, with: cell, into: &grid, at: area)
        }
      }
    }
    for step in layout.steps where step >= state.trace.recordedSteps {
      for place in layout.places where hasValue(place) {
        let corner = corner(step: step, place: place, in: area)
        grid[corner.x, corner.y] = ahead
      }
    }
    drawCursor(into: &grid, at: area)
  }

  /// A projected h has fewer values than the other signals.
  private func hasValue(_ place: Int) -> Bool {
    state.unit(at: place) < state.currentTrack.units(of: signal)
  }

  private func corner(step: Int, place: Int, in area: Rect) -> Point {
    Point(
      x: area.x + layout.labelWidth + (step - layout.firstStep) * layout.cellWidth,
      y: area.y + 1 + (place - layout.firstPlace) * layout.cellHeight)
  }

  private func fill(step: Int, place: Int, with cell: Cell, into grid: inout Grid, at area: Rect) {
    let corner = corner(step: step, place: place, in: area)
    for row in 0..<layout.cellHeight {
      for column in 0..<layout.cellWidth { grid[corner.x + column, corner.y + row] = cell }
    }
  }

  /// A thin line through the present, a diamond on the unit in hand. Without colours the glyphs
  /// carry the values, so there the present is underlined and the unit in hand reversed.
  private func drawCursor(into grid: inout Grid, at area: Rect) {
    let isHeat = state.theme.capabilities.heatByColor
    for place in layout.places where hasValue(place) {
      let corner = corner(step: state.step, place: place, in: area)
      for row in 0..<layout.cellHeight {
        let x = corner.x + (layout.cellWidth - 1) / 2
        let y = corner.y + row
        var cell = grid[x, y]
        let isHand = place == state.placeOfUnit && row == (layout.cellHeight - 1) / 2
        if isHeat && cell.style.background != state.theme.ground {
          cell.scalar = isHand ? "◆" : "│"
          cell.style.attributes = isHand ? .bold : []
        } else if isHeat {
          cell.style = isHand ? state.theme.accent : state.theme.muted
        } else {
          cell.style.attributes.formUnion(isHand ? .reverse : .underline)
        }
        grid[x, y] = cell
      }
    }
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
  let isNarrow: Bool

  /// Limits that take more room take it from the colours, not from the signal's name.
  private var rampWidth: Int { isNarrow ? (limits.low.count > 2 ? 3 : 5) : 7 }
  /// Blanks between the limits and the colours.
  private var gap: Int { isNarrow ? 0 : 1 }

  private var limits: (low: String, high: String) {
    switch scale.kind {
    case .gate: ("0", "1")
    case .signed(let limit): ("-" + Numbers.limit(limit), "+" + Numbers.limit(limit))
    }
  }

  var width: Int { limits.low.count + limits.high.count + rampWidth + 2 * gap }

  func draw(into grid: inout Grid, x: Int, y: Int, _ theme: Theme) {
    var column = grid.put(limits.low, x: x, y: y, theme.muted) + gap
    for place in 0..<rampWidth {
      let share = Float(place) / Float(rampWidth - 1)
      let value: Float
      switch scale.kind {
      case .gate: value = share
      case .signed(let limit): value = (share * 2 - 1) * limit
      }
      grid[column, y] = scale.cell(for: value)
      column += 1
    }
    grid.put(limits.high, x: column + gap, y: y, theme.muted)
  }
}
