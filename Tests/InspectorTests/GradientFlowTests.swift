import Foundation
import Recurrent
import Testing

@testable import Inspector

/// ∂c_T/∂c_s and ∂h_T/∂h_s, against PyTorch's autograd and against central differences.
@Suite struct GradientFlowTests {
  @Test func thereAreCases() { #expect(FlowCase.all.count == 19) }

  /// Logarithms, so that what has nearly vanished is held to as many digits as what has not.
  ///
  /// - Parameter lags: which lags are there; nil for all.
  private func expect(
    _ found: [Double], _ reference: [Double], _ what: String, at lags: [Int]? = nil
  ) {
    #expect(found.count == reference.count, "\(what)")
    for (lag, (found, reference)) in zip(found, reference).enumerated() {
      if let lags, !lags.contains(lag) {
        #expect(found.isNaN)
        continue
      }
      let wanted = log(reference)
      // Step by step the recorded states are Float32.
      let bound = 2e-6 * Double(lag + 1) * max(1, abs(wanted))
      #expect(abs(found - wanted) < bound, "\(what), lag \(lag): \(found), not \(wanted)")
    }
  }

  @Test(arguments: FlowCase.all) func agreesWithAutograd(_ oracle: FlowCase) throws {
    let network = try oracle.network()
    let trace = try oracle.trace(of: network)
    let (track, step) = try oracle.place(in: trace)
    let study = GradientStudy(network: network, trace: trace, track: track, step: step)
    #expect(study.progress == 0)
    while !study.advance(budget: 1000) {}
    let flow = study.flow
    #expect(study.progress == 1 && flow.step == step && flow.longest == oracle.last)
    expect(flow.hidden.norms, oracle.hidden, "h")
    expect(flow.hidden.means, oracle.hiddenMeans, "mean h")
    #expect((flow.cell == nil) == (oracle.cell == nil))
    guard let cell = flow.cell, let kept = flow.kept else { return }
    expect(cell.norms, try #require(oracle.cell), "c")
    expect(cell.means, try #require(oracle.cellMeans), "mean c")
    expect(kept.largest, try #require(oracle.kept), "kept")
  }

  /// The way for many units: sweeps through the steps give the same.
  @Test(arguments: FlowCase.all) func agreesThroughTheSteps(_ oracle: FlowCase) throws {
    let network = try oracle.network()
    let trace = try oracle.trace(of: network)
    let (track, step) = try oracle.place(in: trace)
    let study = GradientStudy(
      network: network, trace: trace, track: track, step: step, longest: nil, tolerance: 1e-12,
      mostWhole: 0)
    while !study.advance(budget: 100) {}
    let lags = FlowLags.sampled(upTo: oracle.last)
    expect(study.flow.hidden.norms, oracle.hidden, "h", at: lags)
    expect(study.flow.hidden.means, oracle.hiddenMeans, "mean h")
    if let reference = oracle.cell {
      expect(study.flow.cell?.norms ?? [], reference, "c", at: lags)
    }
  }

  /// Networks of more units than are kept whole, with strong and weak carrying, against the whole
  /// Jacobians of the same steps in Float64.
  @Test(
    arguments: [
      (LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 70), 0.2, 0),
      (LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 70), 0.05, 4),
      (LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 72, projectionSize: 66), 0.15, 1),
      (LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 67, isCoupled: true), 0.1, 0),
      (LayerShape(cell: .gru, inputSize: 3, hiddenSize: 70), 0.15, 2),
      (LayerShape(cell: .gru, inputSize: 3, hiddenSize: 70, resetsBefore: true), 0.15, 2),
      (LayerShape(cell: .rnn, inputSize: 3, hiddenSize: 70), 0.2, 0),
      (LayerShape(cell: .rnn, inputSize: 3, hiddenSize: 80), 0.02, 0),
    ] as [(LayerShape, Float, Float)])
  func sweepsAgreeWithWholeJacobians(_ shape: LayerShape, scale: Float, bias: Float) throws {
    var bits: UInt64 = 7
    func numbers(_ count: Int, _ scale: Float) -> [Float] {
      (0..<count).map { _ in
        bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return scale * (Float(bits >> 40) / Float(1 << 23) - 1)
      }
    }
    var biases = numbers(shape.gateRows, 0.3)
    if shape.cell != .rnn {
      for unit in 0..<shape.hiddenSize { biases[shape.hiddenSize + unit] += bias }
    }
    let layer = try Layer(
      shape: shape,
      weights: [
        LayerWeights(
          inputWeights: numbers(shape.gateRows * 3, 0.5),
          recurrentWeights: numbers(shape.gateRows * shape.recurrentSize, scale),
          inputBias: biases,
          projection: shape.projectionSize.map { numbers($0 * shape.hiddenSize, 0.2) })
      ])
    let network = try Network(layers: [layer])
    let recorder = try TraceRecorder(
      network: network, input: .features(numbers(3 * 61, 1), width: 3))
    recorder.recordAll()
    func flow(_ mostWhole: Int) -> GradientFlow {
      let study = GradientStudy(
        network: network, trace: recorder.trace, track: 0, step: 60, longest: nil, tolerance: 1e-4,
        mostWhole: mostWhole)
      study.advance(budget: .max)
      return study.flow
    }
    let (whole, swept) = (flow(1000), flow(GradientStudy.mostWhole))
    let sample = try #require(swept.sample)
    #expect(whole.sample == nil && sample.units == 16 && sample.of == shape.hiddenSize)
    #expect(sample.lags == swept.hidden.norms.count { !$0.isNaN } && swept.hidden.meanUnits == 16)
    let pairs =
      [(whole.hidden, swept.hidden)] + (whole.cell.map { [($0, swept.cell!)] } ?? [])
    for (whole, swept) in pairs {
      for lag in FlowLags.sampled(upTo: 60) {
        // From below, until little is gained any more; never above but for rounding.
        let difference = swept.norms[lag] - whole.norms[lag]
        #expect((-1e-2...1e-5 * Double(lag + 1)).contains(difference), "\(lag): \(difference)")
      }
    }
  }

  /// How the work is cut into slices changes no bit.
  @Test(arguments: [1, 40]) func slicesChangeNothing(budget: Int) throws {
    for mostWhole in [0, 64] {
      let network = try FlowCase.all[0].network()
      let trace = try FlowCase.all[0].trace(of: network)
      func study() -> GradientStudy {
        GradientStudy(
          network: network, trace: trace, track: 0, step: 11, longest: nil, tolerance: 1e-4,
          mostWhole: mostWhole)
      }
      let (whole, sliced) = (study(), study())
      whole.advance(budget: .max)
      var last = 0.0
      while !sliced.advance(budget: budget) {
        #expect(sliced.progress >= last)
        last = sliced.progress
      }
      #expect(whole.flow.hidden.norms == sliced.flow.hidden.norms)
      #expect(whole.flow.cell?.means == sliced.flow.cell?.means)
    }
  }

  /// The Jacobian of one step and its transpose, against central differences of a step in Float64.
  @Test(arguments: FlowCase.all) func agreesWithCentralDifferences(_ oracle: FlowCase) throws {
    let network = try oracle.network()
    let trace = try oracle.trace(of: network)
    let track = try oracle.place(in: trace).track
    let reading = TrackReading(network, trace, track: track)
    let place = oracle.last
    let slopes = StepSlopes(reading, places: place..<place + 1)
    slopes.findNext()
    let x = reading.input(place: place).map(Double.init)
    let hidden = reading.before(.h, place: place).map(Double.init)
    let cell = slopes.hasCell ? reading.before(.c, place: place).map(Double.init) : []
    let state = cell + hidden
    func after(_ state: [Double]) -> [Double] {
      let (c, h) = DoubleStep(reading.shape, reading.weights).next(
        x: x, cell: Array(state.prefix(cell.count)), hidden: Array(state.dropFirst(cell.count)))
      return c + h
    }
    // Columns by pushing, rows by pulling.
    var rows = [[Double]](repeating: [], count: state.count)
    for unit in state.indices {
      rows[unit] = moved(slopes, cell.count, unit) { slopes.pull(place, cell: $0, hidden: $1) }
    }
    for column in state.indices {
      var (up, down) = (state, state)
      // Exact for the difference, and small enough that clips and corners stay on their side.
      let width = 1.0 / 65536
      up[column] += width
      down[column] -= width
      let pushed = moved(slopes, cell.count, column) { slopes.push(place, cell: $0, hidden: $1) }
      for (row, (high, low)) in zip(after(up), after(down)).enumerated() {
        let difference = (high - low) / (2 * width)
        let bound = 2e-7 + 2e-6 * abs(difference)
        #expect(abs(pushed[row] - difference) < bound, "\(row), \(column)")
        #expect(abs(rows[row][column] - difference) < bound, "\(row), \(column)")
      }
    }
  }

  private func moved(
    _ slopes: StepSlopes, _ cells: Int, _ one: Int,
    _ move: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    let (cell, hidden) = (
      DoubleBuffer(count: slopes.units), DoubleBuffer(count: slopes.hiddenSize)
    )
    if one < cells { cell.pointer[one] = 1 } else { hidden.pointer[one - cells] = 1 }
    move(cell.pointer, hidden.pointer)
    return Array(cell.values.prefix(cells)) + hidden.values
  }

  /// The derivative of every activation that there is, and the clip's.
  @Test(arguments: [
    Activation.sigmoid, .tanh, .relu, .hardSigmoidONNX, .leakyRelu(alpha: 0.01), .elu(alpha: 1.5),
    .softsign, .softplus, .affine(alpha: 0.75, beta: -0.125), .scaledTanh(alpha: 1.25, beta: 0.7),
    .thresholdedRelu(alpha: 0.3), .linear,
  ])
  func everyActivationHasItsSlope(_ activation: Activation) {
    for x in [-3.1, -0.7, -0.2, 0.2, 0.45, 1.3, 4.0] {
      let width = 1e-6
      let difference = (activation.value(x + width) - activation.value(x - width)) / (2 * width)
      #expect(abs(activation.slope(x) - difference) < 1e-8, "\(x)")
      #expect(abs(Float(activation.value(x)) - activation(Float(x))) < 1e-6, "\(x)")
    }
    // Far out nothing is left, and nothing overflows.
    #expect(activation.slope(800).isFinite && activation.slope(-800).isFinite)
  }

  /// What vanishes altogether is no number's logarithm but -∞; weights that are NaN give NaN.
  @Test func nothingAtAllIsSaid() throws {
    func flow(_ weight: Float, _ bias: Float) throws -> GradientFlow {
      let layer = try Layer(
        shape: LayerShape(
          cell: .rnn, inputSize: 1, hiddenSize: 1,
          activations: CellActivations(candidate: .relu)),
        weights: [
          LayerWeights(inputWeights: [0], recurrentWeights: [weight], inputBias: [bias])
        ])
      let network = try Network(layers: [layer])
      let recorder = try TraceRecorder(
        network: network, input: .features([0, 0, 0], width: 1))
      recorder.recordAll()
      let study = GradientStudy(network: network, trace: recorder.trace, track: 0, step: 2)
      study.advance(budget: .max)
      return study.flow
    }
    #expect(try flow(0.5, -1).hidden.norms == [0, -.infinity, -.infinity])
    #expect(try flow(0.5, 1).hidden.norms[2] == 2 * log(0.5))
    #expect(try flow(.nan, 1).hidden.norms[1].isNaN)
  }

  @Test func theLagsAreAscendingAndEndAtTheLast() {
    for longest in [0, 1, 5, 16, 17, 200, 10_000] {
      let lags = FlowLags.sampled(upTo: longest)
      #expect(lags.first == 0 && lags.last == longest)
      #expect(zip(lags, lags.dropFirst()).allSatisfy(<))
    }
    #expect(FlowLags.sampled(upTo: 10_000).count < 70)
  }
}

/// One step of a layer in Float64, written down from the equations.
struct DoubleStep {
  let shape: LayerShape
  let weights: LayerWeights

  init(_ shape: LayerShape, _ weights: LayerWeights) {
    self.shape = shape
    self.weights = weights
  }

  private func bounded(_ x: Double) -> Double {
    guard let clip = shape.clip.map(Double.init) else { return x }
    return min(max(x, -clip), clip)
  }
  private func gate(_ x: Double) -> Double { 1 / (1 + exp(-bounded(x))) }
  private func candidate(_ x: Double) -> Double {
    shape.activations.candidate == .relu ? max(0, bounded(x)) : Foundation.tanh(bounded(x))
  }

  private func product(_ matrix: [Float], row: Int, _ x: [Double]) -> Double {
    x.indices.reduce(0) { $0 + Double(matrix[row * x.count + $1]) * x[$1] }
  }

  func next(x: [Double], cell: [Double], hidden: [Double]) -> (cell: [Double], hidden: [Double]) {
    let units = shape.hiddenSize
    func given(_ row: Int) -> Double {
      product(weights.inputWeights, row: row, x) + Double(weights.inputBias?[row] ?? 0)
    }
    func carried(_ row: Int, _ h: [Double]) -> Double {
      product(weights.recurrentWeights, row: row, h) + Double(weights.recurrentBias?[row] ?? 0)
    }
    func look(_ gate: Int, _ unit: Int) -> Double {
      Double(weights.peepholes?[gate * units + unit] ?? 0)
    }
    switch shape.cell {
    case .lstm:
      var (c, m) = (cell, cell)
      for unit in 0..<units {
        let sum = { (block: Int) in
          given(block * units + unit) + carried(block * units + unit, hidden)
        }
        let i = gate(sum(2) + look(1, unit) * cell[unit])
        let f = shape.isCoupled ? 1 - i : gate(sum(1) + look(0, unit) * cell[unit])
        c[unit] = f * cell[unit] + i * candidate(sum(0))
        m[unit] = gate(sum(3) + look(2, unit) * c[unit]) * Foundation.tanh(c[unit])
      }
      guard let projection = weights.projection else { return (c, m) }
      return (c, (0..<shape.recurrentSize).map { product(projection, row: $0, m) })
    case .gru:
      let r = (0..<units).map { gate(given($0) + carried($0, hidden)) }
      let reset = zip(r, hidden).map(*)
      let h = (0..<units).map { unit in
        let row = 2 * units + unit
        let u = gate(given(units + unit) + carried(units + unit, hidden))
        let part = shape.resetsBefore ? carried(row, reset) : r[unit] * carried(row, hidden)
        return (1 - u) * candidate(given(row) + part) + u * hidden[unit]
      }
      return ([], h)
    case .described: preconditionFailure("no gradients")
    case .rnn:
      return ([], (0..<units).map { candidate(given($0) + carried($0, hidden)) })
    }
  }
}
