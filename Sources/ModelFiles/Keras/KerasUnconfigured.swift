import Recurrent

/// The stacks of a file that holds weights only: by names and shapes, and with what is taken for
/// granted said in a warning.
enum KerasUnconfigured {
  static func stacks(_ weights: KerasWeights) -> [KerasStack] {
    let layers = self.layers(weights)
    var stacks: [[(path: String, layer: KerasRecurrent)]] = []
    for found in layers {
      if let last = stacks.last?.last, follows(found.path, last.path),
        last.layer.outputSize == found.layer.inputSize
      {
        stacks[stacks.count - 1].append(found)
      } else {
        stacks.append([found])
      }
    }
    return stacks.map { chain in
      var stack = KerasStack(layers: chain.map(\.layer), isConfigured: false)
      let isOnly = stacks.count == 1
      let tables = weights.groups.compactMap { group in
        weights.table(group.parts).map { table in
          KerasStack.Table(name: group.path, matrix: table.matrix, bias: table.bias)
        }
      }
      let embeddings = tables.filter { table in
        isEmbedding(table) && table.bias == nil
          && table.matrix.shape[1] == stack.layers[0].inputSize
      }
      if isOnly, embeddings.count == 1 { stack.embedding = embeddings[0] }
      let output = stack.layers[stack.layers.count - 1].outputSize
      stack.readouts = tables.filter { table in
        !isEmbedding(table) && table.matrix.shape[0] == output
          && table.bias.map { $0.shape == [table.matrix.shape[1]] } ?? true
      }
      let others = tables.count { !isEmbedding($0) }
      if isOnly, stack.readouts.count == 1, others == 1 { stack.readout = stack.readouts[0] }
      return stack
    }
  }

  /// Every cell, or two for a bidirectional layer, in the order of the names' numbers.
  private static func layers(
    _ weights: KerasWeights
  ) -> [(path: String, layer: KerasRecurrent)] {
    var found: [String: [String: KerasWeights.Cell]] = [:]
    for group in weights.groups {
      guard let cell = weights.cell(group.path) else { continue }
      var parts = group.path.split(separator: "/").map(String.init)
      if weights.isNumbered { parts.removeLast() }
      var direction = ""
      for word in ["forward", "backward"] {
        guard
          let place = parts.lastIndex(where: {
            $0.hasPrefix(word + "_") || $0 == word
          }), place > 0
        else { continue }
        direction = word
        parts.removeSubrange(place...)
      }
      let path: String
      if weights.isNumbered {
        path = parts.filter { $0 != "layers" }.joined(separator: "/")
      } else if weights.isPlain {
        // "sequential/lstm/lstm_cell"; older layers have no cell in their names.
        if parts.count > 1, parts.last?.contains("cell") ?? false { parts.removeLast() }
        path = parts.joined(separator: "/")
      } else {
        path = parts.first ?? ""
      }
      found[path, default: [:]][direction] = cell
    }
    let ordered = found.keys.sorted { first, second in
      let (one, two) = (numbered(first), numbered(second))
      return one.base == two.base ? one.number < two.number : one.base < two.base
    }
    return ordered.compactMap { path in
      guard let cells = found[path] else { return nil }
      let list = cells[""].map { [$0] } ?? [cells["forward"], cells["backward"]].compactMap { $0 }
      guard cells[""] != nil ? cells.count == 1 : list.count == 2 else { return nil }
      return KerasRecurrent(name: path, list).map { (path, $0) }
    }
  }

  /// "lstm_12" is the 12th of "lstm".
  private static func numbered(_ name: String) -> (base: String, number: Int) {
    guard let place = name.lastIndex(of: "_"), let number = Int(name[name.index(after: place)...])
    else { return (name, 0) }
    return (String(name[..<place]), number)
  }

  private static func follows(_ second: String, _ first: String) -> Bool {
    let (one, two) = (numbered(first), numbered(second))
    return one.base == two.base && two.number == one.number + 1
  }

  private static func isEmbedding(_ table: KerasStack.Table) -> Bool {
    table.name.lowercased().contains("embedding")
  }

  /// What is taken for granted.
  ///
  /// - Parameters:
  ///   - told: what a person says of the activation.
  ///   - readout: the one that is taken.
  static func warnings(
    _ layers: [KerasRecurrent], told: ModelChoices.RNNActivation?, readout: KerasStack.Table?
  ) -> [String] {
    let words = taken(layers, told: told)
    return [
      words.isEmpty
        ? nil : "the file holds weights only; taken for granted: \(words.joined(separator: ", "))",
      readout == nil ? nil : "the readout's activation is not in the file; taken for softmax",
    ].compactMap { $0 }
  }

  private static func taken(
    _ layers: [KerasRecurrent], told: ModelChoices.RNNActivation?
  ) -> [String] {
    var taken: [String] = []
    if told == nil {
      taken.append(
        layers[0].cell == .rnn
          ? "activation tanh (else --activation relu)" : "activations sigmoid and tanh")
    }
    if layers.contains(where: { $0.cell == .gru && $0.cells[0].bias == nil }) {
      taken.append("reset_after")
    }
    if layers.contains(where: { $0.cells.count > 1 }) { taken.append("merge_mode concat") }
    if layers.count > 1 { taken.append("one layer feeding the next") }
    return taken
  }
}
