import Recurrent

extension Trace {
  /// The step that a track reads before another; nil before its first.
  func stepBefore(_ step: Int, track: Int) -> Int? {
    let before = layout[track].track.direction == .forward ? step - 1 : step + 1
    guard before >= 0 && before < length,
      abs(stepNumber(at: before) - stepNumber(at: step)) == 1
    else { return nil }
    return before
  }

  /// The step that a track reads after another; nil after its last.
  func stepAfter(_ step: Int, track: Int) -> Int? {
    let after = layout[track].track.direction == .forward ? step + 1 : step - 1
    guard after >= 0 && after < length,
      abs(stepNumber(at: after) - stepNumber(at: step)) == 1
    else { return nil }
    return after
  }

  /// A whole signal at a recorded step.
  func row(track: Int, signal: Signal, step: Int) -> [Float] {
    window(
      WindowRequest(
        track: track, signal: signal, steps: step..<step + 1,
        units: 0..<layout[track].units(of: signal))
    ).values
  }

  /// The whole state, h or c, that enters a step; nil where a file does not say.
  func entering(track: Int, signal: Signal, step: Int) -> [Float]? {
    if let before = stepBefore(step, track: track) {
      return layout[track].signals.contains(signal)
        ? row(track: track, signal: signal, step: before) : nil
    }
    let isFirst = step == (layout[track].track.direction == .forward ? 0 : length - 1)
    return isFirst ? seed(track: track, signal: signal) : nil
  }

  /// What a layer hands on at a recorded step: its h, both directions merged.
  func shown(layer: Int, step: Int) -> [Float] {
    let tracks = layout.indices.filter { layout[$0].track.layer == layer }
    guard let first = tracks.first else { return [] }
    return layout[first].merge.merged(tracks.map { row(track: $0, signal: .h, step: step) })
  }
}

/// The rows of a track's steps, copied out block by block, with what enters each: for who walks
/// through a trace against its own direction.
///
/// Not safe to share between threads.
final class StepReader {
  private let trace: Trace
  private let track: Int
  private let layout: TrackLayout
  private let length: Int
  private let seedHidden: FloatBuffer
  private let seedCell: FloatBuffer
  private let rows: FloatBuffer  // (blockSteps + 1, length)
  private let column: FloatBuffer  // (blockSteps + 1, H)
  /// The steps whose rows are there.
  private var held = 0..<0

  private static let blockSteps = 64

  /// - Precondition: the trace holds all signals, of all steps, and knows what it began with.
  init(_ trace: Trace, track: Int) {
    self.trace = trace
    self.track = track
    layout = trace.layout[track]
    length = layout.rowLength
    seedHidden = FloatBuffer(trace.seed(track: track, signal: .h) ?? [])
    seedCell = FloatBuffer(trace.seed(track: track, signal: .c) ?? [])
    rows = FloatBuffer(count: (Self.blockSteps + 1) * length)
    column = FloatBuffer(count: (Self.blockSteps + 1) * max(layout.units, 1))
  }

  /// A step's row and the states that enter it. Valid until the next call.
  func step(_ step: Int) -> (
    signals: UnsafePointer<Float>, hidden: UnsafePointer<Float>, cell: UnsafePointer<Float>
  ) {
    let before = trace.stepBefore(step, track: track)
    if !held.contains(step) || !(before.map(held.contains) ?? true) { load(around: step) }
    let row = UnsafePointer(rows.pointer + (step - held.lowerBound) * length)
    guard let before else {
      return (row, UnsafePointer(seedHidden.pointer), UnsafePointer(seedCell.pointer))
    }
    let previous = UnsafePointer(rows.pointer + (before - held.lowerBound) * length)
    return (
      row, previous + (layout.offset(of: .h) ?? 0), previous + (layout.offset(of: .c) ?? 0)
    )
  }

  /// Whoever walks comes from the end of the track's own direction.
  private func load(around step: Int) {
    let isForward = layout.track.direction == .forward
    held =
      isForward
      ? max(0, step - Self.blockSteps)..<step + 1
      : step..<min(trace.length, step + Self.blockSteps + 1)
    for signal in layout.signals {
      let units = layout.units(of: signal)
      guard let offset = layout.offset(of: signal), units > 0 else { continue }
      trace.read(
        WindowRequest(track: track, signal: signal, steps: held, units: 0..<units),
        into: column.pointer)
      for row in 0..<held.count {
        (rows.pointer + row * length + offset).update(
          from: column.pointer + row * units, count: units)
      }
    }
  }
}
