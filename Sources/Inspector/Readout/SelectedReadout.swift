/// What an export takes of a readout, a block of steps at a time.
struct SelectedReadout {
  let readout: TraceReadout
  /// In the order of files; never what the readout does not say.
  let quantities: [ReadoutQuantity]

  init(_ readout: TraceReadout, _ quantities: [ReadoutQuantity]) {
    self.readout = readout
    self.quantities = readout.quantities.filter(quantities.contains)
  }

  /// One value a step each: all but y.
  var scalars: [ReadoutQuantity] { quantities.filter { $0 != .y } }

  func each(_ steps: Range<Int>, _ take: (ReadoutBlock, Int) throws -> Void) throws {
    for part in steps.parts(of: readout.blockSteps) {
      let block = readout.block(part)
      for step in part { try take(block, step) }
    }
  }

  /// The outputs of a step that files hold of a y that is not whole: as many at every step, the last
  /// of them -1 and NaN where fewer are known.
  func likeliest(_ block: ReadoutBlock, _ step: Int) -> [(output: Int, value: Float)] {
    let row = block.row(step)
    var found = block.likeliest(TraceReadout.topCount, at: step).map {
      (output: $0, value: row[row.startIndex + $0])
    }
    while found.count < TraceReadout.topCount { found.append((-1, .nan)) }
    return found
  }

  /// The outputs that a table has rows of at a step, each with its value.
  func rows(_ block: ReadoutBlock, _ step: Int) -> [(output: Int, value: Float)] {
    guard quantities.contains(.y) else { return [] }
    if readout.isWhole { return block.row(step).enumerated().map { ($0, $1) } }
    return likeliest(block, step).filter { $0.output >= 0 }
  }
}
