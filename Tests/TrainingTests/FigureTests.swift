import Testing

@testable import Training

/// Which of two networks a training keeps.
@Suite struct FigureTests {
  @Test(
    arguments: [
      (.atLeast(0.9), 0.5, 0.4, true), (.atLeast(0.9), 0.4, 0.5, false),
      (.atMost(0.1), 0.4, 0.5, true), (.atMost(0.1), 0.5, 0.4, false),
      (.none, 0.5, 0.4, true), (.none, 0.4, 0.5, false),
      (.atMost(0.1), 0.5, 0.5, true), (.atLeast(0.9), 0.5, 0.5, true), (.none, 0.5, 0.5, true),
    ] as [(Figure.Goal, Double, Double, Bool)])
  func theBetterOneByItsGoal(_ goal: Figure.Goal, _ a: Double, _ b: Double, _ isAsGood: Bool) {
    #expect(Figure("x", a, goal: goal).isAsGood(as: Figure("x", b, goal: goal)) == isAsGood)
  }

  @Test func withoutAGoalItsDirectionCounts() {
    var (low, high) = (Figure("loss", 0.4), Figure("loss", 0.5))
    low.isLowerBetter = true
    high.isLowerBetter = true
    #expect(low.isAsGood(as: high) && !high.isAsGood(as: low))
  }

  @Test(
    arguments: [
      (.atLeast(0.9), 0.9, true), (.atLeast(0.9), 0.89, false), (.atMost(0.1), 0.1, true),
      (.atMost(0.1), 0.11, false), (.none, 7, true), (.atLeast(0.9), .nan, false),
      (.atMost(0.1), .nan, false),
    ] as [(Figure.Goal, Double, Bool)])
  func aGoalIsReachedAtItsBound(_ goal: Figure.Goal, _ value: Double, _ isReached: Bool) {
    #expect(Figure("x", value, goal: goal).isReached == isReached)
  }
}
