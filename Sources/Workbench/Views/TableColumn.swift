import Inspector
import Recurrent
import Screen

/// A column of the table of units: what it is called, what it says, by what it sorts.
struct TableColumn {
  let title: String
  let width: Int
  /// What the title means, in a line.
  let explanation: String
  /// What is sorted by, the largest first; NaN goes last.
  let key: (UnitStatistics) -> Double
  let text: (UnitStatistics) -> String
  /// The first to leave where there is no room have the highest rank.
  let rank: Int
  /// The colour that the number stands on, and how it is written on it; nil where there is none.
  var heat: (UnitStatistics) -> (cell: Cell, ink: Style)? = { _ in nil }

  /// The columns of a track: the unit, its values at the step in hand, and what it did over all
  /// steps.
  static func all(_ state: State) -> [TableColumn] {
    let track = state.currentTrack
    let unit = TableColumn(
      title: "unit", width: 5, explanation: Words.unitExplained, key: { -Double($0.unit) },
      text: { String(track.number(of: $0.unit)) }, rank: 0)
    return [unit] + values(state) + measures(state)
  }

  // MARK: - At the step in hand

  private static func values(_ state: State) -> [TableColumn] {
    let track = state.currentTrack
    let columns = track.signals.map { value(of: $0, state) }
    let outputs: [Signal] = track.memory == .h ? [.h] : [track.memory, .h]
    let moved = outputs.filter(track.signals.contains).map { signal in
      TableColumn(
        title: "Δ\(signal.rawValue)", width: 9,
        explanation: "by how much \(signal.rawValue) moved in this step",
        key: { Double(movement(of: signal, $0, state) ?? .nan) },
        text: { movement(of: signal, $0, state).map { Numbers.signed($0) } ?? "" },
        rank: signal == track.memory ? 1 : 5)
    }
    return columns + moved
  }

  private static func value(of signal: Signal, _ state: State) -> TableColumn {
    let scales = SignalScales(signal, state)
    func value(_ statistics: UnitStatistics) -> Float? {
      let track = state.currentTrack
      guard state.isRecorded, statistics.unit < track.units(of: signal) else { return nil }
      return state.trace.value(
        track: state.track, signal: signal, step: state.step, unit: statistics.unit)
    }
    return TableColumn(
      title: signal.rawValue, width: 8,
      explanation: "\(state.name(of: signal)) at this step",
      key: { value($0).map(Double.init) ?? .nan },
      text: { value($0).map { Numbers.fitted($0, width: 5) } ?? "" }, rank: 0,
      heat: { unit in
        value(unit).map { value in
          let scale = scales[unit.unit]
          let cell = scale.cell(for: value)
          return (cell, scale.inkStyle(on: cell))
        }
      })
  }

  private static func movement(
    of signal: Signal, _ statistics: UnitStatistics, _ state: State
  ) -> Float? {
    let unit = statistics.unit
    guard state.isRecorded, unit < state.currentTrack.units(of: signal),
      let before = state.trace.previous(
        track: state.track, signal: signal, step: state.step, unit: unit)
    else { return nil }
    return state.trace.value(track: state.track, signal: signal, step: state.step, unit: unit)
      - before
  }

  // MARK: - Over all steps

  private static func measures(_ state: State) -> [TableColumn] {
    let track = state.currentTrack
    let signals = track.signals
    var columns: [TableColumn] = []
    // A recorded trace may lack what these are made of; the table then says so.
    if signals.contains(.h) {
      columns.append(
        TableColumn(
          title: "role", width: 10, explanation: Words.rolesExplained,
          key: { -Double(UnitStatistics.Role.allCases.firstIndex(of: $0.role) ?? 0) },
          text: { $0.role == .none ? "" : $0.role.rawValue }, rank: 2))
    }
    if let following = state.following[state.track], following.contains(where: { $0 != nil }) {
      columns.append(lane(following, state))
    }
    if signals.contains(.f) {
      let steps = state.trace.recordedSteps
      columns.append(
        TableColumn(
          title: "half-life", width: 10, explanation: Words.halfLifeExplained, key: \.halfLife,
          text: { StatisticsWords($0, over: steps).shortHalfLife }, rank: 4))
    }
    if signals.contains(.c), signals.contains(.h) {
      columns.append(number("slower", Words.slowerExplained, rank: 5) { $0.slowness })
    }
    let memory = track.memory
    let name = memory.rawValue
    columns.append(
      number("mean \(name)", "\(name) on average over all steps", rank: 7) {
        $0.signals[memory]?.mean
      })
    columns.append(
      number("spread", "how far \(name) goes from its mean: its standard deviation", rank: 6) {
        $0.signals[memory]?.spread
      })
    for gate in signals where track.role(of: gate) == .gate {
      let name = gate.rawValue
      columns.append(
        share("\(name)<.1", "at how many of all steps \(name) is below 0.1, shut", rank: 8) {
          $0.signals[gate]?.lowShare
        })
      columns.append(
        share("\(name)>.9", "at how many of all steps \(name) is above 0.9, open", rank: 8) {
          $0.signals[gate]?.highShare
        })
    }
    return columns
  }

  private static func number(
    _ title: String, _ explanation: String, rank: Int,
    _ value: @escaping (UnitStatistics) -> Double?
  ) -> TableColumn {
    TableColumn(
      title: title, width: 8, explanation: explanation, key: { value($0) ?? .nan },
      text: { Numbers.fitted(Float(value($0) ?? .nan), width: 7) }, rank: rank)
  }

  private static func share(
    _ title: String, _ explanation: String, rank: Int,
    _ value: @escaping (UnitStatistics) -> Double?
  ) -> TableColumn {
    TableColumn(
      title: title, width: 6, explanation: explanation, key: { value($0) ?? .nan },
      text: { value($0).map { Numbers.percent(Float($0)) } ?? "" }, rank: rank)
  }

  /// The ground-truth lane that each unit follows best, and how well.
  private static func lane(_ following: [LaneFollowing?], _ state: State) -> TableColumn {
    let drifts = state.session.lanes.map(\.onlyDrifts)
    func best(_ unit: Int) -> (lane: Int, score: Float)? {
      following.enumerated().compactMap { index, following in
        following.map { (lane: index, score: $0.scores[unit]) }
      }.filter { !$0.score.isNaN && !drifts[$0.lane] }.max { $0.score < $1.score }
    }
    let names = state.session.lanes.map(\.name)
    let width = 7 + (names.map(\.displayWidth).max() ?? 0)
    return TableColumn(
      title: "follows", width: width, explanation: Words.followsExplained,
      key: { best($0.unit).map { Double($0.score) } ?? .nan },
      text: { unit in
        best(unit.unit).map { "\(names[$0.lane]) \(Numbers.fixed($0.score))" } ?? ""
      }, rank: 3)
  }
}
