/// All that is said of a cell in one place: its names, its signals and what each of them is to it, its
/// equations, what its slow state adds up from. Views, exports, words and answers read it.
public struct CellDescription: Sendable, Hashable {
  /// In files and options: "lstm".
  public let name: String
  /// On the screen: "LSTM".
  public let title: String
  /// "an LSTM".
  public let withArticle: String
  /// The blocks of H rows in W, in the canonical order.
  public let gates: [Signal]
  /// What a step computes, in the order of a trace; h is the last.
  public let signals: [SignalDescription]
  /// What a step hands to the next beside h; they stand together in `signals`.
  public let carried: [Signal]
  /// What the memory of the cell adds up from, where it is such a sum.
  public let sum: SlowSum?
  /// The cell in the field's notation, a line an equation, ′ for the step before.
  public let equations: [String]
  /// Multiplications of a unit that are no product of a matrix.
  public let elementwise: Int

  public init(
    name: String, title: String, withArticle: String, gates: [Signal],
    signals: [SignalDescription], carried: [Signal] = [], sum: SlowSum? = nil,
    equations: [String] = [], elementwise: Int = 0
  ) {
    self.name = name
    self.title = title
    self.withArticle = withArticle
    self.gates = gates
    self.signals = signals
    self.carried = carried
    self.sum = sum
    self.equations = equations
    self.elementwise = elementwise
  }

  /// What a signal is to this cell; nil where it has none of that name.
  public subscript(signal: Signal) -> SignalDescription? {
    signals.first { $0.signal == signal }
  }

  /// What a unit remembers longest: c, or h.
  public var memory: Signal { sum?.memory ?? carried.first ?? .h }

  /// The gates that keep and that write the memory.
  public var sumGates: [Signal] {
    [sum?.keep.signal, sum?.gate.signal].compactMap { $0 }
  }
}

/// A signal as one cell has it.
public struct SignalDescription: Sendable, Hashable {
  public let signal: Signal
  public let role: SignalRole
  /// What values it can take, for a colour scale; nil where the layer's activations say it.
  public let range: SignalRange?
  /// "forget gate".
  public let name: String
  /// The same where there is little room.
  public let shortName: String
  /// Whether only a layer with a projection has it.
  public let isOfProjection: Bool

  public init(
    _ signal: Signal, _ role: SignalRole, _ name: String, short: String? = nil,
    range: SignalRange? = nil, isOfProjection: Bool = false
  ) {
    self.signal = signal
    self.role = role
    self.range = range
    self.name = name
    shortName = short ?? name
    self.isOfProjection = isOfProjection
  }
}

/// What a signal does in a cell.
public enum SignalRole: String, Sendable, Hashable, CaseIterable {
  /// Lets something through, or not.
  case gate
  /// What could be written.
  case candidate
  /// A memory that is added to.
  case slow
  /// What is shown, made anew at each step.
  case fast
  /// A memory of which neither can be said.
  case state
}

/// A memory that is added to: memory = keep · memory′ + gate · candidate.
public struct SlowSum: Sendable, Hashable {
  /// What one of the two is multiplied by.
  public enum Factor: Sendable, Hashable {
    /// Nothing: 1.
    case one
    case signal(Signal)
    /// What a gate leaves: 1 - it.
    case rest(of: Signal)

    /// The gate that it hangs on.
    public var signal: Signal? {
      switch self {
      case .one: nil
      case .signal(let signal), .rest(of: let signal): signal
      }
    }

    /// The factor, of the gate's value; which does not matter for 1.
    public func value<Real: FloatingPoint>(_ gate: Real) -> Real {
      switch self {
      case .one: 1
      case .signal: gate
      case .rest: 1 - gate
      }
    }

    /// "f", "(1-u)", "1".
    public var words: String {
      switch self {
      case .one: "1"
      case .signal(let signal): signal.rawValue
      case .rest(of: let signal): "(1-\(signal.rawValue))"
      }
    }
  }

  public let memory: Signal
  public let keep: Factor
  public let gate: Factor
  public let candidate: Signal

  public init(memory: Signal, keep: Factor, gate: Factor, candidate: Signal) {
    self.memory = memory
    self.keep = keep
    self.gate = gate
    self.candidate = candidate
  }

  /// "i·z", "(1-u)·n": what a step writes.
  public var written: String { "\(gate.words)·\(candidate.rawValue)" }

  /// "f·c′", or "c′" where nothing is forgotten.
  public var kept: String {
    keep == .one ? "\(memory.rawValue)′" : "\(keep.words)·\(memory.rawValue)′"
  }

  /// All of them.
  public var signals: [Signal] {
    [memory, keep.signal, gate.signal, candidate].compactMap { $0 }.inOrder
  }
}
