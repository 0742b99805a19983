import Inspector
import Recurrent
import Screen

/// The live cell: this step as it flows through the layer, every vector a strip with its values.
struct CellView {
  let state: State

  func draw(into grid: inout Grid, at body: Rect) {
    guard state.isRecorded else { return }
    if let diagram = diagram(in: body) {
      diagram.draw(into: &grid)
    } else {
      StripsDiagram(state: state, body: body).draw(into: &grid)
    }
  }

  /// Nil where a file holds values and does not say which cell computed them.
  func diagram(in body: Rect) -> (any CellDiagram)? {
    guard let cell = state.currentCell, !state.currentTrack.signals.contains(.v) else { return nil }
    return switch cell {
    case .lstm: LSTMDiagram(state: state, body: body)
    case .gru: GRUDiagram(state: state, body: body)
    case .rnn: RNNDiagram(state: state, body: body)
    case .described: nil
    }
  }
}

/// A cell without a picture of its own: strips side by side, and under them its equations as far as they
/// are known.
struct StripsDiagram {
  let state: State
  let body: Rect

  func draw(into grid: inout Grid) {
    let track = state.currentTrack
    let first = places.lowerBound
    let vectors = StepVectors(state, places: places)
    let more = Words.moreUnits(
      above: places.lowerBound, below: state.shownCount - places.upperBound)
    grid.put(more, x: body.x, y: body.y, state.theme.accent)
    for row in 0..<rows {
      for place in vectors.places {
        let unit = state.unit(at: place)
        grid.put(
          String(track.number(of: unit)).padded(left: 3), x: body.x,
          y: top(ofRow: row) + 2 + place - first,
          unit == state.unit ? state.theme.accent : state.theme.muted)
      }
    }
    let columns =
      before.map { ($0.rawValue + "′", vectors.previous($0), $0) }
      + track.signals.map { ($0.rawValue, vectors.current($0), $0) }
    for (index, (name, values, signal)) in columns.enumerated() {
      let (x, y) = (left(index % perRow), top(ofRow: index / perRow))
      grid.put(name, x: x, y: y + 1, state.theme.text.with(.bold))
      Strip(
        values: values, signal: signal, state, places: places, width: Self.stripWidth,
        cellHeight: 1
      ).draw(into: &grid, x: x, y: y + 2, state.theme)
    }
    let x = left(columns.count)
    // A model says which cell it is.
    if state.session.model == nil, track.signals == [.h], body.width > x - body.x {
      grid.put(
        Words.onlyHidden.fitted(to: body.maxX - x), x: x, y: body.y + 1, state.theme.muted)
    }
    for (line, equation) in equations.enumerated() {
      grid.put(
        equation.fitted(to: body.width - 5), x: body.x + 5,
        y: body.maxY - 3 - equations.count + line, state.theme.muted)
    }
    UnitPanel(state: state, isLarge: false).draw(
      into: &grid, at: Rect(x: body.x, y: body.maxY - 2, width: body.width, height: 2))
  }

  /// Of a cell of the table, where there is room for them.
  private var equations: [String] {
    guard case .described(let cell) = state.currentTrack.cell, body.height >= 14 else { return [] }
    return cell.description.equations
  }

  /// The places of the units that are seen.
  var places: Range<Int> {
    let units = state.shownCount
    let below = equations.isEmpty ? 4 : equations.count + 5
    let visible = min(units, max(1, (body.height - below) / rows - (rows > 1 ? 2 : 0)))
    let first = Paging.first(showing: state.placeOfUnit, visible: visible, count: units)
    return first..<first + visible
  }

  /// What a step hands to the next, where the trace has it.
  var before: [Signal] {
    let track = state.currentTrack
    return (track.carried + [.h]).filter(track.signals.contains)
  }

  /// Strips side by side that have room.
  var perRow: Int { max(1, (body.width - 5 + 4) / 11) }

  /// Of strips, one above the other.
  var rows: Int {
    (before.count + state.currentTrack.signals.count + perRow - 1) / perRow
  }

  func top(ofRow row: Int) -> Int { body.y + row * (places.count + 2) }

  static let stripWidth = 7

  /// The first column of a strip.
  func left(_ index: Int) -> Int { body.x + 5 + index * 11 }
}
