import Recurrent

/// The stacks of a file that holds weights only: by names and shapes. `KerasAssumptions` says what is
/// taken for granted.
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
    let tables = weights.groups.compactMap { group in
      weights.table(group.parts).map { table in
        KerasStack.Table(name: group.path, matrix: table.matrix, bias: table.bias)
      }
    }
    return stacks.map { chain in
      var stack = KerasStack(layers: chain.map(\.layer), isConfigured: false)
      KerasHeads(
        tables, stack, path: chain[0].path,
        others: stacks.filter { $0[0].path != chain[0].path }.map { chain in
          (chain[0].path, KerasStack(layers: chain.map(\.layer)))
        }
      ).apply(to: &stack)
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
      // In a list of cells each is a layer.
      let isListed = parts.dropLast().last == "cells"
      if weights.isNumbered && !isListed { parts.removeLast() }
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
}
