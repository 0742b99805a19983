import Inspector
import Recurrent

/// A unit's statistics as phrases, the most telling first.
struct StatisticsWords {
  private let statistics: UnitStatistics
  /// How many steps they are measured over: nothing is known of what lasts longer.
  private let steps: Int

  init(_ statistics: UnitStatistics, over steps: Int) {
    self.statistics = statistics
    self.steps = steps
  }

  /// Each with whether it stands out.
  var phrases: [(String, Bool)] {
    var phrases: [(String, Bool)] = []
    if statistics.role != .none { phrases.append((statistics.role.rawValue, true)) }
    if let words = halfLife { phrases.append(("half-life \(words)", false)) }
    if let c = statistics.signals[.c], let h = statistics.signals[.h] {
      phrases.append(
        ("c moves \(Numbers.fixed(c.movement)) a step, h \(Numbers.fixed(h.movement))", false))
    }
    for gate in [Signal.f, .i, .o, .r, .u] {
      guard let values = statistics.signals[gate] else { continue }
      let open = Numbers.percent(Float(values.highShare))
      let shut = Numbers.percent(Float(values.lowShare))
      phrases.append(("\(gate.rawValue) open \(open), shut \(shut)", false))
    }
    return phrases
  }

  /// "34.0", for a column; "∞" where the sequence is too short to tell.
  var shortHalfLife: String {
    let life = statistics.halfLife
    return life.isNaN ? "" : life > Double(steps) ? "∞" : Numbers.fixed(life, decimals: 1)
  }

  /// "34 steps"; nil where there is no forget gate.
  var halfLife: String? {
    let life = statistics.halfLife
    guard !life.isNaN else { return nil }
    if life > Double(steps) { return "over \(steps) steps" }
    return life < 10 ? Numbers.fixed(life, decimals: 1) + " steps" : "\(Int(life.rounded())) steps"
  }
}
