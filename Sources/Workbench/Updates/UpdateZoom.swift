import Inspector
import Recurrent

// MARK: - What a person asks for

/// The lane in hand goes from its place to half the screen, the whole of it, and back.
func growLane(_ state: inout State) {
  let sizes = LaneSize.allCases
  let next = (sizes.firstIndex(of: state.zoom.size) ?? 0) + 1
  state.zoom.size = sizes[next % sizes.count]
}

func zoomTime(_ state: inout State, isIn: Bool, times: Int = 1) {
  for round in 0..<times {
    guard let axis = state.frameInHand?.time else { return }
    guard let scale = isIn ? Zoom.wider(than: axis) : Zoom.narrower(than: axis) else {
      if round > 0 { break }
      let words = isIn ? Words.widestSteps : Words.everyStepIsSeen
      state.message = .init(text: words, isError: false)
      return
    }
    state.zoom.time = scale
  }
  sayZoom(&state)
}

func zoomUnits(_ state: inout State, isIn: Bool, times: Int = 1) {
  for round in 0..<times {
    guard let axis = state.frameInHand?.units else { return }
    guard let scale = isIn ? Zoom.higher(than: axis) : Zoom.lower(than: axis) else {
      if round > 0 { break }
      let words = isIn ? Words.highestUnits : Words.everyUnitIsSeen
      state.message = .init(text: words, isError: false)
      return
    }
    state.zoom.units = scale
  }
  sayZoom(&state)
}

/// All steps and units on one screen; the second time a step a cell and a unit a row again. Steps that
/// nobody has reached are computed: whoever wants to overlook them all wants to see them.
func fitEverything(_ state: inout State) -> [Effect] {
  let isNormal = state.zoom.time == .normal && state.zoom.units == .normal
  state.zoom.time = isNormal ? .everything : .normal
  state.zoom.units = isNormal ? .everything : .normal
  sayZoom(&state)
  guard isNormal, state.pending == nil, state.trace.recordedSteps < state.session.length else {
    return []
  }
  state.pending = .reachAll
  return continuePending(&state)
}

func turnReduction(_ state: inout State) {
  state.zoom.reduction = state.zoom.reduction == .mean ? .extreme : .mean
  guard let frame = state.frameInHand else { return }
  let isReduced = frame.time.perCell > 1 || frame.units.perCell > 1
  state.message = .init(
    text: isReduced
      ? Words.cellIs(
        Words.reduced(
          state.zoom.reduction, steps: frame.time.perCell, units: frame.units.perCell))
      : Words.willReduce(state.zoom.reduction), isError: false)
}

private func sayZoom(_ state: inout State) {
  guard let frame = state.frameInHand else { return }
  state.message = .init(
    text: Words.scale(
      steps: frame.time.perLine, columns: frame.time.cellSize, units: frame.units.perLine,
      rows: frame.units.cellSize), isError: false)
}

// MARK: - What has to be computed for it

/// The columns that the screen shows and that have to be made of many steps.
func overlooked(_ state: State) -> [Overviews.Request] {
  switch state.view {
  case .lanes:
    guard state.zoom.time.canReduce else { return [] }
    return zip(state.currentTrack.signals, LanesLayout(state).frames).compactMap { signal, frame in
      frame?.request(for: .signal(TracedSignal(state.trace, track: state.track, signal: signal)))
    }
  case .compare:
    guard state.zoom.time.canReduce, let comparison = try? Comparison.of(state) else { return [] }
    let sources: [SignalSource] =
      state.comparison.isDifference
      ? comparison.differences : comparison.lanes.map { .signal($0.signal) }
    return zip(sources, CompareLayout(state, comparison, body: FrameLayout(state).body).frames)
      .compactMap { $1.request(for: $0) }
  case .cell, .unit, .text, .table, .why, .flow:
    return []
  }
}

extension TimeScale {
  /// Whether a column can be more than one step.
  var canReduce: Bool {
    switch self {
    case .normal, .columns: false
    case .steps, .everything: true
    }
  }
}

/// Computes some of what is missing, about a millisecond's work.
///
/// - Returns: whether nothing is missing any more.
func overlook(_ state: State) -> Bool {
  let isSurveyed = state.overviews.survey(surveyed(state), limit: 1_000_000)
  return state.overviews.fill(overlooked(state), limit: 1_000_000) && isSurveyed
    && surveyPredictions(state)
    && lookAtSaid(state)
}

/// The steps whose loss or entropy is on the screen.
private func saidSteps(_ state: State) -> Range<Int> {
  guard !state.saidLanes.isEmpty, hasRoom(state) else { return 0..<0 }
  let isAskedFor =
    state.saidInHand != nil
    || state.saidLanes.contains { state.arrangement[track: state.track].key == .said($0) }
  guard isAskedFor || state.height >= StripRow.hasRoomForSaid else { return 0..<0 }
  let frame = FrameLayout(state)
  var steps = StripLayout(state, x: frame.sequence.x, width: frame.sequence.width).steps
  if state.view == .text, state.saidInHand != nil {
    let page = TextPage(state, body: frame.body).layout.steps
    let first = min(steps.lowerBound, max(0, page.lowerBound - 1))
    steps = first..<max(steps.upperBound, page.upperBound)
  }
  return steps.clamped(to: 0..<state.trace.recordedSteps)
}

/// Has some of that computed; a readout of thousands of outputs keeps a frame waiting.
///
/// - Returns: whether nothing is missing any more.
func lookAtSaid(_ state: State) -> Bool {
  let steps = saidSteps(state)
  return steps.isEmpty
    || state.trace.readout?.look(at: steps, budget: 100_000) ?? true
}

/// How much of it is there, 0…1.
func overlookProgress(_ state: State) -> Double {
  let columns = overlooked(state)
  let surveys = surveyed(state)
  let said = saidSteps(state)
  let parts =
    (columns.isEmpty ? [] : [state.overviews.progress(columns)])
    + (surveys.isEmpty ? [] : [state.overviews.surveyProgress(surveys)])
    + (said.isEmpty ? [] : [state.trace.readout?.lookedAt(said) ?? 1])
  return parts.isEmpty ? 1 : parts.reduce(0, +) / Double(parts.count)
}

extension State {
  /// The heatmap that the zoom is about: the lane in hand, or the first of those that are compared.
  var frameInHand: LaneFrame? {
    guard view == .compare, let comparison = try? Comparison.of(self) else {
      return LanesLayout(self).frame
    }
    return CompareLayout(self, comparison, body: FrameLayout(self).body).frames.first
  }
}

func overlookMore(_ state: inout State) -> [Effect] {
  guard state.pending == .overlook else { return [] }
  guard overlook(state) else { return [.goOn] }
  state.pending = nil
  return []
}
