import Recurrent

/// A rectangle of a trace: some steps and units of one signal of one track.
public struct WindowRequest: Sendable, Hashable {
  /// An index into `Trace.layout`.
  public var track: Int
  public var signal: Signal
  public var steps: Range<Int>
  public var units: Range<Int>

  public init(track: Int, signal: Signal, steps: Range<Int>, units: Range<Int>) {
    self.track = track
    self.signal = signal
    self.steps = steps
    self.units = units
  }
}

/// The values of a rectangle of a trace, copied out of wherever they were kept.
public struct Window: Sendable, Equatable {
  public let steps: Range<Int>
  public let units: Range<Int>
  /// (steps, units), row-major.
  public let values: [Float]

  public init(steps: Range<Int>, units: Range<Int>, values: [Float]) {
    precondition(values.count == steps.count * units.count)
    self.steps = steps
    self.units = units
    self.values = values
  }

  /// The value at an absolute step and unit inside the window.
  public subscript(step: Int, unit: Int) -> Float {
    values[(step - steps.lowerBound) * units.count + (unit - units.lowerBound)]
  }
}

/// Everything that a network computed over a sequence, as far as it has been recorded.
///
/// A trace is reached only through windows, so that where the values are (memory, a mapped file,
/// or checkpoints from which they are computed again) is nobody else's business. Steps and units
/// count from 0; a step is always a position in the input, also in a track that reads backwards.
///
/// Not safe to share between threads.
public final class Trace {
  /// What was recorded, a track an entry, in the order of `Network.tracks`.
  public let layout: [TrackLayout]
  public let input: InputSequence
  /// The symbol of each token number, where the model has a vocabulary.
  public let symbols: [String]?
  /// The state before step 0.
  public let seed: NetworkState
  private let storage: TraceStorage

  init(
    layout: [TrackLayout], input: InputSequence, symbols: [String]?, seed: NetworkState,
    storage: TraceStorage
  ) {
    self.layout = layout
    self.input = input
    self.symbols = symbols
    self.seed = seed
    self.storage = storage
  }

  /// T, the length of the input.
  public var length: Int { input.count }

  /// Steps 0..<recordedSteps can be read.
  public var recordedSteps: Int { storage.recordedSteps }

  /// The token number that enters at a step; nil where the input is numeric.
  public func token(at step: Int) -> Int? {
    switch input {
    case .tokens(let tokens): tokens[step]
    case .features: nil
    }
  }

  /// The token that enters at a step as text: its symbol, or its number where there is no
  /// vocabulary, or nil where the input is numeric.
  public func tokenText(at step: Int) -> String? {
    guard let token = token(at: step) else { return nil }
    guard let symbols, symbols.indices.contains(token) else { return String(token) }
    return symbols[token]
  }

  /// Copies a rectangle out. Costs its size.
  ///
  /// - Precondition: the track, signal, units and steps exist, and the steps are recorded.
  public func window(_ request: WindowRequest) -> Window {
    let count = request.steps.count * request.units.count
    let values = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      if let base = buffer.baseAddress { read(request, into: base) }
      filled = count
    }
    return Window(steps: request.steps, units: request.units, values: values)
  }

  /// Copies a rectangle into `values`, (steps, units) row-major, without allocating: for exports.
  public func read(_ request: WindowRequest, into values: UnsafeMutablePointer<Float>) {
    let track = layout[request.track]
    guard let offset = track.offset(of: request.signal) else {
      preconditionFailure("\(track.cell) has no signal \(request.signal)")
    }
    precondition(
      request.units.lowerBound >= 0
        && request.units.upperBound <= track.units(of: request.signal))
    precondition(request.steps.lowerBound >= 0 && request.steps.upperBound <= recordedSteps)
    var destination = values
    for step in request.steps {
      let row = storage.row(track: request.track, step: step) + offset
      destination.update(from: row + request.units.lowerBound, count: request.units.count)
      destination += request.units.count
    }
  }

  /// One value.
  public func value(track: Int, signal: Signal, step: Int, unit: Int) -> Float {
    window(
      WindowRequest(track: track, signal: signal, steps: step..<step + 1, units: unit..<unit + 1)
    ).values[0]
  }

  /// The state c or h that enters a step: the one before in the track's own direction, or the seed.
  public func previous(track: Int, signal: Signal, step: Int, unit: Int) -> Float {
    let before = layout[track].track.direction == .forward ? step - 1 : step + 1
    if before >= 0 && before < length {
      return value(track: track, signal: signal, step: before, unit: unit)
    }
    let state = seed.tracks[track]
    return (signal == .c ? state.cell : state.hidden)?[unit] ?? 0
  }

  /// What the last layer shows at a step, both directions merged: what the readout reads.
  public func topHidden(at step: Int) -> [Float] {
    let last = layout.last!
    let tracks = layout.indices.filter { layout[$0].track.layer == last.track.layer }
    return last.merge.merged(
      tracks.map { index in
        let units = 0..<layout[index].units(of: .h)
        return window(
          WindowRequest(track: index, signal: .h, steps: step..<step + 1, units: units)
        ).values
      })
  }
}
