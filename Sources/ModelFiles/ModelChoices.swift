import Recurrent

/// What a person says of a model whose file leaves more than one reading.
public struct ModelChoices: Sendable, Equatable {
  /// The embedding or the readout.
  public enum Head: Sendable, Equatable {
    /// There is none, whatever the file has.
    case absent
    /// The tensor of this name (of a graph also the node or layer), or the only fitting one whose
    /// name holds it.
    case tensor(String)
  }

  /// What an RNN applies to its sum. PyTorch's state_dicts do not say.
  public enum RNNActivation: String, Sendable, CaseIterable {
    case tanh, relu
  }

  /// The order in which a module reads the sequence, where the file has one set of weights.
  public enum ReadingDirection: String, Sendable, CaseIterable {
    case forward, backward
  }

  /// What a cell applies to its sums, by Keras's names.
  public struct Activations: Sendable, Equatable {
    /// One name, or that of the gates and that of the candidate. A name alone is the gates' where it
    /// is of numbers from 0 to 1, sigmoid or hard_sigmoid, and the cell has gates.
    public let names: [String]

    public static let tanh = Activations(.tanh)
    public static let relu = Activations(.relu)

    /// The names that there are.
    public static let known = [
      "tanh", "relu", "sigmoid", "hard_sigmoid", "linear", "elu", "softsign", "softplus",
      "leaky_relu",
    ]

    /// - Returns: nil for a name that is not known, or more than two.
    public init?(names: [String]) {
      guard (1...2).contains(names.count), names.allSatisfy(Self.known.contains) else { return nil }
      self.names = names
    }

    public init(_ activation: RNNActivation) { names = [activation.rawValue] }

    /// Whether it says what gates apply.
    var saysGates: Bool { names.count > 1 || Self.areGates(names[0]) }

    func gates(of cell: CellKind) -> String? {
      cell != .rnn && saysGates ? names[0] : nil
    }

    func candidate(of cell: CellKind) -> String? {
      cell == .rnn || names.count > 1 || !saysGates ? names[names.count - 1] : nil
    }

    private static func areGates(_ name: String) -> Bool { name.hasSuffix("sigmoid") }
  }

  /// Nil for what the file tells.
  public var embedding: Head?
  /// Nil for what the file tells.
  public var readout: Head?
  /// Nil for what the file tells, or the defaults of what wrote it.
  public var activation: Activations?
  /// Nil for what the file tells, or forward.
  public var direction: ReadingDirection?
  /// What follows the readout; nil for what the file tells, or softmax.
  public var output: Readout.Activation?
  /// The kind of cell, where the file's names do not tell it or name one that is not known.
  public var cell: CellKind?
  /// Tensors beside the recurrent weights that are not used, by name or a part of it: a module that
  /// has others is not stepped.
  public var ignored: [String]
  /// A file with the config of a Keras model, as `model.to_json()` gives it, for weights that lie in a
  /// file of their own.
  public var configPath: String?
  /// Whether the file has no other module, so that none has to be named.
  var isOnlyModule = false
  /// The config that has been read already.
  private var readConfigPath: String?

  public init(
    embedding: Head? = nil, readout: Head? = nil, activation: Activations? = nil,
    direction: ReadingDirection? = nil, output: Readout.Activation? = nil, cell: CellKind? = nil,
    ignored: [String] = [], configPath: String? = nil
  ) {
    self.embedding = embedding
    self.readout = readout
    self.activation = activation
    self.direction = direction
    self.output = output
    self.cell = cell
    self.ignored = ignored
    self.configPath = configPath
  }

  /// The same where the config has been read.
  var withoutConfig: ModelChoices {
    var choices = self
    choices.configPath = nil
    choices.readConfigPath = configPath
    return choices
  }

  /// As they are typed: "--readout", "fc.weight".
  var arguments: [String] {
    func head(_ head: Head?) -> String? {
      switch head {
      case nil: nil
      case .absent?: "none"
      case .tensor(let name)?: name
      }
    }
    let given = [
      ("embedding", head(embedding)), ("readout", head(readout)),
      ("activation", activation?.names.joined(separator: ",")),
      ("direction", direction?.rawValue), ("output", output?.rawValue), ("cell", cell?.rawValue),
      ("config", configPath ?? readConfigPath),
    ]
    return given.flatMap { name, value in value.map { ["--\(name)", $0] } ?? [] }
      + ignored.flatMap { ["--ignore", $0] }
  }
}

extension ModelChoices.Head {
  /// The one that is meant.
  ///
  /// - Parameters:
  ///   - role: for messages.
  ///   - fitting: everything that could be chosen, each with the names that it goes by, the first
  ///     of which is its own.
  /// - Returns: its place; nil for none.
  func choose(
    _ role: ModelFileError.Role, among fitting: [[String]]
  ) throws(ModelFileError.Problem) -> Int? {
    guard case .tensor(let asked) = self else { return nil }
    if let exact = fitting.firstIndex(where: { $0.contains(asked) }) { return exact }
    let found = fitting.indices.filter { place in
      fitting[place].contains { $0.contains(asked) }
    }
    guard let first = found.first else {
      throw .noSuchHead(role, asked: asked, fitting: fitting.compactMap(\.first))
    }
    guard found.count == 1 else {
      throw .ambiguousRole(role, tensors: found.compactMap { fitting[$0].first })
    }
    return first
  }
}
