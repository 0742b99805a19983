import Recurrent
import Testing

@testable import Inspector

/// Steps that a network passes over are as if they were not there, in every way of recording.
@Suite struct MaskTests {
  private static let tokens = [0, 2, 0, 0, 3, 1, 0, 2, 2, 0]

  @Test func maskedStepsAreAsIfTheyWereNotThere() throws {
    let body = try CorpusTests.network()
    let masked = try Network(layers: body.layers, readout: body.readout, mask: .token(0))
    let input = InputSequence.tokens(Self.tokens)
    let one = try TraceRecorder(network: masked, input: input)
    one.recordAll()
    let kept = Self.tokens.indices.filter { Self.tokens[$0] != 0 }
    let short = try TraceRecorder(
      network: body, input: .tokens(kept.map { Self.tokens[$0] }))
    short.recordAll()
    let together = try BatchRecorder(network: masked, jobs: 1).record([input])
    for (track, layout) in one.trace.layout.enumerated() {
      for signal in layout.signals {
        for (place, step) in kept.enumerated() {
          let row = one.trace.row(track: track, signal: signal, step: step)
          #expect(row == short.trace.row(track: track, signal: signal, step: place))
        }
        for step in Self.tokens.indices {
          #expect(
            one.trace.row(track: track, signal: signal, step: step)
              == together[0].row(track: track, signal: signal, step: step))
        }
      }
    }
  }
}
