import Recurrent

/// What a sweep holds, one after another.
public struct AblationPlan: Sendable, Hashable {
  /// What is held at a time.
  public enum Part: String, Sendable, CaseIterable {
    /// What a unit shows, or another of its signals.
    case unit
    /// Each gate of each unit, the candidate among them.
    case gate
  }

  /// What it is held at.
  public enum Value: String, Sendable, CaseIterable {
    case zero
    /// Its mean over the sequence as the network runs by itself.
    case mean
  }

  public var part: Part
  public var value: Value
  /// The signal that is held of a unit.
  public var signal: Signal

  public init(part: Part = .unit, value: Value = .zero, signal: Signal = .h) {
    self.part = part
    self.value = value
    self.signal = signal
  }

  /// All that is held, at 0: of every layer and direction, unit by unit.
  ///
  /// - Throws: `UnitHoldError` where nothing in the network can be held so.
  func holds(of network: Network) throws(UnitHoldError) -> [UnitHold] {
    var holds: [UnitHold] = []
    for (index, track) in network.tracks.enumerated() {
      let shape = network.layers[track.layer].shape
      let signals: [Signal]
      switch part {
      case .unit: signals = shape.signals.contains(signal) ? [signal] : []
      case .gate: signals = shape.cell.gates.filter { $0 != .h }
      }
      for unit in 0..<shape.hiddenSize {
        for signal in signals where unit < shape.units(of: signal) {
          holds.append(UnitHold(track: index, signal: signal, unit: unit, value: 0))
        }
      }
    }
    guard let first = holds.first else {
      let track = network.tracks[0]
      let signal = part == .gate ? Signal.f : signal
      throw .noSignal(signal, track: track, has: network.layers[track.layer].shape.signals)
    }
    try network.validate(first)
    // One of each kind, for all units are alike.
    for hold in holds where hold.unit == 0 { try network.validate(hold) }
    return holds
  }
}

/// What became of the loss when something was held.
public struct Ablation: Sendable, Hashable {
  public let hold: UnitHold
  public let loss: Double

  public init(hold: UnitHold, loss: Double) {
    self.hold = hold
    self.loss = loss
  }
}
