/// The activations of a cell. ONNX lists an LSTM's as f, g, h: gates, candidate, output.
public struct CellActivations: Sendable, Hashable {
  /// Of f, i, o, or r, u.
  public var gates: Activation
  /// Of z, or n; of a plain recurrent network's h.
  public var candidate: Activation
  /// LSTM only: of c, on its way to h.
  public var output: Activation

  public init(
    gates: Activation = .sigmoid, candidate: Activation = .tanh, output: Activation = .tanh
  ) {
    self.gates = gates
    self.candidate = candidate
    self.output = output
  }

  /// sigmoid, tanh, tanh.
  public static let standard = CellActivations()
}

extension CellActivations {
  /// What values a signal of a cell with these activations can take, for a colour scale.
  public func range(of signal: Signal, cell: CellKind, isProjected: Bool = false) -> SignalRange {
    switch cell {
    case .lstm, .gru, .rnn: break
    case .described(let cell):
      guard let known = cell.description[signal] else { return .unbounded }
      if let range = known.range { return range }
      switch known.role {
      case .gate: return gates.range
      case .candidate, .state: return candidate.range
      case .slow: return gates.range == .unit ? candidate.range : .unbounded
      case .fast: return gated(output)
      }
    }
    switch signal {
    case .f, .i, .o, .r, .u: return gates.range
    case .z, .n: return candidate.range
    case .c, .v, .named: return .unbounded
    case .m: return gated(output)
    case .h:
      switch cell {
      case .lstm: return isProjected ? .unbounded : gated(output)
      case .gru: return gates.range == .unit ? candidate.range : .unbounded
      case .rnn, .described: return candidate.range
      }
    }
  }

  /// The range of what a gate lets through.
  private func gated(_ activation: Activation) -> SignalRange {
    switch (gates.range, activation.range) {
    case (.unit, let range): range
    case (.signedUnit, .unit), (.signedUnit, .signedUnit): .signedUnit
    case (.signedUnit, .unbounded), (.unbounded, _): .unbounded
    }
  }
}
