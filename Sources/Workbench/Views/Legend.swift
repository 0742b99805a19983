import Screen

/// The colours of a lane with the values at their ends.
struct Legend {
  private let scale: HeatScale
  private let rampWidth: Int
  private let low: String
  private let high: String

  /// - Parameters:
  ///   - room: what it may take; the colours give way to the limits, which share a sign at the last, and
  ///     then to nothing.
  ///   - isNarrow: whether the lane is.
  ///   - isOfEachUnit: whether every unit has limits of its own.
  ///   - isClipped: whether there are values beyond the limits.
  init(
    scale: HeatScale, room: Int = .max, isNarrow: Bool, isOfEachUnit: Bool = false,
    isClipped: Bool = false
  ) {
    self.scale = scale
    let (low, high, both): (String, String, String)
    switch scale.kind {
    case .gate: (low, high, both) = ("0", "1", "")
    case .signed where isOfEachUnit:
      (low, high) = ("-" + Words.ownLargest, "+" + Words.ownLargest)
      both = "±" + Words.ownLargest
    case .signed(let limit):
      let number = Numbers.limit(limit)
      (low, high) = isClipped ? ("≤-" + number, "≥+" + number) : ("-" + number, "+" + number)
      both = (isClipped ? "≥±" : "±") + number
    }
    let most = isNarrow ? 5 : 7
    for (low, high) in [(low, high), ("", both), ("", "")] {
      let limits = Self.width(low, high, ramp: 0)
      let ramp = Self.ramp(min(most, room - limits), scale)
      if ramp > 0 || low.isEmpty && !high.isEmpty && limits - 1 <= room {
        (self.low, self.high, rampWidth) = (low, high, ramp)
        return
      }
    }
    (self.low, self.high, rampWidth) = ("", "", 0)
  }

  /// Columns of the colours where there are so many; of few an even number, since the middle of a
  /// signed scale is no colour. Weights of glyphs have none of that.
  private static func ramp(_ columns: Int, _ scale: HeatScale) -> Int {
    guard columns >= 2 else { return 0 }
    switch scale.kind {
    case .gate: return columns
    case .signed where scale.theme.capabilities.colors == .none: return columns
    case .signed: return columns < 7 ? columns / 2 * 2 : columns
    }
  }

  /// With a blank between what is there.
  private static func width(_ low: String, _ high: String, ramp: Int) -> Int {
    [low, high].reduce(ramp) { $0 + ($1.isEmpty ? 0 : $1.displayWidth + 1) }
  }

  /// A scale of 0…1 whose ends are called otherwise.
  init(gateFrom low: String, to high: String, _ theme: Theme) {
    scale = HeatScale(.gate, theme)
    (self.low, self.high) = (low, high)
    rampWidth = 7
  }

  var width: Int {
    max(0, Self.width(low, high, ramp: rampWidth) - (rampWidth == 0 && !high.isEmpty ? 1 : 0))
  }

  func draw(into grid: inout Grid, x: Int, y: Int, _ theme: Theme) {
    var column = grid.put(low, x: x, y: y, theme.muted) + (low.isEmpty ? 0 : 1)
    for place in 0..<rampWidth {
      let share = Float(place) / Float(max(1, rampWidth - 1))
      let value: Float
      switch scale.kind {
      case .gate: value = share
      case .signed(let limit): value = (share * 2 - 1) * limit
      }
      grid[column, y] = scale.cell(for: value)
      column += 1
    }
    grid.put(high, x: column + (rampWidth > 0 ? 1 : 0), y: y, theme.muted)
  }
}
