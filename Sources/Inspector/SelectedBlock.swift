import Recurrent

/// The selected values of some consecutive steps, copied out of a trace: how an export walks a
/// trace of any length in little memory.
final class SelectedBlock {
  let tracks: [SelectedTrack]
  private let trace: Trace
  private let buffers: [[FloatBuffer]]  // [track][signal]: (steps, selected units of the signal)
  private let unitCounts: [[Int]]  // [track][signal]
  private let scratch: FloatBuffer  // (steps, units of one range), where there are several
  private(set) var steps = 0..<0

  /// Steps that one block holds.
  let capacity: Int

  /// - Parameters:
  ///   - values: how many it holds at most, but for those of a single step.
  ///   - limit: steps that are ever read at once.
  init(
    trace: Trace, tracks: [SelectedTrack], values: Int = 1 << 18, limit: Int = .max
  ) {
    self.trace = trace
    self.tracks = tracks
    let rowLength = tracks.reduce(0) { length, track in
      track.signals.reduce(length) { $0 + track.unitCount(of: $1) }
    }
    let capacity = min(limit, max(1, values / max(rowLength, 1)))
    self.capacity = capacity
    unitCounts = tracks.map { track in track.signals.map { track.unitCount(of: $0) } }
    buffers = tracks.map { track in
      track.signals.map { FloatBuffer(count: capacity * track.unitCount(of: $0)) }
    }
    let widest = tracks.flatMap { $0.units.map(\.count) }.max() ?? 0
    scratch = FloatBuffer(count: capacity * widest)
  }

  /// Reads `steps`, at most `capacity` of them.
  func read(_ steps: Range<Int>) {
    self.steps = steps
    for (place, track) in tracks.enumerated() {
      for (signal, buffer) in zip(track.signals, buffers[place]) {
        read(track, signal, into: buffer.pointer)
      }
    }
  }

  /// The values of a signal of a track at all steps of the block.
  func bytes(track: Int, signal: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      UnsafeBufferPointer(
        start: row(track: track, signal: signal, step: steps.lowerBound),
        count: steps.count * unitCounts[track][signal]))
  }

  /// How many of the selected units a signal has.
  func unitCount(track: Int, signal: Int) -> Int { unitCounts[track][signal] }

  /// The values of a signal of a track at a step of the block, one a selected unit that it has.
  func row(track: Int, signal: Int, step: Int) -> UnsafePointer<Float> {
    UnsafePointer(buffers[track][signal].pointer)
      + (step - steps.lowerBound) * unitCounts[track][signal]
  }

  private func read(
    _ track: SelectedTrack, _ signal: Signal, into values: UnsafeMutablePointer<Float>
  ) {
    func request(_ units: Range<Int>) -> WindowRequest {
      WindowRequest(track: track.index, signal: signal, steps: steps, units: units)
    }
    let ranges = track.units(of: signal)
    if ranges.count == 1 {
      trace.read(request(ranges[0]), into: values)
      return
    }
    let count = track.unitCount(of: signal)
    var first = 0
    for units in ranges {
      trace.read(request(units), into: scratch.pointer)
      for row in 0..<steps.count {
        (values + row * count + first)
          .update(from: scratch.pointer + row * units.count, count: units.count)
      }
      first += units.count
    }
  }
}

extension Range<Int> {
  /// Consecutive parts of at most `length`.
  func parts(of length: Int) -> some Sequence<Range<Int>> {
    stride(from: lowerBound, to: upperBound, by: length).map { start in
      start..<Swift.min(start + length, upperBound)
    }
  }
}
