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
    /// "lstm".
    public var cell: String?
    public var layers: [Layer]
    /// The gates in the order of the file's rows, in the letters of the format: "i", "f", "g", "o".
    public var gatesStored: [String]
    /// The same in Gatescope's letters: "i", "f", "z", "o".
    public var gatesMeant: [String]
    /// In the order that they were brought into: "z", "f", "i", "o".
    public var gatesRead: [String]
    /// What its weights are stored as: "float16".
    public var types: [String]
    /// By gate or signal: "sigmoid", "tanh".
    public var activations: [String: String]
    public var embedding: Table?
    public var readout: Table?
    /// The readout's own activation: "softmax".
    public var readoutActivation: String?
    /// How many tokens it reads, by number or one-hot.
    public var tokenCount: Int?
    /// How many of those have a symbol in the file; nil where there is no vocabulary.
    public var vocabularyCount: Int?
    public var weightCount: Int?
    /// What the file leaves open and how it was taken, a line each.
    public var notes: [String]
    public var warnings: [String]
  }

  public struct Layer: Codable, Sendable, Equatable {
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
    public var rows: Int
    public var columns: Int
    public var hasBias: Bool
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
  ///   - gates: in the order of the file's rows.
  ///   - letters: the format's own, for the same gates.
  ///   - types: what the weights are stored as, in the format's words.
  public init(_ model: TrainedModel, gates: [Signal], letters: [String], types: [String] = []) {
    let network = model.network
    let cell = network.layers[0].shape.cell
    name = model.module
    problem = nil
    self.cell = cell.rawValue
    layers = network.layers.map(ModelReport.Layer.init)
    gatesStored = letters
    gatesMeant = gates.map(\.rawValue)
    self.types = types
    gatesRead = cell.gates.map(\.rawValue)
    activations = Self.activations(network.layers[0].shape)
    embedding = network.embedding.map {
      ModelReport.Table(rows: $0.count, columns: $0.size, hasBias: false)
    }
    readout = network.readout.map {
      ModelReport.Table(rows: $0.outputSize, columns: $0.inputSize, hasBias: $0.bias != nil)
    }
    readoutActivation = network.readout?.activation.rawValue
    tokenCount = network.tokenCount
    vocabularyCount = model.vocabulary?.count
    weightCount = network.weightCount
    notes = model.notes
    warnings = model.warnings
  }

  /// A module that does not.
  public init(name: String, problem: String) {
    self.name = name
    self.problem = problem
    layers = []
    gatesStored = []
    gatesMeant = []
    types = []
    gatesRead = []
    activations = [:]
    notes = []
    warnings = []
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
    }
  }
}

extension ModelReport.Layer {
  init(_ layer: Layer) {
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
}

extension Network {
  /// How many numbers its arrays hold.
  fileprivate var weightCount: Int {
    var count = (embedding?.weights.count ?? 0) + (readout?.weights.count ?? 0)
    count += readout?.bias?.count ?? 0
    for weights in tracks.map({ self[$0] }) {
      count += weights.inputWeights.count + weights.recurrentWeights.count
      for optional in [
        weights.inputBias, weights.recurrentBias, weights.peepholes, weights.projection,
      ] {
        count += optional?.count ?? 0
      }
    }
    return count
  }
}
