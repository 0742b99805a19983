/// The recurrent cells that Gatescope steps.
public enum CellKind: String, Sendable, CaseIterable, Hashable {
  /// Long short-term memory with a forget gate (Hochreiter & Schmidhuber 1997; Gers et al. 2000),
  /// optionally with peepholes (Gers & Schmidhuber 2000).
  case lstm
  /// Gated recurrent unit (Cho et al. 2014), with the reset gate applied after the product, as
  /// PyTorch and cuDNN do, or before it (`LayerShape.resetsBefore`).
  case gru
  /// The plain recurrent network, h = tanh(W x + R h' + b) (Elman 1990), or relu for tanh.
  case rnn

  /// The blocks of rows in this cell's weight matrices, in the one canonical order. Every reader
  /// of model files permutes into it; nothing else in the program knows another.
  public var gates: [Signal] {
    switch self {
    case .lstm: [.z, .f, .i, .o]
    case .gru: [.r, .u, .n]
    case .rnn: [.h]
    }
  }

  /// What a step of this cell computes, in the order in which a trace stores it: h is the last.
  public var signals: [Signal] { signals(isProjected: false) }

  /// The same, with m where an LSTM's output is projected.
  public func signals(isProjected: Bool) -> [Signal] {
    switch self {
    case .lstm: isProjected ? [.z, .f, .i, .o, .c, .m, .h] : [.z, .f, .i, .o, .c, .h]
    case .gru: [.r, .u, .n, .h]
    case .rnn: [.h]
    }
  }

  /// Whether the cell carries a slow state c beside h.
  public var hasCellState: Bool {
    switch self {
    case .lstm: true
    case .gru, .rnn: false
    }
  }
}
