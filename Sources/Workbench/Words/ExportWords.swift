import Inspector

/// What the form of an export says.
extension Words {
  static let exportTitle = "export"
  static let exportKeys = [
    ("Tab", "field"), ("←→", "choice"), ("Enter", "write"), ("Esc", "leave"),
  ]

  static func name(of field: ExportForm.Field) -> String {
    switch field {
    case .part: "what"
    case .steps: "steps"
    case .layers: "layers"
    case .units: "units"
    case .signals: "signals"
    case .layout: "layout"
    case .file: "file"
    }
  }

  static func name(of part: ExportForm.Part) -> String {
    switch part {
    case .everything: "every signal of every unit"
    case .unit(let unit, let layer): "unit \(unit)" + (layer.map { " of layer \($0)" } ?? "")
    case .signal(let name): "\(name) of every unit"
    case .layer(let layer): "layer \(layer)"
    case .readout: "what the network says"
    }
  }
  static let exportAsBelow = "as below"

  static func name(of layout: ExportForm.Layout) -> String {
    switch layout {
    case .unit: "CSV, a row a step and unit"
    case .wide: "CSV, a row a step"
    case .long: "CSV, a row a value"
    case .npz: "NPZ, arrays for NumPy"
    }
  }

  /// In a field that is empty.
  static func exportAll(_ field: ExportForm.Field, _ state: State) -> String {
    switch field {
    case .steps: "all \(state.session.length)"
    case .layers: "all"
    case .units: "all"
    case .signals:
      "all: " + state.currentTrack.signals.map(\.rawValue).joined(separator: ",")
    case .part, .layout, .file: ""
    }
  }

  /// Beside a field: what can be typed.
  static func exportHint(_ field: ExportForm.Field, _ state: State) -> String {
    switch field {
    case .steps: "such as 10..20, 10.. or 7"
    case .layers: "such as 0 or 0..1"
    case .units: "such as 3 or 0..7,12"
    case .signals:
      state.trace.readout?.quantities.contains(.y) == true
        ? "such as f,c or y" : "such as f,c"
    case .part, .layout, .file: ""
    }
  }

  /// "11 steps × 12 units × 6 signals, 132 rows, about 60 kB".
  static func exportCount(_ size: ExportSize, _ state: State) -> String {
    func count(_ number: Int, _ noun: String) -> String {
      "\(grouped(number)) \(noun)" + (number == 1 ? "" : "s")
    }
    var parts = [count(size.steps, "step")]
    if size.signals > 0 { parts += [count(size.units, "unit"), count(size.signals, "signal")] }
    var text = parts.joined(separator: " × ")
    if !size.said.isEmpty {
      let said = size.said.map(\.rawValue).joined(separator: ", ")
      text += size.signals > 0 ? " and \(said)" : " × \(said)"
    }
    if let rows = size.rows { text += ", " + count(rows, "row") }
    return text + ", about " + bytes(size.bytes)
  }

  private static func grouped(_ number: Int) -> String {
    let digits = String(number)
    guard digits.count > 4 else { return digits }
    return digits.enumerated().reduce("") { text, digit in
      let isThird = digit.offset > 0 && (digits.count - digit.offset) % 3 == 0
      return text + (isThird ? "," : "") + String(digit.element)
    }
  }

  /// Two digits, which is as much as is known.
  private static func bytes(_ count: Int) -> String {
    var value = Double(count)
    var unit = 0
    let units = ["B", "kB", "MB", "GB", "TB"]
    while value >= 995, unit + 1 < units.count {
      value /= 1000
      unit += 1
    }
    let rounded = value >= 99.5 ? (value / 10).rounded() * 10 : value
    return Numbers.fixed(rounded, decimals: value < 9.95 && unit > 0 ? 1 : 0) + " " + units[unit]
  }

  /// A fault without the option's name, which the field has.
  static func withoutOption(_ text: String) -> String {
    guard text.hasPrefix("--"), let colon = text.firstRange(of: ": ") else { return text }
    return String(text[colon.upperBound...])
  }

  static let exportNeedsName = "a name is needed, such as trace.csv"
  static let exportToScreen = "- is the screen itself; give a file's name, such as trace.csv"
  static let exportNameLikeOption = "a name with ' --' in it cannot be told from options"
  static let exportNeedsEnding = "the name must end in .csv or .npz"

  /// The name that exporting the unit in hand proposes.
  static func unitExportName(_ state: State) -> String {
    let stem = state.session.exportName.split(separator: ".").first.map(String.init) ?? "trace"
    return "\(stem)-unit\(state.unitNumber).csv"
  }
}
