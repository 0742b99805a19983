import Screen

/// How wide a text is in Helvetica and its likes (Arial and Liberation Sans have the same widths), so that
/// labels are kept apart before anybody draws them. Of what is not Latin it is an estimate.
enum TextMetrics {
  /// In points, of a text of that size.
  static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    let thousandths = text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    return Double(thousandths) * size / 1000 * (isBold ? 1.06 : 1)
  }

  /// As much of a text as is that wide, with an ellipsis where something is left out.
  static func fitted(_ text: String, width: Double, size: Double, isBold: Bool = false) -> String {
    if self.width(text, size: size, isBold: isBold) <= width { return text }
    var kept = Substring(text)
    while !kept.isEmpty, self.width(kept + "…", size: size, isBold: isBold) > width {
      kept.removeLast()
    }
    return kept.isEmpty ? "" : kept + "…"
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    if (0x20..<0x7F).contains(scalar.value) { return ascii[Int(scalar.value) - 0x20] }
    switch scalar {
    case "…", "↵", "⇥", "→", "←", "∏", "⊙": return 1000
    case "±", "×", "−", "≤", "≥": return 584
    case "·", "′": return 278
    case _: return scalar.displayWidth == 2 ? 1000 : scalar.displayWidth == 0 ? 0 : 650
    }
  }

  /// Thousandths of the size, from the blank to the tilde.
  private static let ascii = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,  // space … /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,  // 0 … ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,  // @ … O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,  // P … _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,  // ` … o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,  // p … ~
  ]
}
