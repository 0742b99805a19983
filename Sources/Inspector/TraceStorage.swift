import Recurrent

/// The memory of a trace: for each track, blocks of consecutive steps laid out as
/// [step][signal][unit] (a projected h, the last signal, has fewer units), added as the recording reaches them, so that nothing is ever moved.
final class TraceStorage: TraceValues {
  private let layout: [TrackLayout]
  private let rowLengths: [Int]  // floats a step, a track an entry
  private let blockSteps: Int
  private var blocks: [[FloatBuffer]]  // [track][block]
  var recordedSteps = 0

  /// A block's size: large enough that appending is rare, small enough that a demo stays small.
  private static let blockBytes = 1 << 20
  /// The same where fewer steps would fit than a stepper takes at once.
  private static let largestBlockBytes = 1 << 23

  init(layout: [TrackLayout]) {
    self.layout = layout
    rowLengths = layout.map(\.rowLength)
    let widest = rowLengths.max() ?? 1
    let fitting = Self.blockBytes / (4 * max(widest, 1))
    blockSteps =
      fitting >= Stepper.blockSteps
      ? fitting / Stepper.blockSteps * Stepper.blockSteps
      : max(16, min(Stepper.blockSteps, Self.largestBlockBytes / (4 * max(widest, 1))))
    blocks = Array(repeating: [], count: layout.count)
  }

  func read(_ request: WindowRequest, into values: UnsafeMutablePointer<Float>) {
    guard let offset = layout[request.track].offset(of: request.signal) else { return }
    var destination = values
    for step in request.steps {
      let row = row(track: request.track, step: step) + offset
      destination.update(from: row + request.units.lowerBound, count: request.units.count)
      destination += request.units.count
    }
  }

  /// Where the signals of a recorded step stand, one after the other.
  func row(track: Int, step: Int) -> UnsafePointer<Float> {
    UnsafePointer(mutableRow(track: track, step: step))
  }

  /// The same, to be written; `reserve` has made room for the step.
  func mutableRow(track: Int, step: Int) -> UnsafeMutablePointer<Float> {
    let (block, offset) = step.quotientAndRemainder(dividingBy: blockSteps)
    return blocks[track][block].pointer + offset * rowLengths[track]
  }

  /// As much of the beginning of `steps` as stands in one block of memory.
  func together(_ steps: Range<Int>) -> Range<Int> {
    let end = (steps.lowerBound / blockSteps + 1) * blockSteps
    return steps.lowerBound..<min(end, steps.upperBound)
  }

  /// As much of the end of `steps` as stands in one block of memory.
  func togetherAtEnd(_ steps: Range<Int>) -> Range<Int> {
    let start = (steps.upperBound - 1) / blockSteps * blockSteps
    return max(start, steps.lowerBound)..<steps.upperBound
  }

  /// Makes room for steps 0..<count in every track.
  func reserve(steps count: Int) {
    for track in blocks.indices {
      while blocks[track].count * blockSteps < count {
        // Every row is written before `recordedSteps` lets anybody read it.
        blocks[track].append(FloatBuffer(uninitialized: blockSteps * rowLengths[track]))
      }
    }
  }
}
