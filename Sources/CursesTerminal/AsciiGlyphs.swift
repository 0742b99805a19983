/// Plain stand-ins, one for one, for terminals whose locale is not UTF-8.
enum AsciiGlyphs {
  static func glyph(for scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.value < 0x80 { return scalar }
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
    "•": "*",
  ]
}
