/// Computes what constants come to before the model runs: weights mostly reach a recurrent node
/// through Slice, Concat and Unsqueeze, as PyTorch's exporter reorders the gates.
///
/// Nothing runs but copies, casts and dequantisation, and no more memory is taken than the file, with
/// the data files that belong to it, justifies.
final class ONNXFolder {
  /// No exporter needs as many nodes one behind the other.
  static let chainLimit = 100
  /// Beside four times the files' sizes: every weight may be copied a few times on its way.
  static let freeBytes = 8 << 20

  private let data: ONNXTensorData
  private let fileSize: Int
  private var taken = 0
  private struct Key: Hashable {
    var scope: ObjectIdentifier
    var name: String
  }
  private var known: [Key: ONNXConstant] = [:]
  private var pending: Set<Key> = []
  /// The names of the initializers that were read.
  var used: Set<String> = []

  /// Who asks, for messages.
  struct Wanted {
    /// The node's label.
    var node: String
    /// What the node calls the input: "W".
    var input: String

    func problem(_ fault: ONNXProblem.NodeFault) -> ONNXProblem { .node(node, fault) }
  }

  init(data: ONNXTensorData, fileSize: Int) {
    self.data = data
    self.fileSize = fileSize
  }

  /// The numbers of a value.
  ///
  /// - Throws: `ONNXProblem` where they are not known before the model runs, or the way there is
  ///   damaged.
  func constant(_ name: String, in scope: ONNXScope, _ wanted: Wanted) throws(ONNXProblem)
    -> ONNXConstant
  {
    switch scope.origin(of: name) {
    case .initializer(let tensor, let owner):
      let key = Key(scope: ObjectIdentifier(owner), name: name)
      used.insert(name)
      if let constant = known[key] { return constant }
      let constant = try load(tensor, name, wanted)
      known[key] = constant
      return constant
    case .node(let node, let output):
      return try constant(node, output: output, name: name, wanted)
    case .input:
      throw wanted.problem(
        .notConstant(
          input: wanted.input,
          origin: "the graph's input \(quoted(name)), which is given when the model runs"))
    case .unknown:
      throw wanted.problem(
        .notConstant(input: wanted.input, origin: "\(quoted(name)), which nothing gives"))
    }
  }

  /// The same, nil where it is not known before the model runs.
  func constantIfKnown(_ name: String, in scope: ONNXScope) -> ONNXConstant? {
    let before = used
    do throws(ONNXProblem) {
      return try constant(name, in: scope, Wanted(node: "", input: ""))
    } catch {
      used = before
      return nil
    }
  }

  private func constant(
    _ node: ONNXNode, output: Int, name: String, _ wanted: Wanted
  ) throws(ONNXProblem) -> ONNXConstant {
    let key = Key(scope: ObjectIdentifier(node.scope), name: name)
    if let constant = known[key] { return constant }
    guard !pending.contains(key) else { throw wanted.problem(.cycle(input: wanted.input)) }
    guard pending.count < Self.chainLimit else {
      throw wanted.problem(.chainTooLong(input: wanted.input, limit: Self.chainLimit))
    }
    guard let fold = ONNXFold(rawValue: node.operation) else {
      throw wanted.problem(.notConstant(input: wanted.input, origin: node.words))
    }
    pending.insert(key)
    defer { pending.remove(key) }
    if fold == .constant, let tensor = node.attribute("value"), tensor.hasT {
      let constant = try load(tensor.t, tensor.t.name.isEmpty ? node.label : tensor.t.name, wanted)
      known[key] = constant
      return constant
    }
    var inputs: [ONNXConstant?] = []
    // Dropout's ratio and training mode do not matter to a trained model.
    for place in node.proto.input.indices where place == 0 || fold != .dropout {
      guard let input = node.input(place) else {
        inputs.append(nil)
        continue
      }
      inputs.append(try constant(input, in: node.scope, wanted))
    }
    let constant: ONNXConstant
    do throws(ONNXFoldFault) {
      constant = try fold.apply(node, output: output, inputs, data) { bytes throws(ONNXFoldFault) in
        guard self.take(bytes) else { throw .overBudget(bytes) }
      }
    } catch {
      switch error {
      case .overBudget(let bytes):
        throw wanted.problem(.overBudget(input: wanted.input, bytes: bytes))
      case .reason(let reason):
        throw wanted.problem(
          .unfoldable(input: wanted.input, by: node.words, reason: reason))
      case .attribute(let fault):
        throw .node(node.label, fault)
      }
    }
    known[key] = constant
    return constant
  }

  private func load(
    _ tensor: ONNXTensorProto, _ name: String, _ wanted: Wanted
  ) throws(ONNXProblem) -> ONNXConstant {
    let constant: ONNXConstant
    do throws(ONNXProblem.TensorFault) {
      constant = try data.constant(tensor)
    } catch {
      throw .tensor(name, error)
    }
    // Of many tensors that share a data file's bytes each is a copy.
    guard take(constant.bytes.count) else {
      throw wanted.problem(.overBudget(input: wanted.input, bytes: constant.bytes.count))
    }
    return constant
  }

  /// Whether so many bytes more are justified.
  private func take(_ bytes: Int) -> Bool {
    let (held, overflow) = (fileSize + data.externalBytes).multipliedReportingOverflow(by: 4)
    let limit = overflow ? Int.max - Self.freeBytes : held
    guard bytes >= 0, bytes <= limit + Self.freeBytes - taken else { return false }
    taken += bytes
    return true
  }

  // MARK: Zeros of a size that only the run tells

  /// Whether a value is zeros whatever its shape: PyTorch's exporter makes initial states so.
  func isZeros(_ name: String, in scope: ONNXScope, depth: Int = 0) -> Bool {
    guard depth < 16 else { return false }
    switch scope.origin(of: name) {
    case .initializer:
      return constantIfKnown(name, in: scope).map { $0.floats.allSatisfy { $0 == 0 } } ?? false
    case .input, .unknown: return false
    case .node(let node, _):
      if node.operation == "ConstantOfShape" {
        guard let value = node.attribute("value"), value.hasT else { return true }
        return (try? data.constant(value.t)).map { $0.floats.allSatisfy { $0 == 0 } } ?? false
      }
      let isCopy = [
        "Expand", "Slice", "Squeeze", "Unsqueeze", "Transpose", "Reshape", "Identity", "Cast",
        "Gather", "Split", "Tile",
      ].contains(node.operation)
      if isCopy, let input = node.input(0) {
        return isZeros(input, in: node.scope, depth: depth + 1)
      }
      return constantIfKnown(name, in: scope).map { $0.floats.allSatisfy { $0 == 0 } } ?? false
    }
  }
}
