import Screen
import Testing

@testable import CursesTerminal

/// The themes on terminals with xterm's 256 colours, after every colour has become the nearest of them.
@Suite struct ColorMapTests {
  /// What xterm shows for the colours 16 to 255: a cube of 6×6×6, then 24 greys.
  private func shown(_ color: Color) -> Color {
    let index = UInt32(InkMap.nearestIndexed(color))
    guard index < 232 else { return Color((8 + 10 * (index - 232)) * 0x010101) }
    let levels = [(index - 16) / 36, (index - 16) / 6 % 6, (index - 16) % 6]
    return Color(levels.reduce(0) { $0 << 8 | ($1 == 0 ? 0 : 55 + 40 * $1) })
  }

  @Test(arguments: Theme.Name.allCases)
  func whatIsReadHasContrastIn256Colours(_ name: Theme.Name) throws {
    let theme = Theme(name, Capabilities(colors: .indexed, unicode: true))
    let least = name == .highContrast ? 7 : 4.5
    let styles = [
      theme.text, theme.muted, theme.accent, theme.marked, theme.bar, theme.barMuted,
      theme.barAccent, theme.good, theme.bad, theme.bad.on(theme.bar.background),
    ]
    for style in styles + theme.lines {
      let (front, back) = (try #require(style.foreground), try #require(style.background))
      #expect(shown(front).contrast(with: shown(back)) >= least, "\(style)")
    }
  }

  /// The first step of a heatmap is seen on the screen's ground too, not only beside a 0.
  @Test(arguments: Palette.Family.allCases, [Theme.Name.dark, .light])
  func heatIsSeenOnTheGround(_ family: Palette.Family, _ name: Theme.Name) throws {
    for depth in [Capabilities.ColorDepth.indexed, .direct] {
      let theme = Theme(name, Capabilities(colors: depth, unicode: true), palette: family)
      let ground = try #require(theme.ground)
      let (gate, signed) = (HeatScale(.gate, theme), HeatScale(.signed(limit: 1), theme))
      var cells = [gate.cell(for: 0.25), gate.cell(for: 1)]
      // Greys that have a sign begin in the middle.
      if family != .grey { cells += [-1, -0.3, 0.3, 1].map { signed.cell(for: $0) } }
      for cell in cells {
        let color = try #require(cell.style.background)
        let contrast =
          depth == .indexed
          ? shown(color).contrast(with: shown(ground)) : color.contrast(with: ground)
        #expect(contrast >= (depth == .indexed ? 1.6 : 1.25), "\(depth) \(cell.style)")
      }
    }
  }

  /// The palettes for 256 colours are made of them.
  @Test(arguments: Palette.Family.allCases, [true, false])
  func palettesStayAsTheyAre(_ family: Palette.Family, _ onDark: Bool) {
    for palette in [Palette.gates(family, onDark: onDark), .signed(family, onDark: onDark)] {
      for place in 0...24 {
        for ground in [nil, Color(0)] {
          let color = palette.color(at: Double(place) / 24, depth: .indexed, dimmed: ground)
          #expect(shown(color) == color, "\(color.hex)")
        }
      }
    }
  }
}
