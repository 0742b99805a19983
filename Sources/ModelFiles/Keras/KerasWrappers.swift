/// What stands in layers that wrap others: RNN around cells, TimeDistributed around a layer, and layers of a
/// class of somebody's own whose config is that of one of Keras's.
enum KerasWrappers {
  /// A layer in it, of those that feed each other.
  struct Part {
    var className: String
    var config: JSONValue
    /// Nil for the wrapper's.
    var name: String?
    /// From the layer's group on.
    var subgroup = ""
    var cellPath = "cell"
    var ownClass: String?
    var isDistributed = false
  }

  /// - Returns: one part at the least, which is the layer itself where it wraps nothing that is known.
  static func unwrapped(_ layer: JSONValue, className: String) -> [Part] {
    let config = layer["config"] ?? .null
    switch className {
    case "RNN": return cells(config) ?? [Part(className: className, config: config)]
    case "TimeDistributed":
      guard let inner = config["layer"], let name = inner["class_name"]?.text,
        KerasRecurrent.kind(name) != nil
      else { return [Part(className: className, config: config)] }
      // What it gives is one vector a part: it feeds no layer step by step.
      let own = inner["config"]?.with(["return_sequences": .bool(false)]) ?? .null
      return [Part(className: name, config: own, subgroup: "/layer", isDistributed: true)]
    default:
      guard let known = likeness(config, className) else {
        return [Part(className: className, config: config)]
      }
      let own = layer["registered_name"]?.text ?? className
      return [Part(className: known, config: config, ownClass: own)]
    }
  }

  /// The layer that an RNN around one cell is.
  static func layer(around cell: JSONValue, _ wrapper: JSONValue) -> Part? {
    guard let name = cell["class_name"]?.text, let className = cellClasses[name],
      let config = cell["config"]
    else { return nil }
    return Part(className: className, config: config.with(sequence(wrapper)))
  }

  private static let cellClasses = [
    "LSTMCell": "LSTM", "GRUCell": "GRU", "SimpleRNNCell": "SimpleRNN",
  ]

  /// What the wrapper says and a layer would.
  private static func sequence(_ wrapper: JSONValue) -> [String: JSONValue] {
    var told: [String: JSONValue] = [:]
    for key in ["return_sequences", "go_backwards", "zero_output_for_mask"] {
      if let value = wrapper[key] { told[key] = value }
    }
    return told
  }

  /// `cell` of an RNN: one, or StackedRNNCells with a list of them.
  private static func cells(_ config: JSONValue) -> [Part]? {
    guard let cell = config["cell"] else { return nil }
    if let part = layer(around: cell, config) { return [part] }
    guard cell["class_name"]?.text == "StackedRNNCells",
      let cells = cell["config"]?["cells"]?.list, !cells.isEmpty
    else { return nil }
    var counts: [String: Int] = [:]
    var parts: [Part] = []
    for (place, cell) in cells.enumerated() {
      guard var part = layer(around: cell, config) else { return nil }
      let base = KerasGraph.snakeCase(cell["class_name"]?.text ?? "")
      let number = counts[base, default: 0]
      counts[base] = number + 1
      part.cellPath = "cell/cells/\(base)" + (number == 0 ? "" : "_\(number)")
      part.name = cell["config"]?["name"]?.text
      if place < cells.count - 1 {
        part.config = part.config.with(["return_sequences": .bool(true)])
      }
      // All of them read backwards if one does: the first turns the sequence for the others.
      if place > 0 { part.config = part.config.with(["go_backwards": .bool(false)]) }
      parts.append(part)
    }
    return parts
  }

  /// The class of Keras's whose config a layer of another class has: registered subclasses write that of
  /// the class that they are derived from.
  private static func likeness(_ config: JSONValue, _ className: String) -> String? {
    guard KerasRecurrent.kind(className) == nil, !className.contains("Conv"),
      !className.hasSuffix("Cell"), config["units"]?.int != nil,
      config["recurrent_activation"] != nil, config["recurrent_initializer"] != nil,
      config["return_sequences"] != nil
    else { return nil }
    if config["unit_forget_bias"] != nil { return "LSTM" }
    return config["reset_after"] != nil ? "GRU" : nil
  }
}

extension JSONValue {
  /// An object with some of its values replaced; anything else as it is.
  func with(_ values: [String: JSONValue]) -> JSONValue {
    guard case .object(let object) = self else { return self }
    return .object(object.merging(values) { _, new in new })
  }
}
