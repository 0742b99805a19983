/// What the network says, for a block of steps at once; NaN or -1 at steps that are not recorded.
extension ExpressionEvaluator {
  func outputs(_ units: [Range<Int>], _ steps: Range<Int>) -> Column<Double> {
    let width = units.reduce(0) { $0 + $1.count }
    var numbers = [Double](repeating: .nan, count: steps.count * width)
    each(steps) { block, step in
      let row = block.row(step)
      let first = (step - steps.lowerBound) * width
      for (column, output) in units.joined().enumerated() {
        numbers[first + column] = Double(row[row.startIndex + output])
      }
    }
    return Column(numbers, width: width)
  }

  func said(_ quantity: ReadoutQuantity, _ steps: Range<Int>) -> Column<Double> {
    let recorded = steps.clamped(to: 0..<trace.recordedSteps)
    var numbers = [Double](repeating: .nan, count: steps.count)
    for (step, value) in zip(recorded, trace.readout?.values(quantity, recorded) ?? []) {
      numbers[step - steps.lowerBound] = Double(value)
    }
    return Column(numbers)
  }

  func tops(_ steps: Range<Int>) -> Column<Int32> {
    var tops = [Int32](repeating: -1, count: steps.count)
    each(steps) { block, step in
      tops[step - steps.lowerBound] = block.top[step - block.steps.lowerBound]
    }
    return Column(tops)
  }

  private func each(_ steps: Range<Int>, _ take: (ReadoutBlock, Int) -> Void) {
    guard let readout = trace.readout else { return }
    for part in steps.clamped(to: 0..<trace.recordedSteps).parts(of: readout.blockSteps) {
      let block = readout.block(part)
      for step in part { take(block, step) }
    }
  }
}
