import Recurrent
import Screen

/// How the lanes share a body: which columns and rows, how large a cell of a heatmap is, which
/// steps and units can be seen, and whether the unit's words have room.
struct LanesLayout {
  /// Lanes side by side.
  let columns: Int
  /// Lanes above each other.
  let rows: Int
  let laneWidth: Int
  /// Between lanes side by side.
  let gap: Int
  /// Blank rows between lanes above each other.
  let rowGap: Int
  /// Columns for the units' numbers, with a blank.
  let labelWidth: Int
  /// Screen columns a step, screen rows a unit.
  let cellWidth: Int
  let cellHeight: Int
  let firstStep: Int
  let visibleSteps: Int
  /// The place of the first unit that is seen; units stand in the state's order.
  let firstPlace: Int
  let visibleUnits: Int
  /// Rows for the unit in hand, with the blanks before it.
  let panelHeight: Int

  init(_ state: State) {
    self.init(state, body: FrameLayout(state).body)
  }

  init(_ state: State, body: Rect) {
    let track = state.currentTrack
    let signals = track.signals.count
    // Seven lanes, of a projected LSTM, stand in two rows where legends have room in four columns.
    columns = signals > 6 && body.width >= 112 ? 4 : signals > 4 ? 3 : signals > 1 ? 2 : 1
    rows = (signals + columns - 1) / columns
    gap = state.width >= 100 ? 3 : 2
    laneWidth = (body.width - gap * (columns - 1)) / columns
    labelWidth = String(track.number(of: track.units - 1)).count + 1

    // The large panel, if every unit still has its row with it; else the small one.
    let headers = rows
    let withLarge = body.height - UnitPanel.largeHeight - headers - (rows - 1)
    let isLarge = withLarge >= rows * min(track.units, 8)
    panelHeight = isLarge ? UnitPanel.largeHeight : UnitPanel.smallHeight
    rowGap = isLarge ? 1 : 0
    let heatRows = max(
      1, (body.height - panelHeight - headers - rowGap * (rows - 1)) / rows)
    cellHeight = min(max(heatRows / track.units, 1), 3)
    visibleUnits = min(track.units, heatRows / cellHeight)
    firstPlace = Paging.first(showing: state.placeOfUnit, visible: visibleUnits, count: track.units)

    let heatColumns = max(1, laneWidth - labelWidth)
    cellWidth = min(max(heatColumns / state.session.length, 1), 4)
    visibleSteps = min(state.session.length, heatColumns / cellWidth)
    firstStep = Paging.first(
      showing: state.step, visible: visibleSteps, count: state.session.length)
  }

  var steps: Range<Int> { firstStep..<firstStep + visibleSteps }
  /// The places that are seen.
  var places: Range<Int> { firstPlace..<firstPlace + visibleUnits }
  var laneHeight: Int { 1 + visibleUnits * cellHeight }

  /// Where a lane stands, by its index among the signals.
  func area(lane: Int, in body: Rect) -> Rect {
    let (row, column) = lane.quotientAndRemainder(dividingBy: columns)
    return Rect(
      x: body.x + column * (laneWidth + gap), y: body.y + row * (laneHeight + rowGap),
      width: laneWidth, height: laneHeight)
  }

  /// Where the words of the unit stand.
  func panel(in body: Rect) -> Rect {
    let top = body.y + rows * laneHeight + (rows - 1) * rowGap
    return Rect(x: body.x, y: top, width: body.width, height: body.maxY - top)
  }

  /// What is left under the words of the unit, after a blank.
  func chart(in body: Rect) -> Rect {
    let panel = panel(in: body)
    let rest = panelHeight + 1
    return Rect(
      x: panel.x, y: panel.y + rest, width: panel.width, height: panel.height - rest)
  }
}
