import Recurrent

/// Why a network is not written: PyTorch's names and shapes have no place for a part of it, so that
/// the file would be read as another network.
public enum ModelWriterError: Error, Equatable, Sendable {
  case variation(layer: Int, CellVariation)
  case merge(layer: Int, MergeMode)
  /// A layer that reads backwards alone, or backwards first.
  case directions(layer: Int, [Direction])
  case differentCells([CellKind])
  /// RNNs of tanh and of relu in one stack.
  case differentActivations
  case initialState
  /// Steps that it passes over.
  case mask(StepMask)
}

extension ModelWriterError: CustomStringConvertible {
  public var description: String { "the model is not written: \(words)" }

  private var words: String {
    switch self {
    case .variation(let layer, let variation):
      "layer \(layer) has \(Self.words(variation)), which PyTorch's names cannot say"
    case .merge(let layer, let mode):
      "layer \(layer) merges its directions by \(mode.rawValue), which PyTorch's names cannot say"
    case .directions(let layer, _):
      "layer \(layer) reads backwards alone, which PyTorch's names cannot say"
    case .differentCells(let cells):
      "its layers are of different kinds (\(cells.map(\.rawValue).joined(separator: ", "))), "
        + "which are several modules in PyTorch"
    case .differentActivations:
      "its layers have different activations, which are several modules in PyTorch"
    case .initialState:
      "it begins with a state that is not zero, which a file of weights does not hold"
    case .mask(let mask):
      "it passes over \(mask), which PyTorch's names cannot say"
    }
  }

  private static func words(_ variation: CellVariation) -> String {
    switch variation {
    case .projection: "a projection"
    case .coupledGates: "coupled gates"
    case .clip: "a clip"
    case .activations: "other activations than PyTorch's"
    case .resetBefore: "its reset before the product"
    }
  }
}
