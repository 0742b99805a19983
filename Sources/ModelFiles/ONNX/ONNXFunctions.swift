/// Puts a model's own functions in the places where they are called: what a node of a function does is
/// what the function's nodes do with the call's inputs, outputs and attributes.
///
/// https://onnx.ai/onnx/repo-docs/IR.html#model-local-functions. Functions may call each other, so what
/// they come to is counted like what stands in a file; their values get names of their own.
struct ONNXFunctions {
  /// PyTorch's exporter nests three.
  static let depthLimit = 16

  private let functions: [String: ONNXFunctionProto]
  /// How many calls were made, for the names.
  private var calls = 0
  private var left = ONNXWire.partsLimit

  /// The model's graph without calls.
  static func inlined(_ model: ONNXModelProto) throws(ONNXProblem) -> ONNXGraphProto {
    guard !model.functions.isEmpty else { return model.graph }
    var functions = ONNXFunctions(model.functions)
    return try functions.inlined(model.graph, depth: 0)
  }

  private init(_ functions: [ONNXFunctionProto]) {
    self.functions = Dictionary(
      functions.map { (Self.key($0.domain, $0.name), $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func key(_ domain: String, _ name: String) -> String {
    "\(domain == "ai.onnx" ? "" : domain)\n\(name)"
  }

  private mutating func inlined(
    _ graph: ONNXGraphProto, depth: Int
  ) throws(ONNXProblem) -> ONNXGraphProto {
    var graph = graph
    graph.node = try inlined(graph.node, depth: depth)
    return graph
  }

  private mutating func inlined(
    _ nodes: [ONNXNodeProto], depth: Int
  ) throws(ONNXProblem) -> [ONNXNodeProto] {
    var result: [ONNXNodeProto] = []
    for node in nodes {
      if let function = functions[Self.key(node.domain, node.opType)] {
        guard depth < Self.depthLimit else {
          throw .functionsTooDeep(name: node.opType, limit: Self.depthLimit)
        }
        result += try inlined(try body(of: function, calledBy: node), depth: depth + 1)
        continue
      }
      var node = node
      for place in node.attribute.indices where node.attribute[place].hasG {
        node.attribute[place].g = try inlined(node.attribute[place].g, depth: depth)
      }
      result.append(node)
    }
    return result
  }

  private mutating func spend(_ count: Int) throws(ONNXProblem) {
    left -= count
    guard left >= 0 else { throw .tooManyParts(limit: ONNXWire.partsLimit) }
  }

  /// The function's nodes with the call's values in place of its own.
  private mutating func body(
    of function: ONNXFunctionProto, calledBy call: ONNXNodeProto
  ) throws(ONNXProblem) -> [ONNXNodeProto] {
    calls += 1
    let prefix = "\(function.name.prefix(40))#\(calls)/"
    var names: [String: String] = [:]
    // What stands in the body is the function's, whatever stands outside; the call's names go over it.
    for name in function.node.flatMap(\.output) where !name.isEmpty {
      try spend(1 + name.utf8.count / 16)
      names[name] = prefix + name
    }
    try spend(function.input.count + function.output.count)
    for (place, name) in function.output.enumerated()
    where place < call.output.count && !call.output[place].isEmpty {
      names[name] = call.output[place]
    }
    // An input that the call leaves out is left out inside, too.
    for (place, name) in function.input.enumerated() {
      names[name] = place < call.input.count ? call.input[place] : ""
    }
    var attributes: [String: ONNXAttributeProto] = [:]
    for attribute in function.attributeProto + call.attribute {
      attributes[attribute.name] = attribute
    }
    var nodes: [ONNXNodeProto] = []
    for node in function.node {
      nodes.append(try renamed(node, names, attributes, prefix))
    }
    return nodes
  }

  private mutating func renamed(
    _ node: ONNXNodeProto, _ names: [String: String], _ attributes: [String: ONNXAttributeProto],
    _ prefix: String
  ) throws(ONNXProblem) -> ONNXNodeProto {
    try spend(1 + node.input.count + node.output.count + node.attribute.count)
    var node = node
    node.input = node.input.map { names[$0] ?? $0 }
    node.output = node.output.map { names[$0] ?? $0 }
    for name in node.input + node.output + [node.name] { try spend(name.utf8.count / 16) }
    if !node.name.isEmpty { node.name = prefix + node.name }
    var own: [ONNXAttributeProto] = []
    for attribute in node.attribute {
      var attribute = attribute
      if !attribute.refAttrName.isEmpty {
        // One that the call does not give, and that has no default, is not there.
        guard var given = attributes[attribute.refAttrName] else { continue }
        given.name = attribute.name
        try spend((given.ints.count + given.floats.count) / 16)
        attribute = given
      } else if attribute.hasG {
        attribute.g = try renamed(attribute.g, names, attributes, prefix)
      }
      own.append(attribute)
    }
    node.attribute = own
    return node
  }

  /// A body of If, Loop or Scan, which sees the function's values.
  private mutating func renamed(
    _ graph: ONNXGraphProto, _ names: [String: String], _ attributes: [String: ONNXAttributeProto],
    _ prefix: String
  ) throws(ONNXProblem) -> ONNXGraphProto {
    var graph = graph
    try spend(1 + graph.initializer.count + graph.output.count)
    var nodes: [ONNXNodeProto] = []
    for node in graph.node { nodes.append(try renamed(node, names, attributes, prefix)) }
    graph.node = nodes
    for place in graph.output.indices {
      graph.output[place].name =
        names[graph.output[place].name] ?? graph.output[place].name
    }
    return graph
  }
}
