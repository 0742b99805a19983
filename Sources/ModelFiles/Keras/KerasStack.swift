import Recurrent

/// Recurrent layers of which one feeds the next, with what stands before and behind them.
struct KerasStack {
  struct Table {
    /// The layer's.
    var name: String
    var matrix: HDF5File.Dataset
    var bias: HDF5File.Dataset?
    /// Of a readout.
    var activation = Readout.Activation.softmax
  }

  var layers: [KerasRecurrent]
  var embedding: Table?
  var readout: Table?
  /// What a person could choose as the readout.
  var readouts: [Table] = []
  /// Or else much is taken for granted.
  var isConfigured = true
  /// Whether a person said which layer feeds which.
  var isToldByPerson = false
  /// The steps that are passed over.
  var mask: StepMask?
  var warnings: [String] = []

  var name: String { layers[0].name }
}

/// Finds the stacks of a model with a config.
struct KerasStacks {
  private(set) var stacks: [KerasStack] = []
  private(set) var failures: [(name: String, problem: KerasProblem)] = []
  private let graph: KerasGraph
  private let weights: KerasWeights

  init(
    _ graph: KerasGraph, _ weights: KerasWeights, _ version: KerasVersion?, isKeras3: Bool
  ) {
    self.graph = graph
    self.weights = weights
    var parts: [Int: KerasRecurrent] = [:]
    for (index, node) in graph.nodes.enumerated() where KerasRecurrent.isRecurrent(node) {
      do throws(KerasProblem) {
        parts[index] = try KerasRecurrent(node, weights, version, isKeras3: isKeras3)
      } catch {
        failures.append((node.name, error))
      }
    }
    var below: [Int: Int] = [:]
    for (index, part) in parts {
      guard !graph.nodes[index].isShared, let source = source(of: index), source.tensor == 0,
        source.node != index, let feeder = parts[source.node], feeder.returnsSequences,
        feeder.outputSize == part.inputSize
      else { continue }
      below[index] = source.node
    }
    let feeding = Set(below.values)
    for index in parts.keys.sorted() where !feeding.contains(index) {
      var chain = [index]
      while let next = below[chain[0]], chain.count <= parts.count { chain.insert(next, at: 0) }
      stacks.append(stack(chain, parts))
    }
  }

  /// Layers that change nothing when a model is used.
  private func isTransparent(_ node: KerasGraph.Node) -> Bool {
    switch node.className {
    case "Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
      "ActivityRegularization", "InputLayer", "Identity", "Masking":
      true
    case "Activation": Activation.kerasName(node.config["activation"], default: "") == "linear"
    default: false
    }
  }

  /// What really gives the first input of a node.
  private func source(of index: Int) -> KerasGraph.Input? {
    var input = graph.nodes[index].inputs.first
    var left = graph.nodes.count
    while let found = input, left > 0, isTransparent(graph.nodes[found.node]) {
      guard let next = graph.nodes[found.node].inputs.first else { return found }
      input = next
      left -= 1
    }
    return input
  }

  /// Of a Masking layer between the input and a layer.
  private func maskValue(before index: Int) -> Float? {
    var input = graph.nodes[index].inputs.first
    var left = graph.nodes.count
    while let found = input, left > 0, isTransparent(graph.nodes[found.node]) {
      let node = graph.nodes[found.node]
      if node.className == "Masking" {
        if case .number(let value)? = node.config["mask_value"] { return Float(value) }
        return 0
      }
      input = node.inputs.first
      left -= 1
    }
    return nil
  }

  private func stack(_ chain: [Int], _ parts: [Int: KerasRecurrent]) -> KerasStack {
    var stack = KerasStack(layers: chain.compactMap { parts[$0] })
    for index in chain {
      let node = graph.nodes[index]
      if node.inputs.count > 1 {
        stack.warnings.append(
          "layer \(quoted(node.name)) begins with a state that the run gives; taken for zeros")
      }
      if node.isDistributed {
        stack.warnings.append(
          "layer \(quoted(node.name)) is applied by TimeDistributed: it begins anew with every part of the "
            + "input; give the steps of one part")
      }
      if node.isShared {
        stack.warnings.append("layer \(quoted(node.name)) is applied several times")
      }
    }
    if stack.layers.reduce(false, { $0 != $1.goesBackwards }) {
      stack.warnings.append(
        "it reads backwards: Keras gives its steps from the last to the first, "
          + "here they stand in the order of the input")
    }
    enter(&stack, chain[0])
    // What a layer shows there is not what it carries on with; Bidirectional always has it so.
    if let mask = stack.mask, stack.layers.contains(where: \.zerosMasked) {
      stack.mask = nil
      stack.warnings.append(
        "Keras passes over steps of \(mask) and shows zeros there; here they are taken: give sequences "
          + "without them")
    }
    leave(&stack, chain[chain.count - 1])
    return stack
  }

  private func enter(_ stack: inout KerasStack, _ index: Int) {
    guard let source = source(of: index) else { return }
    if let value = maskValue(before: index) { stack.mask = .features(value) }
    let node = graph.nodes[source.node]
    if node.className == "Embedding" {
      guard let table = weights.table(of: node) else {
        stack.warnings.append("the embedding \(quoted(node.name)) has no weights in the file")
        return
      }
      stack.embedding = KerasStack.Table(name: node.name, matrix: table.matrix)
      if node.config["mask_zero"]?.bool == true, !stack.layers[0].isDistributed {
        stack.mask = .token(0)
      }
    } else if node.className != "InputLayer" {
      stack.warnings.append(
        "layer 0 reads what \(quoted(node.name)) (\(printable(node.className))) gives; "
          + "give that as --features")
    }
  }

  private func leave(_ stack: inout KerasStack, _ index: Int) {
    stack.readouts = readouts(after: index, width: stack.layers.last?.outputSize)
    var at = index
    var dense: KerasGraph.Node?
    var activation = "linear"
    var left = graph.nodes.count
    while left > 0 {
      left -= 1
      let next = graph.consumers(of: at)
      guard next.count == 1, graph.nodes[next[0]].inputs.count == 1 else {
        if !next.isEmpty, dense == nil {
          stack.warnings.append(
            stack.readouts.count > 1
              ? HeadWords.several(
                .readout, stack.readouts.map { quoted($0.name) }, things: "layers")
              : "several layers follow it or join it; none is shown as the readout"
                + (stack.readouts.first.map { "; choose \(quoted($0.name)) with --readout" } ?? ""))
          return
        }
        break
      }
      let node = graph.nodes[next[0]]
      at = next[0]
      if isTransparent(node) { continue }
      let inner = node.className == "TimeDistributed" ? node.config["layer"] : nil
      let className = inner?["class_name"]?.text ?? node.className
      let config = inner?["config"] ?? node.config
      if dense == nil, className == "Dense" {
        dense = node
        activation = Activation.kerasName(config["activation"], default: "linear")
      } else if dense != nil, activation == "linear", className == "Activation" {
        activation = Activation.kerasName(config["activation"], default: "linear")
      } else if dense != nil, activation == "linear", className == "Softmax" {
        activation = "softmax"
      } else {
        stack.warnings.append(
          "\(quoted(node.name)) (\(printable(className))) follows; no readout is shown")
        return
      }
    }
    guard let dense else { return }
    guard let known = Readout.Activation(rawValue: activation) else {
      stack.warnings.append(
        "the readout \(quoted(dense.name)) has activation \(quoted(activation)); it is not shown")
      return
    }
    guard let table = weights.table(of: dense) else {
      stack.warnings.append("the readout \(quoted(dense.name)) has no weights in the file")
      return
    }
    let readout = KerasStack.Table(
      name: dense.name, matrix: table.matrix, bias: table.bias, activation: known)
    stack.readout = readout
    stack.readouts = stack.readouts.filter { $0.name != readout.name } + [readout]
  }

  /// Every dense layer that takes what the last layer gives, whatever else follows.
  private func readouts(after index: Int, width: Int?) -> [KerasStack.Table] {
    var found: [KerasStack.Table] = []
    var waiting = [index]
    var seen: Set<Int> = []
    while let place = waiting.popLast() {
      for next in graph.consumers(of: place) where seen.insert(next).inserted {
        let node = graph.nodes[next]
        let inner = node.className == "TimeDistributed" ? node.config["layer"] : nil
        if isTransparent(node) {
          waiting.append(next)
        } else if (inner?["class_name"]?.text ?? node.className) == "Dense",
          let table = weights.table(of: node), table.matrix.shape[0] == width
        {
          let name = Activation.kerasName(
            (inner?["config"] ?? node.config)["activation"], default: "linear")
          found.append(
            KerasStack.Table(
              name: node.name, matrix: table.matrix, bias: table.bias,
              activation: Readout.Activation(rawValue: name) ?? .linear))
        }
      }
    }
    return found
  }
}
