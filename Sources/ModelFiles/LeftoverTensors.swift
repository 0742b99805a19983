import Recurrent

/// What stands beside a module's recurrent weights, under its own name, and was not read.
///
/// Such a tensor makes another cell of it: a layer norm, peepholes, a second matrix. So it is known to
/// be harmless by its name, or a person ignores it, or the module is not stepped.
enum LeftoverTensors {
  /// - Parameters:
  ///   - beside: the tensors that were not read and stand under the module's name.
  ///   - unread: every tensor of the file that was not read.
  ///   - prefix: "encoder.lstm."; empty where the module has no name.
  ///   - patterns: what a person ignores: names, or parts of them.
  /// - Returns: those that a person ignores, in the order of `beside`.
  /// - Throws: what is left, or a pattern that fits nothing.
  static func ignored(
    _ beside: [String], of unread: [String], prefix: String, by patterns: [String], cell: CellKind
  ) throws(ModelFileError.Problem) -> [String] {
    let beside = beside.filter { !isHarmless($0) }
    for pattern in patterns where !unread.contains(where: { $0.contains(pattern) }) {
      throw .nothingToIgnore(asked: pattern, unused: beside)
    }
    let ignored = beside.filter { name in patterns.contains { name.contains($0) } }
    let left = beside.filter { !ignored.contains($0) }
    guard left.isEmpty else {
      throw .unusedTensors(left, prefix: prefix, cell: cell)
    }
    return ignored
  }

  /// What is taken for granted where tensors are ignored.
  static func guess(_ ignored: [String]) -> ReadingGuess {
    let names = ignored.prefix(3).map { ModelFiles.quoted($0) }.joined(separator: ", ")
    return ReadingGuess(
      "that \(names)" + (ignored.count > 3 ? " and \(ignored.count - 3) more" : "")
        + " change nothing, which --ignore says")
  }

  /// The flags that ignore the tensors: one with what their names begin with, where that tells them
  /// from the rest of the module.
  static func flags(for names: [String], prefix: String) -> String {
    guard let first = names.first else { return "" }
    var shared = first[...]
    for name in names.dropFirst() {
      shared = shared.prefix(zip(shared, name).prefix { $0 == $1 }.count)
    }
    if names.count > 1, shared.count > prefix.count + 2 {
      return "--ignore \(quoted(shared)) opens"
    }
    return names.count > 3
      ? "--ignore NAME, for each or for a part of their names, opens"
      : names.map { "--ignore \(quoted($0[...]))" }.joined(separator: " ") + " opens"
  }

  private static func quoted(_ name: Substring) -> String {
    let isPlain = name.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._/:-".contains($0))
    }
    return isPlain ? printable(String(name), upTo: 100) : "'\(printable(String(name), upTo: 100))'"
  }

  /// Buffers that change no number when a network is used. (In `lstm.weight_hh_l0.exp_avg` an optimiser
  /// has put its own beside the weights; a seed generator is that of Keras's dropout.)
  private static func isHarmless(_ name: String) -> Bool {
    let parts = name.lowercased().split { $0 == "." || $0 == "/" }
    let leaf = parts.last.map(String.init) ?? ""
    return harmless.contains(leaf) || leaf.contains("drop") && leaf.contains("mask")
      || parts.contains { $0.hasPrefix("seed_generator") }
  }

  private static let harmless: Set<String> = [
    // Of normalisation, positions and counters.
    "num_batches_tracked", "position_ids", "n_averaged", "total_ops", "total_params",
    // Placeholders that only tell a device.
    "dummy", "dummy_param", "_dummy", "_dummy_param", "_float_tensor", "device_indicator_tensor",
    // Of optimisers.
    "exp_avg", "exp_avg_sq", "max_exp_avg_sq", "momentum_buffer", "square_avg", "acc_delta",
    "grad_avg", "state_sum",
  ]
}
