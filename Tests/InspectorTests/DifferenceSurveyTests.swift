import Recurrent
import Testing

@testable import Inspector

@Suite struct DifferenceSurveyTests {
  private static let layout = [TrackLayout(track: Track(layer: 0), cell: .lstm, units: 3)]

  private static func trace(
    steps: Int, recorded: Int? = nil, _ value: @escaping (Signal, Int, Int) -> Float
  ) throws -> Trace {
    try handMadeTrace(
      layout, input: .tokens(Array(repeating: 0, count: steps)), recordedSteps: recorded
    ) { _, signal, step, unit in value(signal, step, unit) }
  }

  private static func difference(_ a: Trace, _ b: Trace, _ first: Signal, _ second: Signal)
    -> SignalSource
  {
    .difference(
      TracedSignal(a, track: 0, signal: first), TracedSignal(b, track: 0, signal: second))
  }

  @Test(arguments: [1, 7, .max])
  func itKnowsTheWorstAndTheMean(_ limit: Int) throws {
    let first = try Self.trace(steps: 5000) { _, step, unit in Float((step * 7 + unit) % 64) / 64 }
    let second = try Self.trace(steps: 4000, recorded: 3000) { _, step, unit in
      step == 2718 && unit == 1 ? -2 : Float((step * 3 + unit) % 32) / 64
    }
    let source = Self.difference(first, second, .f, .f)
    let survey = DifferenceSurvey(of: source)
    while survey.extend(limit: limit) >= limit {}
    #expect(survey.steps == 3000 && survey.extend(limit: 9) == 0)
    let differences = source.window(steps: 0..<3000, units: 0..<3).values.map { abs($0) }
    let summary = survey.summary
    #expect(summary.worst == differences.max())
    #expect(summary.step == 2718 && summary.unit == 1)
    #expect(summary.count == 9000 && summary.notNumbers == 0)
    let mean = try #require(summary.mean)
    #expect(abs(mean - differences.reduce(0) { $0 + Double($1) } / 9000) < 1e-12)
  }

  @Test func oneStepAlone() throws {
    let trace = try Self.trace(steps: 2) { signal, step, unit in
      signal == .f ? Float(unit) : Float(step)
    }
    let summary = DifferenceSurvey.summary(
      of: Self.difference(trace, trace, .f, .i), step: 1)
    // 0 - 1, 1 - 1, 2 - 1: the first of the equal ones.
    #expect(summary.worst == 1 && summary.unit == 0 && summary.step == 1)
    #expect(summary.mean == 2.0 / 3)
  }

  @Test func whatIsNoNumberIsCountedApart() throws {
    let trace = try Self.trace(steps: 1) { signal, _, unit in
      signal == .f ? [.infinity, 1, .nan][unit] : [.infinity, 0.5, 0][unit]
    }
    let summary = DifferenceSurvey.summary(
      of: Self.difference(trace, trace, .f, .i), step: 0)
    #expect(summary.notNumbers == 2 && summary.count == 1)
    #expect(summary.worst == 0.5 && summary.mean == 0.5 && summary.unit == 1)
    let nothing = DifferenceSummary()
    #expect(nothing.worst == nil && nothing.mean == nil)
  }
}
