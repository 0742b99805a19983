import Demos
import Inspector

/// A stop with where it is in the walk through a tour and those that it goes on to.
struct TourPlace {
  let stop: TourStop
  /// From 1 on, in its own tour.
  let number: Int
  /// How many stops its own tour has.
  let count: Int
  /// What the model of its tour is called; nil in the first.
  let part: String?

  static func all(_ tour: Tour, then later: [TourPart]) -> [TourPlace] {
    let parts: [(title: String?, tour: Tour)] =
      [(nil, tour)] + later.map { ($0.title, $0.tour) }
    return parts.flatMap { part in
      part.tour.stops.enumerated().map { index, stop in
        TourPlace(
          stop: stop, number: index + 1, count: part.tour.stops.count, part: part.title)
      }
    }
  }
}

/// What the stops of a tour may change beside the place, as a person had it before: every stop begins
/// with it, so that a stop looks the same from whichever side one comes to it.
public struct TourGround {
  private let zoom: Zoom
  private let units: [UnitArrangement]
  private let query: String?
  private let findings: Findings?
  private let matches: Matches?
  private let spanStart: Int?
  private let chosenOutput: Int?
  private let tableColumn: Int
  private let limits: Settings.Limits
  private let fixedLimit: Float
  private let branches: Branches

  init(_ state: State) {
    zoom = state.zoom
    units = state.trace.layout.indices.map { state.arrangement[track: $0] }
    query = state.query
    findings = state.findings
    matches = state.matches
    spanStart = state.spanStart
    chosenOutput = state.chosenOutput
    tableColumn = state.tableColumn
    limits = state.settings.limits
    fixedLimit = state.settings.fixedLimit
    branches = state.arrangement.branches
  }

  func restore(_ state: inout State) {
    state.zoom = zoom
    for (track, units) in units.enumerated() { state.arrangement[track: track] = units }
    state.query = query
    state.findings = findings
    state.matches = matches
    state.spanStart = spanStart
    state.chosenOutput = chosenOutput
    state.tableColumn = tableColumn
    state.saidInHand = nil
    state.why.mode = .write
    state.why.trail = []
    state.comparison = ComparisonState()
    state.flowAsked = FlowAsked()
    leave(&state)
  }

  /// How far colours reach, and the run; whoever leaves a tour has the rest before the eyes.
  func leave(_ state: inout State) {
    state.arrangement.branches = branches
    state.settings.limits = limits
    state.settings.fixedLimit = fixedLimit
  }
}
