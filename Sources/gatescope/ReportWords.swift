import Files
import ModelFiles
import Recurrent

/// What `gatescope info` prints: a line a fact, the modules one after the other.
enum ReportWords {
  static func lines(_ report: ModelReport) -> [String] {
    var lines = [
      fact("file", report.path),
      fact("format", report.format + (report.producer.map { ", \($0)" } ?? "")),
    ]
    for module in report.modules { lines += self.lines(module) }
    lines += report.metadata.sorted { $0.key < $1.key }.map { fact("metadata", "\($0): \($1)") }
    if !report.otherTensors.isEmpty {
      let names = report.otherTensors.map { tensor in
        "\(tensor.name) \(shape(tensor.shape))" + (tensor.type.map { " \($0)" } ?? "")
      }
      lines += listed("other tensors", names)
    }
    lines += listed("not looked at", report.leftOut)
    lines += report.warnings.map { fact("warning", $0) }
    return (lines + certainty(report)).map(shownText)
  }

  /// How sure the readings are, modules of which the same is to be said together.
  private static func certainty(_ report: ModelReport) -> [String] {
    let opened = report.modules.compactMap { module in
      module.certainty.map { (name: module.name.isEmpty ? "(without a name)" : module.name, $0) }
    }
    var groups: [(certainty: ReadingCertainty, names: [String])] = []
    for (name, certainty) in opened {
      if let place = groups.firstIndex(where: { $0.certainty.words == certainty.words }) {
        groups[place].names.append(name)
      } else {
        groups.append((certainty, [name]))
      }
    }
    // A command proves the first module of its group.
    let lines = groups.map { certainty, names in
      let whose =
        names.prefix(6).joined(separator: ", ")
        + (names.count > 6 ? " and \(names.count - 6) more" : "") + ": "
      return fact(
        "how sure",
        (groups.count == 1 ? "" : whose) + "\(certainty.words); \(certainty.verification) proves it"
      )
    }
    return lines.isEmpty ? [] : [""] + lines
  }

  /// "LSTM", of the names of one cell or of several.
  private static func title(_ cells: String) -> String {
    cells.split(separator: ", ").map { name in
      CellKind(rawValue: String(name))?.about.title ?? name.uppercased()
    }.joined(separator: ", ")
  }

  private static func lines(_ module: ModelReport.Module) -> [String] {
    var lines = ["", fact("module", module.name.isEmpty ? "(without a name)" : module.name)]
    if let problem = module.problem { return lines + [fact("problem", problem)] }
    lines.append(fact("cell", Self.title(module.cell ?? "")))
    let isMixed = Set(module.layers.map(\.cell)).count > 1
    for (number, layer) in module.layers.enumerated() {
      lines.append(
        fact(
          "layer \(number)", (isMixed ? "\(Self.title(layer.cell)), " : "") + words(layer)))
    }
    lines += eachLayer("gate order", module) { layer in
      layer.gatesStored.count > 1 ? gateOrder(layer) : nil
    }
    lines += eachLayer("activations", module, activations)
    if let table = module.embedding {
      lines.append(
        fact(
          "embedding",
          (table.name.map { "\($0), " } ?? "")
            + "\(table.rows) tokens, each of \(table.columns) numbers"))
    }
    if let table = module.readout {
      let bias = table.hasBias ? "with bias" : "no bias"
      lines.append(
        fact(
          "readout",
          (table.name.map { "\($0), " } ?? "") + "\(table.columns) to \(table.rows), \(bias), "
            + (module.readoutActivation ?? "")
            + (module.isReadoutActivationGuessed == true ? "?" : "")))
    }
    if let count = module.vocabularyCount {
      lines.append(fact("vocabulary", "\(count) symbols in the file"))
    } else if let count = module.tokenCount {
      lines.append(
        fact(
          "input",
          module.embedding == nil
            ? "\(count) numbers a step, or tokens 0 to \(count - 1) one-hot"
            : "tokens 0 to \(count - 1); the file has no vocabulary"))
    }
    if let count = module.weightCount {
      let words = ["\(count)" + parts(of: module)] + module.types
      lines.append(fact("weights", words.joined(separator: ", ")))
    }
    lines += costs(module.costs ?? [])
    if !module.ignored.isEmpty {
      lines.append(fact("ignored", module.ignored.joined(separator: ", ")))
    }
    lines += module.notes.map { fact("how read", $0) }
    return lines + module.warnings.map { fact("warning", $0) }
  }

  /// A line a kind of cell, columns lined up.
  private static func costs(_ costs: [ModelReport.Cost]) -> [String] {
    func column(_ texts: [String]) -> [String] {
      let width = texts.map(\.count).max() ?? 0
      return texts.map { String(repeating: " ", count: width - $0.count) + $0 }
    }
    let names = costs.map { $0.isItself ? "as it is" : "as \(Self.title($0.cell))" }
    let width = names.map(\.count).max() ?? 0
    let numbers = zip(
      column(costs.map { String($0.parameters) }), column(costs.map { String($0.multiplications) }))
    return zip(zip(names, numbers), costs).enumerated().map { place, row in
      let ((name, (parameters, products)), cost) = row
      let time = cost.recallSeconds.map {
        let seconds = "\($0)".hasSuffix(".0") ? String("\($0)".dropLast(2)) : "\($0)"
        return ", \(Self.title(cost.cell)) trained on recall in \(seconds) s"
      }
      return fact(
        place == 0 ? "cost" : "",
        name + String(repeating: " ", count: width - name.count)
          + "  \(parameters) parameters, \(products) multiplications a step" + (time ?? ""))
    }
  }

  /// " (544 recurrent, 63 readout)": whose the weights are, where not all are the layers'.
  private static func parts(of module: ModelReport.Module) -> String {
    guard module.embedding != nil || module.readout != nil else { return "" }
    var parts = [(module.recurrentWeightCount ?? 0, "recurrent")]
    if module.hasTiedWeights == true, let embedding = module.embedding {
      parts.append((embedding.weightCount, "embedding and readout in one"))
      if module.readout?.hasBias == true { parts.append((embedding.rows, "the readout's bias")) }
    } else {
      if let table = module.embedding { parts.append((table.weightCount, "embedding")) }
      if let table = module.readout { parts.append((table.weightCount, "readout")) }
    }
    return " (" + parts.map { "\($0) \($1)" }.joined(separator: ", ") + ")"
  }

  private static func words(_ layer: ModelReport.Layer) -> String {
    var words = [counted(layer.inputSize, "input"), counted(layer.hiddenSize, "unit")]
    if let size = layer.projectionSize { words.append("projected to \(size)") }
    words.append(layer.directions.joined(separator: " and "))
    words.append(
      layer.biases == "none"
        ? "no bias" : "\(layer.biases) bias\(layer.biases == "one" ? "" : "es")")
    if layer.hasPeepholes { words.append("peepholes") }
    words += layer.variations
    return words.joined(separator: ", ")
  }

  /// A line for all layers where they are alike, else one each.
  private static func eachLayer(
    _ name: String, _ module: ModelReport.Module, _ words: (ModelReport.Layer) -> String?
  ) -> [String] {
    let all = module.layers.map(words)
    if Set(all).count == 1 { return all[0].map { [fact(name, $0)] } ?? [] }
    return all.enumerated().compactMap { number, words in
      words.map { fact("\(name) \(number)", $0) }
    }
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// "stored i f g o, read as z f i o; its g is z".
  private static func gateOrder(_ layer: ModelReport.Layer) -> String {
    let renamed = zip(layer.gatesStored, layer.gatesMeant).filter { $0 != $1 }
      .map { "its \($0) is \($1)" }
    let words = "stored \(list(layer.gatesStored)), read as \(list(layer.gatesRead))"
    return words + (renamed.isEmpty ? "" : "; " + renamed.joined(separator: ", "))
  }

  /// "sigmoid (i, f, o), tanh (z, h)", in the order of the gates.
  private static func activations(_ layer: ModelReport.Layer) -> String {
    let signals =
      layer.gatesMeant.filter { layer.activations[$0] != nil }
      + (layer.gatesMeant.contains("h") || layer.activations["h"] == nil ? [] : ["h"])
    var names: [String] = []
    for signal in signals {
      if let name = layer.activations[signal], !names.contains(name) { names.append(name) }
    }
    return names.map { name in
      "\(name) (\(signals.filter { layer.activations[$0] == name }.joined(separator: ", ")))"
    }.joined(separator: ", ")
  }

  private static func fact(_ name: String, _ value: String) -> String {
    name + String(repeating: " ", count: max(1, 15 - name.count)) + value
  }

  /// The first twenty, a line each.
  private static func listed(_ name: String, _ items: [String]) -> [String] {
    guard !items.isEmpty else { return [] }
    var lines = ["", fact(name, items[0])]
    lines += items.dropFirst().prefix(19).map { fact("", $0) }
    if items.count > 20 { lines.append(fact("", "… \(items.count) in all; --json lists them")) }
    return lines
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: " ") }

  private static func shape(_ sizes: [Int]) -> String {
    "(" + sizes.map(String.init).joined(separator: ", ") + ")"
  }
}
