/// Plain stand-ins, one for one, for terminals whose locale is not UTF-8.
enum AsciiGlyphs {
  static func glyph(for scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.value < 0x80 { return scalar }
    if let dots = dots(scalar) { return dots }
    return table[scalar] ?? (scalar.displayWidth == 2 ? "#" : "?")
  }

  private static let table: [Unicode.Scalar: Unicode.Scalar] = [
    "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+",
    "┴": "+", "┼": "+", "━": "=", "▶": ">", "▸": ">", "◀": "<", "▲": "^", "▼": "v", "←": "<",
    "→": ">", "↑": "^", "↓": "v", "·": "*", "…": "~", "⊗": "x", "⊕": "+", "⊙": "x", "×": "x",
    "σ": "s", "′": "'", "◆": "o", "●": "o", "✓": "*", "↵": "$", "⇥": ">", "█": "#", "▓": "#",
    "▒": "+", "░": ".", "▀": "#", "−": "-", "“": "\"", "”": "\"", "▉": "#", "▊": "#", "▋": "#",
    "▌": "#", "▍": "-", "▎": "-",
    "▏": "-",
    "–": "-", "—": "-", "ⁿ": "n", "▕": "|", "╳": "?", "≥": ">", "≤": "<", "±": "+", "’": "'",
    "╸": "=", "Δ": "d", "•": "*", "┊": ":", "╌": "-", "▔": "\"", "▁": "_", "▂": "_", "▃": "_",
    "▄": "=", "▅": "=",
    "▆": "#", "▇": "#", "∞": "8",
  ]

  /// Of a line in Braille the height in its row; nil for other scalars.
  private static func dots(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    guard (0x2801...0x28FF).contains(scalar.value) else { return nil }
    let bits = scalar.value - 0x2800
    // The dots of the upper two of four rows (Unicode, Braille Patterns).
    let isUpper = bits & 0x1B != 0
    let isLower = bits & 0xE4 != 0
    return isUpper && isLower ? ":" : isUpper ? "'" : "."
  }
}
