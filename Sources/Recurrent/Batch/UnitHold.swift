/// One signal of one unit that has the same value at every step, whatever the cell computes. What the
/// cell makes of it follows: c and h of a held gate, h of a held c; the unit's other gates do not see
/// it before the next step, but for an LSTM's o through a peephole and a GRU's n through r.
public struct UnitHold: Sendable, Hashable {
  /// An index into `Network.tracks`.
  public var track: Int
  public var signal: Signal
  public var unit: Int
  public var value: Float

  public init(track: Int, signal: Signal, unit: Int, value: Float) {
    self.track = track
    self.signal = signal
    self.unit = unit
    self.value = value
  }
}

/// Why a signal cannot be held. The cases carry the facts; the words are `description`.
public enum UnitHoldError: Error, Equatable, Sendable {
  case noSignal(Signal, track: Track, has: [Signal])
  case noUnit(Int, Signal, track: Track, count: Int)
  case notFinite(Float)
  /// A cell that is stepped by itself does not say what the signal would be.
  case unknownSum(Signal, track: Track)
}

extension UnitHoldError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noSignal(let signal, let track, let has):
      "\(track) has no \(signal.rawValue) to be held; it has "
        + has.map(\.rawValue).joined(separator: ", ")
    case .noUnit(let unit, let signal, let track, let count):
      "\(track) has no \(signal.rawValue)[\(unit)]; its units are 0 to \(count - 1)"
    case .notFinite(let value):
      "a signal cannot be held at \(value)"
    case .unknownSum(let signal, let track):
      "\(signal.rawValue) of \(track) cannot be held: its cell has both peepholes, a projection or a "
        + "reset before the product, and a clip, coupled gates or other activations; its h can"
    }
  }
}

extension Network {
  /// Proves that a hold means something here.
  ///
  /// - Throws: `UnitHoldError`.
  public func validate(_ hold: UnitHold) throws(UnitHoldError) {
    let track = tracks[hold.track]
    let shape = layers[track.layer].shape
    guard shape.signals.contains(hold.signal) else {
      throw .noSignal(hold.signal, track: track, has: shape.signals)
    }
    let count = shape.units(of: hold.signal)
    guard (0..<count).contains(hold.unit) else {
      throw .noUnit(hold.unit, hold.signal, track: track, count: count)
    }
    guard hold.value.isFinite else { throw .notFinite(hold.value) }
    guard !FusedCell.knows(shape), hold.signal != .h else { return }
    // What follows within the step is the cell's own; h alone ends it.
    if !shape.cell.isClassic { throw .unknownSum(hold.signal, track: track) }
    // What is made of the signal needs sums that such a cell keeps to itself.
    let needsSums =
      self[track].peepholes != nil && hold.signal != .o || shape.projectionSize != nil
      || hold.signal == .r
    if needsSums { throw .unknownSum(hold.signal, track: track) }
  }
}

/// Puts a held value into a step that has been taken, with what the cell makes of it.
struct HeldStep {
  let shape: LayerShape
  let unit: Int
  /// c' of the unit, or a GRU's h'.
  let before: Float
  /// What the unit's last gate sums up before its peephole: of an LSTM o's sum, of a GRU n's two.
  var outputSum: Float = 0
  var recurrentSum: Float = 0
  /// An LSTM's peephole of o; nil without.
  var peephole: Float?

  /// Holds a signal but a projected h, which comes after.
  ///
  /// - Parameter signals: of the step, (signalsLength); changed at the unit.
  func apply(_ hold: UnitHold, to signals: UnsafeMutablePointer<Float>) {
    func place(_ index: Int) -> Int { index * shape.hiddenSize + unit }
    guard let index = shape.signals.firstIndex(of: hold.signal) else { return }
    signals[place(index)] = hold.value
    switch shape.cell {
    case .lstm:
      let (z, f, i, o, c, m) = (place(0), place(1), place(2), place(3), place(4), place(5))
      switch hold.signal {
      case .z, .f, .i:
        if shape.isCoupled, hold.signal == .i { signals[f] = 1 - signals[i] }
        signals[c] = signals[f] * before + signals[i] * signals[z]
        signals[o] = openOutput(signals[o], cell: signals[c])
        signals[m] = signals[o] * shape.activations.output(signals[c])
      case .c:
        signals[o] = openOutput(signals[o], cell: signals[c])
        signals[m] = signals[o] * shape.activations.output(signals[c])
      case .o: signals[m] = signals[o] * shape.activations.output(signals[c])
      case .m, .h, .r, .u, .n, .v, .named: break
      }
    case .gru:
      let (r, u, n, h) = (place(0), place(1), place(2), place(3))
      switch hold.signal {
      case .r, .u, .n:
        if hold.signal == .r {
          signals[n] = shape.activations.candidate(outputSum + signals[r] * recurrentSum)
        }
        signals[h] = (1 - signals[u]) * signals[n] + signals[u] * before
      case .h, .z, .f, .i, .o, .c, .m, .v, .named: break
      }
    case .rnn, .described: break
    }
  }

  /// o, which looks at c where there is a peephole.
  private func openOutput(_ gate: Float, cell: Float) -> Float {
    guard let peephole else { return gate }
    return shape.activations.gates(outputSum + peephole * cell)
  }
}
