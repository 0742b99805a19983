/// What a cell can be run without: a gate that is held, or a way of h' into the cell that is cut.
///
/// The raw values are the names of the command line.
public enum CellPart: String, Sendable, CaseIterable, Hashable {
  /// LSTM: o = 1, every c is shown.
  case o
  /// LSTM: f = 1, nothing is forgotten, as in the LSTM of 1997 (Hochreiter & Schmidhuber).
  case f
  /// LSTM: i = 1, everything is written.
  case i
  /// LSTM: i = 1 - f, one gate for both (Greff et al. 2015). The gate that stays is f.
  case coupled
  /// LSTM: R's rows of z are zeros, the candidate sees x alone.
  case candidateState = "z-from-h"
  /// LSTM and GRU: R's rows of the gates are zeros, the gates see x alone (and c through peepholes).
  case gateState = "gates-from-h"
  /// GRU: r = 1, h' enters n whole.
  case r
  /// GRU: u = 0, h = n.
  case u
  /// GRU: R's rows of n are zeros.
  case newState = "n-from-h"
  /// RNN: R is zeros, h is a function of x alone.
  case state = "h-from-h"

  /// The parts that a cell of a kind has.
  public static func parts(of cell: CellKind) -> [CellPart] {
    switch cell {
    case .lstm: [.o, .f, .i, .coupled, .candidateState, .gateState]
    case .gru: [.r, .u, .newState, .gateState]
    case .rnn: [.state]
    case .described: []
    }
  }

  /// What holds in a cell without it: "o = 1".
  public var consequence: String {
    switch self {
    case .o: "o = 1"
    case .f: "f = 1"
    case .i: "i = 1"
    case .coupled: "i = 1 - f"
    case .candidateState: "z does not see h'"
    case .gateState: "the gates do not see h'"
    case .r: "r = 1"
    case .u: "u = 0"
    case .newState: "n does not see h'"
    case .state: "h does not see h'"
    }
  }
}

/// Why a network cannot be run without a part of its cell. The cases carry the facts; the words are
/// `description`.
public enum CellPartError: Error, Equatable, Sendable {
  /// No layer has it.
  case missing(CellPart, cells: [CellKind])
  /// The gate's activation does not reach the value that it would be held at, or not exactly.
  case unreachable(CellPart, layer: Int, Activation, clip: Float?)
  /// The layer has one gate for f and i already.
  case coupledAlready(CellPart, layer: Int)
}

extension CellPartError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let part, let cells):
      "the network has no \(part.rawValue); "
        + cells.map { cell in
          let parts = CellPart.parts(of: cell).map(\.rawValue).joined(separator: ", ")
          return "a layer of kind \(cell.rawValue) can be without \(parts)"
        }.joined(separator: ", and ")
    case .unreachable(let part, let layer, let activation, let clip):
      "layer \(layer) cannot be without \(part.rawValue): its gates are \(activation)"
        + (clip.map { " of sums clipped at \($0)" } ?? "")
        + ", which cannot be held so that \(part.consequence)"
    case .coupledAlready(let part, let layer):
      "layer \(layer) cannot be without \(part.rawValue): its f is 1 - i already"
    }
  }
}
