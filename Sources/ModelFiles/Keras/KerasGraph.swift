/// The layers of a Keras model as its JSON config lists them, and which feeds which.
///
/// Sequential and functional models, and such models inside them; of a subclassed model the config
/// says nothing. https://keras.io/guides/serialization_and_saving/
struct KerasGraph {
  struct Node {
    let name: String
    let className: String
    let config: JSONValue
    /// Where a .keras or .weights.h5 file has its weights: "layers/lstm_1". Groups there are named
    /// by the class and a counter, whatever the layer's name.
    let group: String
    /// The outermost layer that it is in, which names the group of the older layout.
    let top: String
    /// What enters it, in order; of a layer that gives several tensors, which.
    let inputs: [Input]
    /// Whether it is applied more than once.
    let isShared: Bool
    /// Below the group, where a wrapper keeps the cell elsewhere than in `cell`.
    var cellPath = "cell"
    /// The class that the file names, where the layer is read as another by its config.
    var ownClass: String?
    /// Whether TimeDistributed applies it to one part of the input after the other.
    var isDistributed = false
  }

  struct Input: Hashable {
    var node: Int
    var tensor: Int
  }

  private(set) var nodes: [Node] = []

  /// - Returns: nil where the config lists no layers.
  init?(_ model: JSONValue) {
    guard model["config"]?["layers"]?.list != nil || model["config"]?.list != nil else {
      return nil
    }
    _ = add(model: model, prefix: "", top: nil, inputs: [])
  }

  /// Every layer that takes something from the node.
  func consumers(of node: Int) -> [Int] {
    nodes.indices.filter { nodes[$0].inputs.contains { $0.node == node } }
  }

  /// The inner class, without the name of a package before it: "Custom>LSTM" is no LSTM of Keras's.
  private static func isModel(_ className: String) -> Bool {
    ["Sequential", "Functional", "Model"].contains(className)
  }

  /// - Returns: what gives the model's output.
  private mutating func add(
    model: JSONValue, prefix: String, top: String?, inputs: [Input]
  ) -> Input? {
    let config = model["config"]
    // Keras 1 and the first of 2 list a Sequential's layers without a name before them.
    let layers = config?["layers"]?.list ?? config?.list ?? []
    let isSequential = model["class_name"]?.text == "Sequential"
    var counts: [String: Int] = [:]
    var outputs: [String: Input] = [:]
    var previous = inputs
    for layer in layers {
      let className = layer["class_name"]?.text ?? ""
      let base = Self.snakeCase(className)
      let number = counts[base, default: 0]
      counts[base] = number + 1
      let group = "\(prefix)layers/\(base)" + (number == 0 ? "" : "_\(number)")
      let name = layer["config"]?["name"]?.text ?? layer["name"]?.text ?? base
      let calls = layer["inbound_nodes"]?.list ?? []
      var entering = previous
      if !isSequential {
        let named = calls.first.map(Self.tensors) ?? []
        entering = named.compactMap { name, tensor in
          outputs[name].map { Input(node: $0.node, tensor: tensor) }
        }
        if className == "InputLayer" { entering = inputs }
      }
      let output: Input?
      if Self.isModel(className) {
        output = add(model: layer, prefix: group + "/", top: top ?? name, inputs: entering)
      } else {
        for part in KerasWrappers.unwrapped(layer, className: className) {
          let node = Node(
            name: part.name ?? name, className: part.className, config: part.config,
            group: group + part.subgroup, top: top ?? name, inputs: entering,
            isShared: calls.count > 1, cellPath: part.cellPath, ownClass: part.ownClass,
            isDistributed: part.isDistributed)
          nodes.append(node)
          entering = [Input(node: nodes.count - 1, tensor: 0)]
        }
        output = Input(node: nodes.count - 1, tensor: 0)
      }
      outputs[layer["name"]?.text ?? name] = output
      if let output { previous = [output] }
    }
    guard !isSequential, let named = config?["output_layers"] else { return previous.first }
    // One output is listed alone, several in a list.
    let first = named.list?.first?.text ?? named.list?.first?.list?.first?.text
    return first.flatMap { outputs[$0] }
  }

  /// The tensors of one call: in Keras 2 [["name", node, tensor, {}], …], in Keras 3 wherever a
  /// `keras_history` stands among its arguments.
  private static func tensors(_ call: JSONValue) -> [(String, Int)] {
    switch call {
    case .object(let object):
      if let history = object["keras_history"]?.list ?? object["config"]?["keras_history"]?.list,
        let name = history.first?.text
      {
        return [(name, history.last?.int ?? 0)]
      }
      return (object["args"].map(tensors) ?? []) + (object["kwargs"].map(keywordTensors) ?? [])
    case .list(let list):
      if let name = list.first?.text, list.count >= 3, let tensor = list[2].int {
        return [(name, tensor)]
      }
      return list.flatMap(tensors)
    case .null, .bool, .number, .text: return []
    }
  }

  /// An initial state may be given by name.
  private static func keywordTensors(_ keywords: JSONValue) -> [(String, Int)] {
    keywords["initial_state"].map(tensors) ?? []
  }

  /// As Keras names groups: "SimpleRNN" is simple_rnn, "LSTM" lstm.
  static func snakeCase(_ name: String) -> String {
    let scalars = Array(
      name.unicodeScalars.filter {
        $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_"
      })
    var result = ""
    for (index, scalar) in scalars.enumerated() {
      let isUpper = ("A"..."Z").contains(scalar)
      if isUpper, index > 0, scalars[index - 1] != "_" {
        let before = scalars[index - 1]
        let afterIsLower = index + 1 < scalars.count && ("a"..."z").contains(scalars[index + 1])
        let beforeIsLow = ("a"..."z").contains(before) || ("0"..."9").contains(before)
        if beforeIsLow || afterIsLower { result += "_" }
      }
      result += String(scalar).lowercased()
    }
    return result
  }
}
