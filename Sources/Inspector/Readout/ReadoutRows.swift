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

  /// - Parameter lead: what stands in front of every row.
  func write(_ step: Int, _ lead: [UInt8], to text: inout TextBuffer) {
    let prefix = lead + Array(",,,".utf8)
    switch layout {
    case .unit: writeUnitRows(step, prefix, to: &text)
    case .long: writeLongRows(step, prefix, to: &text)
    case .wide: writeColumns(step, to: &text)
    }
  }

  private func writeUnitRows(_ step: Int, _ prefix: [UInt8], to text: inout TextBuffer) {
    let signals = [UInt8](repeating: comma, count: signalCount)
    for (output, value) in said.rows(block, step) {
      text.append(prefix)
      text.append(output)
      text.append(signals)
      for quantity in said.quantities {
        text.append(comma)
        if quantity == .y { text.append(value) }
      }
      text.append(newline)
    }
    guard !said.scalars.isEmpty else { return }
    text.append(prefix)
    text.append(signals)
    for quantity in said.quantities {
      text.append(comma)
      append(block[quantity, step], to: &text)
    }
    text.append(newline)
  }

  private func writeLongRows(_ step: Int, _ prefix: [UInt8], to text: inout TextBuffer) {
    for (output, value) in said.rows(block, step) {
      text.append(prefix)
      text.append(output)
      text.append(",y,")
      text.append(value)
      text.append(newline)
    }
    for quantity in said.scalars {
      text.append(prefix)
      text.append(",\(quantity.rawValue),")
      append(block[quantity, step], to: &text)
      text.append(newline)
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

  private func writeColumns(_ step: Int, to text: inout TextBuffer) {
    for quantity in said.quantities {
      guard quantity == .y else {
        text.append(comma)
        append(block[quantity, step], to: &text)
        continue
      }
      if said.readout.isWhole {
        for value in block.row(step) {
          text.append(comma)
          text.append(value)
        }
        continue
      }
      let likeliest = said.likeliest(block, step)
      for (_, value) in likeliest {
        text.append(comma)
        append(value, to: &text)
      }
      for (output, _) in likeliest {
        text.append(comma)
        if output >= 0 { text.append(output) }
      }
    }
  }

  /// Nothing where there is nothing to say: after the last step no token comes.
  private func append(_ value: Float, to text: inout TextBuffer) {
    if !value.isNaN { text.append(value) }
  }
}

private let comma = UInt8(ascii: ",")
private let newline = UInt8(ascii: "\n")
