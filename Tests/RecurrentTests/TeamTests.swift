import CLSTMKernel
import Recurrent
import Testing

/// Two threads give the bits of one, whoever takes which panel.
@Suite struct TeamTests {
  struct Size: Sendable, CustomTestStringConvertible {
    var rows: Int
    var columns: Int
    var testDescription: String { "\(rows)×\(columns)" }
  }

  @Test(
    arguments: [
      Size(rows: 1, columns: 3), Size(rows: 64, columns: 5), Size(rows: 65, columns: 1),
      Size(rows: 130, columns: 70), Size(rows: 1000, columns: 129),
    ], OracleTests.kernels)
  func productsAreThoseOfOneThread(_ size: Size, _ kernel: String) {
    gs_use_kernel(kernel)
    defer { gs_use_kernel(nil) }
    let team = gs_team_create_always()
    defer { gs_team_destroy(team) }
    #expect(team != nil)
    var numbers = TestNumbers(seed: UInt64(size.rows))
    let padded = gs_padded(size.rows)
    let packed = FloatBuffer(count: padded * size.columns)
    gs_pack(
      numbers.values(size.rows * size.columns, scale: 1), size.rows, size.columns, packed.pointer)
    let count = 5
    let x = numbers.values(count * size.columns, scale: 1)
    let start = numbers.values(count * padded, scale: 1)
    var several = start
    gs_multiply_rows(
      packed.pointer, size.rows, size.columns, x, size.columns, count, &several, padded, 1)
    for round in 0..<60 {
      // Awake, about to sleep, and asleep.
      if round % 20 == 0 { gs_team_wake(team) }
      var ours = start
      gs_team_multiply_rows(
        team, packed.pointer, size.rows, size.columns, x, size.columns, count, &ours, padded, 1)
      #expect(ours == several)
      if round % 20 == 10 { gs_team_rest(team) }
    }
  }

  @Test func aTeamEndsAwakeOrAsleepOrUnused() {
    for round in 0..<60 {
      let team = gs_team_create_always()
      if round % 3 > 0 { gs_team_wake(team) }
      if round % 3 > 1 { gs_team_rest(team) }
      gs_team_destroy(team)
    }
    gs_team_wake(nil)
    gs_team_rest(nil)
    gs_team_destroy(nil)
  }

  /// A layer large enough to be shared, step by step and in blocks, forwards and backwards.
  @Test(arguments: [Direction.forward, .backward])
  func aLargeLayerStepsTheSameEveryTime(_ direction: Direction) throws {
    var numbers = TestNumbers(seed: 5)
    let shape = LayerShape(cell: .lstm, inputSize: 40, hiddenSize: 130, directions: [direction])
    let network = try Network(layers: [
      Layer(
        shape: shape,
        weights: [
          LayerWeights(
            inputWeights: numbers.values(shape.gateRows * 40, scale: 0.2),
            recurrentWeights: numbers.values(shape.gateRows * 130, scale: 0.2))
        ])
    ])
    let x = numbers.values(70 * 40, scale: 1)
    let state = NetworkState(zeroFor: network).tracks[0]
    let length = shape.signalsLength
    func rows(inBlocksOf count: Int) -> [Float] {
      let pass = LayerPass(
        network: network, track: Track(layer: 0, direction: direction), state: state)
      var rows = [Float](repeating: 0, count: 70 * length)
      let starts = Array(stride(from: 0, to: 70, by: count))
      for start in direction == .forward ? starts : starts.reversed() {
        rows.withUnsafeMutableBufferPointer { rows in
          pass.run(
            Array(x[(start * 40)...]), stride: 40, count: min(count, 70 - start),
            signals: rows.baseAddress! + start * length)
        }
      }
      return rows
    }
    let whole = rows(inBlocksOf: LayerPass.blockSteps)
    #expect(whole.contains { $0 != 0 })
    #expect(rows(inBlocksOf: 1) == whole)
    #expect(rows(inBlocksOf: 7) == whole)
  }
}
