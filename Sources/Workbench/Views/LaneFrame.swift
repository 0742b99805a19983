import Inspector
import Recurrent
import Screen

/// Where a heatmap stands with its header, its units' numbers and its ruler, and what of the trace is
/// seen in it.
struct LaneFrame {
  let area: Rect
  /// Columns for the units' numbers, with a blank.
  let labelWidth: Int
  let time: HeatAxis
  let units: HeatAxis
  /// Whether the steps are numbered under it.
  let hasRuler: Bool

  /// - Parameters:
  ///   - area: what it may take; it takes no more rows than it needs.
  ///   - track: whose units are numbered.
  ///   - unitCount: how many of them it shows.
  init(
    _ state: State, in area: Rect, of track: TrackLayout, unitCount: Int, hasRuler: Bool = false
  ) {
    let capabilities = state.theme.capabilities
    labelWidth = String(track.number(of: track.units - 1)).count + 1
    let canHalve = capabilities.heatByColor && capabilities.unicode
    units = .units(
      state.zoom.units, count: unitCount, rows: area.height - (hasRuler ? 2 : 1),
      showing: min(state.placeOfUnit, unitCount - 1), canHalve: canHalve)
    // A place of the screen has two colours: for two units, or else for two steps.
    time = .time(
      state.zoom.time, count: state.session.length, columns: area.width - labelWidth,
      showing: state.step, canHalve: canHalve && units.cellsPerLine == 1)
    self.hasRuler = hasRuler
    self.area = Rect(
      x: area.x, y: area.y, width: area.width,
      height: units.extent + (hasRuler ? 2 : 1))
  }

  /// Where the heatmap itself stands.
  var heat: Rect {
    Rect(
      x: area.x + labelWidth, y: area.y + 1, width: time.extent, height: units.extent)
  }

  /// Whether a row holds two units or more, one above the other in half-blocks.
  var isHalved: Bool { units.cellsPerLine == 2 }

  /// The columns that an overview has to know for this lane; nil where it reads the trace itself.
  func request(for source: SignalSource) -> Overviews.Request? {
    guard time.perCell > 1 else { return nil }
    return .init(source: source, width: time.perCell, columns: time.cells)
  }

  func moved(by offset: Point) -> LaneFrame { LaneFrame(self, by: offset, width: area.width) }

  /// No wider than its heatmap and than its header needs, so that the legend stands at the heatmap's end.
  ///
  /// - Parameter header: columns.
  func hugging(header: Int) -> LaneFrame {
    LaneFrame(
      self, by: Point(x: 0, y: 0), width: min(area.width, max(labelWidth + time.extent, header)))
  }

  private init(_ frame: LaneFrame, by offset: Point, width: Int) {
    area = Rect(
      x: frame.area.x + offset.x, y: frame.area.y + offset.y, width: width,
      height: frame.area.height)
    labelWidth = frame.labelWidth
    time = frame.time
    units = frame.units
    hasRuler = frame.hasRuler
  }
}
