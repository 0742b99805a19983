import Inspector
import Recurrent

/// The words at the left of the unit's charts, and how many columns they and the values at the right
/// take.
struct UnitLabels {
  /// A signal's letter stands in the first columns, a limit of the scale in the last.
  static func letterWidth(_ state: State) -> Int {
    1 + (state.currentTrack.signals.map { $0.rawValue.displayWidth }.max() ?? 1)
  }
  static let limitWidth = 5

  /// Columns for the values at the right, with the blanks before them.
  static func valueWidth(available: Int) -> Int { isRoomy(available) ? 10 : 9 }

  /// Columns for the names at the left, with a blank after them.
  static func width(_ state: State, available: Int) -> Int {
    let least = isRoomy(available) ? movementWidth : 0
    let names = state.currentTrack.signals.flatMap { name(of: $0, state, available: available) }
      .map { letterWidth(state) + max(least, $0.displayWidth) + 1 + limitWidth + 1 }
    let rows = StripRow.all(state).map { $0.name.displayWidth + 1 }
    return min((names + rows).max() ?? 0, available / 3)
  }

  private static func isRoomy(_ available: Int) -> Bool { available >= 90 }

  /// "moves 0.001 a step".
  private static let movementWidth = 18

  /// A signal's name, in one line or two: "cell state, slow", or where there is less room "cell state",
  /// "slow".
  static func name(of signal: Signal, _ state: State, available: Int) -> [String] {
    let name = state.name(of: signal)
    guard name.displayWidth > (isRoomy(available) ? 18 : 12) else { return [name] }
    return name.split(separator: ",", maxSplits: 1).map {
      String($0.first == " " ? $0.dropFirst() : $0)
    }
  }

  /// As many of the words as have room, the last of them cut only where it is alone.
  static func fitted(_ text: String, to room: Int) -> String {
    var words = text.split(separator: " ")
    while words.count > 1, words.joined(separator: " ").displayWidth > room { words.removeLast() }
    return words.joined(separator: " ").fitted(to: room)
  }

  struct Line {
    /// The signal whose name begins here; nil for what is said under it.
    let signal: Signal?
    let text: String
  }

  /// The lines of a strip, from the top down: every signal's name, then as much of what is said of it as
  /// there are rows for, in turns.
  ///
  /// - Parameters:
  ///   - width: the columns that all of it has.
  ///   - available: those of the view.
  static func lines(
    _ signals: [Signal], rows: Int, _ state: State, width: Int, available: Int
  ) -> [Line] {
    let words = state.measured.map {
      StatisticsWords($0.statistics, over: state.trace.recordedSteps)
    }
    let room = width - letterWidth(state) - 1 - (rows > 1 ? limitWidth + 1 : 0)
    let parts = signals.map { signal in
      let name = name(of: signal, state, available: available)
      let more =
        state.currentTrack.role(of: signal) == .gate
        ? words?.openings(of: signal, lines: rows - 1) ?? []
        : [words?.movement(of: signal)].compactMap { $0 }
      let lines = name.dropFirst() + more
      return (name: name[0], more: lines.filter { $0.displayWidth <= room })
    }
    var counts = parts.map { _ in 0 }
    var left = rows - signals.count
    var round = 0
    while left > 0, parts.contains(where: { $0.more.count > round }) {
      for index in parts.indices where parts[index].more.count > round && left > 0 {
        counts[index] += 1
        left -= 1
      }
      round += 1
    }
    return parts.indices.flatMap { index in
      [Line(signal: signals[index], text: parts[index].name)]
        + parts[index].more.prefix(counts[index]).map { Line(signal: nil, text: $0) }
    }
  }
}
