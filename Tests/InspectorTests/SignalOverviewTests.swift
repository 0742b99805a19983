import Recurrent
import Testing

@testable import Inspector

/// What is seen from afar is what a plain computation over the same steps gives.
@Suite struct SignalOverviewTests {
  /// The mean in double precision, and the first of the values that lie farthest from the middle.
  private static func plain(_ source: SignalSource, _ steps: Range<Int>, unit: Int)
    -> (mean: Double, extreme: Float)
  {
    let values = source.window(steps: steps, units: unit..<unit + 1).values
    var extreme = values[0]
    for value in values where abs(value - source.center) > abs(extreme - source.center) {
      extreme = value
    }
    return (values.reduce(0) { $0 + Double($1) } / Double(values.count), extreme)
  }

  private static func check(_ column: OverviewColumn, _ source: SignalSource) {
    for unit in 0..<source.units {
      let (mean, extreme) = plain(source, column.steps, unit: unit)
      let difference = abs(Double(column.means[unit]) - mean)
      if difference > 1e-6 * max(1, abs(mean)) {
        Issue.record("\(column.steps) unit \(unit): mean \(column.means[unit]), not \(mean)")
      }
      if column.extremes[unit] != extreme {
        Issue.record("\(column.steps) unit \(unit): \(column.extremes[unit]), not \(extreme)")
      }
    }
  }

  private static func recorder(units: Int = 5, steps: Int, seed: UInt64 = 1) throws
    -> TraceRecorder
  {
    try TraceRecorder(
      network: randomNetwork(
        layers: [LayerShape(cell: .lstm, inputSize: 3, hiddenSize: units)], seed: seed, scale: 3),
      input: .tokens((0..<steps).map { ($0 * $0 / 3 + $0) % 3 }))
  }

  @Test(arguments: [Signal.f, .z, .c], [1, 2, 15, 16, 17, 64, 100, 333])
  func aColumnIsWhatItsStepsGive(_ signal: Signal, _ width: Int) throws {
    let recorder = try Self.recorder(steps: 333)
    recorder.recordAll()
    let source = SignalSource.signal(TracedSignal(recorder.trace, track: 0, signal: signal))
    let overview = SignalOverview(of: source)
    #expect(overview.blockSteps == 16)
    let columns = 0..<(333 + width - 1) / width
    #expect(overview.fill(columns, width: width, limit: .max) > 0)
    #expect(overview.fill(columns, width: width, limit: .max) == 0, "nothing is computed twice")
    for index in columns {
      let column = try #require(overview.column(index, width: width))
      #expect(
        column.steps == SignalOverview.steps(of: index, width: width).clamped(to: 0..<333))
      Self.check(column, source)
    }
    #expect(overview.column(0, width: width + 1) == nil)
  }

  @Test func aColumnGrowsWithTheRecording() throws {
    let recorder = try Self.recorder(steps: 400)
    let source = SignalSource.signal(TracedSignal(recorder.trace, track: 0, signal: .h))
    let overview = SignalOverview(of: source)
    for last in [0, 1, 30, 31, 32, 95, 99, 100, 250, 399] {
      recorder.record(through: last)
      #expect(overview.fill(0..<4, width: 100, limit: .max) > 0)
      for index in 0...last / 100 {
        let column = try #require(overview.column(index, width: 100))
        #expect(column.steps == index * 100..<min((index + 1) * 100, last + 1))
        Self.check(column, source)
      }
      #expect(overview.column(last / 100 + 1, width: 100) == nil)
    }
  }

  @Test(arguments: [1, 50, 1000])
  func whatIsLongIsDoneInSlices(_ limit: Int) throws {
    let recorder = try Self.recorder(steps: 500)
    recorder.recordAll()
    let source = SignalSource.signal(TracedSignal(recorder.trace, track: 0, signal: .f))
    let overview = SignalOverview(of: source)
    var slices = 0
    var progress = 0.0
    while true {
      let work = overview.fill(0..<10, width: 50, limit: limit)
      // A slice ends with the block or the column that it has begun.
      #expect(work < limit + 50 * 5)
      let now = overview.progress(0..<10, width: 50)
      #expect(now >= progress)
      progress = now
      if work < limit { break }
      slices += 1
    }
    #expect(progress == 1)
    #expect(slices >= 2500 / 2 / (limit + 250))
    for index in 0..<10 {
      Self.check(try #require(overview.column(index, width: 50)), source)
    }
  }

  @Test func whatIsNoNumberIsNeverHidden() throws {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 3)]
    let trace = try handMadeTrace(layout, input: .tokens(Array(repeating: 0, count: 64))) {
      _, _, step, unit in
      switch (unit, step) {
      case (0, 20), (0, 63): .nan
      case (1, 5): .infinity
      default: Float(step % 3) / 4
      }
    }
    let overview = SignalOverview(of: .signal(TracedSignal(trace, track: 0, signal: .h)))
    _ = overview.fill(0..<4, width: 16, limit: .max)
    func values(_ index: Int) throws -> OverviewColumn {
      try #require(overview.column(index, width: 16))
    }
    #expect(try values(1).means[0].isNaN && values(1).extremes[0].isNaN)
    #expect(try values(3).means[0].isNaN && values(3).extremes[0].isNaN)
    #expect(try values(2).extremes[0] == 0.5)
    #expect(try values(0).means[1] == .infinity && values(0).extremes[1] == .infinity)
    let whole = overview.reduce(0..<64)
    #expect(whole.extremes[0].isNaN && whole.means[0].isNaN && !whole.means[2].isNaN)
  }

  /// Of equal ones the first: of a gate's 0 and 1, which lie as far from ½, the one that came first.
  @Test func theFirstOfEquallyFarValuesStands() throws {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .lstm, units: 2)]
    let trace = try handMadeTrace(layout, input: .tokens(Array(repeating: 0, count: 40))) {
      _, _, step, unit in
      Float((step + unit) % 2)
    }
    let gate = SignalOverview(of: .signal(TracedSignal(trace, track: 0, signal: .f)))
    #expect(gate.reduce(0..<40).extremes == [0, 1])
    _ = gate.extend(through: 40, limit: .max)
    #expect(gate.blocks == 2)
    #expect(gate.reduce(0..<40).extremes == [0, 1])
    let state = SignalOverview(of: .signal(TracedSignal(trace, track: 0, signal: .c)))
    #expect(state.reduce(0..<40).extremes == [1, 1])
  }

  @Test func aDifferenceIsReducedAsItself() throws {
    let (first, second) = (
      try Self.recorder(steps: 90), try Self.recorder(units: 4, steps: 70, seed: 9)
    )
    first.recordAll()
    second.record(through: 59)
    let source = SignalSource.difference(
      TracedSignal(first.trace, track: 0, signal: .f),
      TracedSignal(second.trace, track: 0, signal: .i))
    #expect(source.units == 4 && source.length == 70 && source.recordedSteps == 60)
    let window = source.window(steps: 58..<60, units: 1..<3)
    #expect(
      window[59, 2]
        == first.trace.value(track: 0, signal: .f, step: 59, unit: 2)
        - second.trace.value(track: 0, signal: .i, step: 59, unit: 2))
    let overview = SignalOverview(of: source)
    _ = overview.fill(0..<4, width: 20, limit: .max)
    for index in 0..<3 { Self.check(try #require(overview.column(index, width: 20)), source) }
    #expect(overview.column(3, width: 20) == nil)
  }

  @Test(arguments: [
    (1_000, 8, 16), (10_000, 1_024, 16), (10_000_000, 8, 64), (10_000_000, 1_024, 8192),
  ])
  func blocksKeepTheBudget(_ length: Int, _ units: Int, _ steps: Int) {
    let found = SignalOverview.blockSteps(length: length, units: units, budget: 10 << 20)
    #expect(found == steps)
    #expect(length / found * units * 8 <= 10 << 20)
  }
}
