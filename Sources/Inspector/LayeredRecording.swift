import Recurrent

/// Records a network whose layers may read backwards: each track over the whole sequence before the
/// next layer begins. Advances in blocks, so that a screen can show how far it is.
final class LayeredRecording {
  private let network: Network
  private let layout: [TrackLayout]
  private let input: InputSequence
  private let seed: NetworkState
  private let storage: TraceStorage
  private var trackIndex = 0
  private var stepsDone = 0
  private var pass: LayerPass?
  private var below: [Float] = []  // (blockSteps, I): what the layer below shows

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

  /// Computes about `limit` more steps of a track, a block at the least.
  func advance(limit: Int) {
    var left = limit
    storage.reserve(steps: input.count)
    while left > 0 && !isComplete {
      let track = layout[trackIndex].track
      let pass =
        self.pass
        ?? LayerPass(network: network, track: track, state: seed.tracks[trackIndex])
      self.pass = pass
      let block = nextBlock(track.direction)
      compute(pass, layer: track.layer, block: block)
      stepsDone += block.count
      left -= block.count
      if stepsDone == input.count {
        trackIndex += 1
        stepsDone = 0
        self.pass = nil
      }
    }
  }

  /// The next steps in the track's own direction whose rows stand together.
  private func nextBlock(_ direction: Direction) -> Range<Int> {
    switch direction {
    case .forward:
      let end = min(stepsDone + LayerPass.blockSteps, input.count)
      return storage.together(stepsDone..<end)
    case .backward:
      let end = input.count - stepsDone
      return storage.togetherAtEnd(max(0, end - LayerPass.blockSteps)..<end)
    }
  }

  private func compute(_ pass: LayerPass, layer: Int, block: Range<Int>) {
    let signals = storage.mutableRow(track: trackIndex, step: block.lowerBound)
    if layer > 0 {
      let width = network.layers[layer].shape.inputSize
      gatherHidden(of: layer - 1, block: block, width: width)
      pass.run(below, stride: width, count: block.count, signals: signals)
      return
    }
    switch input {
    case .tokens(let tokens):
      pass.run(tokens: tokens[block], signals: signals)
    case .features(let values, let width):
      values.withUnsafeBufferPointer {
        pass.run(
          $0.baseAddress! + block.lowerBound * width, stride: width, count: block.count,
          signals: signals)
      }
    }
  }

  /// What `layer` shows over a block, both directions merged, into `below`.
  private func gatherHidden(of layer: Int, block: Range<Int>, width: Int) {
    if below.count < LayerPass.blockSteps * width {
      below = Array(repeating: 0, count: LayerPass.blockSteps * width)
    }
    let tracks = layout.indices.filter { layout[$0].track.layer == layer }
    below.withUnsafeMutableBufferPointer { below in
      for (row, step) in block.enumerated() {
        for (place, index) in tracks.enumerated() {
          let track = layout[index]
          let size = track.units(of: .h)
          let hidden = storage.row(track: index, step: step) + (track.rowLength - size)
          track.merge.take(
            hidden, size: size, place: place, of: tracks.count,
            into: below.baseAddress! + row * width)
        }
      }
    }
  }
}
