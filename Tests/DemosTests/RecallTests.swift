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

  /// What the tour shows beside the LSTM: of D the GRU keeps 1.00 in unit 0 and names it; the plain
  /// network has nothing to go by.
  @Test func theGRUKeepsTheLetterAndThePlainNetworkGuesses() throws {
    let demo = try ReplayedDemo("recall").demo
    func run(_ variant: String) throws -> (h: [Float], answer: [Float]) {
      let model = try ModelReader.read(path: demo.modelPath(variant: variant))
      let trace = try ReplayedDemo.trace(model, demo)
      let h = (10...200).map { trace.value(track: 0, signal: .h, step: $0, unit: 0) }
      let readout = try #require(model.network.readout)
      return (h, readout(trace.topHidden(at: 201)))
    }
    let gru = try run("gru")
    #expect(gru.h.allSatisfy { abs($0 - 1) < 0.005 })
    #expect(gru.answer.indices.max { gru.answer[$0] < gru.answer[$1] } == 3)
    let plain = try run("rnn")
    #expect(plain.answer.allSatisfy { abs($0 - 0.25) < 0.01 })
    #expect(zip(plain.h, plain.h.dropFirst()).count { abs($0 - $1) > 0.1 } > 100)
  }
}

/// The three networks of recall beside each other: how far the memory of the first letter reaches, and
/// how the gradient comes back over the same steps.
@Suite struct RecallFlowTests {
  /// The largest |Δh| over all pairs of first letters, after 0, 5, 10, 20 and 200 steps.
  @Test(
    arguments: [
      (nil, [1.51, 1.51, 1.52, 1.69, 1.81], 0.005),
      ("gru", [1.98, 2.00, 2.00, 2.00, 2.00], 0.005),
      ("rnn", [0.604, 0.00704, 9.68e-5, 1.16e-8, 0], 0.002),
    ] as [(String?, [Float], Float)])
  func theMemoryOfTheFirstLetter(variant: String?, wanted: [Float], bound: Float) throws {
    let replayed = try ReplayedDemo("recall", variant: variant)
    guard case .tokens(let tokens) = replayed.trace.input else { return }
    let network = replayed.model.network
    var largest = [Float](repeating: 0, count: 5)
    for first in 0..<4 {
      let recorder = try TraceRecorder(
        network: network, input: .tokens([first] + tokens.dropFirst()))
      recorder.recordAll()
      for other in 0..<4 where other != first {
        let study = try ReachStudy(
          network: network, trace: recorder.trace, track: 0, step: 0, token: other, through: 200)
        study.advance(limit: .max)
        let hidden = try #require(study.reach).hidden
        for (place, lag) in [0, 5, 10, 20, 200].enumerated() {
          largest[place] = max(largest[place], hidden[lag])
        }
      }
    }
    for (found, wanted) in zip(largest, wanted) {
      // Float32 leaves differences of the smallest step, of which Float64 knows 8 digits less.
      #expect(abs(found - wanted) <= max(bound * wanted, 1.3e-7), "\(largest)")
    }
  }
}
