import Foundation
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

  /// Areas are seen well, and what lies in the future is seen, but less than what does not.
  @Test(arguments: Theme.Name.allCases, [Capabilities.ColorDepth.indexed, .direct])
  func theFutureOfALineIsPaler(_ name: Theme.Name, _ depth: Capabilities.ColorDepth) throws {
    let theme = Theme(name, Capabilities(colors: depth, unicode: true))
    let ground = try #require(theme.ground)
    func contrasts(_ styles: [Style]) throws -> [Double] {
      try styles.map { try #require($0.foreground).contrast(with: ground) }
    }
    let lines = try contrasts(theme.lines)
    let areas = try contrasts(theme.areas)
    let ahead = try contrasts(theme.linesAhead)
    for index in lines.indices {
      #expect(areas[index] >= 3, "\(index)")
      #expect(ahead[index] >= 1.6, "\(index)")
      #expect(ahead[index] * 1.3 < min(lines[index], areas[index]), "\(index)")
    }
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
    let mixed = Self.places(64).map { palette.color(at: $0, depth: .direct) }
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

  // MARK: - Of 256 colours

  /// The sides of a palette's chosen steps, from the ground on; greys without another sign begin in their
  /// middle.
  private static func sides(_ colors: [Color], isSigned: Bool) -> [[Color]] {
    guard isSigned else { return [colors] }
    let middle = colors.count / 2
    return [Array(colors[middle...]), Array(colors[...middle].reversed())]
  }

  private static func sides(_ family: Palette.Family, _ onDark: Bool) -> [(
    bright: [Color], dimmed: [Color]
  )] {
    [(Palette.gates(family, onDark: onDark), false), (.signed(family, onDark: onDark), true)]
      .flatMap { palette, isSigned in
        Array(
          zip(
            sides(palette.indexed, isSigned: isSigned),
            sides(palette.indexedDimmed, isSigned: isSigned)))
      }
  }

  /// The first step can be told from the ground, every other from the one before.
  @Test(arguments: Palette.Family.allCases, grounds)
  func everyChosenStepIsSeen(_ family: Palette.Family, _ onDark: Bool) {
    for (bright, dimmed) in Self.sides(family, onDark) {
      #expect(bright[1].contrast(with: bright[0]) >= 1.6)
      for (before, after) in zip(bright, bright.dropFirst()) {
        #expect(after.contrast(with: before) >= 1.2, "\(before.hex) \(after.hex)")
      }
      // The end of the future is seen, and paler than the end of the past.
      #expect(dimmed.last!.contrast(with: dimmed[0]) >= 1.3)
      #expect(dimmed.last!.contrast(with: bright[0]) <= bright.last!.contrast(with: bright[0]))
    }
  }

  /// One hue a side, also where it is dimmed; greys have none.
  @Test(arguments: Palette.Family.allCases, grounds)
  func aSideHasOneHue(_ family: Palette.Family, _ onDark: Bool) {
    for (bright, dimmed) in Self.sides(family, onDark) {
      let hues = (bright + dimmed).compactMap(\.hue)
      #expect((hues.max() ?? 0) - (hues.min() ?? 0) <= 45, "\(hues)")
      for (before, after) in zip(bright, bright.dropFirst()) {
        guard let a = before.hue, let b = after.hue else { continue }
        #expect(abs(a - b) <= 30, "\(before.hex) \(after.hex)")
      }
    }
  }

  /// Mixed freely a quarter of the scale is as clear.
  @Test(arguments: Palette.Family.allCases, grounds)
  func aQuarterOfTheScaleIsSeenIn24Bits(_ family: Palette.Family, _ onDark: Bool) {
    for (palette, places) in [
      (Palette.gates(family, onDark: onDark), [0, 0.25]),
      (.signed(family, onDark: onDark), [0.5, 0.625]),
      (.signed(family, onDark: onDark), [0.5, 0.375]),
    ] {
      let colors = places.map { palette.color(at: $0, depth: .direct) }
      #expect(colors[0].contrast(with: colors[1]) >= 1.25, "\(places)")
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

extension Color {
  /// The hue in degrees; nil for greys. Oklab (Ottosson 2020), which keeps it as colours get lighter.
  fileprivate var hue: Double? {
    let light = [red, green, blue].map { value in
      let share = Double(value) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    func sum(_ a: Double, _ b: Double, _ c: Double, _ of: [Double]) -> Double {
      a * of[0] + b * of[1] + c * of[2]
    }
    let cones = [
      cbrt(sum(0.4122214708, 0.5363325363, 0.0514459929, light)),
      cbrt(sum(0.2119034982, 0.6806995451, 0.1073969566, light)),
      cbrt(sum(0.0883024619, 0.2817188376, 0.6299787005, light)),
    ]
    let a = sum(1.9779984951, -2.4285922050, 0.4505937099, cones)
    let b = sum(0.0259040371, 0.7827717662, -0.8086757660, cones)
    guard a * a + b * b > 0.03 * 0.03 else { return nil }
    let degrees = atan2(b, a) * 180 / .pi
    return degrees < 0 ? degrees + 360 : degrees
  }
}
