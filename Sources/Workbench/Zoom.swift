import Inspector

/// How much of the screen the lane in hand takes, and how many steps and units a cell of the heatmaps.
public struct Zoom: Sendable, Equatable {
  public var size = LaneSize.place
  public var time = TimeScale.normal
  public var units = UnitScale.normal
  /// What a cell shows of several values.
  public var reduction = Representative.mean

  public init() {}
}

public enum LaneSize: String, Sendable, CaseIterable {
  /// One lane beside the others.
  case place
  /// The upper half of the view, the others under it.
  case half
  /// All of the view.
  case whole
}

/// How wide steps are drawn.
public enum TimeScale: Sendable, Equatable {
  /// A step a cell, up to four columns wide where all of them have room.
  case normal
  /// Columns a step.
  case columns(Int)
  /// Steps a column, two at the least.
  case steps(Int)
  /// So many steps a column that all of them are seen.
  case everything
}

/// How high units are drawn.
public enum UnitScale: Sendable, Equatable {
  /// A unit a row, up to three rows high where all of them have room.
  case normal
  /// Rows a unit.
  case rows(Int)
  /// Units a row, two at the least.
  case units(Int)
  /// So many units a row that all of them are seen.
  case everything
}

extension Zoom {
  /// Widths of a step, up to where a number of seven digits is written in it.
  static let widths = [1, 2, 4, 6, 8, 12]
  static let heights = [1, 2, 3]

  /// The next wider steps; nil where they are as wide as can be.
  ///
  /// - Parameter axis: as the steps are drawn now.
  static func wider(than axis: HeatAxis) -> TimeScale? {
    if axis.perLine > 2 { return .steps(powerOfTwo(below: axis.perLine)) }
    if axis.perLine == 2 { return .columns(1) }
    return widths.first { $0 > axis.cellSize && width($0, in: axis.space) == $0 }
      .map { .columns($0) }
  }

  /// The widest of the widths up to one. More decimals than two are worth less than steps side by side.
  static func width(_ wanted: Int, in columns: Int) -> Int {
    let allowed = widths.last {
      $0 <= wanted && ($0 <= twoDecimals || columns / $0 >= stepsBesideDecimals)
    }
    return min(allowed ?? 1, columns)
  }

  /// Columns of a number with two decimals, a sign and a blank.
  private static let twoDecimals = 6
  private static let stepsBesideDecimals = 8

  /// The next narrower steps; nil where all of them are seen.
  static func narrower(than axis: HeatAxis) -> TimeScale? {
    if let width = widths.last(where: { $0 < axis.cellSize }) { return .columns(width) }
    guard axis.visible < axis.count else { return nil }
    let steps = powerOfTwo(above: axis.perLine)
    return axis.space(forPerLine: steps) <= axis.space ? .everything : .steps(steps)
  }

  static func higher(than axis: HeatAxis) -> UnitScale? {
    if axis.perLine > 2 { return .units(powerOfTwo(below: axis.perLine)) }
    if axis.perLine == 2 { return .rows(1) }
    return heights.first { $0 > axis.cellSize }.map { .rows($0) }
  }

  static func lower(than axis: HeatAxis) -> UnitScale? {
    if let height = heights.last(where: { $0 < axis.cellSize }) { return .rows(height) }
    guard axis.visible < axis.count else { return nil }
    let units = powerOfTwo(above: axis.perLine)
    return axis.space(forPerLine: units) <= axis.space ? .everything : .units(units)
  }

  private static func powerOfTwo(below value: Int) -> Int {
    var power = 1
    while power * 2 < value { power *= 2 }
    return power
  }

  private static func powerOfTwo(above value: Int) -> Int {
    var power = 1
    while power <= value { power *= 2 }
    return power
  }
}
