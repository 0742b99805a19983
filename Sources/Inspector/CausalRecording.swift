import Recurrent

/// Records a network that only reads forwards: all layers together, as far as it is asked for.
final class CausalRecording: SegmentSource {
  private let stepper: Stepper
  private let input: InputSequence
  /// It owns this.
  private unowned let storage: TraceStorage
  private let trackCount: Int

  init(_ stepper: Stepper, input: InputSequence, storage: TraceStorage) {
    self.stepper = stepper
    self.input = input
    self.storage = storage
    trackCount = stepper.network.tracks.count
    storage.source = self
    // A recording that begins in the middle goes on from what another left there.
    let start = storage.recordedSteps
    if start > 0 {
      stepper.remember(before: start) { storage.row(track: $0, step: $1) }
      stepper.state = (0..<trackCount).map { storage.state(of: $0, at: start - 1) }
    }
  }

  /// Computes the steps before `end` that are not there yet.
  func record(until end: Int) {
    while storage.recordedSteps < end {
      let start = storage.recordedSteps
      let steps = storage.together(start..<min(start + Stepper.blockSteps, end))
      stepper.run(input, steps: steps) { layer, step in
        storage.mutableRow(track: layer, step: step)
      }
      storage.recordedSteps = steps.upperBound
      let segment = storage.segment(of: start)
      if steps.upperBound == storage.steps(of: segment).upperBound {
        storage.finish(segment: segment, tracks: trackCount)
      }
    }
  }

  func recompute(segment: Int, tracks: Int) {
    // The weights are packed once: the stepper goes back in time and returns.
    let now = stepper.state
    stepper.state = (0..<tracks).map { storage.start(track: $0, segment: segment) }
    stepper.run(input, steps: storage.steps(of: segment)) { layer, step in
      storage.place(track: layer, step: step)
    }
    stepper.state = now
  }
}
