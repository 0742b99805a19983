import Recurrent

/// A condition on the steps of a trace, such as `f[12] < 0.1 && rise(c[12])`: what `find`, searches
/// and breakpoints take. docs/expressions.md is its manual.
///
/// This is what was written; what its names mean is decided by `bound(to:)`.
public struct SignalExpression: Sendable, Equatable, CustomStringConvertible {
  /// As it was written.
  public let source: String
  let syntax: Syntax

  /// - Throws: `ExpressionError` where the text is no expression.
  public init(_ source: String) throws(ExpressionError) {
    self.source = source
    syntax = try ExpressionParser.parse(source)
  }

  public var description: String { source }

  /// The condition on the steps of a particular trace. Where a unit is in hand, the search's expression
  /// has its number behind every signal that was written without one.
  ///
  /// - Throws: `ExpressionError` where a name means nothing there, or its kind does not fit.
  public func bound(to scope: ExpressionScope) throws(ExpressionError) -> TraceSearch {
    var binder = ExpressionBinder(scope)
    let condition = try binder.condition(of: syntax)
    if let unit = binder.unitInHand, !binder.handed.isEmpty {
      return try naming(unit, behind: binder.handed).bound(to: scope.withoutUnit)
    }
    let (valuesPerStep, widest) = (binder.valuesPerStep, binder.widest)
    let columns = try binder.columns(of: syntax)
    return TraceSearch(
      expression: self, condition: condition, columns: columns,
      evaluator: ExpressionEvaluator(
        trace: scope.trace, lanes: scope.lanes, texts: binder.texts.texts),
      valuesPerStep: valuesPerStep, widest: widest)
  }
}

extension SignalExpression {
  /// The same with a unit's number where it was left out.
  ///
  /// - Parameter places: the ends of the signals' names, in Unicode scalars of the source.
  private func naming(
    _ unit: Int, behind places: Set<Int>
  ) throws(ExpressionError) -> SignalExpression {
    var scalars = Array(source.unicodeScalars)
    for place in places.sorted(by: >) {
      scalars.insert(contentsOf: "[\(unit)]".unicodeScalars, at: place)
    }
    return try SignalExpression(String(scalars: scalars))
  }
}

/// What the names of an expression mean.
public struct ExpressionScope {
  public let trace: Trace
  /// An index into `Trace.layout`: where signals without a layer are looked up.
  public let track: Int
  /// The unit in hand, of that track, counted from 0: what a signal without a unit means where one
  /// value is wanted. Nil where there is none; then such a signal stands for all units everywhere.
  public let unit: Int?
  public let lanes: [GroundTruthLane]

  public init(trace: Trace, track: Int = 0, unit: Int? = nil, lanes: [GroundTruthLane] = []) {
    self.trace = trace
    self.track = track
    self.unit = unit
    self.lanes = lanes
  }

  fileprivate var withoutUnit: ExpressionScope {
    ExpressionScope(trace: trace, track: track, lanes: lanes)
  }

  /// What can be written, for a person who asks: signals of the track in hand, the other names, the
  /// lanes, functions with their bracket.
  public var names: [String] {
    let entering: [String] =
      switch trace.input {
      case .tokens: ["token"]
      case .features(_, width: 0): []
      case .features: ["x"]
      }
    return trace.layout[track].signals.map(\.rawValue) + ["step"] + entering
      + ExpressionBinder.readoutNames(of: trace)
      + lanes.map { "lane(\($0.name.inQuotes))" }
      + ExpressionFunction.allCases.filter { $0 != .lane }.map { $0.rawValue + "(" }
  }
}
