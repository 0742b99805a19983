import Recurrent

/// The orders in which formats stack the gates' rows, and the way from one to another.
enum GateOrder {
  /// torch.nn.LSTM stacks i, f, g, o; torch.nn.GRU stacks r, z, n, where its z is our u.
  static func pyTorch(_ cell: CellKind) -> [Signal] {
    switch cell {
    case .lstm: [.i, .f, .z, .o]
    case .gru: [.r, .u, .n]
    case .rnn: [.h]
    case .described: cell.gates
    }
  }

  /// What PyTorch's documentation calls them, in the same order.
  static func pyTorchLetters(_ cell: CellKind) -> [String] {
    switch cell {
    case .lstm: ["i", "f", "g", "o"]
    case .gru: ["r", "z", "n"]
    case .rnn: ["h"]
    // Each package has its own, which its spelling knows.
    case .described: []
    }
  }

  /// Reorders blocks of rows, each as long as the others.
  ///
  /// - Parameters:
  ///   - values: one block a gate, in the order of `source`.
  ///   - target: the same gates in the wanted order.
  static func permute(_ values: [Float], from source: [Signal], to target: [Signal]) -> [Float] {
    var values = values
    permute(&values, from: source, to: target)
    return values
  }

  /// The same where the values are: a large matrix that nobody else holds needs no second place.
  static func permute(_ values: inout [Float], from source: [Signal], to target: [Signal]) {
    let block = values.count / source.count
    var order = source
    for (place, gate) in target.enumerated() {
      guard let now = order.firstIndex(of: gate) else { preconditionFailure() }
      guard now != place else { continue }
      // What stands before `place` is in order, so that `now` lies behind it.
      LargeWork.exchange(&values, place * block, now * block, count: block)
      order.swapAt(place, now)
    }
  }
}
