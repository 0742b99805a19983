import Recurrent

extension ChangeBinder {
  /// The step at which a network begins to go on by itself.
  func place(of steps: Change.Steps?) throws(ChangeError) -> Int {
    guard let steps, let first = steps.first else { return length }
    guard first <= length else {
      throw ChangeError(.noSuchStep(steps.text, last: length - 1), at: steps.range)
    }
    guard first > 0 else { throw ChangeError(.generating(.noBeginning), at: steps.range) }
    return first
  }

  /// What comes when the network goes on after a beginning, all changes of signals in force: they go by
  /// the numbers of the steps, also of those that are still to be written.
  func goingOn(
    after beginning: InputSequence, _ request: GenerationRequest, _ changes: [Change],
    _ change: Change
  ) throws(ChangeError) -> InputSequence {
    let whole = 0..<change.source.unicodeScalars.count
    var state = scope.state
    var interventions: [Intervention] = []
    let end = beginning.count + request.count
    let binder = ChangeBinder(scope, length: end)
    for other in changes where !other.isOfTokens {
      // One that no step of it hears of is found at fault where the whole run is bound.
      guard let bound = try? binder.bound(other) else { continue }
      switch bound {
      case .during(let intervention): interventions.append(intervention)
      case .before(let start): start.apply(to: &state)
      }
    }
    do throws(GeneratingError) {
      return try scope.written(
        try Continuation(
          of: scope.network, request, after: beginning, state: state,
          interventions: interventions, symbols: scope.base.symbols,
          outputSymbols: scope.outputSymbols,
          from: start(beginning, interventions, isSameState: state == scope.state)))
    } catch {
      throw ChangeError(.generating(error), at: whole)
    }
  }

  /// As far as the run without changes goes the same way.
  private func start(
    _ beginning: InputSequence, _ interventions: [Intervention], isSameState: Bool
  ) -> Continuation.Start? {
    guard isSameState, scope.network.isCausal else { return nil }
    let changed = interventions.map(\.firstStep).min() ?? .max
    let same = min(
      changed, scope.base.recordedSteps, beginning.commonPrefix(with: scope.base.input))
    return same > 0 ? Continuation.Start(scope.base, before: same) : nil
  }
}

extension InputSequence {
  /// The first steps.
  func prefix(_ count: Int) -> InputSequence {
    switch self {
    case .tokens(let tokens): .tokens(Array(tokens.prefix(count)))
    case .features(let values, let width):
      .features(Array(values.prefix(count * width)), width: width)
    }
  }

  /// How many steps both begin with.
  func commonPrefix(with other: InputSequence) -> Int {
    switch (self, other) {
    case (.tokens(let own), .tokens(let others)):
      return zip(own, others).prefix { $0 == $1 }.count
    case (.features(let own, let width), .features(let others, let same))
    where width == same && width > 0:
      return zip(own, others).prefix { $0.bitPattern == $1.bitPattern }.count / width
    case (.tokens, .features), (.features, .tokens), (.features, .features): return 0
    }
  }
}
