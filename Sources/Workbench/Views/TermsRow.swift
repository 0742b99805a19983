import Inspector
import Recurrent
import Screen

/// Which units push the output in hand: V[k, j] · h[j] from the largest down, the bias and the sum.
struct TermsRow {
  let state: State
  private let output: Int
  private let terms: ReadoutTerms

  /// On a small screen it comes only when an output was chosen.
  static func isShown(_ state: State) -> Bool {
    guard state.session.model?.network.readout != nil, state.trace.readout?.isProbable == true
    else {
      return false
    }
    return FrameLayout.isAiry(state) || state.chosenOutput != nil
  }

  /// Nil where nothing is known yet.
  init?(_ state: State) {
    guard Self.isShown(state), let readout = state.session.model?.network.readout,
      let output = state.outputInHand
    else { return nil }
    self.state = state
    self.output = output
    terms = ReadoutTerms(readout, output: output, hidden: state.trace.topHidden(at: state.step))
  }

  func draw(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    let symbol = state.session.outputSymbol(output)
    var x = grid.put(Words.pushes + "  ", x: area.x, y: area.y, theme.muted)
    if FrameLayout.isAiry(state) {
      x = max(x, area.x + StripRow.labelWidth(state, available: area.width))
    }
    let isDue = Due(state).isNow
    x =
      grid.put(
        symbol, x: x, y: area.y, isDue ? theme.accent : theme.muted, limit: area.maxX - x) + 2
    let end = Words.sum(bias: terms.bias, sum: terms.sum)
    for unit in terms.ranked {
      let (name, value) = (name(of: unit), Numbers.signed(Float(terms.terms[unit])))
      let width = name.displayWidth + 1 + value.count
      // The units leave first, the sum last.
      guard x + width + 2 + end.displayWidth <= area.maxX else { break }
      x = grid.put(name, x: x, y: area.y, theme.muted) + 1
      let style = isInHand(unit) ? theme.accent : isDue ? theme.text : theme.muted
      x = grid.put(value, x: x, y: area.y, style) + 2
    }
    if x + end.displayWidth <= area.maxX { grid.put(end, x: x, y: area.y, theme.muted) }
  }

  /// The track of the last layer whose unit a place of the readout's input is, and that unit. Directions
  /// that are merged otherwise than side by side have no track of their own.
  private func place(of unit: Int) -> (track: Int, unit: Int) {
    let layout = state.trace.layout
    let last = layout[layout.count - 1]
    let tracks = layout.indices.filter { layout[$0].track.layer == last.track.layer }
    let width = last.units(of: .h)
    let direction = min(unit / max(1, width), tracks.count - 1)
    return (tracks[direction], unit - direction * width)
  }

  private func name(of unit: Int) -> String {
    let layout = state.trace.layout
    let isSideBySide = terms.terms.count > layout[layout.count - 1].units(of: .h)
    let place = place(of: unit)
    let name = "u\(layout[place.track].number(of: place.unit))"
    return isSideBySide ? "\(layout[place.track].track.direction.rawValue).\(name)" : name
  }

  private func isInHand(_ unit: Int) -> Bool {
    let place = place(of: unit)
    return place.track == state.track && place.unit == state.unit
  }
}
