import Recurrent

/// Recurrent nodes of which one feeds the next: the layers of one module.
struct ONNXStack {
  let nodes: [ONNXNode]
  let name: String

  /// No export has as many nodes between two layers.
  private static let wayLimit = 32

  /// Every stack of a model, by the places of its nodes.
  ///
  /// - Parameter parts: every recurrent node of the model that could be read.
  static func all(_ parts: [ONNXRecurrentNode], _ folder: ONNXFolder) -> [ONNXStack] {
    let byNode = Dictionary(parts.map { ($0.node, $0) }) { first, _ in first }
    var below: [ONNXNode: ONNXNode] = [:]
    for part in parts {
      if let found = feeder(of: part, among: byNode, folder) { below[part.node] = found }
    }
    let feeding = Set(below.values)
    var found: [(nodes: [ONNXNode], label: String)] = []
    for part in parts where !feeding.contains(part.node) {
      var nodes = [part.node]
      // The guard is against a cycle, which no runtime would take.
      while let next = below[nodes[0]], nodes.count <= parts.count { nodes.insert(next, at: 0) }
      found.append((nodes, nodes[0].label))
    }
    // Where stacks share their first node, or nodes their name, the last node tells them apart; and
    // where that fails a number.
    var counts: [String: Int] = [:]
    for stack in found { counts[stack.label, default: 0] += 1 }
    var taken: Set<String> = []
    return found.map { nodes, label in
      let base = counts[label] == 1 ? label : nodes[nodes.count - 1].label
      var name = base
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(base)#\(number)"
        number += 1
      }
      return ONNXStack(nodes: nodes, name: name)
    }
  }

  /// The node whose Y is a part's X.
  private static func feeder(
    of part: ONNXRecurrentNode, among parts: [ONNXNode: ONNXRecurrentNode], _ folder: ONNXFolder
  ) -> ONNXNode? {
    var way: [ONNXNode] = []
    var scope = part.node.scope
    var name = part.node.input(0)
    while let value = name, way.count <= wayLimit,
      case .node(let node, let output) = scope.origin(of: value)
    {
      if let below = parts[node] {
        guard output == 0, node != part.node else { return nil }
        var axes = ONNXAxes(below)
        for step in way.reversed() {
          guard axes.follow(step, folder, selects: false) else { return nil }
        }
        let fits =
          axes.isInput(batchFirst: part.isBatchFirst)
          && axes.width == part.layer.shape.inputSize
        return fits ? node : nil
      }
      guard output == 0 else { return nil }
      way.append(node)
      scope = node.scope
      name = node.input(0)
    }
    return nil
  }
}
