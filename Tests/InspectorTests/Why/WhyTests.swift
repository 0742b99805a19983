import Inspector
import Recurrent
import Testing

@testable import Inspector

/// Each decomposition adds up to what it explains, for every kind of cell.
@Suite struct WhyTests {
  /// Fixture by fixture, every unit at every step.
  private func everyValue(
    _ fixture: GradientFixture,
    _ look: (Network, Trace, _ track: Int, _ unit: Int, _ step: Int) throws -> Void
  ) throws {
    let (network, trace) = try fixture.recorded()
    for track in trace.layout.indices {
      for unit in 0..<trace.layout[track].units {
        for step in 0..<trace.length { try look(network, trace, track, unit, step) }
      }
    }
  }

  @Test(arguments: GradientFixture.all)
  func writesAddUpToTheState(_ fixture: GradientFixture) throws {
    try everyValue(fixture) { _, trace, track, unit, step in
      let layout = trace.layout[track]
      guard layout.cell != .rnn else {
        #expect(throws: WhyError.noSum(.rnn)) {
          try StateWrites(trace, track: track, unit: unit, step: step)
        }
        return
      }
      let writes = try StateWrites(trace, track: track, unit: unit, step: step)
      #expect(writes.signal == (layout.cell == .lstm ? .c : .h))
      #expect(
        writes.value
          == trace.value(track: track, signal: writes.signal, step: step, unit: unit))
      #expect(abs(writes.sum - Double(writes.value)) <= writes.rounding + 1e-7)
      #expect(writes.rounding < 1e-4)
      let isForward = layout.track.direction == .forward
      #expect(writes.writes.count == (isForward ? step + 1 : trace.length - step))
      #expect(writes.writes.last?.step == step)
      #expect(writes.writes.last?.kept == 1)
      #expect(writes.base.step == nil)
      let ranked = writes.ranked.map { abs(writes.writes[$0].left) }
      #expect(ranked == ranked.sorted(by: >))
      for (index, write) in writes.writes.enumerated() {
        let decay = writes.decay(of: index)
        #expect(decay.count == writes.writes.count - index && decay[0] == 1)
        #expect(abs(decay.last! - write.kept) < 1e-12)
      }
    }
  }

  /// What lies before the last steps that are looked at is one part.
  @Test func aLimitLeavesTheRestInOnePart() throws {
    let (_, trace) = try GradientFixture.all[0].recorded()
    let writes = try StateWrites(trace, track: 0, unit: 2, step: 7, mostSteps: 3)
    #expect(writes.writes.map(\.step) == [5, 6, 7])
    #expect(writes.base.step == 4)
    #expect(abs(writes.sum - Double(writes.value)) < 1e-6)
  }

  /// Steps of which nothing could be left are not looked at.
  @Test func whatIsForgottenIsNotLookedAt() throws {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .lstm, units: 1)]
    let trace = try handMadeTrace(layout, input: .tokens(Array(repeating: 0, count: 20_000))) {
      _, signal, step, _ in
      switch signal {
      case .f: step == 15_000 ? 0 : 0.5
      case .c: 1
      case .z, .i, .o, .h, .r, .u, .n, .m, .v, .named: 0.5
      }
    }
    let far = try StateWrites(trace, track: 0, unit: 0, step: 19_999)
    #expect(far.writes.count == 100 && far.base.step == 19_899)
    let near = try StateWrites(trace, track: 0, unit: 0, step: 15_001)
    #expect(near.writes.map(\.step) == [15_000, 15_001])
    #expect(near.base.kept == 0)
  }

  @Test func aTraceThatLacksSignalsSaysWhich() throws {
    let layout = [
      TrackLayout(track: Track(layer: 0), cell: .lstm, units: 1, signals: [.f, .c, .h])
    ]
    let trace = try handMadeTrace(layout, input: .tokens([0, 0])) { _, _, _, _ in 0.5 }
    #expect(throws: WhyError.missing([.z, .i])) {
      try StateWrites(trace, track: 0, unit: 0, step: 1)
    }
  }

  @Test(arguments: GradientFixture.all)
  func aGatesPartsGiveTheRecordedGate(_ fixture: GradientFixture) throws {
    try everyValue(fixture) { network, trace, track, unit, step in
      let shape = network.layers[trace.layout[track].track.layer].shape
      for gate in shape.cell.gates {
        let split = try GateSplit(
          network, trace, track: track, signal: gate, unit: unit, step: step)
        #expect(abs(split.value - split.recorded) < 3e-6)
        #expect(abs(split.sum - split.parts.reduce(0) { $0 + $1.value }) == 0)
        #expect(split.split == (gate == .f && shape.isCoupled ? .i : gate))
        let hidden = split.parts.filter { if case .hidden = $0.cause { true } else { false } }
        #expect(hidden.count == shape.recurrentSize)
        let ranked = split.ranked.map { abs(split.parts[$0].value) }
        #expect(ranked == ranked.sorted(by: >))
      }
      #expect(throws: WhyError.notAGate(.m, gates: shape.cell.gates)) {
        try GateSplit(network, trace, track: track, signal: .m, unit: unit, step: step)
      }
    }
  }

  /// What a unit pushes at is what the gate's own split says it got from it; and all of them together,
  /// with the bias, are the readout's sums.
  @Test(arguments: GradientFixture.all)
  func pushesAreThePartsOfWhatTheyReach(_ fixture: GradientFixture) throws {
    let (network, trace) = try fixture.recorded()
    let readout = try #require(network.readout)
    for track in trace.layout.indices {
      let layout = trace.layout[track]
      let shape = network.layers[layout.track.layer].shape
      for step in 0..<trace.length {
        for unit in 0..<shape.recurrentSize {
          let out = try Outgoing(
            network, trace, track: track, signal: .h, unit: unit, step: step)
          for push in out.pushes {
            switch push.reader {
            case .output(let output):
              let terms = ReadoutTerms(
                readout, output: output, hidden: trace.topHidden(at: step))
              if shape.directions.count == 1 || shape.merge == .concatenate {
                let place = layout.track.direction == .backward && shape.directions.count > 1
                #expect(
                  abs(push.value - terms.terms[unit + (place ? shape.recurrentSize : 0)]) < 1e-12)
              }
            case .next(let gate, let reader):
              guard let next = trace.stepAfter(step, track: track), reader == 1 else { continue }
              let split = try GateSplit(
                network, trace, track: track, signal: gate, unit: reader, step: next)
              let part = split.parts.first { $0.cause == .hidden(unit) }
              #expect(abs(push.value - part!.value) < 1e-12)
            case .above(let upper, let gate, let reader):
              guard reader == 0, shape.merge == .concatenate, shape.directions.count == 1 else {
                continue
              }
              let split = try GateSplit(
                network, trace, track: upper, signal: gate, unit: reader, step: step)
              let part = split.parts.first { $0.cause == .below(unit) }
              #expect(abs(push.value - part!.value) < 1e-12)
            }
          }
        }
      }
    }
  }

  /// All of m's pushes at an output are all of h's.
  @Test func aProjectedUnitPushesByWayOfH() throws {
    let fixture = try #require(GradientFixture.all.first { $0.name == "lstm, projection" })
    let (network, trace) = try fixture.recorded()
    func outputs(_ signal: Signal, _ units: Int) throws -> [Double] {
      var sums = [Double](repeating: 0, count: 4)
      for unit in 0..<units {
        let out = try Outgoing(network, trace, track: 0, signal: signal, unit: unit, step: 5)
        for push in out.pushes {
          if case .output(let output) = push.reader { sums[output] += push.value }
        }
      }
      return sums
    }
    for (a, b) in zip(try outputs(.m, 5), try outputs(.h, 3)) { #expect(abs(a - b) < 1e-6) }
    #expect(throws: WhyError.notShown(.c, shown: [.m, .h])) {
      try Outgoing(network, trace, track: 0, signal: .c, unit: 0, step: 5)
    }
  }

  @Test func directionsThatAreMultipliedHaveNoPartsAbove() throws {
    let fixture = try #require(
      GradientFixture.all.first { $0.name == "lstm, multiply of both directions" })
    let (network, trace) = try fixture.recorded()
    let out = try Outgoing(network, trace, track: 0, signal: .h, unit: 0, step: 2)
    #expect(out.above == .multiplied)
    #expect(out.pushes.allSatisfy { if case .next = $0.reader { true } else { false } })
  }

  @Test(arguments: [
    (WhyError.noSum(.rnn), "sum of writes"), (.notAGate(.c, gates: [.z, .f]), "z, f have"),
    (.missing([.z, .i]), "z, i"), (.noModel, "weights"), (.noReadout, "no readout"),
    (.unknownBefore(step: 4), "step 4"),
  ])
  func errorsAreOneLine(_ error: WhyError, _ part: String) {
    #expect(error.description.contains(part))
    #expect(!error.description.contains("\n"))
  }
}
