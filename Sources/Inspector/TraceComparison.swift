import Recurrent

/// A trace beside arrays that somebody else's framework has computed.
public struct TraceComparison: Sendable, Equatable {
  /// How far a value may be from the reference's: absolute + relative · |reference|.
  public struct Tolerance: Sendable, Equatable {
    public var absolute: Double
    public var relative: Double

    /// - Parameter absolute: a tenth of it is the relative part.
    public init(absolute: Double = 2e-5) {
      self.absolute = absolute
      relative = absolute / 10
    }

    func allowed(_ reference: Float) -> Double { absolute + relative * Double(abs(reference)) }
  }

  /// What a reference holds: one array by its name.
  public struct Reference: Sendable {
    /// `l0_fwd_h`; `h` where there is one layer and direction.
    public var name: String
    /// (T, H), with axes of 1 anywhere.
    public var shape: [Int]
    /// Row-major.
    public var values: [Float]

    public init(name: String, shape: [Int], values: [Float]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// One value of the trace and of the reference.
  public struct Place: Sendable, Equatable {
    public var step: Int
    public var unit: Int
    public var ours: Float
    public var reference: Float
    /// Infinite where only one of both is a number.
    public var difference: Double
  }

  /// How one array compares.
  public struct Entry: Sendable, Equatable {
    /// As the reference has it.
    public var name: String
    /// Where the difference is the largest part of what is allowed there; nil where there are no
    /// values.
    public var worst: Place?
    public var valueCount: Int
    /// How many values lie beyond the tolerance.
    public var beyondCount: Int
    /// The first step that has such a value.
    public var firstStepBeyond: Int?

    public var isWithin: Bool { beyondCount == 0 }
  }

  /// An array whose shape is not that of what it names.
  public struct Misfit: Sendable, Equatable {
    public var name: String
    public var expected: [Int]
    public var found: [Int]
  }

  public let tolerance: Tolerance
  /// In the order of the references.
  public private(set) var entries: [Entry] = []
  public private(set) var misfits: [Misfit] = []
  /// Arrays that name nothing in the trace, but for what Gatescope's own files hold beside it.
  public private(set) var unknown: [String] = []
  /// What the trace has and the reference does not, as NPZ files name it.
  public private(set) var missing: [String] = []

  /// Whether something was compared, and everything that the trace has fits.
  public var agrees: Bool {
    !entries.isEmpty && misfits.isEmpty && entries.allSatisfy(\.isWithin)
  }

  /// The names by which a reference can mean something in `trace`, the usual ones first: `l0_fwd_h`
  /// for every signal, `h` where there is one track, and where there are several `h` for what the
  /// last layer gives, (T, H), both directions merged; `y`, `loss` … for what the readout says.
  public static func names(in trace: Trace) -> [String] {
    let signals = ComparedSignal.all(of: trace)
    let cells = signals.filter(\.isComputedByCell)
    return cells.map { $0.names[0] } + cells.flatMap { $0.names.dropFirst() }
      + signals.filter { !$0.isComputedByCell }.map { $0.names[0] }
  }

  /// Costs a pass over what is compared.
  ///
  /// - Parameters:
  ///   - trace: recorded whole.
  ///   - references: no two of one name. One that is not among `names(in:)` needs no values.
  public init(_ trace: Trace, _ references: [Reference], tolerance: Tolerance = Tolerance()) {
    self.tolerance = tolerance
    let signals = ComparedSignal.all(of: trace)
    var found: Set<String> = []
    for reference in references where !Self.beside.contains(reference.name) {
      guard let signal = signals.first(where: { $0.names.contains(reference.name) }) else {
        unknown.append(reference.name)
        continue
      }
      found.insert(signal.names[0])
      // Axes of 1 (a batch, a direction) do not change the order of the numbers.
      let expected = [trace.length, signal.width]
      guard reference.shape.filter({ $0 != 1 }) == expected.filter({ $0 != 1 }),
        reference.values.count == trace.length * signal.width
      else {
        misfits.append(Misfit(name: reference.name, expected: expected, found: reference.shape))
        continue
      }
      entries.append(Self.entry(reference, signal, trace, tolerance))
    }
    let cells = signals.filter(\.isComputedByCell).map { $0.names[0] }
    missing = cells.filter { !found.contains($0) }
  }

  /// What a trace's NPZ holds beside signals.
  private static let beside: Set<String> = ["x", "tokens", "steps", "units", "y_top", "y_top_id"]

  private static func entry(
    _ reference: Reference, _ signal: ComparedSignal, _ trace: Trace, _ tolerance: Tolerance
  ) -> Entry {
    var entry = Entry(
      name: reference.name, worst: nil, valueCount: reference.values.count, beyondCount: 0,
      firstStepBeyond: nil)
    var worstShare = -1.0
    for step in 0..<trace.length {
      let row = signal.row(trace, step)
      for unit in 0..<signal.width {
        let expected = reference.values[step * signal.width + unit]
        let difference = difference(row[unit], expected)
        let share = difference / tolerance.allowed(expected)
        // An infinite reference that is met has a difference of 0, and allows anything.
        let isBeyond = difference > 0 && !(share <= 1 && difference.isFinite)
        if isBeyond {
          entry.beyondCount += 1
          entry.firstStepBeyond = entry.firstStepBeyond ?? step
        }
        let compared = difference == 0 ? 0 : difference.isFinite ? share : .infinity
        guard compared > worstShare else { continue }
        worstShare = compared
        entry.worst = Place(
          step: step, unit: unit, ours: row[unit], reference: expected, difference: difference)
      }
    }
    return entry
  }

  private static func difference(_ ours: Float, _ reference: Float) -> Double {
    if ours == reference || (ours.isNaN && reference.isNaN) { return 0 }
    let difference = abs(Double(ours) - Double(reference))
    return difference.isNaN ? .infinity : difference
  }
}

/// What a reference's array may name: a signal of one track, or what the last layer gives.
private struct ComparedSignal {
  /// The first is the one that NPZ files have.
  let names: [String]
  let width: Int
  private let place: Place

  private enum Place {
    case cell(track: Int, Signal)
    /// The last layer's h, both directions merged.
    case merged
    case readout(ReadoutQuantity)
  }

  /// Whether it does not follow from other signals.
  var isComputedByCell: Bool {
    switch place {
    case .cell: true
    case .merged, .readout: false
    }
  }

  static func all(of trace: Trace) -> [ComparedSignal] {
    let isSingle = trace.layout.count == 1
    var signals = trace.layout.enumerated().flatMap { index, layout in
      layout.signals.map { signal in
        let name = "l\(layout.track.layer)_\(layout.track.direction.rawValue)_\(signal.rawValue)"
        return ComparedSignal(
          names: isSingle ? [name, signal.rawValue] : [name], width: layout.units(of: signal),
          place: .cell(track: index, signal))
      }
    }
    if !isSingle {
      signals.append(
        ComparedSignal(
          names: [Signal.h.rawValue], width: trace.topHidden(at: 0).count, place: .merged))
    }
    guard let readout = trace.readout else { return signals }
    return signals
      + readout.quantities.map { quantity in
        ComparedSignal(
          names: [quantity.rawValue], width: quantity == .y ? readout.outputs : 1,
          place: .readout(quantity))
      }
  }

  func row(_ trace: Trace, _ step: Int) -> [Float] {
    switch place {
    case .merged: return trace.topHidden(at: step)
    case .cell(let track, let signal):
      return trace.window(
        WindowRequest(track: track, signal: signal, steps: step..<step + 1, units: 0..<width)
      ).values
    case .readout(.y): return trace.readout.map { Array($0.block(step..<step + 1).row(step)) } ?? []
    case .readout(let quantity):
      return trace.readout?.values(quantity, step..<step + 1) ?? []
    }
  }
}
