/// The symbols of a model's tokens, where a checkpoint carries them beside the weights: a list of
/// texts, or a dictionary from texts to numbers or back, under a name that says so.
struct CheckpointVocabulary: Equatable {
  /// The keys that lead to it: "hyper_parameters.stoi".
  let name: String
  let symbols: [String]

  private static let limit = 16
  private static let words = [
    "vocab", "stoi", "itos", "char", "word2", "word_to", "2word", "token2", "token_to", "2token",
    "to_ix", "to_idx", "2idx", "2ix", "idx2", "ix2", "idx_to", "ix_to", "alphabet", "symbols",
    "tokens", "id2", "2id",
  ]

  /// All that a file's object holds, the nearest to its root first; at most 16.
  ///
  /// Costs no more than the objects that were built: each is looked at once.
  static func find(in heap: PickleHeap, root: PickleValue) -> [CheckpointVocabulary] {
    var found: [CheckpointVocabulary] = []
    var visited: Set<Int> = []
    var steps = 0
    var pending: [(value: PickleValue, name: String)] = [(root, "")]
    var next = 0
    while next < pending.count, found.count < limit, steps < 2_000_000 {
      let (value, name) = pending[next]
      next += 1
      guard case .node(let number) = value, visited.insert(number).inserted,
        let pairs = heap.attributes(value)
      else { continue }
      steps += pairs.count
      for (key, value) in pairs {
        guard case .string(let key) = key, name.utf8.count + key.utf8.count < 200 else { continue }
        let path = name.isEmpty ? key : "\(name).\(key)"
        let lower = key.lowercased()
        if words.contains(where: lower.contains), let symbols = symbols(value, heap, &steps) {
          found.append(CheckpointVocabulary(name: path, symbols: symbols))
        } else if case .node(let child) = value, !visited.contains(child) {
          pending.append((value, path))
        }
      }
    }
    return found
  }

  private static func symbols(
    _ value: PickleValue, _ heap: PickleHeap, _ steps: inout Int
  ) -> [String]? {
    if case .string(let text) = value {
      // "abc": every character is a token.
      return text.utf8.count > 1 && text.utf8.count < 100_000
        ? text.unicodeScalars.map { String($0) } : nil
    }
    guard let node = heap.node(value) else { return nil }
    steps += node.items.count + node.pairs.count
    switch node.kind {
    case .list, .tuple:
      let texts = node.items.compactMap(text)
      return texts.isEmpty || texts.count != node.items.count ? nil : texts
    case .dictionary, .record:
      return numbered(node.kind == .record ? heap.attributes(value) ?? [] : node.pairs)
    case .set: return nil
    }
  }

  /// Texts in the order of their numbers, which must be 0, 1, 2 ….
  private static func numbered(
    _ pairs: [(key: PickleValue, value: PickleValue)]
  ) -> [String]? {
    var symbols = [String?](repeating: nil, count: pairs.count)
    for pair in pairs {
      let symbol: String
      let number: Int
      if let text = text(pair.key), case .int(let value) = pair.value {
        (symbol, number) = (text, value)
      } else if case .int(let key) = pair.key, let text = text(pair.value) {
        (symbol, number) = (text, key)
      } else {
        return nil
      }
      guard symbols.indices.contains(number), symbols[number] == nil else { return nil }
      symbols[number] = symbol
    }
    return symbols.isEmpty ? nil : symbols.compactMap { $0 }
  }

  private static func text(_ value: PickleValue) -> String? {
    if case .string(let text) = value { text } else { nil }
  }
}
