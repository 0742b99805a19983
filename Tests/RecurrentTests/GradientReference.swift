import Foundation

@testable import Recurrent

/// The loss of a batch by the textbook, in Double, one sequence, step and unit at a time: what the
/// fast pass is compared with.
struct GradientReference {
  let network: Network
  let layout: ParameterLayout
  let batch: TrainingBatch
  let state: BatchState?
  let noise: TrainingNoise?

  /// The loss for parameters in the network's layout.
  func loss(_ parameters: [Double]) -> Double {
    var total = 0.0
    for b in 0..<batch.sequences {
      let outputs = hidden(ofSequence: b, parameters).map { readout($0, parameters) }
      for t in 0..<batch.steps {
        let entry = t * batch.sequences + b
        let weight = Double(batch.weights[entry])
        if weight > 0 { total += weight * stepLoss(outputs[t], entry: entry) }
      }
    }
    return total / batch.weights.reduce(0) { $0 + Double($1) }
  }

  /// What the readout reads of one sequence, a vector a step.
  private func hidden(ofSequence b: Int, _ p: [Double]) -> [[Double]] {
    var x = (0..<batch.steps).map { input(step: $0, sequence: b, p) }
    var number = 0
    for (index, layer) in network.layers.enumerated() {
      var output = [[Double]](repeating: [], count: batch.steps)
      for direction in layer.shape.directions {
        let track = Track(layer: index, direction: direction)
        let h = run(track, number: number, sequence: b, x: x, p)
        for t in 0..<batch.steps {
          output[t] += h[t].enumerated().map { unit, value in
            guard let noise else { return value }
            let keeps = noise.keeps(
              track: number, step: t, sequence: b, sequences: batch.sequences, unit: unit,
              units: layer.shape.hiddenSize)
            return keeps ? value / (1 - Double(noise.dropout)) : 0
          }
        }
        number += 1
      }
      x = output
    }
    return x
  }

  private func input(step: Int, sequence: Int, _ p: [Double]) -> [Double] {
    let entry = step * batch.sequences + sequence
    switch batch.input {
    case .tokens(let tokens):
      let token = Int(tokens[entry])
      if let block = layout.block(.embedding) {
        let size = block.shape[1]
        return (0..<size).map { p[block.offset + token * size + $0] }
      }
      return (0..<network.tokenCount).map { $0 == token ? 1 : 0 }
    case .features(let values, let width):
      return (0..<width).map { Double(values[entry * width + $0]) }
    }
  }

  private func run(
    _ track: Track, number: Int, sequence: Int, x: [[Double]], _ p: [Double]
  ) -> [[Double]] {
    let shape = network.layers[track.layer].shape
    let units = shape.hiddenSize
    func initial(_ values: [Float]?) -> [Double] {
      (0..<units).map { Double(values?[sequence * units + $0] ?? 0) }
    }
    var h = initial(state?.tracks[number].hidden)
    var c = shape.cell == .lstm ? initial(state?.tracks[number].cell) : []
    var output = [[Double]](repeating: [], count: x.count)
    let steps = Array(x.indices)
    for t in track.direction == .forward ? steps : steps.reversed() {
      (h, c) = step(
        track, shape, x: x[t], h: h, c: c, p,
        noise: { row in
          Double(
            noise?.gateNoise(
              track: number, step: t, sequence: sequence, sequences: batch.sequences, row: row,
              rows: shape.gateRows) ?? 0)
        })
      output[t] = h
    }
    return output
  }

  private func step(
    _ track: Track, _ shape: LayerShape, x: [Double], h: [Double], c: [Double], _ p: [Double],
    noise: (Int) -> Double
  ) -> ([Double], [Double]) {
    let units = shape.hiddenSize
    func value(_ kind: ParameterKind, _ index: Int) -> Double {
      layout.block(kind, of: track).map { p[$0.offset + index] } ?? 0
    }
    func sum(_ kind: ParameterKind, _ bias: ParameterKind, _ row: Int, _ v: [Double]) -> Double {
      let offset = layout.block(kind, of: track)!.offset + row * v.count
      var sum = value(bias, row)
      for column in v.indices { sum += p[offset + column] * v[column] }
      return sum
    }
    func w(_ gate: Int, _ u: Int) -> Double {
      sum(.inputWeights, .inputBias, gate * units + u, x) + noise(gate * units + u)
    }
    func r(_ gate: Int, _ u: Int) -> Double {
      sum(.recurrentWeights, .recurrentBias, gate * units + u, h)
    }
    var newH = h
    var newC = c
    for u in 0..<units {
      switch shape.cell {
      case .lstm:
        let z = tanh(w(0, u) + r(0, u))
        let f = sigmoid(w(1, u) + r(1, u) + value(.peepholes, u) * c[u])
        let i = sigmoid(w(2, u) + r(2, u) + value(.peepholes, units + u) * c[u])
        newC[u] = f * c[u] + i * z
        let o = sigmoid(w(3, u) + r(3, u) + value(.peepholes, 2 * units + u) * newC[u])
        newH[u] = o * tanh(newC[u])
      case .gru:
        let reset = sigmoid(w(0, u) + r(0, u))
        let update = sigmoid(w(1, u) + r(1, u))
        newH[u] = (1 - update) * tanh(w(2, u) + reset * r(2, u)) + update * h[u]
      case .rnn:
        newH[u] = tanh(w(0, u) + r(0, u))
      case .described: preconditionFailure("no gradients")
      }
    }
    return (newH, newC)
  }

  private func readout(_ h: [Double], _ p: [Double]) -> [Double] {
    let weights = layout.block(.readoutWeights)!
    let bias = layout.block(.readoutBias)
    return (0..<weights.shape[0]).map { row in
      var sum = bias.map { p[$0.offset + row] } ?? 0
      for column in h.indices { sum += p[weights.offset + row * h.count + column] * h[column] }
      return sum
    }
  }

  private func stepLoss(_ sums: [Double], entry: Int) -> Double {
    switch batch.targets {
    case .classes(let classes):
      return log(sums.reduce(0) { $0 + exp($1) }) - sums[Int(classes[entry])]
    case .values(let values, let width):
      let losses = sums.indices.map { k in
        let target = Double(values[entry * width + k])
        switch network.readout!.activation {
        case .sigmoid: return log(1 + exp(sums[k])) - target * sums[k]
        case .linear, .softmax: return (sums[k] - target) * (sums[k] - target)
        }
      }
      return losses.reduce(0, +) / Double(width)
    }
  }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
