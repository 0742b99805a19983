import Recurrent

/// An expression that knows which trace it speaks of: finds the steps at which it holds.
///
/// Looks at recorded steps only, and keeps nothing between calls, so that a search can go on in
/// slices, forwards or backwards, while more steps are recorded.
public struct TraceSearch {
  public let expression: SignalExpression
  public let trace: Trace
  /// What a step costs: the values that are looked at. A slice of so many steps that the product is
  /// about 100,000 takes a few milliseconds.
  public let valuesPerStep: Int
  let columns: [SearchColumn]
  let evaluator: ExpressionEvaluator
  private let condition: TruthNode
  private let blockSteps: Int

  /// Values of one node that are computed at once: they stay in the second cache.
  private static let blockValues = 1 << 14

  init(
    expression: SignalExpression, condition: TruthNode, columns: [SearchColumn],
    evaluator: ExpressionEvaluator, valuesPerStep: Int, widest: Int
  ) {
    self.expression = expression
    trace = evaluator.trace
    self.valuesPerStep = valuesPerStep
    self.columns = columns
    self.evaluator = evaluator
    self.condition = condition
    blockSteps = max(16, Self.blockValues / max(1, widest))
  }

  /// The steps of `steps` at which the expression holds, ascending. Steps that are not recorded are
  /// left out.
  public func hits(in steps: Range<Int>) -> [Int] {
    var hits: [Int] = []
    for block in blocks(of: steps) {
      let truths = truths(block)
      for (place, step) in block.enumerated() where truths[place] == .yes { hits.append(step) }
    }
    return hits
  }

  /// The first of `steps` at which the expression holds.
  public func firstHit(in steps: Range<Int>) -> Int? {
    for block in blocks(of: steps) {
      let truths = truths(block)
      for (place, step) in block.enumerated() where truths[place] == .yes { return step }
    }
    return nil
  }

  /// The last of `steps` at which the expression holds.
  public func lastHit(in steps: Range<Int>) -> Int? {
    for block in blocks(of: steps).reversed() {
      let truths = truths(block)
      for (place, step) in block.enumerated().reversed() where truths[place] == .yes {
        return step
      }
    }
    return nil
  }

  /// Whether the expression holds at a recorded step.
  public func holds(at step: Int) -> Bool { firstHit(in: step..<step + 1) != nil }

  private func truths(_ block: Range<Int>) -> Column<Truth> {
    evaluator.truths(condition, block)
  }

  private func blocks(of steps: Range<Int>) -> [Range<Int>] {
    Array(steps.clamped(to: 0..<trace.recordedSteps).parts(of: blockSteps))
  }
}
