/// A graph with the names that are visible in it: its own, and those of the graph around it where it
/// is a body of If, Loop or Scan.
final class ONNXScope {
  let nodes: [ONNXNodeProto]
  let parent: ONNXScope?
  private(set) var bodies: [ONNXScope] = []
  /// Place in `nodes` and among the node's outputs, by value name; the first where two give one.
  private var producers: [String: (node: Int, output: Int)] = [:]
  private let initializers: [String: ONNXTensorProto]
  private let inputs: Set<String>
  private var consumers: [String: [Int]] = [:]
  private let outputs: Set<String>

  /// - Parameter graph: whose depth `ONNXWire` has proved.
  init(_ graph: ONNXGraphProto, parent: ONNXScope? = nil) {
    nodes = graph.node
    self.parent = parent
    initializers = Dictionary(graph.initializer.map { ($0.name, $0) }) { first, _ in first }
    inputs = Set(graph.input.map(\.name))
    outputs = Set(graph.output.map(\.name))
    for (index, node) in nodes.enumerated() {
      for (place, name) in node.output.enumerated() where !name.isEmpty && producers[name] == nil {
        producers[name] = (index, place)
      }
      for name in Set(node.input) where !name.isEmpty { consumers[name, default: []].append(index) }
    }
    bodies = nodes.flatMap { node in
      node.attribute.filter(\.hasG).map { ONNXScope($0.g, parent: self) }
    }
  }

  /// This scope, then its bodies in the order of their nodes.
  var all: [ONNXScope] { [self] + bodies.flatMap(\.all) }

  /// The names of its initializers.
  var initializerNames: [String] { Array(initializers.keys) }

  var initializerTensors: [ONNXTensorProto] { Array(initializers.values) }

  /// Where a value comes from.
  enum Origin {
    case node(ONNXNode, output: Int)
    case initializer(ONNXTensorProto, ONNXScope)
    case input
    case unknown
  }

  /// Looks in this graph first, then in those around it.
  func origin(of name: String) -> Origin {
    var scope: ONNXScope? = self
    while let here = scope {
      if let (index, output) = here.producers[name] {
        return .node(ONNXNode(scope: here, index: index), output: output)
      }
      // An initializer is the default of an input of the same name.
      if let tensor = here.initializers[name] { return .initializer(tensor, here) }
      if here.inputs.contains(name) { return .input }
      scope = here.parent
    }
    return .unknown
  }

  /// The nodes of this graph that read a value.
  func readers(of name: String) -> [ONNXNode] {
    (consumers[name] ?? []).map { ONNXNode(scope: self, index: $0) }
  }

  func isOutput(_ name: String) -> Bool { outputs.contains(name) }
}

/// A node, by its place.
struct ONNXNode: Hashable {
  let scope: ONNXScope
  let index: Int

  var proto: ONNXNodeProto { scope.nodes[index] }
  var operation: String { proto.opType }

  /// Its name, or else that of its first output.
  var label: String {
    let proto = proto
    if !proto.name.isEmpty { return proto.name }
    return proto.output.first { !$0.isEmpty } ?? "\(proto.opType) #\(index)"
  }

  /// "node 'Conv_3' (Conv)".
  var words: String { "node \(quoted(label)) (\(operation))" }

  /// An input's name; nil where it is left out.
  func input(_ place: Int) -> String? {
    let inputs = proto.input
    return inputs.indices.contains(place) && !inputs[place].isEmpty ? inputs[place] : nil
  }

  func output(_ place: Int) -> String? {
    let outputs = proto.output
    return outputs.indices.contains(place) && !outputs[place].isEmpty ? outputs[place] : nil
  }

  static func == (first: ONNXNode, second: ONNXNode) -> Bool {
    first.scope === second.scope && first.index == second.index
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(scope))
    hasher.combine(index)
  }
}

// MARK: Attributes

extension ONNXNode {
  typealias Fault = ONNXProblem.NodeFault

  func attribute(_ name: String) -> ONNXAttributeProto? {
    proto.attribute.first { $0.name == name }
  }

  func integer(_ name: String) throws(Fault) -> Int? {
    guard let attribute = attribute(name) else { return nil }
    guard attribute.hasI else {
      throw .badAttribute(name, expected: "a whole number", found: "another kind")
    }
    return Int(attribute.i)
  }

  func integers(_ name: String) throws(Fault) -> [Int]? {
    guard let attribute = attribute(name) else { return nil }
    guard !attribute.hasI, !attribute.hasF, !attribute.hasS else {
      throw .badAttribute(name, expected: "whole numbers", found: "another kind")
    }
    return attribute.ints.map { Int($0) }
  }

  func number(_ name: String) throws(Fault) -> Float? {
    guard let attribute = attribute(name) else { return nil }
    guard attribute.hasF else {
      throw .badAttribute(name, expected: "a number", found: "another kind")
    }
    return attribute.f
  }

  func numbers(_ name: String) -> [Float] { attribute(name)?.floats ?? [] }

  func text(_ name: String) throws(Fault) -> String? {
    guard let attribute = attribute(name) else { return nil }
    guard attribute.hasS else {
      throw .badAttribute(name, expected: "a text", found: "another kind")
    }
    return String(decoding: attribute.s, as: UTF8.self)
  }

  func texts(_ name: String) throws(Fault) -> [String] {
    guard let attribute = attribute(name) else { return [] }
    guard !attribute.strings.isEmpty else {
      throw .badAttribute(name, expected: "a list of texts", found: "another kind or nothing")
    }
    return attribute.strings.map { String(decoding: $0, as: UTF8.self) }
  }
}
