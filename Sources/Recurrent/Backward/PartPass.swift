/// Forward and backward through the whole network for one part of a batch, on one thread.
final class PartPass {
  private let network: Network
  /// One entry a layer, one a direction.
  private let layers: [[TrackWorkspace]]
  private let input: InputPass
  private let readout: ReadoutPass
  /// The gradients of this part, in the network's layout.
  let gradients: FloatBuffer

  init(
    network: Network, readout: Readout, layout: ParameterLayout, weights: [TrackWeights],
    gradients: FloatBuffer
  ) {
    self.network = network
    self.gradients = gradients
    layers = network.layers.indices.map { layer in
      weights.filter { $0.track.layer == layer }.map { TrackWorkspace(weights: $0) }
    }
    input = InputPass(network: network, layout: layout)
    self.readout = ReadoutPass(readout: readout, layout: layout)
  }

  /// Forward and backward; returns this part's share of the loss.
  func run(
    _ batch: TrainingBatch, part: BatchPart, state: BatchState?, noise: TrainingNoise?,
    scale: Float,
    usesTable: Bool, parameters: UnsafePointer<Float>
  ) -> Double {
    runLayers(
      batch, part: part, state: state, noise: noise, usesTable: usesTable,
      parameters: parameters)
    let sources = readoutSources(noise: noise)
    let loss = readout.loss(
      sources, batch: batch, part: part, scale: scale, parameters: parameters)
    readout.runBackward(
      sources, rows: batch.steps * part.count, parameters: parameters,
      gradients: gradients.pointer)
    input.beginGradients(gradients.pointer)
    for layer in layers.indices.reversed() {
      for (index, track) in layers[layer].enumerated() {
        track.undrop(noise, part: part)
        track.runBackward(parameters: parameters, gradients: gradients.pointer)
        if layer == 0 {
          input.accumulate(from: track, parameters: parameters, gradients: gradients.pointer)
        } else {
          descend(
            from: track, to: layers[layer - 1], noise: noise, parameters: parameters,
            accumulating: index > 0)
        }
      }
    }
    return loss
  }

  /// Forward alone, into `outputs` (T, B, O) of the whole batch.
  func predict(
    _ batch: TrainingBatch, part: BatchPart, state: BatchState?, usesTable: Bool,
    parameters: UnsafePointer<Float>, outputs: UnsafeMutablePointer<Float>, size: Int
  ) {
    runLayers(
      batch, part: part, state: state, noise: nil, usesTable: usesTable, parameters: parameters)
    readout.predict(
      readoutSources(noise: nil), rows: batch.steps * part.count, parameters: parameters)
    for t in 0..<batch.steps {
      for b in 0..<part.count {
        let from = readout.outputs.pointer + (t * part.count + b) * readout.stride
        (outputs + (t * part.total + part.first + b) * size).update(from: from, count: size)
      }
    }
  }

  /// Copies this part's last states out.
  func end(_ state: inout BatchState, part: BatchPart) {
    for (index, track) in layers.joined().enumerated() {
      track.end(&state.tracks[index], firstSequence: part.first)
    }
  }

  /// Copies h of a track, (T, B, H), into that of the whole batch.
  func copyHidden(track index: Int, part: BatchPart, into out: UnsafeMutablePointer<Float>) {
    let track = Array(layers.joined())[index]
    let units = track.weights.shape.hiddenSize
    for t in 0..<track.steps {
      for b in 0..<part.count {
        let from = track.output + (t * part.count + b) * track.weights.stateStride
        (out + (t * part.total + part.first + b) * units).update(from: from, count: units)
      }
    }
  }

  private func runLayers(
    _ batch: TrainingBatch, part: BatchPart, state: BatchState?, noise: TrainingNoise?,
    usesTable: Bool, parameters: UnsafePointer<Float>
  ) {
    input.load(batch, part: part, usesTable: usesTable, parameters: parameters)
    var number = 0
    for layer in layers.indices {
      for track in layers[layer] {
        track.prepare(steps: batch.steps, sequences: part.count)
        if layer == 0 {
          input.project(into: track, parameters: parameters)
        } else {
          ascend(
            from: layers[layer - 1], to: track, noise: noise, parameters: parameters)
        }
        track.disturbGates(noise, part: part)
        track.begin(state?.tracks[number], firstSequence: part.first)
        track.runForward(parameters: parameters)
        number += 1
      }
      for track in layers[layer] { track.dropOutput(noise, part: part) }
    }
  }

  /// W x of a layer above the first.
  private func ascend(
    from below: [TrackWorkspace], to track: TrackWorkspace, noise: TrainingNoise?,
    parameters: UnsafePointer<Float>
  ) {
    let weights = track.weights
    var column = 0
    for source in below {
      MatrixProducts.timesTransposed(
        source.lastOutput(noise: noise), source.weights.stateStride,
        parameters + weights.inputWeights.offset + column, weights.shape.inputSize,
        into: track.gates.pointer, weights.gateStride, m: track.rows, n: weights.shape.gateRows,
        k: source.weights.shape.hiddenSize, accumulating: column > 0)
      column += source.weights.shape.hiddenSize
    }
  }

  /// The gradient of W, and that with respect to x, of a layer above the first.
  private func descend(
    from track: TrackWorkspace, to below: [TrackWorkspace], noise: TrainingNoise?,
    parameters: UnsafePointer<Float>, accumulating: Bool
  ) {
    let weights = track.weights
    let inputWeights = weights.inputWeights.offset
    var column = 0
    for source in below {
      let units = source.weights.shape.hiddenSize
      let stride = source.weights.stateStride
      MatrixProducts.transposedTimes(
        track.gates.pointer, weights.gateStride, source.lastOutput(noise: noise), stride,
        into: gradients.pointer + inputWeights + column, weights.shape.inputSize,
        m: weights.shape.gateRows, n: units, k: track.rows)
      MatrixProducts.times(
        track.gates.pointer, weights.gateStride, parameters + inputWeights + column,
        weights.shape.inputSize, into: source.hiddenGradient.pointer, stride, m: track.rows,
        n: units, k: weights.shape.gateRows, accumulating: accumulating)
      column += units
    }
  }

  private func readoutSources(noise: TrainingNoise?) -> [ReadoutPass.Source] {
    layers[layers.count - 1].map { track in
      (
        track.lastOutput(noise: noise), track.hiddenGradient.pointer,
        track.weights.stateStride, track.weights.shape.hiddenSize
      )
    }
  }
}
