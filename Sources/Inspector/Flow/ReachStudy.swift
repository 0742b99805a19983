import Recurrent

/// How far a network's states still differ, step by step, after one step has read something else: the
/// memory itself, where a gradient speaks of the smallest changes only.
public struct Reach: Sendable, Equatable {
  /// The step that read something else.
  public let step: Int
  /// What it read instead; nil where a vector of zeros took the place of numbers.
  public let token: Int?
  /// The largest |Δc| and |Δh| over the track's units, an entry a step from that one on, in the
  /// direction in which the track reads; nil where the cell has no c.
  public let cell: [Float]?
  public let hidden: [Float]
}

/// Runs a network again with one step changed, in slices, and compares.
///
/// Not safe to share between threads.
public final class ReachStudy {
  public private(set) var reach: Reach?
  private let trace: Trace
  private let track: Int
  private let step: Int
  private let through: Int
  private let token: Int?
  private let recorder: TraceRecorder
  /// The step of the trace at which the second run begins.
  private let offset: Int

  /// - Parameters:
  ///   - trace: of `network`, recorded up to `through`, and whole where the network reads backwards.
  ///   - step: which step is changed; at most `through`.
  ///   - token: what it reads instead, one that the network knows; zeros where numbers enter.
  ///   - through: the last step that is compared.
  /// - Throws: `NetworkError` where the token is none of the network's.
  public init(
    network: Network, trace: Trace, track: Int, step: Int, token: Int?, through: Int
  ) throws(NetworkError) {
    self.trace = trace
    self.track = track
    self.step = step
    self.token = token
    let isForward = trace.layout[track].track.direction == .forward
    let end = isForward ? min(through, step + GradientStudy.mostLags) : trace.length - 1
    self.through = end
    // What only reads forwards has not changed before the step: the second run begins there.
    offset = network.isCausal ? step : 0
    let steps = offset..<end + 1
    let input: InputSequence
    switch trace.input {
    case .tokens(let tokens):
      var changed = Array(tokens[steps])
      changed[step - offset] = token ?? changed[step - offset]
      input = .tokens(changed)
    case .features(let values, let width):
      var changed = Array(values[steps.lowerBound * width..<steps.upperBound * width])
      for column in 0..<width { changed[(step - offset) * width + column] = 0 }
      input = .features(changed, width: width)
    }
    recorder = try TraceRecorder(
      network: network, input: input, state: Self.state(of: network, in: trace, before: offset),
      memory: 1 << 27, interventions: trace.interventions(over: steps))
  }

  /// Every track's state before a step of a trace that is read forwards, or before all of it.
  static func state(of network: Network, in trace: Trace, before step: Int) -> NetworkState? {
    var state = NetworkState(zeroFor: network)
    for (track, layout) in trace.layout.enumerated() {
      func values(_ signal: Signal) -> [Float]? {
        step == 0
          ? trace.seed(track: track, signal: signal)
          : trace.window(
            WindowRequest(
              track: track, signal: signal, steps: step - 1..<step,
              units: 0..<layout.units(of: signal))
          ).values
      }
      guard let hidden = values(.h) else { return nil }
      state.tracks[track].hidden = hidden
      if layout.cell.hasCellState {
        state.tracks[track].cell = layout.carried.flatMap { values($0) ?? [] }
      }
    }
    return state
  }

  public var progress: Double { reach == nil ? recorder.progress * 0.99 : 1 }

  /// Multiplications of the whole run.
  public var products: Int { recorder.products }

  /// Runs some more.
  ///
  /// - Parameter limit: about how many steps.
  /// - Returns: whether `reach` is there.
  @discardableResult
  public func advance(limit: Int) -> Bool {
    if reach != nil { return true }
    recorder.record(through: recorder.trace.length - 1, limit: limit)
    guard recorder.isComplete else { return false }
    let hasCell = trace.layout[track].signals.contains(.c)
    reach = Reach(
      step: step, token: token, cell: hasCell ? differences(of: .c) : nil,
      hidden: differences(of: .h))
    return true
  }

  private func differences(of signal: Signal) -> [Float] {
    let units = 0..<trace.layout[track].units(of: signal)
    let isForward = trace.layout[track].track.direction == .forward
    let steps = isForward ? step..<through + 1 : 0..<step + 1
    var largest: [Float] = []
    for part in steps.parts(of: 256) {
      let first = trace.window(
        WindowRequest(track: track, signal: signal, steps: part, units: units)
      ).values
      let second = recorder.trace.window(
        WindowRequest(
          track: track, signal: signal,
          steps: part.lowerBound - offset..<part.upperBound - offset, units: units)
      ).values
      for row in 0..<part.count {
        largest.append(
          units.reduce(0) { most, unit in
            let place = row * units.count + unit
            let difference = abs(first[place] - second[place])
            return difference.isNaN || most.isNaN ? .nan : max(most, difference)
          })
      }
    }
    return isForward ? largest : largest.reversed()
  }
}

extension ReachStudy {
  /// The token that changes h most at once where it is read instead at a step; nil where numbers enter
  /// or there is no other one. Of a network that also reads backwards, the one that is next by number.
  ///
  /// - Parameter trace: of `network`, recorded up to the step before.
  public static func mostTelling(network: Network, trace: Trace, step: Int) -> Int? {
    guard case .tokens(let tokens) = trace.input, network.tokenCount > 1 else { return nil }
    let own = tokens[step]
    let next = (own + 1) % network.tokenCount
    guard network.isCausal, let stepper = try? Stepper(network), step < trace.recordedSteps,
      let before = state(of: network, in: trace, before: step)
    else { return next }
    let candidates =
      network.tokenCount <= mostCandidates
      ? Array(0..<network.tokenCount)
      : Array(Set(tokens.prefix(mostCandidates)).sorted())
    let layer = network.layers.count - 1
    let shown = trace.topHidden(at: step)
    var best: (token: Int, change: Float)?
    for token in candidates where token != own {
      stepper.state = before.tracks
      stepper.step(token: token)
      let change = zip(stepper.signals(layer: layer).suffix(shown.count), shown).reduce(Float(0)) {
        max($0, abs($1.0 - $1.1))
      }
      if best.map({ change > $0.change }) ?? true { best = (token, change) }
    }
    return best?.token ?? next
  }

  private static let mostCandidates = 512
}
