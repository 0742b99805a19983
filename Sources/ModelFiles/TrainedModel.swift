import Recurrent

/// A network as it came out of a file, with what the file says about it.
public struct TrainedModel: Sendable {
  public var network: Network
  /// The symbols of the input tokens, where the file has them.
  public var vocabulary: Vocabulary?
  /// What each output of the readout stands for: the vocabulary's symbols, or names of its own.
  public var outputSymbols: [String]?
  /// What each number of a numeric input is, where the file says so.
  public var featureNames: [String]?
  /// What the network was trained for, where the file says so: "reber".
  public var task: String?
  /// Things that a person should know but that stop nothing, such as weights that are NaN. One
  /// line each.
  public var warnings: [String]
  /// How the file was read where it has more than one form of something. One line each.
  public var notes: [String]
  /// What the file leaves open and how it was taken.
  public var guesses: [ReadingGuess] = []
  /// Whether the file itself says what all of it is, rather than names and shapes.
  public var isStated = false
  /// The name of the recurrent module in the file: "encoder.lstm". Empty where it has none.
  public var module: String
  /// The tensor, node or layer that is the embedding, and the one that is the readout, by the file's
  /// names.
  public var headNames = HeadNames()
  /// Tensors of the file that are no part of the network, by name, sorted.
  public var unused: [String]
  /// Those of them that stand beside the recurrent weights and were left out because a person said
  /// so: the network may be another than the file's.
  public var ignored: [String] = []
  /// Everything that the file says about itself, such as how the network was trained.
  public var metadata: [String: String]
  /// What the layers begin with, where the file says other than zeros.
  public var initialState: NetworkState?

  /// Where the embedding and the readout come from.
  public struct HeadNames: Sendable, Equatable {
    public var embedding: String?
    public var readout: String?
    /// Of the readout.
    public var bias: String?
    /// Whether what follows the readout is not in the file and was guessed.
    public var isActivationGuessed = false

    public init(embedding: String? = nil, readout: String? = nil, bias: String? = nil) {
      self.embedding = embedding
      self.readout = readout
      self.bias = bias
    }
  }

  public init(
    network: Network, vocabulary: Vocabulary? = nil, outputSymbols: [String]? = nil,
    featureNames: [String]? = nil, task: String? = nil, warnings: [String] = [],
    notes: [String] = [], module: String = "", unused: [String] = [],
    metadata: [String: String] = [:],
    initialState: NetworkState? = nil
  ) {
    self.network = network
    self.vocabulary = vocabulary
    self.outputSymbols = outputSymbols
    self.featureNames = featureNames
    self.task = task
    self.warnings = warnings
    self.notes = notes
    self.module = module
    self.unused = unused
    self.metadata = metadata
    self.initialState = initialState
  }
}
