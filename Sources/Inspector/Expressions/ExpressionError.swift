import Recurrent

/// Why an expression cannot be used, and where in it. The cases carry the facts; the words are
/// `description`, one line without the expression, in ExpressionErrorWords.swift.
public struct ExpressionError: Error, Equatable, Sendable {
  public let fault: Fault
  /// What is at fault, in Unicode scalars of the source; it may stand one past the end.
  public let range: Range<Int>

  public enum Fault: Equatable, Sendable {
    case reading(ReadingFault)
    case name(NameFault)
    case kind(KindFault)
  }

  init(_ fault: ReadingFault, at range: Range<Int>) {
    self.fault = .reading(fault)
    self.range = range
  }

  init(_ fault: NameFault, at range: Range<Int>) {
    self.fault = .name(fault)
    self.range = range
  }

  init(_ fault: KindFault, at range: Range<Int>) {
    self.fault = .kind(fault)
    self.range = range
  }

  /// A fault whose place is kept elsewhere.
  init(wrapping fault: Fault) {
    self.fault = fault
    range = 0..<1
  }

  /// Why a text is no expression.
  public enum ReadingFault: Equatable, Sendable {
    case empty
    case tooLong(limit: Int)
    case tooDeep(limit: Int)
    case strange(Unicode.Scalar)
    case misspelled(String, meant: String)
    case unendedText
    case strangeEscape(String)
    case numberTooLarge
    case unexpected(String, wanted: Wanted)
    case ends(wanted: Wanted)
    case closesNothing(String)
    case unclosed(String)
    case unitsOfNothing
    case chained
  }

  /// Why a name means nothing in a trace.
  public enum NameFault: Equatable, Sendable {
    case unknown(String, meant: String?, known: [String])
    case unknownFunction(String, meant: String?)
    case notCalled(String)
    case notAFunction(String)
    case otherFrameworks(String, meant: Signal)
    case noSuchSignal(String, cell: CellKind, known: [Signal])
    case noSuchLayer(String, count: Int)
    case noSuchDirection(Direction, layer: Int, known: [Direction])
    case bothDirections(layer: Int, signal: String)
    case withoutLayer(String)
    case noSuchUnit(String, noun: String, of: String, count: Int)
    /// A file holds a part of the units, by their numbers.
    case unitNotHere(String, first: Int, last: Int)
    case backwardsUnits(String)
    case repeatedUnit(Int)
    case withoutUnits(String)
    case noLanes
    case noSuchLane(String, meant: String?, known: [String])
    case laneWithoutName
    case noVocabulary(String)
    case noSuchToken(String, meant: String?, known: [String])
    case notInLane(String, lane: String, known: [String])
    case containedNowhere(String, in: String)
    case noTokenNumbers
    case noReadout(String)
    case noProbabilities(String)
    case nothingNext
    case noOutputSymbols(String, of: String)
    case noSuchOutput(String, meant: String?, known: [String])
    case symbolOfNothing(String)
    case inputUnknown
    case numbersEnter
    case tokensEnter
  }

  /// Why a value cannot stand where it does.
  public enum KindFault: Equatable, Sendable {
    case noCondition(String, Found)
    case noNumber(String, Found)
    case notSeveral(function: String, String, Found)
    case severalAtTop(String, count: Int, one: String)
    case uncompared(String)
    case comparedWithSeveral(String, String)
    case countsConditions(String)
    case differentCounts(String, Int, String, Int)
    case wrongArguments(function: String, isMore: Bool, found: Int)
    case notComparable(String, Found, String, Found)
    case textOrder(String)
    case containsNoText(String)
    case looksIntoNothing(String)
    case bothWays(String)
  }

  /// What could stand at a place.
  public enum Wanted: Equatable, Sendable {
    case value
    case name
    case operation
    case unit
    case closingUnits
    case closingSymbol
  }

  /// What a part of an expression is.
  public enum Found: Equatable, Sendable {
    case number
    case condition
    case text
    /// A value for each of so many units.
    case several(Int)
  }
}

extension ExpressionError {
  /// Where the marks under the expression go, in columns of a terminal.
  ///
  /// - Parameter width: how many columns a scalar takes.
  public func marks(
    under source: String, width: (Unicode.Scalar) -> Int
  ) -> (indent: Int, length: Int) {
    range.marks(under: source, width: width)
  }
}

extension Range<Int> {
  /// Where marks under these scalars of a line go, in columns of a terminal: one at least.
  ///
  /// - Parameter width: how many columns a scalar takes.
  public func marks(
    under source: String, width: (Unicode.Scalar) -> Int
  ) -> (indent: Int, length: Int) {
    let scalars = [Unicode.Scalar](source.unicodeScalars)
    let start = Swift.min(lowerBound, scalars.count)
    let end = Swift.max(start, Swift.min(upperBound, scalars.count))
    let indent = scalars[..<start].reduce(0) { $0 + width($1) }
    let length = scalars[start..<end].reduce(0) { $0 + width($1) }
    return (indent, Swift.max(1, length))
  }
}
