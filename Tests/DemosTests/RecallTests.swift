import Inspector
import ModelFiles
import Recurrent
import Testing

/// What the tour of recall says of many steps at once, and of the plain network.
@Suite struct RecallTests {
  /// The product of the forget gates is the share of the error that comes back through c.
  @Test(arguments: [(0, 0.998), (1, 0.9996)])
  func theForgetGatesKeepNearlyAll(unit: Int, product: Double) throws {
    let trace = try ReplayedDemo("recall").trace
    let kept = (1...200).reduce(1.0) {
      $0 * Double(trace.value(track: 0, signal: .f, step: $1, unit: unit))
    }
    #expect(abs(kept - product) < 0.0001, "\(kept)")
  }

  /// Ten steps on, h is the same whatever the first letter was.
  @Test func thePlainNetworkForgetsTheLetter() throws {
    let demo = try ReplayedDemo("recall").demo
    let model = try ModelReader.read(path: demo.modelPath(variant: "rnn"))
    guard case .text(let text) = demo.sequence, let vocabulary = model.vocabulary else {
      Issue.record("letters expected")
      return
    }
    let states = try ["A", "B", "C", "D"].map { letter in
      let recorder = try TraceRecorder(
        network: model.network,
        input: .tokens(try vocabulary.tokens(of: letter + text.dropFirst().prefix(10))),
        symbols: nil)
      recorder.recordAll()
      return [recorder.trace.topHidden(at: 0), recorder.trace.topHidden(at: 10)]
    }
    for (a, b) in zip(states, states.dropFirst()) {
      #expect(zip(a[0], b[0]).contains { abs($0 - $1) > 0.1 })
      #expect(zip(a[1], b[1]).allSatisfy { abs($0 - $1) < 0.001 })
    }
  }
}
