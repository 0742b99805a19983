import Recurrent

/// The options of the command line that narrow a trace, as they were typed; nil where one was not
/// given.
public struct SelectionOptions: Sendable, Hashable {
  /// `A..B` (A up to and including B), `A..`, `..B` or `A`.
  public var steps: String?
  /// `0,2` or `0..2`: both directions of each.
  public var layers: String?
  /// `0..7,12`.
  public var units: String?
  /// `f,c,h`; `y` for all that the readout says, or `loss`, `entropy` and `y_next` alone.
  public var signals: String?

  public init(
    steps: String? = nil, layers: String? = nil, units: String? = nil, signals: String? = nil
  ) {
    self.steps = steps
    self.layers = layers
    self.units = units
    self.signals = signals
  }
}

extension TraceSelection {
  /// The part of a trace that a person has asked for, by the numbers that its steps and units have.
  /// Nothing need be recorded yet.
  ///
  /// - Throws: `SelectionError` where an option cannot be read or asks for what is not there.
  public init(_ options: SelectionOptions, of trace: Trace) throws(SelectionError) {
    try self.init(
      options, layout: trace.layout, length: trace.length, stepNumbers: trace.stepNumbers,
      said: trace.readout?.quantities ?? [])
  }

  /// The part that a file is to hold. Without `--signals` that is what the cells compute, and in an
  /// .npz, where it has arrays of its own, what the readout says.
  ///
  /// - Throws: as above.
  public init(
    _ options: SelectionOptions, of trace: Trace, for format: TraceFormat
  ) throws(SelectionError) {
    try self.init(options, of: trace)
    if options.signals == nil, format == .npz { readout = trace.readout?.quantities ?? [] }
  }

  /// - Parameter said: what the readout can be asked for.
  init(
    _ options: SelectionOptions, layout: [TrackLayout], length: Int, stepNumbers: [Int]? = nil,
    said: [ReadoutQuantity] = []
  ) throws(SelectionError) {
    self = .all(layout: layout, length: length)
    if let text = options.steps {
      steps = try parseRange(
        text, in: Bounds(option: "--steps", noun: "step", count: length, numbers: stepNumbers))
    }
    if let text = options.layers {
      let count = (layout.map(\.track.layer).max() ?? -1) + 1
      let layers = try parseList(text, in: Bounds(option: "--layers", noun: "layer", count: count))
      tracks = layout.indices.filter { index in
        layers.contains { $0.contains(layout[index].track.layer) }
      }
    }
    if let text = options.units {
      let widest = tracks.map { layout[$0] }.max { $0.units < $1.units }
      let bounds = Bounds(
        option: "--units", noun: "unit", count: widest?.units ?? 0, numbers: widest?.unitNumbers)
      units = try parseList(text, in: bounds)
    } else {
      units = [0..<(tracks.map { layout[$0].units }.max() ?? 0)]
    }
    let known = tracks.flatMap { layout[$0].signals }.inOrder
    signals = known
    if let text = options.signals {
      var asked: [Signal] = []
      var askedOfReadout: [ReadoutQuantity] = []
      for name in text.split(separator: ",", omittingEmptySubsequences: false) {
        if let signal = known.first(where: { $0.rawValue == name }) {
          asked.append(signal)
        } else if let quantity = said.first(where: { $0.rawValue == name }) {
          askedOfReadout += quantity == .y ? said : [quantity]
        } else {
          throw .noSuchSignal(
            name: String(name), known: known.map(\.rawValue) + said.map(\.rawValue))
        }
      }
      signals = known.filter(asked.contains)
      readout = said.filter(askedOfReadout.contains)
    }
  }
}

/// What the numbers of an option count.
private struct Bounds {
  let option: String
  let noun: String
  let count: Int
  /// What they are called, ascending, where they do not count from 0.
  var numbers: [Int]?

  /// Where the things of some numbers are; nil where none of them is here.
  func places(of range: Range<Int>) -> Range<Int>? {
    guard let numbers else { return range }
    return numbers.places(of: range)
  }
}

/// Ranges between commas, put in order, joined where they meet.
private func parseList(_ text: String, in bounds: Bounds) throws(SelectionError) -> [Range<Int>] {
  var ranges: [Range<Int>] = []
  for part in text.split(separator: ",", omittingEmptySubsequences: false) {
    ranges.append(try parseRange(String(part), in: bounds))
  }
  ranges.sort { $0.lowerBound < $1.lowerBound }
  var joined: [Range<Int>] = []
  for range in ranges {
    if let last = joined.last, range.lowerBound <= last.upperBound {
      joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
    } else {
      joined.append(range)
    }
  }
  return joined
}

/// `A..B`, `A..`, `..B` or `A`, B included.
private func parseRange(_ text: String, in bounds: Bounds) throws(SelectionError) -> Range<Int> {
  let malformed = SelectionError.malformed(option: bounds.option, text: text)
  guard let dots = text.firstRange(of: "..") else {
    let only = try number(text[...])
    return try places(only..<only + 1)
  }
  let left = text[..<dots.lowerBound]
  let right = text[dots.upperBound...]
  guard !left.isEmpty || !right.isEmpty else { throw malformed }
  let first = left.isEmpty ? 0 : try number(left)
  let last = right.isEmpty ? bounds.numbers?.last ?? bounds.count - 1 : try number(right)
  guard first <= last else { throw .backwards(option: bounds.option, text: text) }
  return try places(first..<last + 1)

  func places(_ range: Range<Int>) throws(SelectionError) -> Range<Int> {
    if let places = bounds.places(of: range) { return places }
    throw .notHere(
      option: bounds.option, text: text, noun: bounds.noun, first: bounds.numbers?.first ?? 0,
      last: bounds.numbers?.last ?? 0)
  }

  func number(_ digits: Substring) throws(SelectionError) -> Int {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw malformed
    }
    // Digits that are not an Int are a number all the same, only far out of range.
    let end = bounds.numbers?.last.map { $0 &+ 1 } ?? bounds.count
    guard let value = Int(digits), value < end else {
      if let first = bounds.numbers?.first, let last = bounds.numbers?.last {
        throw .notHere(
          option: bounds.option, text: text, noun: bounds.noun, first: first, last: last)
      }
      throw .outOfRange(
        option: bounds.option, text: text, noun: bounds.noun, count: bounds.count)
    }
    return value
  }
}
