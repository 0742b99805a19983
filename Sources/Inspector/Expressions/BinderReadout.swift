import Recurrent

/// What the network says: `p["e"]`, `y[2]`, `loss`, `entropy`, `top`.
extension ExpressionBinder {
  /// The names that this file gives a meaning, where there is a readout.
  static let readoutNames = ["p", "y", "loss", "entropy", "top"]

  /// What of `readoutNames` can be asked for of a trace.
  static func readoutNames(of trace: Trace) -> [String] {
    guard let readout = trace.readout else { return [] }
    return (readout.isProbable ? ["p", "top"] : [])
      + readout.quantities.filter { $0 != .next }.map(\.rawValue)
  }

  mutating func said(
    _ name: String, _ reference: Syntax.Reference, at range: Range<Int>
  ) throws(ExpressionError) -> Value {
    if reference.parts.count > 1 { throw ExpressionError(.withoutLayer(name), at: range) }
    guard let readout = scope.trace.readout else {
      throw ExpressionError(.noReadout(name), at: range)
    }
    if name == "p" || name == "top", !readout.isProbable {
      throw ExpressionError(.noProbabilities(name), at: range)
    }
    if name == "p" || name == "y" { return try outputs(name, of: readout, reference, at: range) }
    if reference.units != nil || reference.symbol != nil {
      throw ExpressionError(.withoutUnits(name), at: range)
    }
    valuesPerStep += readout.valuesPerStep
    if name == "top" { return top(of: readout) }
    guard let quantity = readout.quantities.first(where: { $0.rawValue == name }) else {
      throw ExpressionError(name == "loss" ? .nothingNext : .noProbabilities(name), at: range)
    }
    return Value(meaning: .number(.readout(quantity)), units: nil, reads: [])
  }

  private mutating func top(of readout: TraceReadout) -> Value {
    guard let symbols = readout.symbols else {
      return Value(meaning: .number(.top), units: nil, reads: [])
    }
    var numbers: [Int32] = []
    for symbol in symbols { numbers.append(texts.number(of: symbol)) }
    return Value(meaning: .text(.top(numbers), .output), units: nil, reads: [])
  }

  private mutating func outputs(
    _ name: String, of readout: TraceReadout, _ reference: Syntax.Reference, at range: Range<Int>
  ) throws(ExpressionError) -> Value {
    guard readout.quantities.contains(.y) else {
      throw ExpressionError(.noReadout(name), at: range)
    }
    var (units, isOne) = ([0..<readout.outputs], false)
    if let symbol = reference.symbol {
      let output = try output(symbol, of: readout, name)
      (units, isOne) = ([output..<output + 1], true)
    } else if reference.units != nil {
      (units, isOne) = try self.units(
        of: reference, noun: "output", name: name, count: readout.outputs)
    }
    valuesPerStep += readout.valuesPerStep
    widest = max(widest, readout.outputs)
    return Value(meaning: .number(.outputs(units)), units: isOne ? nil : units, reads: [])
  }

  private func output(
    _ symbol: Syntax.Name, of readout: TraceReadout, _ name: String
  ) throws(ExpressionError) -> Int {
    guard let symbols = readout.symbols else {
      throw ExpressionError(.noOutputSymbols(symbol.text, of: name), at: symbol.range)
    }
    guard let output = readout.output(symbol.text) else {
      throw ExpressionError(
        .noSuchOutput(
          symbol.text, meant: nearestName(to: symbol.text, among: symbols), known: symbols),
        at: symbol.range)
    }
    return output
  }
}

extension TraceReadout {
  /// Whether y is known to be probabilities; of a file only where it has what follows from a softmax.
  public var isProbable: Bool {
    switch activation {
    case .softmax, .sigmoid: true
    case nil: quantities.contains(.y) && quantities.contains(.entropy)
    case .linear: false
    }
  }
}
