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

  /// Nil for what the file tells.
  public var embedding: Head?
  /// Nil for what the file tells.
  public var readout: Head?
  /// Nil for what the file tells, or tanh.
  public var activation: RNNActivation?

  public init(
    embedding: Head? = nil, readout: Head? = nil, activation: RNNActivation? = nil
  ) {
    self.embedding = embedding
    self.readout = readout
    self.activation = activation
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
