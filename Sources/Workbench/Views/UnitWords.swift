import Inspector
import Screen

/// What is said of the unit in hand by what was measured over all steps, the most telling first.
struct UnitWords {
  typealias Phrase = (text: String, style: Style)

  /// What is known that it follows; nil where that was not measured, or it hardly follows anything.
  let follows: Phrase?
  /// All that is said.
  let all: [Phrase]

  init(_ state: State) {
    let theme = state.theme
    var all: [Phrase] = state.trackWords.isEmpty ? [] : [(state.trackWords, theme.muted)]
    guard let measured = state.measured else {
      follows = nil
      self.all = all + [(Words.measuredLater, theme.muted)]
      return
    }
    follows = measured.best.flatMap { best in
      let lane = state.session.lanes[best.lane]
      // A unit that knows nothing has 0.5 of a flag.
      let isClose = best.score >= (lane.kind == .flag ? 0.85 : 0.7)
      return isClose ? (Words.follows(lane.name, best.score), theme.good) : nil
    }
    let words = StatisticsWords(measured.statistics, over: state.trace.recordedSteps)
    if let follows { all.append(follows) }
    if let role = words.role { all.append((role, theme.text)) }
    if let keeping = words.keeping { all.append((keeping, theme.muted)) }
    self.all = all
  }
}
