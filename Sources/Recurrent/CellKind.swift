/// The recurrent cells that Gatescope steps.
///
/// Three have kernels of their own and are told by shapes; all others are lines of a table
/// (`DescribedCell`). What a cell is called, computes and keeps is its `about`, which views, exports and
/// answers read instead of telling cells apart.
public enum CellKind: Sendable, Hashable {
  /// Long short-term memory with a forget gate (Hochreiter & Schmidhuber 1997; Gers et al. 2000),
  /// optionally with peepholes (Gers & Schmidhuber 2000).
  case lstm
  /// Gated recurrent unit (Cho et al. 2014), with the reset gate applied after the product, as
  /// PyTorch and cuDNN do, or before it (`LayerShape.resetsBefore`).
  case gru
  /// The plain recurrent network, h = tanh(W x + R h' + b) (Elman 1990), or relu for tanh.
  case rnn
  /// Any other, stepped by what its description says.
  case described(DescribedCell)

  /// Those with kernels of their own, which shapes tell apart and training knows.
  public static let classic: [CellKind] = [.lstm, .gru, .rnn]

  /// Every cell that can be stepped.
  public static let all: [CellKind] = classic + DescribedCell.all.map(CellKind.described)

  /// "lstm", "minlstm": in files and options.
  public var rawValue: String { about.name }

  /// The cell of a name; nil where there is none.
  public init?(rawValue: String) {
    guard let found = Self.all.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = found
  }

  /// What the cell is.
  public var about: CellDescription {
    switch self {
    case .lstm: .lstm
    case .gru: .gru
    case .rnn: .rnn
    case .described(let cell): cell.description
    }
  }

  /// Whether it has kernels of its own.
  public var isClassic: Bool {
    switch self {
    case .lstm, .gru, .rnn: true
    case .described: false
    }
  }

  /// The blocks of rows in this cell's weight matrices, in the one canonical order. Every reader
  /// of model files permutes into it; nothing else in the program knows another.
  public var gates: [Signal] { about.gates }

  /// What a step of this cell computes, in the order in which a trace stores it: h is the last.
  public var signals: [Signal] { signals(isProjected: false) }

  /// The same, with m where an LSTM's output is projected.
  public func signals(isProjected: Bool) -> [Signal] {
    about.signals.filter { isProjected || !$0.isOfProjection }.map(\.signal)
  }

  /// Whether the cell carries a slow state c beside h.
  public var hasCellState: Bool { !about.carried.isEmpty }
}
