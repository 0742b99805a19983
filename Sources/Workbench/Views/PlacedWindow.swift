import Inspector
import Recurrent

/// A rectangle of the trace by the places that units have on the screen, whatever their order.
struct PlacedWindow {
  private let window: Window
  private let unitAt: [Int]
  private let firstPlace: Int

  /// - Precondition: the steps are recorded.
  init(_ state: State, signal: Signal, steps: Range<Int>, places: Range<Int>) {
    unitAt = places.map { state.unit(at: $0) }
    firstPlace = places.lowerBound
    let units =
      (state.shown == nil
      ? places : (unitAt.min() ?? 0)..<(unitAt.max().map { $0 + 1 } ?? 0))
      .clamped(to: 0..<state.currentTrack.units(of: signal))
    window = state.trace.window(
      WindowRequest(track: state.track, signal: signal, steps: steps, units: units))
  }

  /// The value at a step and a place; nil where the signal has none of that unit.
  subscript(step: Int, place: Int) -> Float? {
    let unit = unitAt[place - firstPlace]
    return window.units.contains(unit) ? window[step, unit] : nil
  }
}
