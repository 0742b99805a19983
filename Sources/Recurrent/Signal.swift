/// A quantity that a cell computes at every timestep, one value a unit.
///
/// The names and the order are those of the screen and of every file that Gatescope writes.
public enum Signal: String, Sendable, CaseIterable, Hashable {
  /// LSTM candidate, tanh(W_z x + R_z h' + b_z), in -1…1. PyTorch calls it g, Keras c.
  case z
  /// LSTM forget gate, in 0…1.
  case f
  /// LSTM input gate, in 0…1.
  case i
  /// LSTM output gate, in 0…1.
  case o
  /// LSTM cell state, the slow memory, unbounded.
  case c
  /// GRU reset gate, in 0…1.
  case r
  /// GRU update gate, in 0…1: the share of h' that is kept. PyTorch and Keras call it z.
  case u
  /// GRU candidate, in -1…1.
  case n
  /// LSTM with a projection only: o ⊙ tanh c before it, in -1…1.
  case m
  /// Hidden state, what the layer shows, in -1…1.
  case h
  /// No cell's: the values of an array in somebody's file that has none of these names.
  case v

  /// What values the signal can take, for a colour scale.
  public var range: SignalRange {
    switch self {
    case .f, .i, .o, .r, .u: .unit
    case .z, .n, .m, .h: .signedUnit
    case .c, .v: .unbounded
    }
  }
}

/// The values that a signal can take.
public enum SignalRange: Sendable {
  /// 0…1: a gate.
  case unit
  /// -1…1: the output of a tanh.
  case signedUnit
  /// Any real number.
  case unbounded
}
