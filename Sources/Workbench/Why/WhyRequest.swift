import Inspector
import Recurrent

/// A question as it is typed: `c[12]`, `f[3] @ 20`, `l1.bwd.c[3]`, `y[:]`, `gate f[3]`, `gradient`.
public struct WhyRequest {
  public var mode = WhyState.Mode.write
  /// What was named of the place; nil where it is the one in hand.
  public var track: Int?
  public var signal: Signal?
  public var unit: Int?
  public var step: Int?
  /// Whether it is of what the network says, and of which output; nil where the sequence chooses.
  var isOfPrediction = false
  public var output: Int?

  /// - Parameters:
  ///   - network: nil where a recorded trace is viewed.
  ///   - current: the track and the question in hand.
  /// - Throws: `InstructionError` with the fault's place in the text.
  public init(
    parsing text: String, of trace: Trace, network: Network?,
    current: (track: Int, mode: WhyState.Mode) = (0, .write)
  ) throws(InstructionError) {
    var reader = Reader(text)
    var asked: (mode: WhyState.Mode, place: Range<Int>)?
    let first = reader.word
    if let mode = WhyState.Mode(rawValue: first.text) {
      asked = (mode, first.range)
      reader.skip(first.range.upperBound)
    }
    let scope = Scope(trace: trace, network: network, track: current.track)
    if let at = reader.takeStep() { step = try Self.step(at.text, at.range, trace) }
    if !reader.isAtEnd { try readValue(&reader, scope) }
    mode = asked?.mode ?? usualMode(scope, current.mode)
    let place = asked?.place ?? 0..<Array(text.unicodeScalars).count
    if mode.isOfPrediction, let network, network.readout == nil {
      throw InstructionError(WhyError.noReadout.description, at: place)
    }
    if signal == .v {
      throw InstructionError(Words.whyUnknownValues, at: place)
    }
  }

  /// What a question may be of.
  private struct Scope {
    let trace: Trace
    let network: Network?
    let track: Int
  }

  private func usualMode(_ scope: Scope, _ current: WhyState.Mode) -> WhyState.Mode {
    if isOfPrediction { return .gradient }
    guard let signal else { return current }
    let layout = scope.trace.layout[track ?? scope.track]
    if layout.cell.gates.contains(signal) { return .gate }
    return signal == layout.memory ? .write : .out
  }

  private mutating func readValue(_ reader: inout Reader, _ scope: Scope) throws(InstructionError) {
    let value = reader.rest
    let names = value.text.split(separator: "[", maxSplits: 1, omittingEmptySubsequences: false)
    var parts = names[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let name = parts.removeLast()
    let start = value.range.lowerBound
    let nameStart = start + names[0].unicodeScalars.count - name.unicodeScalars.count
    if !parts.isEmpty {
      track = try Self.track(parts, start..<max(start, nameStart - 1), scope.trace)
    }
    let nameRange = nameStart..<nameStart + name.unicodeScalars.count
    let bracket = try Self.bracket(names, value.range)
    if name == "y" {
      isOfPrediction = true
      output = try Self.output(bracket, nameRange, scope)
      return
    }
    let layout = scope.trace.layout[track ?? scope.track]
    guard let found = layout.signals.first(where: { $0.rawValue == name }) else {
      let known =
        layout.signals.map(\.rawValue) + (scope.network?.readout == nil ? [] : ["y"])
      throw InstructionError(Words.noneOf(known, Words.signalNoun, name), at: nameRange)
    }
    signal = found
    guard let bracket else { return }
    guard let number = Int(bracket.text), number >= 0 else {
      throw InstructionError(Words.noNumber(bracket.text), at: bracket.range)
    }
    guard let unit = layout.unit(numbered: number), unit < layout.units(of: found) else {
      let last = layout.number(of: layout.units(of: found) - 1)
      throw InstructionError(Words.noSuchUnit(number, last: last), at: bracket.range)
    }
    self.unit = unit
  }

  private typealias Part = (text: String, range: Range<Int>)

  /// What stands between the brackets; nil where there are none.
  private static func bracket(
    _ names: [Substring], _ range: Range<Int>
  ) throws(InstructionError) -> Part? {
    guard names.count > 1 else { return nil }
    let start = range.lowerBound + names[0].unicodeScalars.count
    guard names[1].unicodeScalars.last == "]" else {
      throw InstructionError(Words.whyBracket, at: start..<start + 1)
    }
    let inside = String(names[1].unicodeScalars.dropLast())
    return (inside, start + 1..<max(start + 2, range.upperBound - 1))
  }

  private static func track(
    _ parts: [String], _ range: Range<Int>, _ trace: Trace
  ) throws(InstructionError) -> Int {
    let name = parts.joined(separator: ".")
    let tracks = trace.trackNames
    if let exact = tracks.firstIndex(of: name) { return exact }
    // A layer alone is its first direction.
    guard parts.count == 1, let layer = tracks.firstIndex(where: { $0.hasPrefix(name + ".") })
    else {
      throw InstructionError(Words.noneOf(tracks, Words.layerNoun, name), at: range)
    }
    return layer
  }

  private static func output(
    _ bracket: Part?, _ name: Range<Int>, _ scope: Scope
  ) throws(InstructionError) -> Int? {
    guard let network = scope.network else {
      throw InstructionError(WhyError.noModel.description, at: name)
    }
    guard let readout = network.readout else {
      throw InstructionError(WhyError.noReadout.description, at: name)
    }
    guard let bracket else { return nil }
    if let output = scope.trace.readout?.output(bracket.text) { return output }
    guard let number = Int(bracket.text), (0..<readout.outputSize).contains(number) else {
      throw InstructionError(
        Words.noSuchOutput(bracket.text, of: readout.outputSize), at: bracket.range)
    }
    return number
  }

  private static func step(
    _ text: String, _ range: Range<Int>, _ trace: Trace
  ) throws(InstructionError) -> Int {
    guard let number = Int(text), number >= 0 else {
      throw InstructionError(Words.noNumber(text), at: range)
    }
    let step = trace.step(numbered: number)
    guard trace.stepNumber(at: step) == number else {
      let last = trace.stepNumber(at: trace.length - 1)
      throw InstructionError(Words.noSuchStep(number, last: last), at: range)
    }
    return step
  }

  /// The text from the front and from the end, with places in Unicode scalars.
  private struct Reader {
    private let scalars: [Unicode.Scalar]
    private var left: Range<Int>

    init(_ text: String) {
      scalars = Array(text.unicodeScalars)
      left = 0..<scalars.count
      trim()
    }

    var isAtEnd: Bool { left.isEmpty }
    var rest: Part { part(left) }

    /// What comes before the next blank.
    var word: Part {
      part(left.lowerBound..<(scalars[left].firstIndex(of: " ") ?? left.upperBound))
    }

    mutating func skip(_ place: Int) {
      left = place..<left.upperBound
      trim()
    }

    /// What follows the last @, which a symbol in brackets is not; nil where there is none.
    mutating func takeStep() -> Part? {
      guard let sign = scalars[left].lastIndex(of: "@"),
        !scalars[sign..<left.upperBound].contains("]")
      else { return nil }
      var start = sign + 1
      while start < left.upperBound, scalars[start] == " " { start += 1 }
      // Where nothing follows the sign itself is at fault.
      let found = part(start < left.upperBound ? start..<left.upperBound : sign..<sign + 1)
      left = left.lowerBound..<sign
      trim()
      return found
    }

    private func part(_ range: Range<Int>) -> Part {
      (String(String.UnicodeScalarView(scalars[range])), range)
    }

    private mutating func trim() {
      while !left.isEmpty, scalars[left.lowerBound] == " " { left.removeFirst() }
      while !left.isEmpty, scalars[left.upperBound - 1] == " " { left.removeLast() }
    }
  }
}
