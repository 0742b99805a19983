import Recurrent

/// Records a network whose layers may read backwards: each track over the whole sequence before the
/// next layer begins. Advances in blocks, so that a screen can show how far it is.
final class LayeredRecording: SegmentSource {
  private let network: Network
  private let layout: [TrackLayout]
  private let input: InputSequence
  /// A track an entry; what they remember serves segments that are computed again.
  private let schedules: [InterventionSchedule?]
  /// It owns this.
  private unowned let storage: TraceStorage
  private var trackIndex = 0
  private var stepsDone = 0
  private var pass: LayerPass?
  /// What computes segments again, made when one is first wanted.
  private var again: [LayerPass?]  // a track an entry
  private var below: [Float] = []  // (blockSteps, I): what the layer below shows

  init(
    network: Network, layout: [TrackLayout], input: InputSequence, seed: NetworkState,
    interventions: [Intervention], storage: TraceStorage
  ) {
    self.network = network
    schedules = layout.indices.map {
      InterventionSchedule(
        interventions, track: $0, direction: layout[$0].track.direction, state: seed.tracks[$0],
        shape: network.layers[layout[$0].track.layer].shape, length: input.count)
    }
    self.layout = layout
    self.input = input
    self.storage = storage
    again = Array(repeating: nil, count: layout.count)
    storage.source = self
  }

  var isComplete: Bool { trackIndex == layout.count }

  var progress: Double {
    Double(trackIndex * input.count + stepsDone) / Double(layout.count * input.count)
  }

  /// Computes about `limit` more steps of a track, a block at the least.
  func advance(limit: Int) {
    var left = limit
    while left > 0 && !isComplete {
      let direction = layout[trackIndex].track.direction
      let pass = self.pass ?? pass(of: trackIndex, from: direction == .forward ? 0 : lastSegment)
      self.pass = pass
      let block = nextBlock(direction)
      compute(
        pass, of: trackIndex, block: block,
        into: storage.mutableRow(track: trackIndex, step: block.lowerBound))
      let segment = storage.segment(of: block.lowerBound)
      let steps = storage.steps(of: segment)
      if direction == .forward
        ? block.upperBound == steps.upperBound : block.lowerBound == steps.lowerBound
      {
        storage.finish(segment: segment, tracks: trackIndex + 1)
      }
      stepsDone += block.count
      left -= block.count
      if stepsDone == input.count {
        trackIndex += 1
        stepsDone = 0
        self.pass = nil
      }
    }
  }

  private var lastSegment: Int { storage.segment(of: input.count - 1) }

  /// A pass that begins a segment.
  private func pass(of track: Int, from segment: Int) -> LayerPass {
    LayerPass(
      network: network, track: layout[track].track,
      state: storage.start(track: track, segment: segment), schedule: schedules[track])
  }

  func recompute(segment: Int, tracks: Int) {
    let steps = storage.steps(of: segment)
    let blocks = Array(steps.parts(of: LayerPass.blockSteps))
    for track in 0..<tracks {
      let pass = again[track] ?? pass(of: track, from: segment)
      again[track] = pass
      pass.state = storage.start(track: track, segment: segment)
      let isForward = layout[track].track.direction == .forward
      for block in isForward ? blocks : blocks.reversed() {
        compute(
          pass, of: track, block: block,
          into: storage.place(track: track, step: block.lowerBound))
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

  private func compute(
    _ pass: LayerPass, of track: Int, block: Range<Int>, into signals: UnsafeMutablePointer<Float>
  ) {
    let layer = layout[track].track.layer
    if layer > 0 {
      let width = network.layers[layer].shape.inputSize
      gatherHidden(of: layer - 1, block: block, width: width)
      pass.run(
        below, stride: width, count: block.count, first: block.lowerBound, signals: signals)
      return
    }
    switch input {
    case .tokens(let tokens):
      pass.run(tokens: tokens[block], signals: signals)
    case .features(let values, let width):
      values.withUnsafeBufferPointer {
        pass.run(
          $0.baseAddress! + block.lowerBound * width, stride: width, count: block.count,
          first: block.lowerBound, signals: signals)
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
