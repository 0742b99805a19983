import Recurrent

/// What one layer in one direction contributes to a trace.
public struct TrackLayout: Sendable, Hashable {
  public let track: Track
  public let cell: CellKind
  /// H.
  public let units: Int
  /// P, the length of a projected h; nil where h has a value a unit.
  public let projectedUnits: Int?
  /// What becomes of the layer's h and that of its other direction.
  public let merge: MergeMode
  public let activations: CellActivations

  public init(
    track: Track, cell: CellKind, units: Int, projectedUnits: Int? = nil,
    merge: MergeMode = .concatenate, activations: CellActivations = .standard
  ) {
    self.track = track
    self.cell = cell
    self.units = units
    self.projectedUnits = projectedUnits
    self.merge = merge
    self.activations = activations
  }

  public init(track: Track, shape: LayerShape) {
    self.init(
      track: track, cell: shape.cell, units: shape.hiddenSize,
      projectedUnits: shape.projectionSize, merge: shape.merge, activations: shape.activations)
  }

  /// What a step has, in the order in which it is stored; h is the last.
  public var signals: [Signal] { cell.signals(isProjected: projectedUnits != nil) }

  /// How many values a signal has: H, but for a projected h.
  public func units(of signal: Signal) -> Int {
    signal == .h ? projectedUnits ?? units : units
  }

  /// What values a signal can take, for a colour scale.
  public func range(of signal: Signal) -> SignalRange {
    activations.range(of: signal, cell: cell, isProjected: projectedUnits != nil)
  }

  /// How many values a step has, all signals together.
  var rowLength: Int { signals.reduce(0) { $0 + units(of: $1) } }

  /// Where a signal begins in a step's row; nil where the cell has none of that name.
  func offset(of signal: Signal) -> Int? {
    // Only h, the last, can be shorter than the others.
    signals.firstIndex(of: signal).map { $0 * units }
  }
}
