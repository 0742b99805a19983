import Recurrent

/// What one layer in one direction contributes to a trace.
public struct TrackLayout: Sendable, Hashable {
  public let track: Track
  public let cell: CellKind
  /// H, or how many of them a file holds.
  public let units: Int
  /// P, the length of a projected h; nil where h has a value a unit.
  public let projectedUnits: Int?
  /// What becomes of the layer's h and that of its other direction.
  public let merge: MergeMode
  public let activations: CellActivations
  /// What a step has, in the order in which it is stored; h is the last. A file may hold only some of
  /// what the cell computes.
  public let signals: [Signal]
  /// The numbers of the units, ascending, where a file says which ones it holds; else they count
  /// from 0.
  public let unitNumbers: [Int]?
  /// What a file calls values that are none of the known signals.
  public let name: String?

  /// - Parameter signals: nil for all that the cell computes.
  public init(
    track: Track, cell: CellKind, units: Int, projectedUnits: Int? = nil,
    merge: MergeMode = .concatenate, activations: CellActivations = .standard,
    signals: [Signal]? = nil, unitNumbers: [Int]? = nil, name: String? = nil
  ) {
    precondition(unitNumbers.map { $0.count == units } ?? true)
    self.track = track
    self.cell = cell
    self.units = units
    self.projectedUnits = projectedUnits
    self.merge = merge
    self.activations = activations
    self.signals = signals ?? cell.signals(isProjected: projectedUnits != nil)
    self.unitNumbers = unitNumbers
    self.name = name
  }

  public init(track: Track, shape: LayerShape) {
    self.init(
      track: track, cell: shape.cell, units: shape.hiddenSize,
      projectedUnits: shape.projectionSize, merge: shape.merge, activations: shape.activations)
  }

  /// What the cell computes and a file does not hold.
  public var missingSignals: [Signal] {
    guard !signals.contains(.v) else { return [] }
    return cell.signals(isProjected: isProjected).filter { !signals.contains($0) }
  }

  /// What a signal does in the cell.
  public func role(of signal: Signal) -> SignalRole {
    cell.about[signal]?.role ?? (signal == .v ? .state : .fast)
  }

  /// What a step hands to the next beside h.
  public var carried: [Signal] { cell.about.carried }

  /// Where c goes: h, or m where h is a projection of it.
  public var cellOutput: Signal { isProjected ? .m : .h }

  /// What a unit remembers: c where there is one, else h, else what there is.
  public var memory: Signal {
    [cell.about.memory, .c, .h].first(where: signals.contains) ?? signals.last ?? .h
  }

  private var isProjected: Bool {
    projectedUnits != nil || cell == .lstm && signals.contains(.m)
  }

  /// What a unit is called: its number among all of the layer.
  public func number(of unit: Int) -> Int { unitNumbers?[unit] ?? unit }

  /// The unit of a number; nil where it is not here.
  public func unit(numbered number: Int) -> Int? {
    guard let unitNumbers else { return (0..<units).contains(number) ? number : nil }
    return unitNumbers.firstIndex(of: number)
  }

  /// The units of some numbers, those of them that are here; nil where none is.
  public func units(numbered range: Range<Int>) -> Range<Int>? {
    (unitNumbers ?? Array(0..<units)).places(of: range)
  }

  /// How many values a signal has: H, but for a projected h.
  public func units(of signal: Signal) -> Int {
    signal == .h ? projectedUnits ?? units : units
  }

  /// What values a signal can take, for a colour scale.
  public func range(of signal: Signal) -> SignalRange {
    activations.range(of: signal, cell: cell, isProjected: isProjected)
  }

  /// How many values a step has, all signals together.
  var rowLength: Int { signals.reduce(0) { $0 + units(of: $1) } }

  /// Where a signal begins in a step's row; nil where there is none of that name.
  func offset(of signal: Signal) -> Int? {
    // Only h, the last, can be shorter than the others.
    signals.firstIndex(of: signal).map { $0 * units }
  }
}

extension [Int] {
  /// Of ascending numbers, the places of those in a range; nil where there are none.
  func places(of range: Range<Int>) -> Range<Int>? {
    let first = firstIndex { $0 >= range.lowerBound } ?? count
    let end = firstIndex { $0 >= range.upperBound } ?? count
    return first < end ? first..<end : nil
  }
}
