import Recurrent

/// The name of one parameter of a recurrent module, taken apart:
/// `PREFIX.weight_ih_l0_reverse`, as torch.nn.LSTM, GRU and RNN name them, and `PREFIX.weight_ih`
/// as the single cells (torch.nn.LSTMCell) do.
///
/// `peephole`, (3, H) or (3H) for f, i and o, is Gatescope's own; PyTorch has none.
struct RecurrentParameter: Hashable {
  enum Kind: String, CaseIterable {
    case inputWeights = "weight_ih"
    case recurrentWeights = "weight_hh"
    case inputBias = "bias_ih"
    case recurrentBias = "bias_hh"
    case projection = "weight_hr"
    case peepholes = "peephole"
  }

  /// Everything before the last dot; empty where there is none.
  var module: String
  var kind: Kind
  /// Nil in the name of a single cell.
  var layer: Int?
  var direction: Direction

  init(module: String, kind: Kind, layer: Int?, direction: Direction) {
    self.module = module
    self.kind = kind
    self.layer = layer
    self.direction = direction
  }

  /// Nil where the name is none of a recurrent module's.
  init?(name: String) {
    var leaf = Substring(name)
    if let dot = name.lastIndex(of: ".") {
      module = String(name[..<dot])
      leaf = name[name.index(after: dot)...]
    } else {
      module = ""
    }
    guard let kind = Kind.allCases.first(where: { leaf.hasPrefix($0.rawValue) }) else { return nil }
    self.kind = kind
    leaf = leaf.dropFirst(kind.rawValue.count)
    if leaf.hasSuffix("_reverse") {
      direction = .backward
      leaf = leaf.dropLast("_reverse".count)
    } else {
      direction = .forward
    }
    if leaf.isEmpty {
      layer = nil
    } else {
      // Four digits are enough for any network, and no product of them can overflow.
      let digits = leaf.dropFirst(2)
      guard leaf.hasPrefix("_l"), digits.count <= 4, let layer = Int(digits),
        layer >= 0, String(layer) == digits
      else { return nil }
      self.layer = layer
    }
  }

  var name: String {
    (module.isEmpty ? "" : module + ".") + kind.rawValue + (layer.map { "_l\($0)" } ?? "")
      + (direction == .backward ? "_reverse" : "")
  }

  /// The same module's, layer's and direction's parameter of another kind.
  func sibling(_ kind: Kind) -> RecurrentParameter {
    RecurrentParameter(module: module, kind: kind, layer: layer, direction: direction)
  }
}
