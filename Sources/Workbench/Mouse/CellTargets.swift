import Recurrent
import Screen

extension CellView {
  func hit(at place: Point, in body: Rect) -> Hit? {
    guard state.isRecorded else { return nil }
    switch state.currentTrack.cell {
    case .lstm: return LSTMDiagram(state: state, body: body).hit(at: place)
    case .gru, .rnn: return StripsDiagram(state: state, body: body).hit(at: place)
    }
  }
}

extension LSTMDiagram {
  /// The strips with their numbers, and the units' numbers before them.
  func hit(at place: Point) -> Hit? {
    for (top, strips) in [(layout.upperStrips, upperStrips), (layout.lowerStrips, lowerStrips)] {
      let row = place.y - top
      let rows = layout.places.count * layout.cellHeight
      guard (0..<rows).contains(row) else { continue }
      let unit = state.unit(at: layout.places.lowerBound + row / layout.cellHeight)
      let area = Rect(x: layout.body.x, y: top, width: layout.body.width, height: rows)
      if (0..<layout.labelWidth).contains(place.x - layout.body.x) {
        return Hit(unit: unit, in: area)
      }
      for (slot, signal) in strips
      where (layout.left(slot)..<layout.right(slot)).contains(place.x) {
        guard let lane = state.currentTrack.signals.firstIndex(of: signal),
          unit < state.currentTrack.units(of: signal)
        else { return nil }
        return Hit(lane: lane, unit: unit, in: area)
      }
    }
    return nil
  }

  private var upperStrips: [(LSTMDiagramLayout.Place, Signal)] {
    [(.previousCell, .c), (.keptCell, .c), (.cell, .c)]
  }

  private var lowerStrips: [(LSTMDiagramLayout.Place, Signal)] {
    [
      (.previousHidden, .h), (.forget, .f), (.input, .i), (.candidate, .z), (.output, .o),
      (.hidden, shownSignal),
    ]
  }
}

extension StripsDiagram {
  func hit(at place: Point) -> Hit? {
    let row = place.y - body.y - 2
    guard places.indices.contains(places.lowerBound + row) else { return nil }
    let unit = state.unit(at: places.lowerBound + row)
    let area = Rect(x: body.x, y: body.y + 2, width: body.width, height: places.count)
    if (0..<3).contains(place.x - body.x) { return Hit(unit: unit, in: area) }
    for (index, signal) in strips.enumerated()
    where (0..<Self.stripWidth).contains(place.x - left(index)) {
      guard let lane = state.currentTrack.signals.firstIndex(of: signal),
        unit < state.currentTrack.units(of: signal)
      else { return nil }
      return Hit(lane: lane, unit: unit, in: area)
    }
    return nil
  }

  /// What the strips show, from the left: h′ where there is an h, then every signal.
  private var strips: [Signal] {
    let signals = state.currentTrack.signals
    return (signals.contains(.h) ? [.h] : []) + signals
  }
}
