import Recurrent

/// The values of one sequence among those of many.
final class BatchValues: TraceValues {
  let recordedSteps: Int
  private let layout: [TrackLayout]
  private let buffers: [FloatBuffer]  // a track an entry: (steps of all sequences, rowLength)
  private let first: Int

  /// - Parameter first: the row at which the sequence begins.
  init(layout: [TrackLayout], buffers: [FloatBuffer], first: Int, count: Int) {
    self.layout = layout
    self.buffers = buffers
    self.first = first
    recordedSteps = count
  }

  func read(_ request: WindowRequest, into values: UnsafeMutablePointer<Float>) {
    let track = layout[request.track]
    let length = track.rowLength
    let count = request.units.count
    var source =
      buffers[request.track].pointer + (first + request.steps.lowerBound) * length
      + (track.offset(of: request.signal) ?? 0) + request.units.lowerBound
    var target = values
    for _ in request.steps {
      target.update(from: source, count: count)
      source += length
      target += count
    }
  }
}
