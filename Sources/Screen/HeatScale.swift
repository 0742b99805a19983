/// How a value becomes the look of a heatmap's cell: by its background where the terminal has the
/// colours, by the weight of a glyph where it has not.
public struct HeatScale: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// 0…1, a gate.
    case gate
    /// -limit…limit with 0 at the ground.
    case signed(limit: Float)
  }

  public let kind: Kind
  public let theme: Theme

  public init(_ kind: Kind, _ theme: Theme) {
    self.kind = kind
    self.theme = theme
  }

  /// Where a value stands on the scale, 0…1; values outside stand at its ends; nil for NaN.
  public func place(of value: Float) -> Double? {
    guard !value.isNaN else { return nil }
    switch kind {
    case .gate: return Double(min(max(value, 0), 1))
    case .signed(let limit):
      guard limit > 0, limit.isFinite else { return value == 0 ? 0.5 : (value < 0 ? 0 : 1) }
      return Double(min(max(value / limit, -1), 1) + 1) / 2
    }
  }

  /// A blank of the value's colour, or the glyph of its weight. NaN is a cross, never a colour.
  ///
  /// - Parameter isDimmed: drawn towards the ground, for what lies in the future.
  public func cell(for value: Float, isDimmed: Bool = false) -> Cell {
    guard let place = place(of: value) else {
      return Cell(theme.capabilities.unicode ? "╳" : "?", theme.bad)
    }
    let capabilities = theme.capabilities
    guard capabilities.heatByColor else { return shade(place: place, isDimmed: isDimmed) }
    let color = palette.color(
      at: place, depth: capabilities.colors, dimmed: isDimmed ? theme.ground : nil)
    return Cell(" ", Style(inkColor(on: color), on: color))
  }

  /// Text that is to be read on the cell of a value.
  public func inkStyle(on cell: Cell) -> Style {
    guard let background = cell.style.background else { return theme.text }
    return Style(inkColor(on: background), on: background)
  }

  /// Text that is to be read on a colour.
  public func ink(on background: Color) -> Style { Style(inkColor(on: background), on: background) }

  private var palette: Palette {
    switch kind {
    case .gate: theme.gates
    case .signed: theme.signed
    }
  }

  private func inkColor(on background: Color) -> Color {
    // Black and white have the same contrast, 4.58, on a ground of this luminance.
    background.luminance > 0.1791 ? Color(0x000000) : Color(0xFFFFFF)
  }

  private func shade(place: Double, isDimmed: Bool) -> Cell {
    var style = Style(nil, on: nil, isDimmed ? .dim : [])
    var weight = place
    if theme.capabilities.colors > .none {
      switch kind {
      case .gate: break
      case .signed:
        weight = abs(place - 0.5) * 2
        style.foreground = place < 0.5 ? Color(0x5C5CFF) : Color(0xCD0000)
      }
    }
    let glyphs =
      switch (theme.capabilities.unicode, isDimmed) {
      case (true, false): Self.blocks
      case (true, true): Self.dots
      case (false, false): Self.ascii
      case (false, true): Self.letters
      }
    let index = min(Int(weight * Double(glyphs.count)), glyphs.count - 1)
    return Cell(glyphs[index], style)
  }

  private static let blocks: [Unicode.Scalar] = [" ", "░", "▒", "▓", "█"]
  private static let ascii: [Unicode.Scalar] = Array(" .:-=+*#%@".unicodeScalars)
  // The future, since not every terminal knows dim: dots, half as high and lighter than any block.
  private static let dots: [Unicode.Scalar] = [" ", "⡀", "⣀", "⣠", "⣤"]
  private static let letters: [Unicode.Scalar] = Array(" ,;oO".unicodeScalars)
}
