import Training

/// A figure as a line: "remembered symbol right  99.98 %, 99.9 % or more wanted: reached".
enum FigureWords {
  static func line(_ figure: Figure) -> String {
    let value = number(figure.value, figure)
    switch figure.goal {
    case .none: return "\(figure.name): \(value)"
    case .atLeast(let bound):
      return "\(figure.name): \(value) \(verdict(figure, bound, "at least"))"
    case .atMost(let bound): return "\(figure.name): \(value) \(verdict(figure, bound, "at most"))"
    }
  }

  private static func verdict(_ figure: Figure, _ bound: Double, _ relation: String) -> String {
    let wanted = "(wanted: \(relation) \(number(bound, figure)))"
    return figure.isReached ? wanted : wanted + " — falls short"
  }

  /// A share in per cent with two decimals, anything else with four.
  static func number(_ value: Double, _ figure: Figure) -> String {
    figure.isShare ? decimals(value * 100, 2) + " %" : decimals(value, 4)
  }

  static func decimals(_ value: Double, _ count: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return String(value) }
    let scale = (0..<count).reduce(1) { product, _ in product * 10 }
    // Cut, not rounded up: 99.996 % must not be shown as 100 %.
    let scaled = Int((abs(value) * Double(scale) + 1e-6).rounded(.down))
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: count - fraction.count)
    return (value < 0 ? "-" : "") + "\(scaled / scale).\(zeros)\(fraction)"
  }
}
