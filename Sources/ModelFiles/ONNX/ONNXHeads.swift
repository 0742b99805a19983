import Recurrent

/// Finds the embedding and the readout in the graph, where one reading remains.
struct ONNXHeads {
  private(set) var embedding: Embedding?
  private(set) var readout: Readout?
  private(set) var warnings: [String] = []

  private let folder: ONNXFolder
  private static let wayLimit = 32

  init(
    first: ONNXRecurrentNode, last: ONNXRecurrentNode, _ folder: ONNXFolder
  ) throws(NetworkError) {
    self.folder = folder
    try findEmbedding(first)
    try findReadout(last)
  }

  // MARK: The embedding: Gather of a (V, I) constant by what the model is given

  private mutating func findEmbedding(_ first: ONNXRecurrentNode) throws(NetworkError) {
    let size = first.layer.shape.inputSize
    var scope = first.node.scope
    var name = first.node.input(0)
    var steps = 0
    while let value = name, steps < Self.wayLimit,
      case .node(let node, _) = scope.origin(of: value)
    {
      if node.operation == "Gather", let table = table(node, size: size) {
        embedding = try Embedding(
          count: table.shape[0], size: size, weights: table.floats)
        return
      }
      guard node.operation != "OneHot" else { return }
      guard keepsLast(node) else {
        warnings.append(
          "node \(quoted(first.node.label)) reads what \(printable(node.words)) computes; "
            + "give that as its input")
        return
      }
      steps += 1
      scope = node.scope
      name = node.input(0)
    }
  }

  private func table(_ node: ONNXNode, size: Int) -> ONNXConstant? {
    guard (node.attribute("axis")?.i ?? 0) == 0, let data = node.input(0),
      let indices = node.input(1), folder.constantIfKnown(indices, in: node.scope) == nil
    else { return nil }
    let before = folder.used
    guard let table = folder.constantIfKnown(data, in: node.scope), table.type.isFloat,
      table.shape.count == 2, table.shape[0] > 0, table.shape[1] == size
    else {
      folder.used = before
      return nil
    }
    return table
  }

  /// Whether a node leaves every vector of the last dimension as it is. (A Reshape that does not
  /// would change what the recurrent node takes, and the embedding's size would not fit.)
  private func keepsLast(_ node: ONNXNode) -> Bool {
    switch node.operation {
    case "Identity", "Dropout", "Cast", "Reshape", "Squeeze", "Unsqueeze": true
    case "Transpose":
      node.attribute("perm").map { $0.ints.last == Int64($0.ints.count - 1) } ?? false
    default: false
    }
  }

  // MARK: The readout: MatMul or Gemm over what the last layer gives

  private struct Candidate {
    var node: ONNXNode
    /// (O, D·H).
    var weights: [Float]
    var bias: [Float]?
    var outputSize: Int
    var activation: Readout.Activation
    var used: Set<String>
  }

  private mutating func findReadout(_ last: ONNXRecurrentNode) throws(NetworkError) {
    var starts: [(String, ONNXAxes)] = []
    if let y = last.node.output(0) { starts.append((y, ONNXAxes(last))) }
    // Both directions' last h are of different steps, which no step's readout sees together.
    if last.layer.shape.directions == [.forward], let h = last.node.output(1) {
      starts.append((h, ONNXAxes(lastOf: last)))
    }
    let before = folder.used
    var candidates: [Candidate] = []
    var rejected: [ONNXNode] = []
    var waiting = starts
    var seen: Set<ONNXNode> = []
    while let (name, axes) = waiting.popLast(), seen.count < 1000 {
      for node in last.node.scope.readers(of: name) where seen.insert(node).inserted {
        var after = axes
        if node.input(0) == name, after.follow(node, folder, selects: true) {
          if let output = node.output(0) { waiting.append((output, after)) }
        } else if axes.endsInFeatures, node.input(0) == name {
          folder.used = before
          guard let candidate = product(node, width: axes.width) else { continue }
          if let whole = finished(candidate) {
            candidates.append(whole)
          } else {
            rejected.append(node)
          }
        }
      }
    }
    folder.used = before
    if candidates.count == 1, rejected.isEmpty {
      let found = candidates[0]
      folder.used = found.used
      readout = try Readout(
        inputSize: last.layer.shape.outputSize, outputSize: found.outputSize,
        weights: found.weights, bias: found.bias, activation: found.activation)
    } else if candidates.count + rejected.count > 0 {
      let names = (candidates.map(\.node) + rejected).prefix(8).map { quoted($0.label) }
      warnings.append(
        candidates.count > 1
          ? "several nodes could be the readout (\(names.joined(separator: ", "))); none is taken"
          : "what follows is more than one linear readout (\(names.joined(separator: ", "))); "
            + "predictions are not shown")
    }
  }

  /// A product with a constant matrix over all of h.
  private func product(_ node: ONNXNode, width: Int) -> Candidate? {
    guard node.operation == "MatMul" || node.operation == "Gemm", let input = node.input(1),
      let matrix = folder.constantIfKnown(input, in: node.scope), matrix.type.isFloat,
      matrix.shape.count == 2, matrix.shape[0] > 0, matrix.shape[1] > 0
    else { return nil }
    var isTransposed = false
    if node.operation == "Gemm" {
      guard (node.attribute("transA")?.i ?? 0) == 0, (node.attribute("alpha")?.f ?? 1) == 1,
        (node.attribute("beta")?.f ?? 1) == 1
      else { return nil }
      isTransposed = (node.attribute("transB")?.i ?? 0) != 0
    }
    let outputs = matrix.shape[isTransposed ? 0 : 1]
    guard matrix.shape[isTransposed ? 1 : 0] == width else { return nil }
    let values = matrix.floats
    var weights = values
    if !isTransposed {
      for row in 0..<width {
        for column in 0..<outputs { weights[column * width + row] = values[row * outputs + column] }
      }
    }
    var candidate = Candidate(
      node: node, weights: weights, bias: nil, outputSize: outputs, activation: .linear,
      used: folder.used)
    if node.operation == "Gemm", let input = node.input(2) {
      guard let bias = bias(input, node, outputs) else { return nil }
      candidate.bias = bias
    }
    candidate.used = folder.used
    return candidate
  }

  /// One number an output.
  private func bias(_ name: String, _ node: ONNXNode, _ count: Int) -> [Float]? {
    guard let constant = folder.constantIfKnown(name, in: node.scope), constant.type.isFloat,
      constant.count == count, constant.shape.last == count
    else { return nil }
    return constant.floats
  }

  /// Follows the product to the end: an Add of a constant, then the activation, if there is one. Nil
  /// where something else follows, such as another layer.
  private func finished(_ candidate: Candidate) -> Candidate? {
    var candidate = candidate
    guard var value = candidate.node.output(0) else { return nil }
    let scope = candidate.node.scope
    for _ in 0..<Self.wayLimit {
      let readers = scope.readers(of: value)
      let next = readers.first { !["Shape", "ArgMax", "TopK"].contains($0.operation) }
      // What the graph gives is the readout, whatever else is done with it.
      guard let next, let output = next.output(0) else { return candidate }
      switch next.operation {
      case "Add":
        guard candidate.bias == nil,
          let other = next.proto.input.first(where: { $0 != value }),
          let bias = bias(other, next, candidate.outputSize)
        else { return nil }
        candidate.bias = bias
        candidate.used = folder.used
      case "Softmax", "LogSoftmax":
        candidate.activation = .softmax
        return candidate
      case "Sigmoid":
        candidate.activation = .sigmoid
        return candidate
      case "Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Dropout", "Slice",
        "Gather", "Flatten":
        break
      default:
        // Another computation: a readout only where the graph gives the logits as well.
        return scope.isOutput(value) ? candidate : nil
      }
      value = output
    }
    return nil
  }
}
