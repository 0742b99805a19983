import Recurrent

// The cells of the package torchrecurrent, whose tensors have the names of PyTorch's cells: `weight_ih`,
// `weight_hh`, `bias_ih`, `bias_hh`, in a stack `cells.0`, `cells.1`, ….

/// The LSTM of 1997; its rows are those of i, z, o.
enum TorchOriginalLSTM: CellSpelling {
  static let kinds = [CellKind(rawValue: "lstm1997")!]
  static let package = "torchrecurrent"
  static let classes: Set<String> = ["OriginalLSTMCell"]
  static let sign: String? = nil
  static let stack: String? = "cells"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    try torchLayer(cell, kinds[0], order: [.i, .z, .o])
  }
}

/// An LSTM with peepholes, `weight_ph` of i, f and o; its rows are PyTorch's.
enum TorchPeepholeLSTM: CellSpelling {
  static let kinds = [CellKind.lstm]
  static let package = "torchrecurrent"
  static let classes: Set<String> = ["PeepholeLSTMCell"]
  static let sign: String? = "weight_ph"
  static let stack: String? = "cells"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    let layer = try torchLayer(cell, .lstm, order: [.i, .f, .z, .o])
    var weights = layer.weights[0]
    let peepholes = try cell.values("weight_ph", [3 * layer.shape.hiddenSize])
    weights.peepholes = GateOrder.permute(peepholes, from: [.i, .f, .o], to: [.f, .i, .o])
    return try cell.make(layer.shape, weights)
  }

  static func guesses(_ cell: SpelledCell) -> [ReadingGuess] {
    torchActivations("sigmoid and tanh", cell)
  }
}

enum TorchMGU: CellSpelling {
  static let kinds = [CellKind(rawValue: "mgu")!]
  static let package = "torchrecurrent"
  static let classes: Set<String> = ["MGUCell"]
  static let sign: String? = nil
  static let stack: String? = "cells"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    try torchLayer(cell, kinds[0], order: [.f, .n])
  }

  static func guesses(_ cell: SpelledCell) -> [ReadingGuess] {
    torchActivations("sigmoid and tanh", cell)
  }
}

/// Its rows are those of the candidate and the gate.
enum TorchUGRNN: CellSpelling {
  static let kinds = [CellKind(rawValue: "ugrnn")!]
  static let package = "torchrecurrent"
  static let classes: Set<String> = ["UGRNNCell"]
  static let sign: String? = nil
  static let stack: String? = "cells"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    try torchLayer(cell, kinds[0], order: [.n, .u])
  }
}

enum TorchLiGRU: CellSpelling {
  static let kinds = [CellKind(rawValue: "ligru")!]
  static let package = "torchrecurrent"
  static let classes: Set<String> = ["LiGRUCell"]
  static let sign: String? = nil
  static let stack: String? = "cells"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    try torchLayer(
      cell, kinds[0], order: [.u, .n], activations: CellActivations(candidate: .relu))
  }

  static func guesses(_ cell: SpelledCell) -> [ReadingGuess] {
    torchActivations("sigmoid and relu", cell)
  }
}

/// `beta` is a number of its own. Other cells of the package have one too, so that it tells nothing.
enum TorchJANET: CellSpelling {
  static let kinds = [CellKind(rawValue: "janet")!]
  static let package = "torchrecurrent"
  static let classes: Set<String> = ["JANETCell"]
  static let sign: String? = nil
  static let stack: String? = "cells"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    let beta = try cell.values("beta", [])
    return try torchLayer(cell, kinds[0], order: [.f, .z], parameters: ["beta": beta])
  }
}

enum TorchIndRNN: CellSpelling {
  static let kinds = [CellKind(rawValue: "indrnn")!]
  static let package = "torchrecurrent"
  static let classes: Set<String> = ["IndRNNCell"]
  static let sign: String? = "vector_u"
  static let stack: String? = "cells"

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer {
    let size = try cell.size("weight_ih")
    return try cell.make(
      LayerShape(
        cell: kinds[0], inputSize: size.columns, hiddenSize: size.rows,
        activations: cell.activations(.standard, .rnn)),
      LayerWeights(
        inputWeights: try cell.values("weight_ih", [size.rows, size.columns]),
        recurrentWeights: [], inputBias: try cell.optional("bias_ih", [size.rows]),
        recurrentBias: try cell.optional("bias_hh", [size.rows]),
        parameters: ["v": try cell.values("vector_u", [size.rows])]))
  }

  static func guesses(_ cell: SpelledCell) -> [ReadingGuess] { torchActivations("tanh", cell) }
}

/// A cell whose matrices have a block of rows a gate.
private func torchLayer(
  _ cell: SpelledCell, _ kind: CellKind, order: [Signal],
  activations: CellActivations = .standard, parameters: [String: [Float]] = [:]
) throws(ModelFileError) -> Layer {
  let recurrent = try cell.size("weight_hh")
  let units = recurrent.columns
  let rows = recurrent.rows
  guard rows % order.count == 0, rows / order.count == units else {
    throw cell.fault(
      .wrongShape(
        tensor: cell.prefix + "weight_hh", expected: [nil, rows / order.count],
        found: [rows, units]))
  }
  let inputs = try cell.size("weight_ih").columns
  func permuted(_ name: String, _ shape: [Int]) throws(ModelFileError) -> [Float] {
    GateOrder.permute(try cell.values(name, shape), from: order, to: kind.gates)
  }
  return try cell.make(
    LayerShape(
      cell: kind, inputSize: inputs, hiddenSize: units,
      activations: torchKnowsActivations(kind) ? cell.activations(activations, kind) : activations),
    LayerWeights(
      inputWeights: try permuted("weight_ih", [rows, inputs]),
      recurrentWeights: try permuted("weight_hh", [rows, units]),
      inputBias: cell.has("bias_ih") ? try permuted("bias_ih", [rows]) : nil,
      recurrentBias: cell.has("bias_hh") ? try permuted("bias_hh", [rows]) : nil,
      parameters: parameters))
}

/// Whether the class lets a person choose them.
private func torchKnowsActivations(_ kind: CellKind) -> Bool {
  ["lstm", "mgu", "ligru"].contains(kind.rawValue)
}

/// What a state_dict does not tell, unless a person does.
private func torchActivations(_ usual: String, _ cell: SpelledCell) -> [ReadingGuess] {
  guard cell.choices.activation == nil else { return [] }
  return [
    ReadingGuess(
      "\(usual), as the class has them unless it is told otherwise", otherwise: "--activation",
      mark: "act?")
  ]
}
