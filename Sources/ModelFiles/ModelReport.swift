import Recurrent

/// What is in a model file and how it was read; what `gatescope info` shows. Readers of every format
/// fill the same fields.
public struct ModelReport: Codable, Sendable, Equatable {
  public var path: String
  /// "PyTorch".
  public var format: String
  /// What wrote the file, where it says so: "torch.jit.save (TorchScript)".
  public var producer: String?
  public var modules: [Module]
  /// Tensors that are no part of any recurrent module, embedding or readout, by name.
  public var otherTensors: [Tensor]
  /// Parts of the file that were not looked at.
  public var leftOut: [String]
  public var warnings: [String]
  /// What the file says about itself.
  public var metadata: [String: String]

  /// A tensor of the file.
  public struct Tensor: Codable, Sendable, Equatable {
    public var name: String
    public var shape: [Int]
    /// As the format calls it; nil where it does not say.
    public var type: String?

    public init(name: String, shape: [Int], type: String? = nil) {
      self.name = name
      self.shape = shape
      self.type = type
    }
  }

  /// A recurrent module: a stack of layers that can be opened.
  public struct Module: Codable, Sendable, Equatable {
    /// Empty where the file has no name for it.
    public var name: String
    /// Why it cannot be opened, in a line; then it has no layers here.
    public var problem: String?
    /// "lstm"; of a stack of several kinds "lstm, gru".
    public var cell: String?
    public var layers: [Layer]
    /// What its weights are stored as: "float16".
    public var types: [String]
    public var embedding: Table?
    public var readout: Table?
    /// What follows the readout: "softmax".
    public var readoutActivation: String?
    /// Whether that is a guess.
    public var isReadoutActivationGuessed: Bool?
    /// How many tokens it reads, by number or one-hot.
    public var tokenCount: Int?
    /// How many of those have a symbol in the file; nil where there is no vocabulary.
    public var vocabularyCount: Int?
    /// How many numbers its weights and biases are, with the embedding's and the readout's; those that
    /// both share count once.
    public var weightCount: Int?
    /// Those of them that are the recurrent layers'.
    public var recurrentWeightCount: Int?
    /// Whether the readout multiplies by the embedding's numbers.
    public var hasTiedWeights: Bool?
    /// Tensors beside the recurrent weights that a person ignores.
    public var ignored: [String]
    /// How it was read where the file has more than one form of something, a line each.
    public var notes: [String]
    public var warnings: [String]
    /// How sure all that is; nil where it cannot be opened.
    public var certainty: ReadingCertainty?
    /// What a step costs, and what it would in other cells of as many units; itself first.
    public var costs: [Cost]?
  }

  /// What a network of one kind of cell costs.
  public struct Cost: Codable, Sendable, Equatable {
    /// "lstm"; of the network itself the kind of its first layer.
    public var cell: String
    /// Whether it is the network itself.
    public var isItself: Bool
    public var parameters: Int
    /// Of a step.
    public var multiplications: Int
    /// How long the demo recall's network of that kind took to train; nil where nobody says.
    public var recallSeconds: Double?
  }

  public struct Layer: Codable, Sendable, Equatable {
    /// "lstm".
    public var cell: String
    /// The gates in the order of the file's rows, in the letters of the format: "i", "f", "g", "o".
    public var gatesStored: [String]
    /// The same in Gatescope's letters: "i", "f", "z", "o".
    public var gatesMeant: [String]
    /// In the order that they were brought into: "z", "f", "i", "o".
    public var gatesRead: [String]
    /// By gate or signal: "sigmoid", "tanh".
    public var activations: [String: String]
    public var inputSize: Int
    public var hiddenSize: Int
    /// Of h, where a projection shortens it.
    public var projectionSize: Int?
    /// "fwd", "bwd".
    public var directions: [String]
    /// "two", "one" or "none", as they are added: W x + b_W + R h + b_R.
    public var biases: String
    public var hasPeepholes: Bool
    /// How it differs from the plain cell beside all this: "coupled gates", "clip 5.0".
    public var variations: [String]
  }

  /// The embedding, a row a token, or the readout, a row an output.
  public struct Table: Codable, Sendable, Equatable {
    /// The tensor, node or layer that it is.
    public var name: String?
    public var rows: Int
    public var columns: Int
    public var hasBias: Bool

    /// The numbers in it.
    public var weightCount: Int { rows * columns + (hasBias ? rows : 0) }
  }

  public init(
    path: String, format: String, producer: String? = nil, modules: [Module],
    otherTensors: [Tensor] = [], leftOut: [String] = [], warnings: [String] = [],
    metadata: [String: String] = [:]
  ) {
    self.path = path
    self.format = format
    self.producer = producer
    self.modules = modules
    self.otherTensors = otherTensors
    self.leftOut = leftOut
    self.warnings = warnings
    self.metadata = metadata
  }
}

extension ModelReport.Module {
  /// A module that opens.
  ///
  /// - Parameters:
  ///   - gates: of each kind of cell in the order of the file's rows, with the format's own letters.
  ///   - types: what the weights are stored as, in the format's words.
  ///   - path: the file's.
  ///   - choices: what a person has said.
  public init(
    _ model: TrainedModel, gates: (CellKind) -> (signals: [Signal], letters: [String]),
    types: [String] = [], path: String, choices: ModelChoices = ModelChoices()
  ) {
    let network = model.network
    name = model.module
    problem = nil
    layers = network.layers.map { layer in
      let (signals, letters) = gates(layer.shape.cell)
      return ModelReport.Layer(layer, gates: signals, letters: letters)
    }
    var cells: [String] = []
    for layer in layers where !cells.contains(layer.cell) { cells.append(layer.cell) }
    cell = cells.joined(separator: ", ")
    self.types = types
    embedding = network.embedding.map {
      ModelReport.Table(
        name: model.headNames.embedding, rows: $0.count, columns: $0.size, hasBias: false)
    }
    readout = network.readout.map {
      ModelReport.Table(
        name: model.headNames.readout, rows: $0.outputSize, columns: $0.inputSize,
        hasBias: $0.bias != nil)
    }
    readoutActivation = network.readout?.activation.rawValue
    isReadoutActivationGuessed = network.readout.map { _ in model.headNames.isActivationGuessed }
    tokenCount = network.tokenCount
    vocabularyCount = model.vocabulary?.count
    recurrentWeightCount = network.recurrentWeightCount
    hasTiedWeights = network.hasTiedWeights
    weightCount =
      network.recurrentWeightCount + (embedding?.weightCount ?? 0) + (readout?.weightCount ?? 0)
      - (network.hasTiedWeights ? embedding?.weightCount ?? 0 : 0)
    ignored = model.ignored
    notes = model.notes
    warnings = model.warnings
    certainty = ReadingCertainty(model, path: path, choices: choices)
    costs = ModelReport.Cost.all(of: network)
  }

  /// A module that does not.
  public init(name: String, problem: String) {
    self.name = name
    self.problem = problem
    layers = []
    types = []
    ignored = []
    notes = []
    warnings = []
  }
}

extension ModelReport.Cost {
  fileprivate static func all(of network: Network) -> [ModelReport.Cost] {
    let own = network.layers[0].shape.cell
    let cells = [own] + CellKind.classic.filter { $0 != own }
    return cells.enumerated().map { place, cell in
      let cost = place == 0 ? network.cost : network.cost(asCell: cell)
      return ModelReport.Cost(
        cell: cell.rawValue, isItself: place == 0, parameters: cost.parameters,
        multiplications: cost.multiplications)
    }
  }
}

extension ModelReport.Layer {
  init(_ layer: Layer, gates: [Signal], letters: [String]) {
    cell = layer.shape.cell.rawValue
    gatesStored = letters
    gatesMeant = gates.map(\.rawValue)
    gatesRead = layer.shape.cell.gates.map(\.rawValue)
    activations = Self.activations(layer.shape)
    inputSize = layer.shape.inputSize
    hiddenSize = layer.shape.hiddenSize
    projectionSize = layer.shape.projectionSize
    directions = layer.shape.directions.map(\.rawValue)
    let weights = layer.weights[0]
    biases =
      switch (weights.inputBias == nil ? 0 : 1) + (weights.recurrentBias == nil ? 0 : 1) {
      case 0: "none"
      case 1: "one"
      default: "two"
      }
    hasPeepholes = weights.peepholes != nil
    variations = [
      layer.shape.isCoupled ? "coupled gates" : nil,
      layer.shape.clip.map { "clip \($0)" },
      layer.shape.resetsBefore ? "reset before the product" : nil,
      layer.shape.merge == .concatenate ? nil : "merged by \(layer.shape.merge)",
    ].compactMap { $0 }
  }

  private static func activations(_ shape: LayerShape) -> [String: String] {
    let gates = shape.activations.gates.description
    let candidate = shape.activations.candidate.description
    return switch shape.cell {
    case .lstm:
      [
        "i": gates, "f": gates, "o": gates, "z": candidate,
        "h": shape.activations.output.description,
      ]
    case .gru: ["r": gates, "u": gates, "n": candidate]
    case .rnn: ["h": candidate]
    case .described(let cell):
      Dictionary(
        uniqueKeysWithValues: cell.description.signals.compactMap {
          switch $0.role {
          case .gate: ($0.signal.rawValue, gates)
          case .candidate: ($0.signal.rawValue, candidate)
          case .slow, .fast, .state: nil
          }
        })
    }
  }
}

extension Network {
  /// How many numbers the arrays of the layers hold.
  fileprivate var recurrentWeightCount: Int {
    var count = 0
    for weights in tracks.map({ self[$0] }) {
      count += weights.inputWeights.count + weights.recurrentWeights.count
      for optional in [
        weights.inputBias, weights.recurrentBias, weights.peepholes, weights.projection,
      ] {
        count += optional?.count ?? 0
      }
      count += weights.parameters.values.reduce(0) { $0 + $1.count }
    }
    return count
  }

  /// Whether the readout's matrix is the embedding's, told by its numbers: files keep one, two names
  /// of one, or a copy, and no training makes two matrices alike.
  fileprivate var hasTiedWeights: Bool {
    guard let embedding, let readout else { return false }
    return embedding.count == readout.outputSize && embedding.size == readout.inputSize
      && embedding.weights == readout.weights
  }
}
