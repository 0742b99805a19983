import Recurrent
import Screen

/// The scales of a signal's values, which are drawn side by side: one for all units, or one for each.
///
/// Gates and what a tanh gives have fixed ones. What has no bounds reaches as far as the settings say:
/// to the largest value so far of the lane or of the unit, or to a number. Of a lane with many units
/// nine in ten lie within it, so that one that runs away does not take the colours from all.
struct SignalScales {
  /// That of the lane's legend.
  let lane: HeatScale
  /// Whether every unit has a scale of its own.
  let isOfEachUnit: Bool
  private let theme: Theme
  /// The largest values of the units.
  private let largest: [Float]

  init(_ signal: Signal, _ state: State) {
    theme = state.theme
    largest = state.largest[state.track][signal] ?? []
    let isUnbounded = state.range(of: signal) == .unbounded
    isOfEachUnit = isUnbounded && state.settings.limits == .unit
    switch (state.range(of: signal), state.settings.limits) {
    case (.unit, _): lane = HeatScale(.gate, theme)
    case (.signedUnit, _): lane = HeatScale(.signed(limit: 1), theme)
    case (.unbounded, .fixed):
      lane = HeatScale(.signed(limit: state.settings.fixedLimit), theme)
    case (.unbounded, .lane), (.unbounded, .unit):
      let limit =
        largest.count > 16 ? largest.sorted()[largest.count * 9 / 10] : largest.max() ?? 0
      lane = HeatScale(.signed(limit: Numbers.roundedUp(limit)), theme)
    }
  }

  /// One scale for all.
  init(_ scale: HeatScale) {
    lane = scale
    isOfEachUnit = false
    theme = scale.theme
    largest = []
  }

  /// The scale of a unit.
  subscript(unit: Int) -> HeatScale { isOfEachUnit ? own(unit) : lane }

  /// The scale of what stands for several units: as far as the one of them that goes farthest.
  func scale(of units: some Sequence<Int>) -> HeatScale {
    guard isOfEachUnit else { return lane }
    let limit = units.reduce(0 as Float) { limit, unit in
      largest.indices.contains(unit) ? max(limit, largest[unit]) : limit
    }
    return HeatScale(.signed(limit: Numbers.roundedUp(limit)), theme)
  }

  /// To a unit's own largest value.
  private func own(_ unit: Int) -> HeatScale {
    let limit = largest.indices.contains(unit) ? largest[unit] : 0
    return HeatScale(.signed(limit: Numbers.roundedUp(limit)), theme)
  }

  /// The scale of a unit that is shown alone: its own, unless a number is set.
  static func alone(_ signal: Signal, unit: Int, _ state: State) -> HeatScale {
    let scales = SignalScales(signal, state)
    let isFree = state.range(of: signal) == .unbounded && state.settings.limits != .fixed
    return isFree ? scales.own(unit) : scales.lane
  }
}
