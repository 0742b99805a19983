import Screen
import Testing

@Suite struct HeatScaleTests {
  static let depths: [Capabilities.ColorDepth] = [.none, .eight, .sixteen, .indexed, .direct]

  private func theme(
    _ depth: Capabilities.ColorDepth, unicode: Bool = true, _ name: Theme.Name = .dark
  ) -> Theme {
    Theme(name, Capabilities(colors: depth, unicode: unicode))
  }

  @Test(
    arguments: [
      (0, 0), (1, 1), (0.25, 0.25), (-1, 0), (2, 1), (.infinity, 1), (-.infinity, 0), (-0.0, 0),
    ] as [(Float, Double)])
  func gatesStandFromZeroToOne(_ value: Float, _ place: Double) {
    #expect(HeatScale(.gate, theme(.direct)).place(of: value) == place)
  }

  @Test(
    arguments: [
      (2, 0, 0.5), (2, 2, 1), (2, -2, 0), (2, 1, 0.75), (2, 5, 1), (2, -5, 0), (2, .infinity, 1),
      (2, -.infinity, 0),
      // A scale without an extent has only its sides.
      (0, 0, 0.5), (0, 3, 1), (0, -3, 0), (-1, 3, 1), (.nan, -3, 0),
      // Neither the largest number nor none beyond it leaves the scale.
      (.greatestFiniteMagnitude, .greatestFiniteMagnitude, 1), (.infinity, .infinity, 1),
      (.infinity, -.infinity, 0), (.infinity, 7, 1), (.leastNonzeroMagnitude, 1, 1),
    ] as [(Float, Float, Double)])
  func signedValuesHaveZeroInTheMiddle(_ limit: Float, _ value: Float, _ place: Double) {
    #expect(HeatScale(.signed(limit: limit), theme(.direct)).place(of: value) == place)
  }

  @Test(arguments: [HeatScale.Kind.gate, .signed(limit: 1), .signed(limit: 0)])
  func notANumberHasNoPlace(_ kind: HeatScale.Kind) {
    #expect(HeatScale(kind, theme(.direct)).place(of: .nan) == nil)
  }

  @Test(arguments: depths, [true, false])
  func notANumberIsACrossAtEveryDepth(_ depth: Capabilities.ColorDepth, _ unicode: Bool) {
    for name in Theme.Name.allCases {
      let theme = theme(depth, unicode: unicode, name)
      for isDimmed in [false, true] {
        let cell = HeatScale(.gate, theme).cell(for: .nan, isDimmed: isDimmed)
        #expect(cell == Cell(unicode ? "╳" : "?", theme.bad))
      }
    }
  }

  static let blocks = [(" ", " "), ("░", "⡀"), ("▒", "⣀"), ("▓", "⣠"), ("█", "⣤")]

  @Test(arguments: zip([0.05, 0.25, 0.5, 0.75, 0.95] as [Float], blocks))
  func withoutColoursTheGlyphsWeighTheValue(_ value: Float, _ glyphs: (String, String)) {
    let (glyph, later) = glyphs
    let theme = theme(.none)
    let gate = HeatScale(.gate, theme).cell(for: value)
    #expect(String(gate.scalar) == glyph)
    #expect(gate.style == Style())
    // A signed value goes from the lightest, its least, to the heaviest.
    let signed = HeatScale(.signed(limit: 3), theme).cell(for: (value * 2 - 1) * 3)
    #expect(String(signed.scalar) == glyph)
    // The future looks other than the past also where a terminal knows no dim.
    let future = HeatScale(.gate, theme).cell(for: value, isDimmed: true)
    #expect(String(future.scalar) == later)
    #expect(future.style.attributes == .dim)
  }

  @Test func withoutUnicodeTheGlyphsAreASCII() {
    let scale = HeatScale(.gate, theme(.none, unicode: false))
    let glyphs = (0..<10).map { String(scale.cell(for: Float($0) / 10 + 0.05).scalar) }
    #expect(glyphs.joined() == " .:-=+*#%@")
    #expect(scale.cell(for: 1).scalar == "@")
    #expect(scale.cell(for: 9).scalar == "@")
    #expect(scale.cell(for: -9).scalar == " ")
    let later = (0..<5).map { String(scale.cell(for: Float($0) / 5 + 0.1, isDimmed: true).scalar) }
    #expect(later.joined() == " ,;oO")
  }

  @Test(arguments: [Capabilities.ColorDepth.eight, .sixteen])
  func withFewColoursTheSignIsAColourAndTheSizeAGlyph(_ depth: Capabilities.ColorDepth) {
    let scale = HeatScale(.signed(limit: 1), theme(depth))
    let (below, ground, above) = (scale.cell(for: -1), scale.cell(for: 0), scale.cell(for: 1))
    #expect([below, ground, above].map(\.scalar) == ["█", " ", "█"])
    #expect(below.style.foreground != above.style.foreground)
    #expect(below.style.background == nil)
  }

  @Test(arguments: [Capabilities.ColorDepth.indexed, .direct], Theme.Name.allCases)
  func withManyColoursTheGroundCarriesTheValue(
    _ depth: Capabilities.ColorDepth, _ name: Theme.Name
  ) throws {
    let theme = theme(depth, name)
    for kind in [HeatScale.Kind.gate, .signed(limit: 2)] {
      let scale = HeatScale(kind, theme)
      let cells = [Float](arrayLiteral: -2, 0, 2).map { scale.cell(for: $0) }
      #expect(cells.allSatisfy { $0.scalar == " " && $0.style.background != nil })
      #expect(cells[1].style.background != cells[2].style.background)
      #expect((cells[0].style.background == cells[1].style.background) == (kind == .gate))
      for cell in cells {
        // What is written on it can be read.
        let ink = scale.inkStyle(on: cell)
        let (front, back) = (try #require(ink.foreground), try #require(ink.background))
        #expect(front.contrast(with: back) >= 4.5)
      }
      #expect(scale.cell(for: 2, isDimmed: true) != cells[2])
    }
  }

  @Test(arguments: depths)
  func aThemeHasColoursOnlyWhereTheTerminalHas(_ depth: Capabilities.ColorDepth) {
    for name in Theme.Name.allCases {
      let theme = theme(depth, name)
      let styles = [
        theme.text, theme.muted, theme.faint, theme.accent, theme.marked, theme.bar,
        theme.barMuted, theme.barAccent, theme.good, theme.bad, theme.share, theme.blank.style,
      ]
      #expect(theme.name == name)
      #expect((theme.ground != nil) == (depth >= .indexed))
      #expect(theme.blank.style.background == theme.ground)
      #expect(theme.accent != theme.text && theme.marked != theme.text && theme.bar != theme.text)
      if depth == .none {
        #expect(styles.allSatisfy { $0.foreground == nil && $0.background == nil })
      }
      if depth >= .indexed {
        #expect(styles.allSatisfy { $0.foreground != nil && $0.background != nil })
      }
    }
  }

  @Test(
    arguments: [
      Palette.gatesOnDark, .gatesOnLight, .signedOnDark, .signedOnLight, .signedGreyOnDark,
      .signedGreyOnLight,
    ], depths)
  func aPaletteHoldsAtItsEndsAndBeyond(_ palette: Palette, _ depth: Capabilities.ColorDepth) {
    func color(_ place: Double) -> Color { palette.color(at: place, depth: depth) }
    #expect(color(-3) == color(0))
    #expect(color(-.infinity) == color(0))
    #expect(color(7) == color(1))
    #expect(color(.infinity) == color(1))
    #expect(color(0) != color(1))
    #expect(color(.nan) == color(0), "no trap")
    if depth != .indexed {
      #expect(color(0) == palette.stops.first)
      #expect(color(0.5) == palette.stops[palette.stops.count / 2])
      #expect(color(1) == palette.stops.last)
    }
  }

  @Test func colorsMixAndWriteAsHex() {
    #expect(Color(0x123456).hex == 0x123456)
    #expect(Color(0xAA12_3456).hex == 0x123456)
    let (black, white) = (Color(0), Color(0xFFFFFF))
    #expect(black.mixed(with: white, share: 0) == black)
    #expect(black.mixed(with: white, share: 1) == white)
    #expect(black.mixed(with: white, share: 0.2).hex == 0x333333)
    #expect(black.luminance == 0 && abs(white.luminance - 1) < 1e-12)
    #expect(Color(0x00FF00).luminance > Color(0xFF0000).luminance)
  }
}
