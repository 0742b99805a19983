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

/// The lane in hand and what it is compared with: another, or the same of up to two other runs.
struct Comparison {
  /// One of those that are looked at side by side.
  struct Lane {
    let signal: TracedSignal
    /// What tells it from the others: "forget gate", "layer 1 backwards", "gru.safetensors".
    let name: String
    /// Nil for the session's own.
    let run: OtherRun?
    /// What it would be if the run had it: another signal was taken, the nearest.
    let lacking: Signal?
  }

  /// The lane in hand, then the others.
  let lanes: [Lane]

  var first: TracedSignal { lanes[0].signal }
  /// Whether other runs are looked at, rather than another signal of the session's own.
  var isOfRuns: Bool { lanes[1].run != nil }

  /// Whether all have one scale, so that it says something how far they are apart.
  var isOnOneScale: Bool {
    Set(lanes.map { $0.signal.layout.range(of: $0.signal.signal) }).count == 1
  }

  /// The first minus each of the others.
  var differences: [SignalSource] {
    lanes.dropFirst().map { .difference(first, $0.signal) }
  }

  /// "f", "f − i".
  func letters(of other: Lane) -> String {
    let (a, b) = (first.signal, other.signal.signal)
    return a == b ? a.rawValue : "\(a.rawValue) − \(b.rawValue)"
  }

  /// What the state says, or else what is likeliest.
  static func of(_ state: State) throws(ComparisonError) -> Comparison {
    let target = state.comparison.target ?? targets(state).first
    guard let target else { throw .nothing }
    return try Comparison(state, target)
  }

  private init(_ state: State, _ target: ComparisonTarget) throws(ComparisonError) {
    let signal = state.currentSignal
    var found = [
      (
        run: OtherRun?.none, signal: TracedSignal(state.trace, track: state.track, signal: signal),
        lacking: Signal?.none
      )
    ]
    if target.isOtherRun {
      guard !state.otherRuns.isEmpty else { throw .noOtherRun }
      let wanted = target.signal ?? signal
      for run in state.otherRuns {
        let layout = run.trace.layout
        let track = min(target.track ?? state.track, layout.count - 1)
        let nearest = layout[track].nearest(to: wanted)
        let other = TracedSignal(run.trace, track: track, signal: nearest)
        found.append((run, other, nearest == wanted ? nil : wanted))
      }
    } else {
      let track = target.track ?? state.track
      let wanted = target.signal ?? signal
      guard state.trace.layout[track].signals.contains(wanted) else {
        throw .noSignal(
          wanted, run: state.session.name, has: state.trace.layout[track].signals)
      }
      found.append((nil, TracedSignal(state.trace, track: track, signal: wanted), nil))
    }
    let signals = found.map(\.signal)
    let differ = (
      tracks: Set(signals.map(\.layout.track)).count > 1,
      signals: Set(signals.map(\.signal)).count > 1
    )
    lanes = found.map { run, signal, lacking in
      var names: [String] = []
      if target.isOtherRun { names.append(run?.name ?? state.runName) }
      if differ.tracks { names.append(Words.name(of: signal.layout)) }
      if differ.signals || names.isEmpty { names.append(Words.name(of: signal, state)) }
      return Lane(
        signal: signal, name: names.joined(separator: " · "), run: run, lacking: lacking)
    }
  }

  /// What the lane in hand can be compared with, the likeliest first: the same of the other runs, or
  /// what comes nearest there, and then the rest of a single one; c beside h; the other signals of its kind; the
  /// same signal of the other layers; then the others.
  static func targets(_ state: State) -> [ComparisonTarget] {
    var targets: [ComparisonTarget] = []
    if !state.otherRuns.isEmpty { targets.append(.init(isOtherRun: true)) }
    // A single run that lacks the signal: what else it has, after the nearest.
    if state.otherRuns.count == 1, let layouts = state.otherRuns.first?.trace.layout {
      let layout = layouts[min(state.track, layouts.count - 1)]
      if !layout.signals.contains(state.currentSignal) {
        let nearest = layout.nearest(to: state.currentSignal)
        targets += layout.signals.filter { $0 != nearest }.map {
          .init(isOtherRun: true, signal: $0)
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
  case noSignal(Signal, run: String, has: [Signal])

  /// What is wrong, and what next.
  var words: [String] {
    switch self {
    case .nothing: Words.nothingToCompare
    case .noOtherRun: Words.noOtherRun
    case .noSignal(let signal, let run, let has): Words.noOtherSignal(signal, run, has: has)
    }
  }
}
