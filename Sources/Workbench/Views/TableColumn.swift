import Inspector
import Recurrent

/// A column of the table of units: what it is called, what it says, by what it sorts.
struct TableColumn {
  let title: String
  let width: Int
  /// What is sorted by, the largest first; NaN goes last.
  let key: (UnitStatistics) -> Double
  let text: (UnitStatistics) -> String
  /// The first to leave where there is no room have the highest rank.
  let rank: Int

  /// The columns of a track.
  static func all(_ state: State) -> [TableColumn] {
    let track = state.currentTrack
    var columns = [
      TableColumn(
        title: "unit", width: 5, key: { -Double($0.unit) },
        text: { String(track.number(of: $0.unit)) }, rank: 0)
    ]
    let signals = state.currentTrack.signals
    let memory = track.memory
    columns.append(number("mean \(memory.rawValue)", rank: 6) { $0.signals[memory]?.mean })
    columns.append(number("spread", rank: 3) { $0.signals[memory]?.spread })
    for gate in signals where gate.range == .unit {
      columns.append(share("\(gate.rawValue)<.1", rank: 4) { $0.signals[gate]?.lowShare })
      columns.append(share("\(gate.rawValue)>.9", rank: 4) { $0.signals[gate]?.highShare })
    }
    // A recorded trace may lack what these are made of; the table then says so.
    if signals.contains(.f) {
      columns.append(
        TableColumn(
          title: "half-life", width: 10, key: \.halfLife,
          text: { StatisticsWords($0).shortHalfLife }, rank: 1))
    }
    if signals.contains(.c), signals.contains(.h) {
      columns.append(number("slower", rank: 2) { $0.slowness })
    }
    if signals.contains(.h) {
      columns.append(
        TableColumn(
          title: "role", width: 10,
          key: { -Double(UnitStatistics.Role.allCases.firstIndex(of: $0.role) ?? 0) },
          text: { $0.role == .none ? "" : $0.role.rawValue }, rank: 1))
    }
    if let following = state.following[state.track], following.contains(where: { $0 != nil }) {
      columns.append(lane(following, state))
    }
    return columns
  }

  private static func number(
    _ title: String, rank: Int, _ value: @escaping (UnitStatistics) -> Double?
  ) -> TableColumn {
    TableColumn(
      title: title, width: 8, key: { value($0) ?? .nan },
      text: { Numbers.fitted(Float(value($0) ?? .nan), width: 7) }, rank: rank)
  }

  private static func share(
    _ title: String, rank: Int, _ value: @escaping (UnitStatistics) -> Double?
  ) -> TableColumn {
    TableColumn(
      title: title, width: 6, key: { value($0) ?? .nan },
      text: { value($0).map { Numbers.percent(Float($0)) } ?? "" }, rank: rank)
  }

  /// The ground-truth lane that each unit follows best, and how well.
  private static func lane(_ following: [LaneFollowing?], _ state: State) -> TableColumn {
    func best(_ unit: Int) -> (lane: Int, score: Float)? {
      following.enumerated().compactMap { index, following in
        following.map { (lane: index, score: $0.scores[unit]) }
      }.filter { !$0.score.isNaN }.max { $0.score < $1.score }
    }
    let names = state.session.lanes.map(\.name)
    let width = 6 + (names.map(\.displayWidth).max() ?? 0)
    return TableColumn(
      title: "follows", width: width, key: { best($0.unit).map { Double($0.score) } ?? .nan },
      text: { unit in
        best(unit.unit).map { "\(names[$0.lane]) \(Numbers.fixed($0.score))" } ?? ""
      }, rank: 2)
  }
}
