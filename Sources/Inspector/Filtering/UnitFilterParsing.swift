import Recurrent

extension UnitFilter {
  /// Reads a filter as a person types it.
  ///
  /// - Parameters:
  ///   - layout: the track whose units are chosen from.
  ///   - lanes: what `follows(…)` can name.
  /// - Throws: `UnitFilterError`, which says where.
  public init(
    _ text: String, for layout: TrackLayout, lanes: [GroundTruthLane] = []
  ) throws(UnitFilterError) {
    var parser = UnitFilterParser(
      text: Array(text.unicodeScalars), layout: layout, lanes: lanes)
    self = try parser.parse()
  }
}

/// Reads a filter from the left to the right, a rule of the grammar a function.
private struct UnitFilterParser {
  let text: [Unicode.Scalar]
  let layout: TrackLayout
  let lanes: [GroundTruthLane]
  private var place = 0
  /// Parentheses and negations that are open: few, so that no text can exhaust the stack.
  private var depth = 0

  private static let depthLimit = 64

  init(text: [Unicode.Scalar], layout: TrackLayout, lanes: [GroundTruthLane]) {
    self.text = text
    self.layout = layout
    self.lanes = lanes
  }

  mutating func parse() throws(UnitFilterError) -> UnitFilter {
    skipBlanks()
    guard place < text.count else { throw UnitFilterError(.empty, at: 0) }
    let filter = try any()
    guard place == text.count else { throw unexpected() }
    return filter
  }

  private mutating func any() throws(UnitFilterError) -> UnitFilter {
    var filters = [try all()]
    while take("||") { filters.append(try all()) }
    return filters.count == 1 ? filters[0] : .any(filters)
  }

  private mutating func all() throws(UnitFilterError) -> UnitFilter {
    var filters = [try term()]
    while take("&&") { filters.append(try term()) }
    return filters.count == 1 ? filters[0] : .all(filters)
  }

  private mutating func term() throws(UnitFilterError) -> UnitFilter {
    let start = place
    if take("!") || take("(") {
      guard depth < Self.depthLimit else { throw unexpected(at: start) }
      depth += 1
      defer { depth -= 1 }
      if text[start] == "!" { return .not(try term()) }
      let filter = try any()
      guard take(")") else { throw UnitFilterError(.missingParenthesis, at: place) }
      return filter
    }
    guard place < text.count else { throw unexpected() }
    if isDigit(text[place]) || text[place] == "." { return try numbers() }
    return try condition()
  }

  // MARK: - Numbers

  private mutating func numbers() throws(UnitFilterError) -> UnitFilter {
    var ranges = [try range()]
    while take(",") { ranges.append(try range()) }
    return .units(ranges)
  }

  private mutating func range() throws(UnitFilterError) -> Range<Int> {
    let start = place
    let first = digits()
    skipBlanks()
    guard take("..") else {
      let unit = try self.unit(first, at: start)
      return try here(unit..<unit + 1, first, at: start)
    }
    let secondStart = place
    let second = digits()
    skipBlanks()
    guard !first.isEmpty || !second.isEmpty else { throw unexpected(at: start) }
    let low = first.isEmpty ? 0 : try unit(first, at: start)
    let last = layout.number(of: layout.units - 1)
    let high = second.isEmpty ? last : try unit(second, at: secondStart)
    guard low <= high else {
      throw UnitFilterError(.backwards("\(first)..\(second)"), at: start)
    }
    return try here(low..<high + 1, "\(first)..\(second)", at: start)
  }

  /// The units of these numbers.
  private func here(
    _ numbers: Range<Int>, _ words: String, at start: Int
  ) throws(UnitFilterError) -> Range<Int> {
    guard let units = layout.units(numbered: numbers) else {
      throw UnitFilterError(
        .notHere(words, first: layout.number(of: 0), last: layout.number(of: layout.units - 1)),
        at: start)
    }
    return units
  }

  private func unit(_ digits: String, at start: Int) throws(UnitFilterError) -> Int {
    guard !digits.isEmpty else { throw unexpected(at: start) }
    // Digits that are not an Int are a number all the same, only far out of range.
    guard let unit = Int(digits), unit <= layout.number(of: layout.units - 1) else {
      if let first = layout.unitNumbers?.first, let last = layout.unitNumbers?.last {
        throw UnitFilterError(.notHere(digits, first: first, last: last), at: start)
      }
      throw UnitFilterError(.noSuchUnit(digits, count: layout.units), at: start)
    }
    return unit
  }

  private mutating func digits() -> String {
    let start = place
    while place < text.count, isDigit(text[place]) { place += 1 }
    return string(start..<place)
  }

  // MARK: - Conditions

  private mutating func condition() throws(UnitFilterError) -> UnitFilter {
    let start = place
    let name = word()
    if name == "role" { return try role() }
    let measure: UnitFilter.Measure
    switch name {
    case "half-life": measure = .halfLife
    case "slower": measure = .slowness
    case "follows": measure = .follows(lane: try lane(from: start))
    default:
      guard let statistic = UnitFilter.Statistic(rawValue: name) else {
        throw unexpected(at: start)
      }
      measure = .of(statistic, try signal(of: name))
    }
    let measured = string(start..<place)
    skipBlanks()
    let comparison =
      take("==")
      ? UnitFilter.Comparison.equal
      : UnitFilter.Comparison.allCases.first { take($0.rawValue) }
    guard let comparison else {
      throw UnitFilterError(.missingComparison(trimmed(measured)), at: start)
    }
    return .measure(measure, comparison, try number())
  }

  private mutating func role() throws(UnitFilterError) -> UnitFilter {
    skipBlanks()
    let start = place
    let isNegated = take("!=")
    guard isNegated || take("==") || take("=") else {
      throw UnitFilterError(.missingComparison("role"), at: start)
    }
    let nameStart = place
    let name = word()
    guard let role = UnitStatistics.Role(rawValue: name) else {
      throw UnitFilterError(.noSuchRole(name), at: nameStart)
    }
    skipBlanks()
    return isNegated ? .not(.role(role)) : .role(role)
  }

  private mutating func signal(of name: String) throws(UnitFilterError) -> Signal {
    guard let (text, start) = argument() else {
      throw UnitFilterError(.missingSignal(name), at: place)
    }
    guard let signal = layout.signals.first(where: { $0.rawValue == text }) else {
      throw UnitFilterError(.noSuchSignal(text, known: layout.signals), at: start)
    }
    return signal
  }

  private mutating func lane(from start: Int) throws(UnitFilterError) -> Int {
    let known = lanes.filter { $0.kind != .symbol }.map(\.name)
    guard let (text, start) = argument() else {
      throw UnitFilterError(.noSuchLane("", known: known), at: start)
    }
    guard known.contains(text), let lane = lanes.firstIndex(where: { $0.name == text }) else {
      throw UnitFilterError(.noSuchLane(text, known: known), at: start)
    }
    return lane
  }

  /// What stands between parentheses, which may hold others, and where it begins.
  private mutating func argument() -> (text: String, start: Int)? {
    guard take("(") else { return nil }
    let start = place
    var open = 1
    while place < text.count {
      open += text[place] == "(" ? 1 : text[place] == ")" ? -1 : 0
      place += 1
      if open == 0 { return (trimmed(string(start..<place - 1)), start) }
    }
    return nil
  }

  private mutating func number() throws(UnitFilterError) -> Double {
    let start = place
    while place < text.count, isNumeric(at: place, from: start) { place += 1 }
    let digits = string(start..<place)
    let text = digits.isEmpty ? next(at: start) : digits
    // ".5" is a number to a person, and not to Swift.
    guard let value = Double(digits.hasPrefix(".") ? "0" + digits : digits), value.isFinite else {
      throw UnitFilterError(.missingNumber(text), at: start)
    }
    skipBlanks()
    return value
  }

  /// A sign stands at the beginning, or after an exponent's e.
  private func isNumeric(at place: Int, from start: Int) -> Bool {
    switch text[place] {
    case "0"..."9", ".", "e", "E": true
    case "-", "+": place == start || text[place - 1] == "e" || text[place - 1] == "E"
    default: false
    }
  }

  // MARK: - Scalars

  private mutating func word() -> String {
    let start = place
    while place < text.count, isLetter(text[place]) { place += 1 }
    return string(start..<place)
  }

  /// Takes a sign, and the blanks after it.
  private mutating func take(_ sign: String) -> Bool {
    let scalars = Array(sign.unicodeScalars)
    guard place + scalars.count <= text.count,
      Array(text[place..<place + scalars.count]) == scalars
    else { return false }
    place += scalars.count
    skipBlanks()
    return true
  }

  private mutating func skipBlanks() {
    while place < text.count, text[place] == " " { place += 1 }
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "-"
  }

  private func string(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(text[range]))
  }

  private func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while scalars.first == " " { scalars.removeFirst() }
    while scalars.last == " " { scalars.removeLast() }
    return String(scalars)
  }

  /// What stands at a place up to the next blank, for a message.
  private func next(at place: Int) -> String {
    let end = text[place...].firstIndex(of: " ") ?? text.count
    return string(place..<end)
  }

  private func unexpected(at place: Int? = nil) -> UnitFilterError {
    let place = place ?? self.place
    return UnitFilterError(.unexpected(next(at: place)), at: place)
  }
}
