import Inspector
import ModelFiles
import Recurrent

/// The runs that have been made, by their changes. Like other runs they are held by reference and only
/// grow; what is undone is therefore the same run again, to the bit.
struct ChangedRuns {
  /// A run as it is shown.
  struct Run {
    let session: Session
    let recorder: TraceRecorder?
    let changed: ChangedRun?
  }

  /// The one without changes.
  private(set) var main: Run
  private(set) var current: [Change] = []
  private var made: [(changes: [Change], run: Run)] = []
  /// What networks wrote by themselves.
  let texts = WrittenTexts()
  /// That may be kept beside those of the branches that there are.
  private static let mostIdle = 4

  init(_ session: Session) {
    main = Run(session: session, recorder: nil, changed: nil)
  }

  /// What fills the session's trace.
  mutating func begin(with recorder: TraceRecorder?) {
    main = Run(session: main.session, recorder: recorder, changed: nil)
  }

  /// The run of some changes; nil where it has not been made.
  func run(of changes: [Change]) -> Run? {
    changes.isEmpty ? main : made.first { $0.changes == changes }?.run
  }

  /// The one that is shown.
  var shown: Run { run(of: current) ?? main }

  mutating func show(_ changes: [Change]) { current = changes }

  /// Whether a trace is that of the run without changes.
  func isMain(_ trace: Trace) -> Bool { trace === main.session.trace }

  /// Makes the run of some changes, from where on it is another than one that is there.
  ///
  /// - Throws: `ChangeListError`.
  mutating func make(
    _ changes: [Change], in scope: ChangeScope, keeping kept: [[Change]]
  ) throws(ChangeListError) {
    guard run(of: changes) == nil, main.session.model != nil,
      let recorder = main.recorder
    else { return }
    let changed = try ChangedRun(changes, in: scope)
    // A change after others is a branch of theirs; otherwise what has not changed is the first run's.
    let parent = changes.count > 1 ? run(of: Array(changes.dropLast())) : nil
    let origin = parent ?? main
    let first = parent == nil ? changed.firstStep : changed.firstSteps.last ?? 0
    let isSameStart = (origin.changed?.state ?? scope.state) == changed.state
    let made: TraceRecorder
    do {
      made = try (origin.recorder ?? recorder).branch(
        input: changed.input, state: changed.state, interventions: changed.interventions,
        from: isSameStart ? first : 0, memory: recorder.memory)
    } catch {
      // What binding has proved is proved again.
      preconditionFailure("\(error)")
    }
    let session = main.session.running(made.trace)
    let wanted = kept + [changes, current]
    let idle = self.made.filter { !wanted.contains($0.changes) }
    if idle.count > Self.mostIdle {
      let oldest = idle[0].changes
      self.made.removeAll { $0.changes == oldest }
    }
    self.made.append(
      (changes, Run(session: session, recorder: made, changed: changed)))
  }
}

extension Session {
  /// The same with the trace of another run of its model. What is known of the steps is known of what
  /// was read: it goes where that is changed.
  func running(_ other: Trace) -> Session {
    let hasSameInput = other.input == trace.input
    // A tour's steps are there still where more has only been written behind them.
    let isLonger = other.input.begins(with: trace.input)
    return Session(
      model: model, trace: other, name: name, title: title, exportName: exportName,
      lanes: hasSameInput ? lanes : [], tour: isLonger ? tour : nil,
      laterTours: isLonger ? laterTours : [], featureNames: featureNames,
      expected: hasSameInput ? expected : nil, targets: hasSameInput ? targets : nil,
      variants: variants, recallSeconds: recallSeconds)
  }
}

extension InputSequence {
  fileprivate func begins(with other: InputSequence) -> Bool {
    switch (self, other) {
    case (.tokens(let own), .tokens(let others)): own.starts(with: others)
    case (.features(let own, let width), .features(let others, let same)):
      width == same && own.starts(with: others)
    case (.tokens, .features), (.features, .tokens): false
    }
  }
}
