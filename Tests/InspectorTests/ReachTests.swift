import Recurrent
import Testing

@testable import Inspector

/// How far states still differ after a step has read something else, against two whole runs.
@Suite struct ReachTests {
  private func network(_ cell: CellKind, both: Bool = false) throws -> Network {
    var numbers = SplitNumbers(state: 3)
    let shapes = [
      LayerShape(cell: cell, inputSize: 5, hiddenSize: 4, isBidirectional: both),
      LayerShape(cell: cell, inputSize: both ? 8 : 4, hiddenSize: 3, isBidirectional: both),
    ]
    return try Network(
      layers: shapes.map { shape in
        try Layer(
          shape: shape,
          weights: shape.directions.map { _ in
            LayerWeights(
              inputWeights: numbers.values(shape.gateRows * shape.inputSize),
              recurrentWeights: numbers.values(shape.gateRows * shape.recurrentSize))
          })
      })
  }

  private func run(_ network: Network, _ input: InputSequence) throws -> Trace {
    let recorder = try TraceRecorder(network: network, input: input)
    recorder.recordAll()
    return recorder.trace
  }

  private let tokens = (0..<40).map { $0 * $0 % 5 }

  @Test(arguments: [
    (CellKind.lstm, false, 1, 0), (.lstm, false, 0, 7), (.gru, false, 1, 39), (.rnn, false, 0, 20),
    (.lstm, true, 0, 12), (.lstm, true, 1, 12), (.gru, true, 3, 30),
  ])
  func isTheDifferenceOfTwoRuns(_ cell: CellKind, both: Bool, track: Int, step: Int) throws {
    let network = try network(cell, both: both)
    let first = try run(network, .tokens(tokens))
    var changed = tokens
    changed[step] = (changed[step] + 2) % 5
    let second = try run(network, .tokens(changed))
    let study = try ReachStudy(
      network: network, trace: first, track: track, step: step, token: changed[step], through: 39)
    while !study.advance(limit: 7) {}
    let reach = try #require(study.reach)
    let isForward = first.layout[track].track.direction == .forward
    let steps = isForward ? Array(step..<40) : Array((0...step).reversed())
    let units = first.layout[track].units
    func difference(_ signal: Signal) -> [Float] {
      steps.map { at in
        (0..<units).map {
          abs(
            first.value(track: track, signal: signal, step: at, unit: $0)
              - second.value(track: track, signal: signal, step: at, unit: $0))
        }.max()!
      }
    }
    #expect(reach.hidden == difference(.h))
    #expect(reach.cell == (cell == .lstm ? difference(.c) : nil))
    #expect(reach.hidden[0] > 0)
  }

  /// The same token again changes no bit, from whichever step on.
  @Test(arguments: [0, 5]) func theSameTokenChangesNothing(step: Int) throws {
    let network = try network(.lstm)
    let trace = try run(network, .tokens(tokens))
    let study = try ReachStudy(
      network: network, trace: trace, track: 1, step: step, token: tokens[step], through: 30)
    study.advance(limit: .max)
    #expect(study.reach?.hidden == Array(repeating: 0, count: 31 - step))
  }

  @Test func numbersBecomeZeros() throws {
    let network = try network(.rnn)
    let values = (0..<50).map { Float($0 % 7) - 3 }
    var changed = values
    for column in 10..<15 { changed[column] = 0 }
    let first = try run(network, .features(values, width: 5))
    let second = try run(network, .features(changed, width: 5))
    let study = try ReachStudy(
      network: network, trace: first, track: 0, step: 2, token: nil, through: 9)
    study.advance(limit: .max)
    let wanted = (0..<4).map {
      abs(
        first.value(track: 0, signal: .h, step: 2, unit: $0)
          - second.value(track: 0, signal: .h, step: 2, unit: $0))
    }.max()
    #expect(study.reach?.hidden.first == wanted)
    #expect(ReachStudy.mostTelling(network: network, trace: first, step: 2) == nil)
  }

  @Test func theMostTellingTokenIsTheOneThatChangesMost() throws {
    let network = try network(.gru)
    let trace = try run(network, .tokens(tokens))
    let found = try #require(ReachStudy.mostTelling(network: network, trace: trace, step: 9))
    var changes: [Int: Float] = [:]
    for token in 0..<5 where token != tokens[9] {
      let study = try ReachStudy(
        network: network, trace: trace, track: 1, step: 9, token: token, through: 9)
      study.advance(limit: .max)
      changes[token] = study.reach?.hidden[0]
    }
    #expect(found == changes.max { $0.value < $1.value }?.key)
  }
}

/// Numbers in -1…1 that are the same every time.
private struct SplitNumbers {
  var state: UInt64
  mutating func values(_ count: Int) -> [Float] {
    (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 23) - 1
    }
  }
}
