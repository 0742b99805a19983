import Inspector
import Recurrent
import Screen

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

  /// a ⊙ b; nil where one of them is.
  static func product(_ a: [Float?], _ b: [Float?]) -> [Float?] {
    zip(a, b).map { a, b in a.flatMap { a in b.map { a * $0 } } }
  }
}

/// A vector as a column of cells, each with its number where there is room.
struct Strip {
  /// Nil where there is nothing to draw.
  private let values: [Float?]
  private let scales: SignalScales
  /// Whose the values are.
  private let units: [Int]
  private let width: Int
  private let cellHeight: Int
  /// The index among `values` of the unit in hand.
  private let inHand: Int
  /// Columns of the numbers, and how many of them stand after the point: the same for all values of the
  /// sequence, so that points stand under each other and stay where they are.
  private let room: Int
  private let decimals: Int
  /// Whether the number of the unit in hand is spoken of.
  private let isLit: Bool

  /// - Parameter signal: whose scale the values have.
  init(
    values: [Float?], signal: Signal, _ state: State, places: Range<Int>, width: Int,
    cellHeight: Int, isLit: Bool = false
  ) {
    self.isLit = isLit
    self.values = values
    self.width = width
    self.cellHeight = cellHeight
    scales = SignalScales(signal, state)
    units = places.map { state.unit(at: $0) }
    inHand = state.placeOfUnit - places.lowerBound
    room = width >= 8 ? 6 : 5
    let isUnbounded = state.range(of: signal) == .unbounded
    let largest = isUnbounded ? state.extents[state.track][signal]?.limit ?? 1 : 1
    decimals = Self.decimals(upTo: largest, room: room)
  }

  /// As many decimals, two at most and more only where nothing comes near 0.1, as leave room for a sign
  /// and the whole part of the largest value.
  static func decimals(upTo largest: Float, room: Int) -> Int {
    let most = abs(largest) < 0.00995 ? 4 : abs(largest) < 0.0995 ? 3 : 2
    for decimals in (1...most).reversed()
    where Numbers.fixed(-abs(largest), decimals: decimals).count <= room {
      return decimals
    }
    return 0
  }

  func draw(into grid: inout Grid, x: Int, y: Int, _ theme: Theme) {
    for (index, value) in values.enumerated() {
      guard let value else { continue }
      let scale = scales[units[index]]
      let cell = scale.cell(for: value)
      let top = y + index * cellHeight
      grid.fill(Rect(x: x, y: top, width: width, height: cellHeight), with: cell)
      let row = top + (cellHeight - 1) / 2
      if width >= 6 {
        let isLit = isLit && index == inHand
        putNumber(
          value, isLit ? theme.marked : scale.inkStyle(on: cell), into: &grid, x: x, y: row, theme)
      }
      if index == inHand { grid.put("▸", x: x - 1, y: row, theme.accent) }
    }
  }

  private func putNumber(
    _ value: Float, _ style: Style, into grid: inout Grid, x: Int, y: Int, _ theme: Theme
  ) {
    // Without colours the first column keeps the glyph that stands for the value.
    let isHeat = theme.capabilities.heatByColor
    let fixed = Numbers.fixed(value, decimals: decimals)
    let text = fixed.count <= room ? fixed : Numbers.fitted(value, width: room)
    let start = isHeat ? x + (width - room) / 2 : x + 1
    if !isHeat {
      grid.fill(Rect(x: start, y: y, width: room, height: 1), with: Cell(" ", theme.text))
    }
    grid.put(text, x: start + max(0, room - text.count), y: y, style)
  }
}
