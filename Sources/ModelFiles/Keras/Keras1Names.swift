/// The weights of a layer as Keras 0 and 1 name them: an array a gate, `lstm_1_W_i` … `lstm_1_b_o`, which
/// are read as the one matrix with the gates side by side that Keras 2 made of them.
///
/// Keras 1.2's recurrent.py: an LSTM has W, U and b for i, c, f and o, a GRU for z, r and h, a SimpleRNN,
/// Dense and Embedding have W, U and b alone.
struct Keras1Names {
  /// By Keras 2's names: "kernel", "recurrent_kernel", "bias".
  private(set) var datasets: [String: HDF5File.Dataset] = [:]
  /// What each of those is made of, by its path.
  private(set) var joined: [String: [HDF5File.Dataset]] = [:]
  var isCell: Bool { datasets["recurrent_kernel"] != nil }

  private static let variables = [("W", "kernel"), ("U", "recurrent_kernel"), ("b", "bias")]

  /// - Parameter parts: a group's datasets by their names.
  /// - Returns: nil where none of them is named so.
  init?(_ parts: [String: HDF5File.Dataset]) {
    var found: [String: HDF5File.Dataset] = [:]
    for (name, dataset) in parts {
      // "lstm_1_W_i" is W_i of lstm_1, "W_i" of a layer without a name.
      let words = name.split(separator: "_")
      for count in [2, 1] where words.count >= count {
        let tail = words.suffix(count).joined(separator: "_")
        guard Self.isVariable(tail) else { continue }
        guard found[tail] == nil else { return nil }
        found[tail] = dataset
        break
      }
    }
    for gates in [["i", "f", "c", "o"], ["z", "r", "h"]] {
      for (letter, name) in Self.variables {
        let blocks = gates.compactMap { found["\(letter)_\($0)"] }
        guard blocks.count == gates.count, let whole = Self.joined(blocks) else { continue }
        datasets[name] = whole
        joined[whole.path] = blocks
      }
    }
    if datasets.isEmpty {
      for (letter, name) in Self.variables { datasets[name] = found[letter] }
    }
    guard datasets["kernel"] != nil else { return nil }
  }

  private static func isVariable(_ tail: String) -> Bool {
    let parts = tail.split(separator: "_")
    return parts.count <= 2 && ["W", "U", "b"].contains(parts.first ?? "")
      && (parts.count == 1 || parts[1].count == 1)
  }

  /// One dataset of several of one shape, their columns side by side; nil where they have no such shape.
  private static func joined(_ blocks: [HDF5File.Dataset]) -> HDF5File.Dataset? {
    let first = blocks[0]
    guard (1...2).contains(first.shape.count), blocks.allSatisfy({ $0.shape == first.shape }),
      let columns = first.shape.last, columns <= Int.max / 64 / max(1, first.count)
    else { return nil }
    var shape = first.shape
    shape[shape.count - 1] = columns * blocks.count
    return HDF5File.Dataset(
      path: blocks.map(\.path).joined(separator: "|"), shape: shape, type: first.type,
      problem: blocks.lazy.compactMap(\.problem).first, count: first.count * blocks.count,
      stored: nil)
  }
}
