/// A bar of one row, an eighth to eight eighths high.
enum BarGlyph {
  /// - Parameters:
  ///   - range: the values of the lowest and the highest bar.
  ///   - highest: how many eighths the highest has: 7 where another row stands right above.
  static func level(
    _ value: Float, in range: ClosedRange<Float>, highest: Int = 8
  ) -> Unicode.Scalar {
    // In double precision the largest floats have a difference too; what is infinite is at an end.
    let span = Double(range.upperBound) - Double(range.lowerBound)
    guard span > 0 else { return levels[0] }
    let place = min(max((Double(value) - Double(range.lowerBound)) / span, 0), 1)
    return levels[Int((place * Double(highest - 1)).rounded())]
  }

  private static let levels: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
}
