/// What a readout says at a step as rows or columns of a CSV. Rows have no layer and no direction: a
/// row an output, whose number is the `unit`, and one without a unit for what has one value a step.
struct ReadoutRows {
  private let said: SelectedReadout
  private let block: ReadoutBlock
  private let layout: CSVLayout
  /// Columns of the cells' signals in the unit layout.
  private let signalCount: Int

  init(
    _ said: SelectedReadout, _ block: ReadoutBlock, _ layout: CSVLayout, _ signalCount: Int
  ) {
    self.said = said
    self.block = block
    self.layout = layout
    self.signalCount = signalCount
  }

  /// - Parameter stepNumber: what the step is called.
  func write(
    _ step: Int, stepNumber: Int, _ token: [UInt8], to text: inout TextBuffer
  ) throws {
    let prefix = Array("\(stepNumber),".utf8) + token + Array(",,,".utf8)
    switch layout {
    case .unit: try writeUnitRows(step, prefix, to: &text)
    case .long: try writeLongRows(step, prefix, to: &text)
    case .wide: try writeColumns(step, to: &text)
    }
  }

  private func writeUnitRows(_ step: Int, _ prefix: [UInt8], to text: inout TextBuffer) throws {
    let signals = [UInt8](repeating: comma, count: signalCount)
    for (output, value) in said.rows(block, step) {
      try text.append(prefix)
      try text.append(output)
      try text.append(signals)
      for quantity in said.quantities {
        try text.append(comma)
        if quantity == .y { try text.append(value) }
      }
      try text.append(newline)
    }
    guard !said.scalars.isEmpty else { return }
    try text.append(prefix)
    try text.append(signals)
    for quantity in said.quantities {
      try text.append(comma)
      try append(block[quantity, step], to: &text)
    }
    try text.append(newline)
  }

  private func writeLongRows(_ step: Int, _ prefix: [UInt8], to text: inout TextBuffer) throws {
    for (output, value) in said.rows(block, step) {
      try text.append(prefix)
      try text.append(output)
      try text.append(",y,")
      try text.append(value)
      try text.append(newline)
    }
    for quantity in said.scalars {
      try text.append(prefix)
      try text.append(",\(quantity.rawValue),")
      try append(block[quantity, step], to: &text)
      try text.append(newline)
    }
  }

  /// "y.0", "y.1", … or "y_top.0", …, "y_top_id.0", …; then what has one value a step.
  static func wideNames(_ said: SelectedReadout) -> [String] {
    said.quantities.flatMap { quantity in
      guard quantity == .y else { return [quantity.rawValue] }
      guard !said.readout.isWhole else { return (0..<said.readout.outputs).map { "y.\($0)" } }
      return ["y_top", "y_top_id"].flatMap { name in
        (0..<TraceReadout.topCount).map { "\(name).\($0)" }
      }
    }
  }

  private func writeColumns(_ step: Int, to text: inout TextBuffer) throws {
    for quantity in said.quantities {
      guard quantity == .y else {
        try text.append(comma)
        try append(block[quantity, step], to: &text)
        continue
      }
      if said.readout.isWhole {
        for value in block.row(step) {
          try text.append(comma)
          try text.append(value)
        }
        continue
      }
      let likeliest = said.likeliest(block, step)
      for (_, value) in likeliest {
        try text.append(comma)
        try append(value, to: &text)
      }
      for (output, _) in likeliest {
        try text.append(comma)
        if output >= 0 { try text.append(output) }
      }
    }
  }

  /// Nothing where there is nothing to say: after the last step no token comes.
  private func append(_ value: Float, to text: inout TextBuffer) throws {
    if !value.isNaN { try text.append(value) }
  }
}

private let comma = UInt8(ascii: ",")
private let newline = UInt8(ascii: "\n")
