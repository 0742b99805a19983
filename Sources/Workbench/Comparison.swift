import Inspector
import Recurrent

/// What the lane in hand is compared with. What is not said is as in the lane in hand.
public struct ComparisonTarget: Sendable, Equatable {
  public var isOtherRun: Bool
  /// An index into the layout of the run.
  public var track: Int?
  public var signal: Signal?

  public init(isOtherRun: Bool = false, track: Int? = nil, signal: Signal? = nil) {
    self.isOtherRun = isOtherRun
    self.track = track
    self.signal = signal
  }
}

/// How the comparison is looked at.
public struct ComparisonState: Sendable, Equatable {
  /// nil for the first that `ComparisonPair.targets` proposes.
  public var target: ComparisonTarget?
  /// Whether the difference is shown rather than the two side by side.
  public var isDifference = false

  public init() {}
}

/// The lane in hand and the one that it is compared with.
struct ComparisonPair {
  let first: TracedSignal
  let second: TracedSignal
  /// What tells one from the other: "forget gate", "layer 1 backwards", "gru.safetensors".
  let firstName: String
  let secondName: String
  let isOtherRun: Bool
  /// What the second would be if it had it: another signal was taken, the nearest.
  let lacking: Signal?

  var difference: SignalSource { .difference(first, second) }

  /// "f", "f − i".
  var letters: String {
    first.signal == second.signal
      ? first.signal.rawValue : "\(first.signal.rawValue) − \(second.signal.rawValue)"
  }

  /// What the state says, or else what is likeliest.
  static func pair(_ state: State) throws(ComparisonError) -> ComparisonPair {
    let target = state.comparison.target ?? targets(state).first
    guard let target else { throw .nothing }
    return try pair(state, target)
  }

  static func pair(_ state: State, _ target: ComparisonTarget) throws(ComparisonError)
    -> ComparisonPair
  {
    let run = target.isOtherRun ? state.otherRun : nil
    if target.isOtherRun, run == nil { throw .noOtherRun }
    let trace = run?.trace ?? state.trace
    let runName = run?.name ?? state.session.name
    let track = target.track ?? state.track
    guard trace.layout.indices.contains(track) else {
      throw .noTrack(run: runName, count: trace.layout.count)
    }
    let layout = trace.layout[track]
    let signal =
      target.signal ?? (run == nil ? state.currentSignal : layout.nearest(to: state.currentSignal))
    guard layout.signals.contains(signal) else {
      throw .noSignal(signal, run: runName, has: layout.signals)
    }
    let first = TracedSignal(state.trace, track: state.track, signal: state.currentSignal)
    let second = TracedSignal(trace, track: track, signal: signal)
    var names: [(String, String)] = []
    if run != nil { names.append((state.session.name, runName)) }
    let (here, there) = (first.layout.track, second.layout.track)
    if here != there { names.append((Words.name(of: first.layout), Words.name(of: second.layout))) }
    if first.signal != second.signal || names.isEmpty {
      names.append((Words.name(of: first, state), Words.name(of: second, state)))
    }
    return ComparisonPair(
      first: first, second: second, firstName: names.map(\.0).joined(separator: " · "),
      secondName: names.map(\.1).joined(separator: " · "), isOtherRun: run != nil,
      lacking: target.signal == nil && signal != state.currentSignal ? state.currentSignal : nil)
  }

  /// What the lane in hand can be compared with, the likeliest first: the same of the other run, or
  /// what comes nearest there, and then the rest of it; c beside h; the other signals of its kind; the
  /// same signal of the other layers; then the others.
  static func targets(_ state: State) -> [ComparisonTarget] {
    var targets: [ComparisonTarget] = []
    if let run = state.otherRun {
      let track = min(state.track, run.trace.layout.count - 1)
      let named = track == state.track ? nil : track
      let layout = run.trace.layout[track]
      targets.append(.init(isOtherRun: true, track: named))
      if !layout.signals.contains(state.currentSignal) {
        let nearest = layout.nearest(to: state.currentSignal)
        targets += layout.signals.filter { $0 != nearest }.map {
          .init(isOtherRun: true, track: named, signal: $0)
        }
      }
    }
    let track = state.currentTrack
    let range = track.range(of: state.currentSignal)
    let others = track.signals.filter { $0 != state.currentSignal }
    // What is remembered beside what is shown of it is what most want to see.
    let pair = Set([track.memory, .h])
    func rank(_ signal: Signal) -> Int {
      pair == [state.currentSignal, signal] ? 0 : track.range(of: signal) == range ? 1 : 2
    }
    targets += others.filter { rank($0) == 0 }.map { .init(signal: $0) }
    targets += others.filter { rank($0) == 1 }.map { .init(signal: $0) }
    for (index, other) in state.trace.layout.enumerated()
    where index != state.track && other.signals.contains(state.currentSignal) {
      targets.append(.init(track: index))
    }
    targets += others.filter { rank($0) == 2 }.map { .init(signal: $0) }
    return targets
  }
}

/// Why there is nothing to be seen beside the lane in hand.
enum ComparisonError: Error, Equatable {
  case nothing
  case noOtherRun
  case noTrack(run: String, count: Int)
  case noSignal(Signal, run: String, has: [Signal])

  /// What is wrong, and what next.
  var words: [String] {
    switch self {
    case .nothing: Words.nothingToCompare
    case .noOtherRun: Words.noOtherRun
    case .noTrack(let run, let count): Words.noOtherTrack(run, count: count)
    case .noSignal(let signal, let run, let has): Words.noOtherSignal(signal, run, has: has)
    }
  }
}
