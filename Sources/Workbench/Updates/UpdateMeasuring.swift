import Inspector

/// What a view needs that is not there yet: the text and the table look at every step.
func prepare(_ state: inout State) -> [Effect] {
  if state.pending == nil, state.help == nil, !lookAtSaid(state) {
    state.pending = .overlook
    return [.goOn]
  }
  switch state.view {
  case .cell: return []
  case .unit:
    measureUnitInHand(&state)
    return []
  case .lanes:
    guard state.pending == nil, !overlook(state) else { return [] }
    state.pending = .overlook
    return [.goOn]
  case .compare:
    return prepareComparison(&state)
  case .why: return prepareWhy(&state)
  case .flow:
    return prepareFlow(&state)
  case .text:
    guard state.trace.recordedSteps < state.session.length else {
      measureUnitInHand(&state)
      findStrongPlaces(&state)
      return []
    }
    guard state.pending == nil else { return [] }
    state.pending = .reachAll
    return continuePending(&state)
  case .table:
    guard state.following[state.track] == nil, state.pending == nil else { return [] }
    state.pending = .measure(track: state.track)
    return continuePending(&state)
  }
}

/// Whoever stops the work that a view needs leaves the view as well.
func leaveUnprepared(_ state: inout State) {
  switch state.pending {
  case .overlook where state.zoom.time.canReduce, .reachAll where state.view == .lanes:
    state.zoom.time = .normal
    state.zoom.units = .normal
    // What `fit` does to lanes that are seen from afar.
    state.journal.add(Instruction(.fit))
    fallthrough
  case .overlook:
    if state.view == .compare { leaveView(&state) }
  case .reachAll, .reachOther: leaveView(&state)
  case .measure:
    state.measuring = nil
    state.followingSurvey = nil
    leaveView(&state)
  case .filter:
    state.measuring = nil
    state.followingSurvey = nil
  case .order: state.ordering = nil
  case .match: state.matching = nil
  case .explain: stopExplaining(&state)
  case .write: stopWriting(&state)
  case nil, .reach, .run, .export, .scan, .flow: break
  }
}

private func leaveView(_ state: inout State) {
  state.view = .lanes
  state.journal.add(Instruction(.view, state.view.name))
}

/// Another slice of the work that goes on between frames.
func goOn(_ state: inout State) -> [Effect] {
  switch state.pending {
  case .measure(let track): return measureMore(&state, track: track)
  case .order(let key, let track): return orderMore(&state, by: key, track: track)
  case .filter(let text, let track):
    let effects = measureMore(&state, track: track)
    if state.pending == nil { finishFilter(&state, text, track: track) }
    return effects
  case .match(let query): return matchMore(&state, query)
  case .scan(let scan): return continueScan(&state, scan)
  case .overlook: return overlookMore(&state)
  case .explain: return explainMore(&state)
  case .write(let branches): return writeMore(&state, for: branches)
  case .run(let target, let through, let place):
    return continueRunning(&state, to: target, through: through, at: place)
  case nil, .reach, .reachOther, .export, .reachAll, .flow: return []
  }
}

extension State {
  /// The track whose units are being measured.
  private var measuredTrack: Int {
    switch pending {
    case .measure(let track), .filter(_, let track): track
    case nil, .reach, .reachOther, .run, .export, .order, .match, .scan, .reachAll, .overlook,
      .explain, .write, .flow:
      track
    }
  }

  /// How much of the work between frames is done, 0…1; nil where it is steps that are computed.
  var workDone: Double? {
    if pending == .overlook { return overlookProgress(self) }
    if pending == .reachOther { return otherRuns.compactMap { $0.recorder?.progress }.min() ?? 1 }
    if pending == .explain { return why.search?.progress ?? 0 }
    if case .write = pending { return runs.texts.unfinished?.progress ?? 0 }
    guard trace.recordedSteps == session.length else { return nil }
    switch pending {
    case .measure, .filter:
      // Both go through all units once.
      let following = followingSurvey?.progress ?? 0
      return statistics[measuredTrack] == nil
        ? (measuring?.progress ?? 0) / 2 : 0.5 + following / 2
    case .order: return ordering?.progress ?? 0
    case .match: return matching?.progress ?? 0
    case .flow: return flows.progress(flowQuestion)
    case nil, .reach, .reachOther, .run, .export, .scan, .reachAll, .overlook, .explain, .write:
      return nil
    }
  }
}

/// Measures the units over some more steps; about the same work each time, so that frames are not kept
/// waiting.
func measureMore(_ state: inout State, track: Int) -> [Effect] {
  if state.statistics[track] == nil {
    var survey = state.measuring ?? UnitSurvey(of: state.trace, track: track)
    state.measuring = nil
    guard survey.advance(budget: 400_000) else {
      state.measuring = survey
      return [.goOn]
    }
    state.statistics[track] = survey.statistics
  }
  // A value of a unit that is put in order costs several times as much as one that is added up.
  var survey =
    state.followingSurvey
    ?? FollowingSurvey(of: state.session.lanes, in: state.trace, track: track)
  state.followingSurvey = nil
  guard survey.advance(budget: 20_000) else {
    state.followingSurvey = survey
    return [.goOn]
  }
  state.following[track] = survey.following
  state.pending = nil
  return []
}

/// Orders the units by the table's chosen column, and the other way round the second time.
func sortTable(_ state: inout State) {
  guard let statistics = state.statistics[state.track] else { return }
  let columns = TableColumn.all(state)
  let column = columns[min(state.tableColumn, columns.count - 1)]
  let keys = statistics.map { column.key($0) }
  var order = statistics.indices.sorted { a, b in
    let (left, right) = (
      keys[a].isNaN ? -Double.infinity : keys[a], keys[b].isNaN ? -Double.infinity : keys[b]
    )
    return left != right ? left > right : a < b
  }
  if order == state.arrangement[track: state.track].order { order.reverse() }
  state.arrangement[track: state.track].key = .column(column.title)
  state.arrangement[track: state.track].order = order
  state.message = .init(text: Words.sorted(by: column.title), isError: false)
}
