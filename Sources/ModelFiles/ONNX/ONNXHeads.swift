import Recurrent

/// Finds the embedding and the readout in the graph, where one reading remains or a person chooses.
struct ONNXHeads {
  private(set) var embedding: Embedding?
  private(set) var readout: Readout?
  /// The nodes' weights, or the nodes where those have no name.
  private(set) var names = TrainedModel.HeadNames()
  private(set) var warnings: [String] = []

  private let folder: ONNXFolder
  private var hasWarned = false
  private static let wayLimit = 32

  init(
    first: ONNXRecurrentNode, last: ONNXRecurrentNode, _ folder: ONNXFolder,
    _ choices: ModelChoices
  ) throws(ModelFileError.Problem) {
    self.folder = folder
    let before = folder.used
    let lookup = choices.embedding == .absent ? nil : findLookup(first)
    folder.used = before
    let products = findProducts(last)
    folder.used = before
    if let choice = choices.embedding {
      _ = try choice.choose(.embedding, among: lookup.map { [$0.names] } ?? [])
    }
    let product = try chosen(products, choices.readout)
    do throws(NetworkError) {
      if let lookup {
        embedding = try Embedding(
          count: lookup.table.shape[0], size: lookup.table.shape[1], weights: lookup.table.floats)
        names.embedding = lookup.names.last
        folder.used.formUnion(lookup.used)
      }
      if let product {
        readout = try Readout(
          inputSize: last.layer.shape.outputSize, outputSize: product.outputSize,
          weights: product.weights, bias: product.bias, activation: product.activation)
        names.readout = product.names.last
        folder.used.formUnion(product.used)
      }
    } catch {
      throw .network(error.description)
    }
  }

  // MARK: The embedding: Gather of a (V, I) constant by what the model is given

  private struct Lookup {
    var table: ONNXConstant
    /// The node's, and that of what it gathers from.
    var names: [String]
    var used: Set<String>
  }

  private mutating func findLookup(_ first: ONNXRecurrentNode) -> Lookup? {
    let size = first.layer.shape.inputSize
    var scope = first.node.scope
    var name = first.node.input(0)
    var steps = 0
    var scaling: ONNXScaling?
    while let value = name, steps < Self.wayLimit,
      case .node(let node, _) = scope.origin(of: value)
    {
      if node.operation == "Gather", let table = table(node, size: size, scaling) {
        return Lookup(
          table: table, names: [node.label] + [node.input(0)].compactMap { $0 }, used: folder.used)
      }
      guard node.operation != "OneHot" else { return nil }
      // Rows of whole numbers, which become floats after they were looked up.
      if scaling == nil, let found = ONNXScaling(node, folder) {
        scaling = found
      } else if !keepsLast(node) {
        warnings.append(
          "node \(quoted(first.node.label)) reads what \(printable(node.words)) computes; "
            + "give that as its input")
        return nil
      }
      steps += 1
      scope = node.scope
      name = node.input(0)
    }
    return nil
  }

  private func table(_ node: ONNXNode, size: Int, _ scaling: ONNXScaling?) -> ONNXConstant? {
    guard (node.attribute("axis")?.i ?? 0) == 0, let data = node.input(0),
      let indices = node.input(1), folder.constantIfKnown(indices, in: node.scope) == nil
    else { return nil }
    let before = folder.used
    guard let table = folder.constantIfKnown(data, in: node.scope),
      table.shape.count == 2, table.shape[0] > 0, table.shape[1] == size,
      let floats = scaling.map({ $0.floats(table) }) ?? (table.type.isFloat ? table : nil)
    else {
      folder.used = before
      return nil
    }
    return floats
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

  private struct Product {
    var node: ONNXNode
    /// (O, D·H).
    var weights: [Float]
    var bias: [Float]?
    var outputSize: Int
    var activation: Readout.Activation
    /// Whether nothing but its activation follows.
    var isLast = false
    var used: Set<String>
    /// Where the node is not that of the weights.
    var ownNames: [String]?

    /// The node's, and that of its weights.
    var names: [String] { ownNames ?? [node.label] + [node.input(1)].compactMap { $0 } }
    var label: String { ownNames?.first ?? node.label }
  }

  private mutating func findProducts(_ last: ONNXRecurrentNode) -> [Product] {
    var starts: [(String, ONNXAxes)] = []
    if let y = last.node.output(0) { starts.append((y, ONNXAxes(last))) }
    // Both directions' last h are of different steps, which no step's readout sees together.
    if last.layer.shape.directions == [.forward], let h = last.node.output(1) {
      starts.append((h, ONNXAxes(lastOf: last)))
    }
    let before = folder.used
    var products: [Product] = []
    var waiting = starts
    var seen: Set<ONNXNode> = []
    // Nodes may share an output's name, all of them without end.
    var passed: Set<String> = []
    while let (name, axes) = waiting.popLast(), seen.count < 1000 {
      for node in last.node.scope.readers(of: name) where seen.insert(node).inserted {
        var after = axes
        if node.input(0) == name, after.follow(node, folder, selects: true) {
          if let output = node.output(0), passed.insert(output).inserted {
            waiting.append((output, after))
          }
        } else if axes.endsInFeatures, node.input(0) == name {
          folder.used = before
          if let product = product(node, width: axes.width) {
            products.append(finished(product))
          } else if let product = quantised(node, width: axes.width) {
            products.append(finished(product))
          }
        }
      }
    }
    return products
  }

  /// The only one that nothing follows, unless a person says which.
  private mutating func chosen(
    _ products: [Product], _ choice: ModelChoices.Head?
  ) throws(ModelFileError.Problem) -> Product? {
    if let choice {
      return try choice.choose(.readout, among: products.map(\.names)).map { products[$0] }
    }
    let last = products.filter(\.isLast)
    if last.count == 1, products.count == 1 { return last[0] }
    guard !products.isEmpty else { return nil }
    let all = (last + products.filter { !$0.isLast }).map { quoted($0.label) }
    let names = all.prefix(8)
    warnings.append(
      last.count > 1
        ? HeadWords.several(.readout, all, things: "nodes")
        : "what follows is more than one linear readout (\(names.joined(separator: ", "))); "
          + "predictions are not shown")
    return nil
  }

  /// A product with a constant matrix over all of h.
  private func product(_ node: ONNXNode, width: Int) -> Product? {
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
    var product = Product(
      node: node, weights: weights, bias: nil, outputSize: outputs, activation: .linear,
      used: folder.used)
    if node.operation == "Gemm", let input = node.input(2) {
      guard let bias = bias(input, node, outputs) else { return nil }
      product.bias = bias
    }
    product.used = folder.used
    return product
  }

  /// The same of whole numbers: DynamicQuantizeLinear, MatMulInteger, Cast and Mul, as
  /// `quantize_dynamic` puts them in a MatMul's place.
  private mutating func quantised(_ node: ONNXNode, width: Int) -> Product? {
    guard let found = ONNXIntegerProduct(of: node, folder, width: width) else { return nil }
    if !hasWarned {
      hasWarned = true
      warnings.append(
        "node \(quoted(found.node.label)): the readout's weights are of 8 bits and were widened; ONNX "
          + "Runtime also rounds what enters it to 8 bits, so its numbers differ a little")
    }
    return Product(
      node: found.end, weights: found.weights, bias: nil, outputSize: found.outputSize,
      activation: .linear, used: folder.used, ownNames: [found.node.label, found.matrix])
  }

  /// One number an output.
  private func bias(_ name: String, _ node: ONNXNode, _ count: Int) -> [Float]? {
    guard let constant = folder.constantIfKnown(name, in: node.scope), constant.type.isFloat,
      constant.count == count, constant.shape.last == count
    else { return nil }
    return constant.floats
  }

  /// Follows the product to the end: an Add of a constant, then the activation, if there is one.
  /// Something else that follows, such as another layer, leaves `isLast` false.
  private func finished(_ start: Product) -> Product {
    var product = start
    guard var value = product.node.output(0) else { return product }
    let scope = product.node.scope
    for _ in 0..<Self.wayLimit {
      let readers = scope.readers(of: value)
      let next = readers.first { !["Shape", "ArgMax", "TopK"].contains($0.operation) }
      // What the graph gives is the readout, whatever else is done with it.
      guard let next, let output = next.output(0) else {
        product.isLast = true
        return product
      }
      switch next.operation {
      case "Add":
        guard product.bias == nil,
          let other = next.proto.input.first(where: { $0 != value }),
          let bias = bias(other, next, product.outputSize)
        else { return product }
        product.bias = bias
        product.used = folder.used
      case "Softmax", "LogSoftmax":
        product.activation = .softmax
        product.isLast = true
        return product
      case "Sigmoid":
        product.activation = .sigmoid
        product.isLast = true
        return product
      case "Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Dropout", "Slice",
        "Gather", "Flatten":
        break
      default:
        // Another computation: a readout only where the graph gives the logits as well.
        product.isLast = scope.isOutput(value)
        return product
      }
      value = output
    }
    return product
  }
}
