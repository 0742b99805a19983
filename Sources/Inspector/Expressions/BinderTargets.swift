import Recurrent

/// What changes name: a signal of some units, as expressions spell it.
extension ExpressionBinder {
  /// - Parameters:
  ///   - name: `l1.bwd.c`.
  ///   - units: `3,5..9`; nil for all.
  /// - Throws: `ExpressionError` with its place in `name[units]`.
  static func target(
    _ name: String, units: String?, in scope: ExpressionScope
  ) throws(ExpressionError) -> (track: Int, signal: Signal, units: [Range<Int>]) {
    let source = name + (units.map { "[\($0)]" } ?? "")
    let syntax = try ExpressionParser.parse(source)
    let whole = 0..<name.unicodeScalars.count
    guard case .reference(let reference) = syntax.kind, let last = reference.parts.last else {
      throw ExpressionError(.unexpected(name, wanted: .name), at: whole)
    }
    var binder = ExpressionBinder(scope)
    let here = scope.trace.layout[scope.track]
    let value: Value
    do throws(ExpressionError) {
      value = try binder.value(of: reference, at: whole)
    } catch {
      // What else could stand in an expression is of no use here.
      guard case .name(.unknown(let text, _, let known)) = error.fault, known.contains("step")
      else {
        throw error
      }
      throw ExpressionError(
        .noSuchSignal(text, cell: here.cell, known: here.signals), at: error.range)
    }
    guard case .number(.signal(let track, let signal, let found)) = value.meaning else {
      throw ExpressionError(
        .noSuchSignal(last.text, cell: here.cell, known: here.signals), at: last.range)
    }
    return (track, signal, found)
  }
}
