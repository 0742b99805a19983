import Recurrent

/// How a package writes a cell that is a line of the table: by which class or tensor it is known, and how
/// a layer is made of its tensors.
protocol CellSpelling: Sendable {
  /// What it is read as; the first unless a person asks for another.
  static var kinds: [CellKind] { get }
  /// The package that a class must be of, for whole modules tell it: others may have its name.
  static var package: String { get }
  /// The names of classes in whole modules, without what stands before the last dot.
  static var classes: Set<String> { get }
  /// The tensor, by the end of its name, that no other package's module has; nil where the names are
  /// PyTorch's, so that only a class or a person tells it.
  static var sign: String? { get }
  /// The module that holds a stack of such cells by number: "cells".
  static var stack: String? { get }
  /// Tensors of the module that do nothing to its signals, by their names in it, with what is said of them.
  static var beside: [String: String] { get }

  static func layer(_ cell: SpelledCell) throws(ModelFileError) -> Layer

  /// What the tensors leave open.
  static func guesses(_ cell: SpelledCell) -> [ReadingGuess]
}

extension CellSpelling {
  static var stack: String? { nil }
  static var beside: [String: String] { [:] }
  static func guesses(_ cell: SpelledCell) -> [ReadingGuess] { [] }
}

enum CellSpellings {
  /// A line a spelling.
  static let all: [any CellSpelling.Type] = [
    TorchOriginalLSTM.self, TorchPeepholeLSTM.self, TorchMGU.self, TorchUGRNN.self,
    TorchLiGRU.self, TorchJANET.self, TorchIndRNN.self,
    MinGRUSpelling.self, MinLSTMSpelling.self, SLSTMLayerSpelling.self, SLSTMCellSpelling.self,
    SRUSpelling.self, CfCSpelling.self,
  ]
}

/// One cell's tensors in a file.
struct SpelledCell {
  typealias Problem = ModelFileError.Problem

  /// "rnn.cells.0."; empty where names have nothing before them.
  let prefix: String
  let path: String
  /// By the names in the module.
  let shapes: [String: [Int]]
  let choices: ModelChoices
  let floats: (String) throws(ModelFileError) -> [Float]

  func has(_ name: String) -> Bool { shapes[name] != nil }

  func fault(_ problem: Problem) -> ModelFileError { ModelFileError(path, problem) }

  /// What a person says that it is, or the spelling's own.
  func kind(of spelling: any CellSpelling.Type) -> CellKind {
    spelling.kinds.first { $0 == choices.cell } ?? spelling.kinds[0]
  }

  /// Rows and columns of a matrix that must be there; neither is 0.
  func size(_ name: String) throws(ModelFileError) -> (rows: Int, columns: Int) {
    guard let shape = shapes[name] else {
      throw fault(.missingTensor(prefix + name, neededBy: prefix.isEmpty ? "the cell" : prefix))
    }
    guard shape.count == 2, shape[0] > 0, shape[1] > 0 else {
      throw fault(.wrongShape(tensor: prefix + name, expected: [nil, nil], found: shape))
    }
    return (shape[0], shape[1])
  }

  /// The numbers of a tensor of just that shape.
  func values(_ name: String, _ expected: [Int]) throws(ModelFileError) -> [Float] {
    guard let shape = shapes[name] else {
      throw fault(.missingTensor(prefix + name, neededBy: prefix.isEmpty ? "the cell" : prefix))
    }
    guard shape == expected else {
      throw fault(.wrongShape(tensor: prefix + name, expected: expected, found: shape))
    }
    return try floats(prefix + name)
  }

  /// The same of one that may not be there.
  func optional(_ name: String, _ expected: [Int]) throws(ModelFileError) -> [Float]? {
    has(name) ? try values(name, expected) : nil
  }

  func make(_ shape: LayerShape, _ weights: LayerWeights) throws(ModelFileError) -> Layer {
    do throws(NetworkError) {
      return try Layer(shape: shape, weights: [weights])
    } catch {
      throw fault(.network(error.description))
    }
  }

  /// `gates` of a name that `--activation` may give, over the class's own.
  func activations(_ usual: CellActivations, _ kind: CellKind) -> CellActivations {
    guard let told = choices.activation else { return usual }
    var activations = usual
    if let gates = told.gates(of: kind).flatMap(Activation.init(named:)) {
      activations.gates = gates
    }
    if let candidate = told.candidate(of: kind).flatMap(Activation.init(named:)) {
      activations.candidate = candidate
    }
    return activations
  }

  /// A matrix of zeros but for ones, or another number, down from the left.
  static func identity(_ size: Int, _ value: Float = 1) -> [Float] {
    var matrix = [Float](repeating: 0, count: size * size)
    for place in 0..<size { matrix[place * size + place] = value }
    return matrix
  }
}

extension Activation {
  /// One of `ModelChoices.Activations.known`, as PyTorch has it.
  fileprivate init?(named name: String) {
    switch name {
    case "tanh": self = .tanh
    case "relu": self = .relu
    case "sigmoid": self = .sigmoid
    case "hard_sigmoid": self = .hardSigmoidKeras3
    case "linear": self = .linear
    case "elu": self = .elu(alpha: 1)
    case "softsign": self = .softsign
    case "softplus": self = .softplus
    case "leaky_relu": self = .leakyRelu(alpha: 0.01)
    default: return nil
    }
  }
}
