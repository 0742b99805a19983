import Recurrent

/// Names: signals with their layers and units, `step`, `token`, `x`, lanes.
extension ExpressionBinder {
  mutating func value(
    of reference: Syntax.Reference, at range: Range<Int>
  ) throws(ExpressionError) -> Value {
    let name = reference.parts[reference.parts.count - 1]
    if Self.readoutNames.contains(name.text) { return try said(name.text, reference, at: range) }
    if let symbol = reference.symbol {
      throw ExpressionError(.symbolOfNothing(name.text), at: symbol.range)
    }
    switch name.text {
    case "step":
      try refuseUnits(of: name.text, reference, at: range)
      return Value(meaning: .number(.step), units: nil, reads: [])
    case "token":
      try refuseUnits(of: name.text, reference, at: range)
      return try token(at: range)
    case "x":
      try refuseLayer(of: name.text, reference, at: range)
      return try input(reference, at: range)
    default:
      return try signal(name, reference, at: range)
    }
  }

  private func refuseLayer(
    of name: String, _ reference: Syntax.Reference, at range: Range<Int>
  ) throws(ExpressionError) {
    if reference.parts.count > 1 { throw ExpressionError(.withoutLayer(name), at: range) }
  }

  private func refuseUnits(
    of name: String, _ reference: Syntax.Reference, at range: Range<Int>
  ) throws(ExpressionError) {
    try refuseLayer(of: name, reference, at: range)
    if reference.units != nil { throw ExpressionError(.withoutUnits(name), at: range) }
  }

  private mutating func token(at range: Range<Int>) throws(ExpressionError) -> Value {
    switch scope.trace.input {
    case .tokens: break
    case .features(_, width: 0): throw ExpressionError(.inputUnknown, at: range)
    case .features: throw ExpressionError(.numbersEnter, at: range)
    }
    if tokenTexts == nil {
      // However often a long vocabulary is spoken of, it is numbered once.
      tokenTexts = []
      for symbol in scope.trace.symbols ?? [] { tokenTexts?.append(texts.number(of: symbol)) }
    }
    return Value(meaning: .text(.token(tokenTexts ?? []), .token), units: nil, reads: [])
  }

  private mutating func input(
    _ reference: Syntax.Reference, at range: Range<Int>
  ) throws(ExpressionError) -> Value {
    guard case .features(_, let width) = scope.trace.input else {
      throw ExpressionError(.tokensEnter, at: range)
    }
    guard width > 0 else { throw ExpressionError(.inputUnknown, at: range) }
    let (units, isOne) = try units(of: reference, noun: "input", name: "x", count: width)
    return measured(.number(.input(units)), units, isOne: isOne, reads: [])
  }

  // MARK: - Signals

  private mutating func signal(
    _ name: Syntax.Name, _ reference: Syntax.Reference, at range: Range<Int>
  ) throws(ExpressionError) -> Value {
    let index = try track(of: reference, at: range)
    let track = scope.trace.layout[index]
    guard let signal = track.signals.first(where: { $0.rawValue == name.text }) else {
      throw unknown(name, track, isAlone: reference.parts.count == 1)
    }
    let prefix = reference.parts.map(\.text).joined(separator: ".")
    let (units, isOne) = try units(
      of: inHand(reference, track: index, at: range), noun: "unit", name: prefix,
      count: track.units(of: signal),
      numbers: track.unitNumbers.map { Array($0.prefix(track.units(of: signal))) })
    return measured(
      .number(.signal(track: index, signal, units: units)), units, isOne: isOne,
      reads: track.track.direction == .forward ? .forward : .backward)
  }

  /// A signal without a unit, of the layer in hand, is that of the unit in hand, unless a function
  /// around it looks at several units.
  private mutating func inHand(
    _ reference: Syntax.Reference, track: Int, at range: Range<Int>
  ) -> Syntax.Reference {
    guard let unit = unitInHand, track == scope.track, reference.units == nil, gathering == 0,
      let name = reference.parts.last
    else { return reference }
    handed.insert(name.range.upperBound)
    let number = Syntax.UnitNumber(digits: "\(unit)", range: name.range)
    var reference = reference
    reference.units = [
      Syntax.UnitRange(first: number, last: number, isSingle: true, range: name.range)
    ]
    return reference
  }

  /// Counts what reading the values of some units costs.
  private mutating func measured(
    _ meaning: Meaning, _ units: [Range<Int>], isOne: Bool, reads: Reads
  ) -> Value {
    let count = units.reduce(0) { $0 + $1.count }
    valuesPerStep += count
    widest = max(widest, count)
    return Value(meaning: meaning, units: isOne ? nil : units, reads: reads)
  }

  private func unknown(
    _ name: Syntax.Name, _ track: TrackLayout, isAlone: Bool
  ) -> ExpressionError {
    if let meant = Self.otherFrameworksNames[track.cell]?[name.text] {
      return ExpressionError(.otherFrameworks(name.text, meant: meant), at: name.range)
    }
    if Signal(rawValue: name.text) != nil || !isAlone {
      return ExpressionError(
        .noSuchSignal(name.text, cell: track.cell, known: track.signals), at: name.range)
    }
    if ExpressionFunction(rawValue: name.text) != nil {
      return ExpressionError(.notCalled(name.text), at: name.range)
    }
    if scope.lanes.contains(where: { $0.name == name.text }) {
      return ExpressionError(
        .unknown(name.text, meant: "lane(\(name.text.inQuotes))", known: []),
        at: name.range)
    }
    var known =
      track.signals.map(\.rawValue) + ["step"] + Self.readoutNames(of: scope.trace)
    switch scope.trace.input {
    case .tokens: known.append("token")
    case .features(_, width: 0): break
    case .features: known.append("x")
    }
    return ExpressionError(
      .unknown(name.text, meant: nearestName(to: name.text, among: known), known: known),
      at: name.range)
  }

  /// What PyTorch calls some gates.
  private static let otherFrameworksNames: [CellKind: [String: Signal]] = [
    .lstm: ["g": .z], .gru: ["z": .u],
  ]

  /// The track that `l1.`, `bwd.` or `l1.bwd.` names; without them the one in hand.
  private func track(
    of reference: Syntax.Reference, at range: Range<Int>
  ) throws(ExpressionError) -> Int {
    let layout = scope.trace.layout
    var prefix = reference.parts.dropLast()
    var layer = layout[scope.track].track.layer
    var isLayerNamed = false
    if let first = prefix.first, let number = Self.layerNumber(first.text) {
      let count = (layout.map(\.track.layer).max() ?? 0) + 1
      guard number < count else {
        throw ExpressionError(.noSuchLayer(first.text, count: count), at: first.range)
      }
      layer = number
      isLayerNamed = true
      prefix = prefix.dropFirst()
    }
    let inLayer = layout.indices.filter { layout[$0].track.layer == layer }
    let known = inLayer.map { layout[$0].track.direction }
    if let name = prefix.first {
      guard let direction = Direction(rawValue: name.text), prefix.count == 1 else {
        throw ExpressionError(
          .unknown(name.text, meant: nil, known: ["l0", "fwd", "bwd", "l0.fwd"]), at: name.range)
      }
      guard let index = inLayer.first(where: { layout[$0].track.direction == direction }) else {
        throw ExpressionError(
          .noSuchDirection(direction, layer: layer, known: known), at: name.range)
      }
      return index
    }
    guard isLayerNamed else { return scope.track }
    guard inLayer.count == 1 else {
      let signal = reference.parts[reference.parts.count - 1].text
      throw ExpressionError(.bothDirections(layer: layer, signal: signal), at: range)
    }
    return inLayer[0]
  }

  /// 12 of `l12`; a number too large for an Int is `Int.max`.
  private static func layerNumber(_ name: String) -> Int? {
    let digits = name.unicodeScalars.dropFirst()
    guard name.hasPrefix("l"), !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return nil }
    return Int(String(digits)) ?? .max
  }

  // MARK: - Units

  /// The units in the brackets, in the order in which they stand there; all without brackets.
  ///
  /// - Parameter numbers: what the units are called, where they do not count from 0.
  func units(
    of reference: Syntax.Reference, noun: String, name: String, count: Int, numbers: [Int]? = nil
  ) throws(ExpressionError) -> (units: [Range<Int>], isOne: Bool) {
    guard let items = reference.units else { return ([0..<count], false) }
    var units: [Range<Int>] = []
    for item in items {
      for number in [item.first, item.last] {
        guard let number, numbers == nil, number.value >= count else { continue }
        throw ExpressionError(
          .noSuchUnit(number.digits, noun: noun, of: name, count: count), at: number.range)
      }
      let first = item.first?.value ?? 0
      let last = item.last?.value ?? numbers?.last ?? count - 1
      guard first <= last else {
        throw ExpressionError(.backwardsUnits(item.description), at: item.range)
      }
      var range = first..<(last == .max ? last : last + 1)
      if let numbers {
        guard let places = numbers.places(of: range) else {
          throw ExpressionError(
            .unitNotHere(
              item.description, first: numbers.first ?? 0, last: numbers.last ?? 0),
            at: item.range)
        }
        range = places
      }
      if let other = units.first(where: { $0.overlaps(range) }) {
        let unit = max(other.lowerBound, range.lowerBound)
        throw ExpressionError(.repeatedUnit(numbers?[unit] ?? unit), at: item.range)
      }
      units.append(range)
    }
    return (units, items.count == 1 && items[0].isSingle)
  }

  // MARK: - Lanes

  mutating func lane(
    _ arguments: [Syntax], at range: Range<Int>
  ) throws(ExpressionError) -> Value {
    guard arguments.count == 1, case .text(let name) = arguments[0].kind else {
      throw ExpressionError(.laneWithoutName, at: arguments.first?.range ?? range)
    }
    guard !scope.lanes.isEmpty else { throw ExpressionError(.noLanes, at: range) }
    guard let index = scope.lanes.firstIndex(where: { $0.name == name }) else {
      let known = scope.lanes.map(\.name)
      throw ExpressionError(
        .noSuchLane(name, meant: nearestName(to: name, among: known), known: known),
        at: arguments[0].range)
    }
    let lane = scope.lanes[index]
    switch lane.kind {
    case .number: return Value(meaning: .number(.lane(index)), units: nil, reads: [])
    case .flag: return Value(meaning: .flag(.lane(index)), units: nil, reads: [])
    case .symbol:
      var numbers: [Int32] = []
      for symbol in lane.symbols { numbers.append(texts.number(of: symbol)) }
      return Value(meaning: .text(.lane(index, numbers), .lane(index)), units: nil, reads: [])
    }
  }
}
