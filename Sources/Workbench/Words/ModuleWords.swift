import ModelFiles

/// A module of a model file in the list that a person chooses from.
extension Words {
  static func modules(count: Int, of path: String) -> String {
    "\(path.split(separator: "/").last.map(String.init) ?? path): \(count) recurrent modules"
  }
  /// Of tensors beside the recurrent weights.
  static func ignored(_ number: Int) -> String { count(number, "tensor") + " ignored" }
  /// "readout fc.weight softmax?".
  static func readout(_ name: String?, _ activation: String, isGuessed: Bool) -> String {
    (["readout"] + [name].compactMap { $0 } + [activation + (isGuessed ? "?" : "")])
      .joined(separator: " ")
  }
  static let nameless = "(without a name)"
  static let unopenable = "cannot be opened"

  /// "LSTM, 2 layers, 64 inputs, 128 units, both directions".
  static func layers(of module: ModelReport.Module) -> String {
    guard let first = module.layers.first else { return "" }
    var words = [(module.cell ?? "").uppercased()]
    if module.layers.count > 1 { words.append("\(module.layers.count) layers") }
    words.append(count(first.inputSize, "input"))
    let sizes = module.layers.map(\.hiddenSize)
    let all = Set(sizes).count == 1 ? [sizes[0]] : sizes
    words.append(
      all.count == 1
        ? count(all[0], "unit")
        : all.prefix(4).map(String.init).joined(separator: " + ")
          + (all.count > 4 ? " …" : "") + " units")
    if let size = first.projectionSize { words.append("projected to \(size)") }
    if first.directions.count > 1 {
      words.append("both directions")
    } else if first.directions == ["bwd"] {
      words.append("backwards")
    }
    return words.joined(separator: ", ")
  }

  /// "reads 5 tokens, readout of 5".
  static func heads(of module: ModelReport.Module) -> String {
    let input =
      module.embedding.map { "reads \(count($0.rows, "token"))" } ?? "reads numbers"
    return input + (module.readout.map { ", readout of \($0.rows)" } ?? ", no readout")
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
