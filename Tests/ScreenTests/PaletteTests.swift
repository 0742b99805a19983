import Testing

@testable import Screen

/// Every theme can be read, every palette can be told apart.
@Suite struct PaletteTests {
  private static let full = Capabilities(colors: .direct, unicode: true)

  /// WCAG 2: 4.5 for text (AA), 7 with high contrast (AAA), 3 for what is only looked at.
  @Test(arguments: Theme.Name.allCases)
  func whatIsReadHasContrast(_ name: Theme.Name) throws {
    let theme = Theme(name, Self.full)
    let least = name == .highContrast ? 7 : 4.5
    let styles = [
      theme.text, theme.muted, theme.accent, theme.marked, theme.bar, theme.barMuted,
      theme.barAccent, theme.good, theme.bad, theme.bad.on(theme.bar.background),
    ]
    for style in styles + theme.lines {
      let (front, back) = (try #require(style.foreground), try #require(style.background))
      #expect(front.contrast(with: back) >= least, "\(style)")
    }
    let share = try #require(theme.share.foreground)
    #expect(share.contrast(with: try #require(theme.ground)) >= 3)
  }

  /// https://www.w3.org/TR/WCAG22: the ends, and what 4.5 looks like on white.
  @Test(arguments: [
    (0x000000, 0xFFFFFF, 21), (0xFFFFFF, 0xFFFFFF, 1), (0x767676, 0xFFFFFF, 4.54),
    (0xFF0000, 0xFFFFFF, 4.0), (0x0000FF, 0xFFFFFF, 8.59),
  ])
  func contrastIsThatOfTheStandard(_ a: Int, _ b: Int, _ ratio: Double) {
    let (a, b) = (Color(UInt32(a)), Color(UInt32(b)))
    #expect(abs(a.contrast(with: b) - ratio) < 0.006)
    #expect(a.contrast(with: b) == b.contrast(with: a))
  }

  static let grounds = [true, false]

  private static func places(_ count: Int) -> [Double] {
    (0...count).map { Double($0) / Double(count) }
  }

  @Test(arguments: Palette.Family.allCases, grounds)
  func whatIsWrittenOnAHeatmapCanBeRead(_ family: Palette.Family, _ onDark: Bool) throws {
    for depth in [Capabilities.ColorDepth.indexed, .direct] {
      let theme = Theme(
        onDark ? .dark : .light, Capabilities(colors: depth, unicode: true), palette: family)
      for kind in [HeatScale.Kind.gate, .signed(limit: 1)] {
        let scale = HeatScale(kind, theme)
        for value in Self.places(200) {
          for isDimmed in [false, true] {
            let style = scale.inkStyle(
              on: scale.cell(for: Float(value * 2 - 1), isDimmed: isDimmed))
            let (front, back) = (try #require(style.foreground), try #require(style.background))
            #expect(front.contrast(with: back) >= 4.5)
          }
        }
      }
    }
  }

  /// Lighter all the way on a dark ground, darker on a light one.
  @Test(arguments: Palette.Family.allCases, grounds)
  func gatesGoOneWayInLightness(_ family: Palette.Family, _ onDark: Bool) {
    let palette = Palette.gates(family, onDark: onDark)
    let mixed = Self.places(100).map { palette.color(at: $0, depth: .direct) }
    for colors in [mixed, palette.indexed, palette.indexedDimmed] {
      for (before, after) in zip(colors, colors.dropFirst()) {
        #expect((after.luminance > before.luminance) == onDark, "\(before.hex) \(after.hex)")
      }
    }
  }

  /// Away from the ground on both sides; greys, which have no other sign, all the way.
  @Test(arguments: Palette.Family.allCases, grounds)
  func signedValuesGoAwayFromTheGround(_ family: Palette.Family, _ onDark: Bool) {
    let palette = Palette.signed(family, onDark: onDark)
    let mixed = Self.places(100).map { palette.color(at: $0, depth: .direct) }
    for colors in [mixed, palette.indexed, palette.indexedDimmed] {
      let middle = colors.count / 2
      #expect(colors.count % 2 == 1)
      for (index, (a, b)) in zip(colors, colors.dropFirst()).enumerated() {
        let isRising = (index >= middle || family == .grey) == onDark
        #expect(isRising ? a.luminance <= b.luminance : a.luminance >= b.luminance, "\(index)")
      }
    }
  }

  /// A tenth of the scale is seen, whatever cones somebody has, and no sign is taken for the other.
  @Test(arguments: Palette.Family.allCases, ColorVision.allCases)
  func palettesAreToldApartByEveryKindOfVision(_ family: Palette.Family, _ vision: ColorVision) {
    for onDark in Self.grounds {
      for palette in [
        Palette.gates(family, onDark: onDark), Palette.signed(family, onDark: onDark),
      ] {
        let colors = Self.places(10).map { palette.color(at: $0, depth: .direct) }
        for a in 0..<10 {
          #expect(vision.difference(colors[a], colors[a + 1]) >= 5)
          for b in a + 2..<max(a + 2, 11) {
            #expect(vision.difference(colors[a], colors[b]) >= 12, "\(a) \(b)")
          }
        }
      }
      let signed = Palette.signed(family, onDark: onDark)
      for depth in [Capabilities.ColorDepth.indexed, .direct] {
        for place in [0, 0.1, 0.2, 0.3] {
          let sides = [place, 1 - place].map { signed.color(at: $0, depth: depth) }
          #expect(vision.difference(sides[0], sides[1]) >= 25, "\(depth) \(place)")
        }
      }
    }
  }

  @Test(arguments: [Capabilities.ColorDepth.none, .eight, .sixteen, .indexed, .direct])
  func monochromeHasNoHues(_ depth: Capabilities.ColorDepth) {
    let theme = Theme(.monochrome, Capabilities(colors: depth, unicode: true))
    var styles = [
      theme.text, theme.muted, theme.faint, theme.accent, theme.marked, theme.bar, theme.barMuted,
      theme.barAccent, theme.good, theme.bad, theme.share,
    ]
    for kind in [HeatScale.Kind.gate, .signed(limit: 1)] {
      styles += Self.places(20).map {
        HeatScale(kind, theme).cell(for: Float($0 * 2 - 1)).style
      }
    }
    for color in (styles + theme.lines).flatMap({ [$0.foreground, $0.background] }) {
      guard let color else { continue }
      #expect(depth >= .indexed && color.red == color.green && color.green == color.blue)
    }
    #expect(theme.bad != theme.good || depth < .indexed)
  }
}
