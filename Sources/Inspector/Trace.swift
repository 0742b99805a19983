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

/// Where the values of a trace are: in memory as they are recorded, or in a file.
public protocol TraceValues: AnyObject {
  /// Steps 0..<recordedSteps can be read.
  var recordedSteps: Int { get }

  /// Copies a rectangle, (steps, units) row-major.
  ///
  /// - Parameter request: proved by the trace: it exists and is recorded.
  func read(_ request: WindowRequest, into values: UnsafeMutablePointer<Float>)
}

/// Everything that a network computed over a sequence, as far as it has been recorded.
///
/// A trace is reached only through windows, so that where the values are (memory, a mapped file,
/// or checkpoints from which they are computed again) is nobody else's business. Steps and units
/// count from 0; a step is always a position in the input, also in a track that reads backwards. A
/// file may hold only some steps and units of a sequence: here they count from 0 all the same, and
/// `stepNumber(at:)` and `TrackLayout.number(of:)` say what they are called.
///
/// Not safe to share between threads.
public final class Trace {
  /// What was recorded, a track an entry, in the order of `Network.tracks`.
  public let layout: [TrackLayout]
  /// What entered; of a file that does not say, numeric vectors of width 0.
  public let input: InputSequence
  /// The symbol of each token number, where there is a vocabulary.
  public let symbols: [String]?
  /// Whether the tokens' numbers are the model's; a CSV has only their symbols.
  public let hasTokenNumbers: Bool
  /// T, the length of the input.
  public let length: Int
  /// The numbers of the steps, ascending, where not all of a sequence is here.
  public let stepNumbers: [Int]?
  /// What the network says at every step, where it has a readout or a file holds what it said.
  public private(set) var readout: TraceReadout?
  /// What was changed while it was recorded.
  public let interventions: [Intervention]
  private let start: Start
  private let values: any TraceValues

  /// What is known of the state before the first step.
  private enum Start {
    case known(NetworkState)
    /// A track an entry: whether it began with zeros, or nobody can tell.
    case zeros([Bool])
  }

  /// - Parameters:
  ///   - network: whose readout it is that speaks of the trace.
  ///   - outputSymbols: what the readout's outputs stand for, where they are no tokens.
  init(
    of network: Network? = nil, layout: [TrackLayout], input: InputSequence, symbols: [String]?,
    outputSymbols: [String]? = nil, seed: NetworkState, interventions: [Intervention] = [],
    storage: any TraceValues
  ) {
    self.interventions = interventions
    self.layout = layout
    self.input = input
    self.symbols = symbols
    hasTokenNumbers = true
    length = input.count
    stepNumbers = nil
    start = .known(seed)
    values = storage
    guard let network, let head = network.readout else { return }
    let readsTokens = if case .tokens = input { true } else { false }
    let predictsNext =
      readsTokens && head.outputSize == network.tokenCount
      && (outputSymbols == nil || outputSymbols == symbols)
    readout = TraceReadout(
      head, symbols: outputSymbols ?? (predictsNext ? symbols : nil), predictsNext: predictsNext,
      of: self)
  }

  /// A trace that was recorded before, without the network.
  ///
  /// - Parameters:
  ///   - input: of `values.recordedSteps` steps; nil where nobody knows what entered.
  ///   - stepNumbers: as many, ascending; nil where they count from 0.
  ///   - beginsWithZeros: a track an entry: whether the state before its first step was zero.
  ///   - readout: what the network said, where the file holds it.
  /// - Precondition: the lengths fit.
  public init(
    recorded layout: [TrackLayout], values: any TraceValues, input: InputSequence?,
    symbols: [String]? = nil, hasTokenNumbers: Bool = true, stepNumbers: [Int]? = nil,
    beginsWithZeros: [Bool], readout: (any RecordedReadout)? = nil
  ) {
    precondition(input.map { $0.count == values.recordedSteps } ?? true)
    precondition(stepNumbers.map { $0.count == values.recordedSteps } ?? true)
    precondition(beginsWithZeros.count == layout.count)
    interventions = []
    self.layout = layout
    self.input = input ?? .features([], width: 0)
    self.symbols = symbols
    self.hasTokenNumbers = hasTokenNumbers
    length = values.recordedSteps
    self.stepNumbers = stepNumbers
    start = .zeros(beginsWithZeros)
    self.values = values
    // A table's tokens are numbered as they come, its outputs as the model has them.
    self.readout = readout.map {
      TraceReadout($0, symbols: hasTokenNumbers ? symbols : nil, of: self)
    }
  }

  /// Steps 0..<recordedSteps can be read.
  public var recordedSteps: Int { values.recordedSteps }

  // MARK: - What is where

  /// What a step is called: its position in the whole input.
  public func stepNumber(at step: Int) -> Int { stepNumbers?[step] ?? step }

  /// The step of a number, or where it is not here the next one; the last past the end.
  public func step(numbered number: Int) -> Int {
    guard let stepNumbers else { return min(max(number, 0), length - 1) }
    var range = 0..<stepNumbers.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range =
        stepNumbers[middle] < number
        ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return min(range.lowerBound, length - 1)
  }

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

  // MARK: - Values

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
    precondition(track.signals.contains(request.signal), "there is no \(request.signal)")
    precondition(
      request.units.lowerBound >= 0
        && request.units.upperBound <= track.units(of: request.signal))
    precondition(request.steps.lowerBound >= 0 && request.steps.upperBound <= recordedSteps)
    self.values.read(request, into: values)
  }

  /// One value.
  public func value(track: Int, signal: Signal, step: Int, unit: Int) -> Float {
    values(track: track, signal: signal, steps: step..<step + 1, unit: unit)[0]
  }

  /// One unit over some recorded steps.
  public func values(track: Int, signal: Signal, steps: Range<Int>, unit: Int) -> [Float] {
    window(WindowRequest(track: track, signal: signal, steps: steps, units: unit..<unit + 1)).values
  }

  /// The state c or h that enters a step: the one before in the track's own direction, or what the
  /// sequence began with. Nil where a file does not say.
  public func previous(track: Int, signal: Signal, step: Int, unit: Int) -> Float? {
    let isForward = layout[track].track.direction == .forward
    let before = isForward ? step - 1 : step + 1
    if before >= 0 && before < length {
      let isNext = abs(stepNumber(at: before) - stepNumber(at: step)) == 1
      guard isNext, layout[track].signals.contains(signal) else { return nil }
      return value(track: track, signal: signal, step: before, unit: unit)
    }
    switch start {
    case .known(let seed):
      let state = seed.tracks[track]
      return (signal == .c ? state.cell : state.hidden)?[unit] ?? 0
    case .zeros(let known): return known[track] ? 0 : nil
    }
  }

  /// The whole state c or h before the first step that a track reads; nil where nobody knows.
  func seed(track: Int, signal: Signal) -> [Float]? {
    guard signal == .c || signal == .h else { return nil }
    switch start {
    case .known(let seed):
      let state = seed.tracks[track]
      return signal == .c ? state.cell : state.hidden
    case .zeros(let known):
      return known[track] ? Array(repeating: 0, count: layout[track].units(of: signal)) : nil
    }
  }

  /// What the last layer shows at a step, both directions merged: what the readout reads.
  public func topHidden(at step: Int) -> [Float] { topHidden(steps: step..<step + 1) }

  /// The same of several steps: (steps, inputSize of the readout), row-major.
  func topHidden(steps: Range<Int>) -> [Float] {
    let last = layout[layout.count - 1]
    let tracks = layout.indices.filter { layout[$0].track.layer == last.track.layer }
    let windows = tracks.map { index in
      window(
        WindowRequest(
          track: index, signal: .h, steps: steps, units: 0..<layout[index].units(of: .h)))
    }
    if windows.count == 1 { return windows[0].values }
    return steps.indices.flatMap { step in
      last.merge.merged(
        windows.map { window in
          let first = (step - steps.lowerBound) * window.units.count
          return Array(window.values[first..<first + window.units.count])
        })
    }
  }
}
