import Inspector
import Recurrent
import Screen

/// The live cell: this step as it flows through the layer, every vector a strip with its values.
struct CellView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    guard state.isRecorded else { return }
    switch state.currentTrack.cell {
    case .lstm: LSTMDiagram(state: state, body: body).draw(into: &grid)
    case .gru, .rnn: StripsDiagram(state: state, body: body).draw(into: &grid)
    }
  }
}

/// The vectors of one step for the units that are shown.
struct StepVectors {
  let places: Range<Int>
  private let state: State

  init(_ state: State, places: Range<Int>) {
    self.state = state
    self.places = places
  }

  /// A signal's values at this step; nil where it has none of a unit.
  func current(_ signal: Signal) -> [Float?] {
    guard state.currentTrack.signals.contains(signal) else { return places.map { _ in nil } }
    let window = PlacedWindow(
      state, signal: signal, steps: state.step..<state.step + 1, places: places)
    return places.map { window[state.step, $0] }
  }

  /// c' or h', what the step before left.
  func previous(_ signal: Signal) -> [Float?] {
    places.map { place in
      let unit = state.unit(at: place)
      guard unit < state.currentTrack.units(of: signal) else { return nil }
      return state.trace.previous(
        track: state.track, signal: signal, step: state.step, unit: unit)
    }
  }
}

/// A vector as a column of cells, each with its number where there is room.
struct Strip {
  /// Nil where there is nothing to draw.
  let values: [Float?]
  let scales: SignalScales
  /// Whose the values are.
  let units: [Int]
  let width: Int
  let cellHeight: Int
  /// The index among `values` of the unit in hand.
  let inHand: Int?

  func draw(into grid: inout Grid, x: Int, y: Int, _ theme: Theme) {
    for (index, value) in values.enumerated() {
      guard let value else { continue }
      let scale = scales[units[index]]
      let cell = scale.cell(for: value)
      let top = y + index * cellHeight
      grid.fill(Rect(x: x, y: top, width: width, height: cellHeight), with: cell)
      let row = top + (cellHeight - 1) / 2
      if width >= 6 { putNumber(value, scale, on: cell, into: &grid, x: x, y: row, theme) }
      if index == inHand { grid.put("▸", x: x - 1, y: row, theme.accent) }
    }
  }

  private func putNumber(
    _ value: Float, _ scale: HeatScale, on cell: Cell, into grid: inout Grid, x: Int, y: Int,
    _ theme: Theme
  ) {
    // Without colours the first column keeps the glyph that stands for the value.
    let isHeat = theme.capabilities.heatByColor
    let room = min(width, isHeat ? 6 : 5)
    let text = Numbers.fitted(value, width: 5).padded(left: 5)
    let start = isHeat ? x + (width - room) / 2 : x + 1
    let style = isHeat ? scale.inkStyle(on: cell) : theme.text
    grid.put(text, x: start, y: y, style)
  }
}

/// Cells without a diagram of their own: their strips side by side.
struct StripsDiagram {
  let state: State
  let body: Rect

  func draw(into grid: inout Grid) {
    let track = state.currentTrack
    let first = places.lowerBound
    let vectors = StepVectors(state, places: places)
    for place in vectors.places {
      let unit = state.unit(at: place)
      grid.put(
        String(track.number(of: unit)).padded(left: 3), x: body.x, y: body.y + 2 + place - first,
        unit == state.unit ? state.theme.accent : state.theme.muted)
    }
    let columns =
      (track.signals.contains(.h) ? [("h′", vectors.previous(.h), Signal.h)] : [])
      + track.signals.map { ($0.rawValue, vectors.current($0), $0) }
    for (index, (name, values, signal)) in columns.enumerated() {
      let x = left(index)
      grid.put(name, x: x, y: body.y + 1, state.theme.text.with(.bold))
      Strip(
        values: values, scales: SignalScales(signal, state),
        units: places.map { state.unit(at: $0) }, width: Self.stripWidth,
        cellHeight: 1, inHand: state.placeOfUnit - first
      ).draw(into: &grid, x: x, y: body.y + 2, state.theme)
    }
    let x = left(columns.count)
    // A model says which cell it is.
    if state.session.model == nil, track.signals == [.h], body.width > x - body.x {
      grid.put(
        Words.onlyHidden.fitted(to: body.maxX - x), x: x, y: body.y + 1, state.theme.muted)
    }
    UnitPanel(state: state, isLarge: false).draw(
      into: &grid, at: Rect(x: body.x, y: body.maxY - 2, width: body.width, height: 2))
  }

  /// The places of the units that are seen.
  var places: Range<Int> {
    let units = state.shownCount
    let visible = min(units, max(1, body.height - 4))
    let first = Paging.first(showing: state.placeOfUnit, visible: visible, count: units)
    return first..<first + visible
  }

  static let stripWidth = 7

  /// The first column of a strip.
  func left(_ index: Int) -> Int { body.x + 5 + index * 11 }
}
