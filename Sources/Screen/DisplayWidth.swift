extension Unicode.Scalar {
  /// How many columns a terminal gives the scalar: 0, 1 or 2. Controls count as 0.
  ///
  /// The wide ranges are those of Unicode's East Asian Width (UAX #11, W and F) at block level,
  /// with the emoji that are shown as pictures.
  public var displayWidth: Int {
    if value >= 0x20 && value < 0x7F { return 1 }
    if value < 0xA0 || value == 0xAD { return 0 }
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .surrogate, .lineSeparator,
      .paragraphSeparator:
      return 0
    default: break
    }
    switch value {
    // Hangul vowels and finals join what stands before them.
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
    // Half a flag: an emoji that UAX #11 leaves narrow.
    case 0x1F1E6...0x1F1FF: return 1
    default: break
    }
    if isWideByBlock || properties.isEmojiPresentation { return 2 }
    return 1
  }

  private var isWideByBlock: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
      0x1F200...0x1F2FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

extension String {
  /// How many columns the text takes.
  public var displayWidth: Int {
    unicodeScalars.reduce(0) { $0 + $1.displayWidth }
  }

  /// As much of the text as fits in `columns`, ending in … where something was left out.
  public func fitted(to columns: Int, ellipsis: String = "…") -> String {
    guard displayWidth > columns else { return self }
    guard columns > ellipsis.displayWidth else { return "" }
    var taken = String.UnicodeScalarView()
    var width = ellipsis.displayWidth
    for scalar in unicodeScalars {
      width += scalar.displayWidth
      if width > columns { break }
      taken.append(scalar)
    }
    var result = String(taken)
    while result.last == " " { result.removeLast() }
    return result + ellipsis
  }

  /// The text with blanks before it up to `columns`.
  public func padded(left columns: Int) -> String {
    String(repeating: " ", count: Swift.max(0, columns - displayWidth)) + self
  }

  /// The text with blanks after it up to `columns`.
  public func padded(right columns: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, columns - displayWidth))
  }
}
