import Recurrent

/// Records a network whose layers may read backwards: each track over the whole sequence before the
/// next layer begins. Advances in slices, so that a screen can show how far it is.
final class LayeredRecording {
  private let network: Network
  private let layout: [TrackLayout]
  private let input: InputSequence
  private let seed: NetworkState
  private let storage: TraceStorage
  private var trackIndex = 0
  private var stepsDone = 0
  private var pass: LayerPass?

  init(
    network: Network, layout: [TrackLayout], input: InputSequence, seed: NetworkState,
    storage: TraceStorage
  ) {
    self.network = network
    self.layout = layout
    self.input = input
    self.seed = seed
    self.storage = storage
  }

  var isComplete: Bool { trackIndex == layout.count }

  var progress: Double {
    Double(trackIndex * input.count + stepsDone) / Double(layout.count * input.count)
  }

  func advance(limit: Int) {
    var left = limit
    storage.reserve(steps: input.count)
    while left > 0 && !isComplete {
      let track = layout[trackIndex].track
      let pass =
        self.pass
        ?? LayerPass(network: network, track: track, state: seed.tracks[trackIndex])
      self.pass = pass
      var x = [Float](repeating: 0, count: network.layers[track.layer].shape.inputSize)
      while left > 0 && stepsDone < input.count {
        let step = track.direction == .forward ? stepsDone : input.count - 1 - stepsDone
        let signals = compute(pass, layer: track.layer, step: step, x: &x)
        storage.mutableRow(track: trackIndex, step: step)
          .update(from: signals.baseAddress!, count: signals.count)
        stepsDone += 1
        left -= 1
      }
      if stepsDone == input.count {
        trackIndex += 1
        stepsDone = 0
        self.pass = nil
      }
    }
  }

  private func compute(_ pass: LayerPass, layer: Int, step: Int, x: inout [Float])
    -> UnsafeBufferPointer<Float>
  {
    if layer > 0 {
      gatherHidden(of: layer - 1, step: step, into: &x)
      return pass.step(x)
    }
    switch input {
    case .tokens(let tokens):
      return pass.step(token: tokens[step])
    case .features(let values, let width):
      return values.withUnsafeBufferPointer { pass.step($0.baseAddress! + step * width) }
    }
  }

  /// What `layer` shows at a step, forward first, into `x`.
  private func gatherHidden(of layer: Int, step: Int, into x: inout [Float]) {
    var filled = 0
    for (index, track) in layout.enumerated() where track.track.layer == layer {
      let hidden = storage.row(track: index, step: step) + (track.signals.count - 1) * track.units
      for unit in 0..<track.units { x[filled + unit] = hidden[unit] }
      filled += track.units
    }
  }
}
