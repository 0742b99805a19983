import Recurrent
import Screen

/// Where the values of signals stand in the unit's equation, told by drawing it.
final class ValuePlaces {
  private var all: [(signal: Signal, columns: Range<Int>, y: Int)] = []

  func note(_ signal: Signal?, _ columns: Range<Int>, _ y: Int) {
    if let signal { all.append((signal, columns, y)) }
  }

  func signal(at place: Point) -> Signal? {
    all.first { $0.y == place.y && $0.columns.contains(place.x) }?.signal
  }
}

extension UnitPanel {
  /// A value in the equation: a click asks where it comes from.
  func hit(at place: Point, in area: Rect) -> Hit? {
    guard area.contains(place) else { return nil }
    var panel = self
    let places = ValuePlaces()
    panel.places = places
    var grid = Grid(width: state.width, height: state.height, fill: state.theme.blank)
    panel.draw(into: &grid, at: area)
    guard let signal = places.signal(at: place), state.currentTrack.signals.contains(signal) else {
      return nil
    }
    let value = "\(signal.rawValue)[\(state.unitNumber)]"
    return Hit(.instruction(Instruction(.why, value)), in: area)
  }
}
