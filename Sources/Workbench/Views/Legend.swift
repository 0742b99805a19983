import Screen

/// The colours of a lane with the values at their ends.
struct Legend {
  private let scale: HeatScale
  /// Blanks between the limits and the colours.
  private let gap: Int
  private let rampWidth: Int
  private let low: String
  private let high: String

  /// - Parameters:
  ///   - room: what it may take; the colours give way to the limits, which share a sign at the last.
  ///   - isNarrow: whether the lane is.
  ///   - isOfEachUnit: whether every unit has limits of its own.
  ///   - isClipped: whether there are values beyond the limits.
  init(
    scale: HeatScale, room: Int = .max, isNarrow: Bool, isOfEachUnit: Bool = false,
    isClipped: Bool = false
  ) {
    self.scale = scale
    let (low, high): (String, String)
    switch scale.kind {
    case .gate: (low, high) = ("0", "1")
    case .signed where isOfEachUnit:
      (low, high) = ("-" + Words.ownLargest, "+" + Words.ownLargest)
    case .signed(let limit) where isClipped:
      (low, high) = ("≤-" + Numbers.limit(limit), "≥+" + Numbers.limit(limit))
    case .signed(let limit): (low, high) = ("-" + Numbers.limit(limit), "+" + Numbers.limit(limit))
    }
    // Limits that take more room take it from the colours, not from the signal's name.
    let wanted = isNarrow ? (low.count > 2 ? 3 : 5) : 7
    gap = isNarrow ? 0 : 1
    let left = room - low.count - high.count - 2 * gap
    if left >= 1 {
      (self.low, self.high) = (low, high)
      rampWidth = min(wanted, left)
    } else {
      self.low = ""
      self.high = isClipped ? "≥±" + high.dropFirst(2) : "±" + high.dropFirst()
      rampWidth = max(0, min(wanted, room - high.count))
    }
  }

  /// A scale of 0…1 whose ends are called otherwise.
  init(gateFrom low: String, to high: String, _ theme: Theme) {
    scale = HeatScale(.gate, theme)
    (self.low, self.high) = (low, high)
    (gap, rampWidth) = (1, 7)
  }

  var width: Int { low.count + high.count + rampWidth + 2 * gap }

  func draw(into grid: inout Grid, x: Int, y: Int, _ theme: Theme) {
    var column = grid.put(low, x: x, y: y, theme.muted) + gap
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
    grid.put(high, x: column + gap, y: y, theme.muted)
  }
}
