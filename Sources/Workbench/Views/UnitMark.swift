import Screen

/// A mark beside a unit's number: that it is pinned, or on which side it is on in the span that others
/// are compared with.
struct UnitMark {
  let glyph: Unicode.Scalar
  let style: Style

  /// Nil where there is nothing to be said of the unit.
  init?(_ unit: Int, _ state: State) {
    if state.arrangement[track: state.track].pins.contains(unit) {
      glyph = "•"
      style = state.theme.accent
    } else if let matches = state.matches, matches.query.track == state.track,
      let isNegative = matches.isNegative(unit)
    {
      glyph = isNegative ? "-" : "+"
      style = state.theme.text
    } else {
      return nil
    }
  }
}
