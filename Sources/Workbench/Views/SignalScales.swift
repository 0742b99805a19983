import Inspector
import Recurrent
import Screen

/// The scales of a signal's values, which are drawn side by side: one for all units, or one for each.
///
/// Gates have a fixed one, and so has what a tanh gives, unless it stays small. What has no bounds reaches
/// as far as the settings say: what nearly all values so far do not pass, the largest value so far of the lane or of the unit, or a
/// number.
struct SignalScales {
  /// That of the lane's legend.
  let lane: HeatScale
  /// Whether every unit has a scale of its own.
  let isOfEachUnit: Bool
  /// Whether there are values beyond the lane's scale, which its ends stand for.
  let isClipped: Bool
  private let theme: Theme
  /// The largest values of the units.
  private let largest: [Float]

  init(_ signal: Signal, _ state: State) {
    theme = state.theme
    let extent = state.extents[state.track][signal] ?? SignalExtent(units: 0)
    largest = extent.largest
    let isUnbounded = state.range(of: signal) == .unbounded
    isOfEachUnit = isUnbounded && state.settings.limits == .unit
    switch state.range(of: signal) {
    case .unit:
      lane = HeatScale(.gate, theme)
      isClipped = false
    case .signedUnit:
      lane = HeatScale(.signed(limit: Self.limit(ofBounded: extent.limit)), theme)
      isClipped = false
    case .unbounded:
      let limit = Self.limit(usual: extent.usual, largest: extent.limit, state.settings)
      lane = HeatScale(.signed(limit: limit), theme)
      isClipped = !isOfEachUnit && extent.limit > limit
    }
  }

  /// One scale for all.
  init(_ scale: HeatScale, isClipped: Bool = false) {
    lane = scale
    isOfEachUnit = false
    self.isClipped = isClipped
    theme = scale.theme
    largest = []
  }

  /// How far the scale of a tanh reaches: to 1, unless nothing comes near it, and all would be black.
  private static func limit(ofBounded largest: Float) -> Float {
    largest > 0 && largest < 0.25 ? Numbers.roundedUp(largest) : 1
  }

  /// How far a scale reaches.
  static func limit(usual: Float, largest: Float, _ settings: Settings) -> Float {
    switch settings.limits {
    case .quantile: Numbers.roundedUp(usual)
    case .lane, .unit: Numbers.roundedUp(largest)
    case .fixed: settings.fixedLimit
    }
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

  /// Whether that scale ends before the unit's values do.
  static func clips(_ signal: Signal, unit: Int, _ state: State) -> Bool {
    guard case .signed(let limit) = alone(signal, unit: unit, state).kind,
      let largest = state.extents[state.track][signal]?.largest, largest.indices.contains(unit)
    else { return false }
    return largest[unit] > limit
  }
}
