import Inspector
import Recurrent

/// What the units of a track are ordered by on the screen.
public enum OrderKey: Sendable, Equatable {
  case index
  case activity(Signal)
  case variance(Signal)
  case halfLife
  case similarity(Signal)
  /// An index into the session's lanes.
  case lane(Int)
  /// The network's loss or entropy.
  case said(ReadoutQuantity)
  /// A column of the table, by its title.
  case column(String)

  /// Those that the units can be ordered by here, in the order in which a key goes through them.
  /// Measures are of the selected signal.
  static func all(_ state: State) -> [OrderKey] {
    let signal = state.currentSignal
    let lanes = state.session.lanes.indices.filter { state.session.lanes[$0].kind != .symbol }
    let halfLife: [OrderKey] =
      UnitOrder.halfLife.isDefined(in: state.currentTrack) ? [.halfLife] : []
    return [.index, .activity(signal), .variance(signal)] + halfLife + [.similarity(signal)]
      + lanes.map { .lane($0) } + state.saidLanes.map { .said($0) }
  }

  /// As it is typed.
  func name(_ state: State) -> String {
    switch self {
    case .index: "index"
    case .activity: "activity"
    case .variance: "variance"
    case .halfLife: "half-life"
    case .similarity: "similarity"
    case .lane(let lane): state.session.lanes[lane].name
    case .said(let quantity): quantity.rawValue
    case .column(let title): title
    }
  }

  /// How the order is computed: what by, and of which signal. The table's columns have their own way.
  func ordering(_ state: State, track: Int) -> UnitOrdering {
    let (order, signal): (UnitOrder, Signal) =
      switch self {
      case .index, .column: (.index, .h)
      case .activity(let signal): (.activity, signal)
      case .variance(let signal): (.variance, signal)
      case .halfLife: (.halfLife, .f)
      case .similarity(let signal): (.similarity, signal)
      case .lane(let lane): (.lane(state.session.lanes[lane]), .h)
      case .said(let quantity): (.lane(lane(of: quantity, state)), .h)
      }
    return UnitOrdering(order, of: signal, in: state.trace, track: track)
  }

  /// What units are compared with, where it is a lane.
  func lane(_ state: State) -> GroundTruthLane? {
    switch self {
    case .lane(let lane): state.session.lanes[lane]
    case .said(let quantity): lane(of: quantity, state)
    case .index, .activity, .variance, .halfLife, .similarity, .column: nil
    }
  }

  private func lane(of quantity: ReadoutQuantity, _ state: State) -> GroundTruthLane {
    GroundTruthLane(
      name: quantity.rawValue, kind: .number,
      values: state.said(quantity, 0..<state.trace.recordedSteps))
  }
}
