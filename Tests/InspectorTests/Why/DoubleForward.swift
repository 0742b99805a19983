import Foundation
import Inspector
import Recurrent

/// A forward pass in Float64, written from the equations, in which a state or an input can be moved:
/// for central differences.
struct DoubleForward {
  let network: Network
  let input: InputSequence
  let state: NetworkState

  /// What is moved, and how far.
  enum Nudge {
    case input(step: Int, column: Int, by: Double)
    case hidden(track: Int, step: Int, unit: Int, by: Double)
    case cell(track: Int, step: Int, unit: Int, by: Double)
  }

  /// The readout's log p, log y or y.
  func value(step: Int, output: Int, _ nudge: Nudge? = nil) -> Double {
    var x = inputs
    if case .input(let step, let column, let delta)? = nudge { x[step][column] += delta }
    var number = 0
    for layer in network.layers {
      let parts = layer.weights.indices.map { index in
        defer { number += 1 }
        return run(
          layer.shape, layer.weights[index], layer.shape.directions[index], number: number, x, nudge
        )
      }
      x = x.indices.map { step in merged(parts.map { $0[step] }, layer.shape.merge) }
    }
    let readout = network.readout!
    let sums = (0..<readout.outputSize).map { row in
      dot(readout.weights, row, x[step]) + Double(readout.bias?[row] ?? 0)
    }
    switch readout.activation {
    case .softmax: return sums[output] - log(sums.reduce(0) { $0 + exp($1) })
    case .sigmoid: return -log(1 + exp(-sums[output]))
    case .linear: return sums[output]
    }
  }

  private var inputs: [[Double]] {
    switch input {
    case .features(let values, let width):
      return (0..<input.count).map { step in (0..<width).map { Double(values[step * width + $0]) } }
    case .tokens(let tokens):
      return tokens.map { token in
        guard let table = network.embedding else {
          return (0..<network.tokenCount).map { $0 == token ? 1 : 0 }
        }
        return (0..<table.size).map { Double(table.weights[token * table.size + $0]) }
      }
    }
  }

  private func merged(_ parts: [[Double]], _ merge: MergeMode) -> [Double] {
    if parts.count == 1 || merge == .concatenate { return parts.flatMap { $0 } }
    return parts[0].indices.map { unit in
      switch merge {
      case .concatenate, .sum: parts[0][unit] + parts[1][unit]
      case .multiply: parts[0][unit] * parts[1][unit]
      case .average: (parts[0][unit] + parts[1][unit]) / 2
      }
    }
  }

  private func dot(_ matrix: [Float], _ row: Int, _ vector: [Double]) -> Double {
    vector.indices.reduce(0) { $0 + Double(matrix[row * vector.count + $1]) * vector[$1] }
  }

  private func run(
    _ shape: LayerShape, _ weights: LayerWeights, _ direction: Direction, number: Int,
    _ x: [[Double]], _ nudge: Nudge?
  ) -> [[Double]] {
    var h = state.tracks[number].hidden.map { Double($0) }
    var c = (state.tracks[number].cell ?? []).map { Double($0) }
    var shown = [[Double]](repeating: [], count: x.count)
    for step in direction == .forward ? Array(x.indices) : x.indices.reversed() {
      var moved: (unit: Int, by: Double)?
      if case .cell(number, step, let unit, let delta)? = nudge { moved = (unit, delta) }
      (h, c) = take(shape, weights, x[step], h, c, cellMoved: moved)
      if case .hidden(number, step, let unit, let delta)? = nudge { h[unit] += delta }
      shown[step] = h
    }
    return shown
  }

  private func take(
    _ shape: LayerShape, _ weights: LayerWeights, _ x: [Double], _ h: [Double], _ c: [Double],
    cellMoved: (unit: Int, by: Double)?
  ) -> ([Double], [Double]) {
    let units = shape.hiddenSize
    let activations = shape.activations
    func given(_ gate: Int, _ unit: Int) -> Double {
      let row = gate * units + unit
      return dot(weights.inputWeights, row, x) + Double(weights.inputBias?[row] ?? 0)
    }
    func carried(_ gate: Int, _ unit: Int, _ h: [Double]) -> Double {
      let row = gate * units + unit
      return dot(weights.recurrentWeights, row, h) + Double(weights.recurrentBias?[row] ?? 0)
    }
    func peephole(_ gate: Int, _ unit: Int) -> Double {
      Double(weights.peepholes?[gate * units + unit] ?? 0)
    }
    func bounded(_ activation: Activation, _ sum: Double) -> Double {
      let clip = Double(shape.clip ?? .infinity)
      return exact(activation, min(max(sum, -clip), clip))
    }
    switch shape.cell {
    case .lstm:
      var newC = c
      var m = c
      for u in 0..<units {
        let z = bounded(activations.candidate, given(0, u) + carried(0, u, h))
        let i = bounded(activations.gates, given(2, u) + carried(2, u, h) + peephole(1, u) * c[u])
        let f =
          shape.isCoupled
          ? 1 - i
          : bounded(activations.gates, given(1, u) + carried(1, u, h) + peephole(0, u) * c[u])
        newC[u] = f * c[u] + i * z + (cellMoved?.unit == u ? cellMoved!.by : 0)
        let o = bounded(
          activations.gates, given(3, u) + carried(3, u, h) + peephole(2, u) * newC[u])
        m[u] = o * exact(activations.output, newC[u])
      }
      guard let projection = weights.projection else { return (m, newC) }
      return ((0..<shape.recurrentSize).map { dot(projection, $0, m) }, newC)
    case .gru:
      let r = (0..<units).map { bounded(activations.gates, given(0, $0) + carried(0, $0, h)) }
      let resetH = (0..<units).map { r[$0] * h[$0] }
      let new = (0..<units).map { unit -> Double in
        let u = bounded(activations.gates, given(1, unit) + carried(1, unit, h))
        let rest =
          shape.resetsBefore ? carried(2, unit, resetH) : r[unit] * carried(2, unit, h)
        return (1 - u) * bounded(activations.candidate, given(2, unit) + rest) + u * h[unit]
      }
      return (new, [])
    case .described: preconditionFailure("no gradients")
    case .rnn:
      return (
        (0..<units).map { bounded(activations.candidate, given(0, $0) + carried(0, $0, h)) }, []
      )
    }
  }

  /// Those that the fixtures have.
  private func exact(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: tanh(x)
    case .relu: max(0, x)
    case .hardSigmoid(let alpha, let beta): min(max(Double(alpha) * x + Double(beta), 0), 1)
    case .leakyRelu(let alpha): x < 0 ? Double(alpha) * x : x
    case .elu(let alpha): x < 0 ? Double(alpha) * expm1(x) : x
    case .softsign: x / (1 + abs(x))
    case .softplus, .affine, .scaledTanh, .thresholdedRelu, .linear: .nan
    }
  }
}
