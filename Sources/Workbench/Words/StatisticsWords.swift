import Inspector
import Recurrent

/// A unit's statistics as phrases.
struct StatisticsWords {
  private let statistics: UnitStatistics
  /// How many steps they are measured over: nothing is known of what lasts longer.
  private let steps: Int

  init(_ statistics: UnitStatistics, over steps: Int) {
    self.statistics = statistics
    self.steps = steps
  }

  /// What the unit seems to be for; nil where that cannot be told.
  var role: String? {
    switch statistics.role {
    case .counter: "counter: c runs evenly"
    case .latch: "latch: c jumps and stays"
    case .resetter: "resetter: f shuts at times"
    case .dead: "dead: h stands still at 0"
    case .saturated: "saturated: every gate is open or shut"
    case .none: nil
    }
  }

  /// "half of c is left after 34 steps"; nil where there is no forget gate.
  var keeping: String? {
    let life = statistics.halfLife
    guard !life.isNaN else { return nil }
    if life > Double(steps) { return "c outlasts all \(steps) steps" }
    return "half of c is left after \(Numbers.fixed(life, decimals: life < 10 ? 1 : 0)) steps"
  }

  /// "moves 0.11 a step": how far a signal goes from one step to the next, on average; as many decimals
  /// as it takes to say something.
  func movement(of signal: Signal) -> String? {
    guard let movement = statistics.signals[signal]?.movement else { return nil }
    guard movement != 0 else { return "does not move" }
    guard movement.isNaN || movement >= 0.0005 else { return "hardly moves" }
    return "moves \(Numbers.fixed(movement, decimals: movement < 0.005 ? 3 : 2)) a step"
  }

  /// "open 81 %", "shut 5 %", or in one line "open 81, shut 5 %": at how many of all steps a gate is above
  /// 0.9 and below 0.1.
  func openings(of gate: Signal, lines: Int) -> [String] {
    guard let values = statistics.signals[gate], values.highShare.isFinite else { return [] }
    let high = Numbers.percent(Float(values.highShare))
    let low = Numbers.percent(Float(values.lowShare))
    // Where one line has no room for both, the first says more.
    return (lines == 1 ? ["open \(high.dropLast(2)), shut \(low)"] : [])
      + ["open \(high)", "shut \(low)"]
  }

  /// "34.0", for a column; "∞" where the sequence is too short to tell.
  var shortHalfLife: String {
    let life = statistics.halfLife
    return life.isNaN ? "" : life > Double(steps) ? "∞" : Numbers.fixed(life, decimals: 1)
  }
}

extension Words {
  /// In the foot of the table, where its first column is in hand.
  static let unitExplained = "one a row; Tab goes through the columns, s sorts by the one in hand"
  /// Where the unit in hand has not been measured.
  static let measuredLater = "5 measures units over all steps"
  /// The name of a lane that a unit follows, and how well: 1.00 always, 0.00 not at all.
  static func follows(_ lane: String, _ score: Float) -> String {
    "follows \(lane) \(Numbers.fixed(score))"
  }
  // Beside the text.
  static let course = "this page"
  static let moved = "moved"
  static let tooManyToSearch = "too many steps to look for the highest; :find does"
  static func highest(_ name: String) -> String { "where \(name) is highest" }
  static func lowest(_ name: String) -> String { "where \(name) is lowest" }
}
